import { type Page, request } from '@playwright/test';

import { type Person, expect, fillSignUp, go, open, signIn, someone, test } from '../support/fixtures.ts';
import { expectAccessible } from '../support/axe.ts';
import { type Latchkey } from '../support/latchkey.ts';
import { setUp } from '../support/setup.ts';

/** Signs a new member up, in this browser. */
async function join(page: Page, fresh: Latchkey, key: string): Promise<Person> {
  const api = await request.newContext({ baseURL: fresh.url, extraHTTPHeaders: { authorization: `Bearer ${key}` } });
  const created = await api.post('/api/v1/admin/invites', { data: { label: 'Of the owner' } });
  const { url } = await created.json();
  await api.dispose();
  await page.goto(url);
  const member = someone('Una Byrne');
  await fillSignUp(page, member);
  await page.getByRole('button', { name: /^Join / }).click();
  await page.waitForURL(/\/me$/);
  return member;
}

test('members invite people once the settings allow it, as many as they allow', async ({ fresh, visitor: { page: owner, watch }, newcomer }) => {
  const key = await setUp(owner, fresh);
  const member = newcomer.page;
  const una = await join(member, fresh, key);

  // Before: nothing leads there, and the page says why it is empty.
  await open(member, fresh.url + '/me');
  await expect(member.getByRole('navigation').getByRole('link', { name: 'Invites', exact: true })).toHaveCount(0);
  await open(member, fresh.url + '/me/invites');
  await expect(member.getByRole('main')).toContainText('You can’t invite people here');
  await expect(member.getByRole('link', { name: 'Create invite' })).toHaveCount(0);

  await open(owner, fresh.url + '/admin/settings');
  const members = owner.locator('#member-invites');
  const quota = members.getByLabel('Invites per member');
  await expect(quota).toHaveValue('5');
  const allowed = members.getByRole('switch', { name: /^Members can invite/ });
  await expect(allowed).not.toBeChecked();
  await allowed.check();
  // It is the permission of the role.
  await expect(owner.locator('#user-permission-invites\\.create')).toBeChecked();
  await owner.locator('#user-permission-invites\\.create_multi').check();
  await quota.fill('0');
  await watch.during(422, async () => {
    await owner.getByRole('button', { name: 'Save settings' }).click();
    await expect(quota).toHaveAttribute('aria-invalid', 'true');
  });
  await expect(members).toContainText('Enter a number from 1 to 1,000.');
  await quota.fill('2');
  await owner.getByRole('button', { name: 'Save settings' }).click();
  await expect(owner.getByRole('status')).toContainText('Settings saved');
  await expectAccessible(owner, 'settings');

  // After: an invite within the ceilings, without what only staff choose.
  await open(member, fresh.url + '/me');
  await go(member, 'Invites');
  const main = member.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Your invites');
  await expect(main).toContainText('2 of 2 invites left this week');
  await main.getByRole('link', { name: 'Create invite' }).click();
  const dialog = member.getByRole('dialog', { name: 'New invite' });
  await expect(dialog.getByRole('radio', { name: 'Never' })).toHaveCount(0);
  await expect(dialog.getByRole('radio', { name: 'Unlimited' })).toHaveCount(0);
  await expect(dialog.getByLabel('Maximum uses')).toHaveValue('5');
  for (const section of ['Who can use it', 'Access']) await dialog.locator('summary').filter({ hasText: section }).click();
  await expect(dialog.locator('#invite-starts')).toBeVisible();
  await expect(dialog.locator('#invite-code, #invite-role')).toHaveCount(0);
  await dialog.getByLabel(/^Name/).fill('For friends');
  await dialog.getByLabel('Maximum uses').fill('6');
  await newcomer.watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Create invite' }).click();
    await expect(dialog).toContainText('Your invites are for at most 5 uses.');
  });
  await dialog.getByLabel('Maximum uses').fill('3');
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  const link = await member.getByRole('status').getByText(/\/inv\//).textContent();
  await expect(main).toContainText('1 of 2 invites left this week');
  const row = member.getByRole('row').filter({ hasText: 'For friends' });
  await expect(row).toContainText('0/3');
  await expectAccessible(member, 'own invites');

  // It is paused, resumed and edited like those of staff.
  const act = async (name: string) => {
    await row.getByRole('button', { name: /^More for/ }).click();
    await row.getByRole('button', { name, exact: true }).click();
  };
  await act('Pause');
  await expect(row).toContainText('Paused');
  await act('Resume');
  await expect(row).toContainText('Active');
  await act('Edit…');
  const editing = member.getByRole('dialog', { name: /^Edit/ });
  await editing.getByLabel('Maximum uses').fill('4');
  await editing.getByRole('button', { name: 'Save changes' }).click();
  await expect(row).toContainText('0/4');

  // Who used it, by name alone.
  await newcomer.context.clearCookies();
  const guest = someone('Mateo Quispe');
  await member.goto(link!);
  await fillSignUp(member, guest);
  await member.getByRole('button', { name: /^Join / }).click();
  await member.waitForURL(/\/me$/);
  await newcomer.context.clearCookies();
  await member.goto(fresh.url + '/login');
  await signIn(member, una);
  await member.waitForURL(/\/me$/);
  await open(member, fresh.url + '/me/invites');
  await expect(row).toContainText('1/4');
  await row.getByRole('link', { name: 'For friends' }).click();
  const guests = main.getByRole('region', { name: 'Who used it' });
  await expect(guests).toContainText('Mateo Quispe');
  await expect(guests).not.toContainText(guest.email);
  await expectAccessible(member, 'own invite');

  // The last one. Then there is none, also after one is deleted, and the page says from when.
  await main.getByRole('link', { name: 'Your invites' }).click();
  await main.getByRole('link', { name: 'Create invite' }).click();
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(main).toContainText('You have created all 2 invites of the last 7 days.');
  await expect(main).toContainText(/You can create the next one from \d/);
  await expect(main.getByRole('link', { name: 'Create invite' })).toHaveCount(0);
  await act('Delete…');
  await member.getByRole('dialog').getByRole('button', { name: 'Delete invite' }).click();
  await expect(row).toHaveCount(0);
  await expect(main).toContainText('You have created all 2 invites');
  // Anyone who asks nevertheless is told in the dialog.
  await open(member, fresh.url + '/me/invites?new=1');
  await newcomer.watch.during(429, async () => {
    await dialog.getByRole('button', { name: 'Create invite' }).click();
    await expect(dialog).toContainText(/2 invites in the last 7 days, .* The next one is possible from \d/);
  });
});
