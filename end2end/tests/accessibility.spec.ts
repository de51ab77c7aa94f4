import { expectAccessible } from '../support/axe.ts';
import { OWNER, newInvite, open, signIn, test, waitForHydration } from '../support/fixtures.ts';
import { createSampleData, createSampleMembers } from '../support/pages.ts';
import { Site } from '../support/site.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('every page', async ({ site, visitor, owner }) => {
      test.setTimeout(180_000);
      const { pages } = await createSampleData(site);
      for (const { name, path, by, status, plain } of pages) {
        await test.step(name, async () => {
          const { page, watch } = by === 'owner' ? owner : visitor;
          if (status) await watch.during(status, () => page.goto(path));
          else if (by === 'owner' && !plain) await open(page, path);
          else await page.goto(path);
          await expectAccessible(page, name);
        });
      }
    });

    test('setting up', async ({ fresh, visitor: { page, watch } }) => {
      await page.goto(await fresh.run(['setup-link']));
      await expectAccessible(page, 'setup');
      await page.getByLabel('Site name').fill('Brambleyard Makers');
      await page.getByLabel('E-mail').fill('ngozi@brambleyard');
      await page.getByLabel('Username').fill('n');
      await page.getByLabel('Password', { exact: true }).fill('short');
      await watch.during(422, () => page.getByRole('button', { name: 'Create owner account' }).click());
      await expectAccessible(page, 'setup, wrong');
    });

    test('members and their dialogs', async ({ visitor: { page } }) => {
      test.setTimeout(180_000);
      const site = await Site.open({ LATCHKEY_REGISTRATION_MODE: 'open' });
      try {
        const { pages, dialogs } = await createSampleMembers(site);
        await page.goto(`${site.url}/login`);
        await signIn(page, OWNER);
        await page.waitForURL(/\/admin$/);
        for (const { name, path } of pages) {
          await open(page, site.url + path);
          await expectAccessible(page, name);
        }
        for (const { name, path, act } of dialogs) {
          await open(page, site.url + path);
          await act(page);
          await page.waitForLoadState('networkidle');
          await expectAccessible(page, name);
        }
      } finally {
        await site.close();
      }
    });

    test('dialogs', async ({ site, owner: { page } }) => {
      const invite = await site.invite({ label: 'Dialogs' });
      await open(page, '/admin/invites');
      await newInvite(page);
      await expectAccessible(page, 'new invite');
      await page.keyboard.press('Escape');

      await page.goto(`/admin/invites/${invite.id}`);
      await waitForHydration(page);
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await expectAccessible(page, 'edit');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^More for/ }).click();
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page.getByRole('dialog').waitFor();
      await expectAccessible(page, 'delete');

      await open(page, '/admin/applications');
      await page.getByRole('button', { name: 'Create application' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Create application' });
      await dialog.getByLabel('Template').selectOption('Immich');
      await dialog.getByRole('radio', { name: 'Members of groups' }).check();
      await dialog.locator('summary').click();
      await expectAccessible(page, 'create application');
    });
  });
}
