import { type Page } from '@playwright/test';

import { OWNER, expect, open, someone, test } from '../support/fixtures.ts';

// Anyone who has a link that lets no one in asks its author for a new one, who grants it in the dashboard with one click.

/** Asks for a new link on the page of an invite. */
async function ask(page: Page, email: string, note = ''): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Note').fill(note);
  await page.getByRole('button', { name: `Ask ${OWNER.name} for a new link` }).click();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('a visitor with a dead link asks for a new one, and with scripts the author grants it in one click', async ({ site, visitor, owner, newcomer }, about) => {
      const label = `Winter course ${process.pid}-${javaScriptEnabled}`;
      const invite = await site.invite({ label, max_uses: 20 });
      await site.act(invite, 'pause');
      const person = someone('Mateo Quispe');

      const { page } = visitor;
      await visitor.watch.during(410, () => page.goto(invite.url));
      await expect(page.getByRole('main')).not.toContainText(label);
      await visitor.watch.during(422, async () => {
        await ask(page, 'mateo@postbox', 'I was ill that week.');
        await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/Enter an e-mail address/);
      });
      await expect(page.getByLabel('Note')).toHaveValue('I was ill that week.');
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await page.screenshot({ path: `output/screenshots/new-link-ask-${about.project.name}.png`, fullPage: true });
      await ask(page, person.email, 'I was ill that week.');
      await expect(page).toHaveURL(/\/signup\/asked$/);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Request sent');
      await site.isAskedForLink(person.email);

      // The dashboard shows requests with scripts alone.
      if (!javaScriptEnabled) return;
      const dashboard = owner.page;
      await open(dashboard, `/admin/invites/${invite.id}`);
      const request = dashboard.getByRole('region', { name: 'Requests' }).getByRole('listitem').filter({ hasText: person.email });
      await expect(request).toContainText('I was ill that week.');
      await dashboard.screenshot({ path: `output/screenshots/new-link-requests-${about.project.name}.png`, fullPage: true });
      await request.getByRole('button', { name: `Create link for ${person.email}` }).click();

      // The page of the fresh invite, with its link to copy.
      await expect(dashboard.getByRole('heading', { level: 1 })).toContainText(`${label} (new link)`);
      await expect(dashboard).not.toHaveURL(new RegExp(`${invite.id}$`));
      const link = await dashboard.getByRole('textbox', { name: 'Invite link' }).inputValue();
      expect(link).toContain('/inv/');
      expect(link).not.toBe(invite.url);

      await newcomer.page.goto(link);
      await expect(newcomer.page.getByLabel('E-mail')).toHaveValue(person.email);
      await expect(newcomer.page.getByLabel('Invite code')).not.toHaveValue(invite.code);
    });
  });
}

test('a code that is unknown or deleted offers nothing', async ({ site, visitor: { page, watch } }) => {
  const deleted = await site.invite();
  await site.delete(deleted);
  await watch.during(410, () => page.goto(deleted.url));
  await expect(page.getByLabel('E-mail')).toHaveCount(0);
  await watch.during(404, () => page.goto('/inv/NoSuchCode23'));
  await expect(page.getByLabel('E-mail')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /new link/ })).toHaveCount(0);
});
