import { type Page } from '@playwright/test';

import { OWNER, expect, open, signIn, someone, test } from '../support/fixtures.ts';
import { type Group, type Invite, type Site } from '../support/site.ts';

let groups = 0;

/** A new group, and an invite to it. */
async function inviteTo(site: Site, name: string, more: Record<string, unknown> = {}): Promise<{ group: Group; invite: Invite }> {
  groups += 1;
  const group = await site.group(`${name} ${process.pid}-${groups}`);
  return { group, invite: await site.invite({ groups: [group.id], ...more }) };
}

/** The page is one column without a scroll bar below it. */
async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
}

/** Looks at a request on the page of its invite, and grants it on the overview. */
async function grantInDashboard(page: Page, name: string, group: Group, invite: Invite, project: string): Promise<void> {
  await open(page, `/admin/invites/${invite.id}`);
  const requests = page.getByRole('region', { name: 'Requests' });
  await expect(requests).toContainText(name);
  await expect(requests).toContainText(`Asks to be added to ${group.name}`);
  await fits(page);
  await page.screenshot({ path: `output/screenshots/join-requests-${project}.png`, fullPage: true });
  await open(page, '/admin');
  const request = requests.getByRole('listitem').filter({ hasText: name });
  await expect(request).toContainText(group.name);
  await expect(request.getByRole('link', { name: invite.label! })).toBeVisible();
  await fits(page);
  await page.screenshot({ path: `output/screenshots/join-needs-${project}.png`, fullPage: true });
  await request.getByRole('button', { name: `Add member ${name}` }).click();
  await expect(page).toHaveURL(/\/admin$/);
  await expect(request).toHaveCount(0);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test.beforeEach(({ visitor }) => {
      if (javaScriptEnabled) return;
      // Chromium's message that it may not preload a script.
      visitor.watch.tolerate(/(latchkey|help)\.js: csp$/);
    });

    test('a member signs in on the page of an invite and joins its groups with one button', async ({ site, visitor: { page } }, about) => {
      const { group, invite } = await inviteTo(site, 'Winter course', { max_uses: 3, ends: { of: 'groups', after_days: 30 } });
      const member = someone('Mateo Quispe');
      await site.signUp(await site.invite(), member);

      await page.goto(invite.url);
      await page.getByRole('link', { name: 'Sign in' }).click();
      await signIn(page, member);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Join with your account');
      const main = page.getByRole('main');
      await expect(main.getByRole('list', { name: 'Groups' })).toContainText(group.name);
      await expect(main).toContainText(/Until \d{1,2} /);
      await expect(main).toContainText(`You are signed in as ${member.name}`);
      await expect(page.getByLabel('Password')).toHaveCount(0);
      expect(await site.used(invite)).toBe(0);
      await fits(page);
      await page.screenshot({ path: `output/screenshots/join-${about.project.name}.png`, fullPage: true });

      // The button has the focus.
      await expect(page.getByRole('button', { name: 'Join group' })).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are in this group');
      await page.reload();
      expect(await site.used(invite)).toBe(1);
      await page.screenshot({ path: `output/screenshots/join-done-${about.project.name}.png`, fullPage: true });
      await page.getByRole('link', { name: 'Go to your account' }).click();
      await expect(page).toHaveURL(/\/me$/);
      await expect(page.getByRole('main')).toContainText(group.name);

      // Another account: signed out, and back at the invite.
      await page.goto(invite.url);
      await page.getByRole('button', { name: 'Use another account' }).click();
      await expect(page.getByLabel('Invite code')).toHaveValue(invite.code);
    });

    test('a member whom an invite does not admit asks, and its author adds them with one button', async ({ site, visitor, owner }, about) => {
      const { group, invite } = await inviteTo(site, 'Kiln', { existing_members: false, label: `Kiln ${javaScriptEnabled}` });
      const member = someone('Graça Figueiredo');
      await site.signUp(await site.invite(), member);
      const { page } = visitor;
      await page.goto('/login');
      await signIn(page, member);
      await expect(page).toHaveURL(/\/me$/);

      await page.goto(invite.url);
      await expect(page.getByRole('main')).toContainText('This invite is for new members only.');
      await fits(page);
      await page.screenshot({ path: `output/screenshots/join-ask-${about.project.name}.png`, fullPage: true });
      await page.getByRole('button', { name: `Ask ${OWNER.name} to add you` }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Request sent');
      await page.screenshot({ path: `output/screenshots/join-asked-${about.project.name}.png`, fullPage: true });

      if (javaScriptEnabled) await grantInDashboard(owner.page, member.name, group, invite, about.project.name);
      else await site.grantRequests(invite);

      await page.reload();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are in this group');
      expect(await site.used(invite)).toBe(0);
    });
  });
}
