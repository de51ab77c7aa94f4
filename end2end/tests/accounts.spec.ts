import { expect, open, signIn, someone, test } from '../support/fixtures.ts';

test('a member is found, suspended and restored', async ({ site, owner: { page }, newcomer }) => {
  const member = someone('Leilani Kahananui');
  await site.signUp(await site.invite({ label: 'Members' }), member);
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, member);
  await expect(newcomer.page).toHaveURL(/\/me$/);

  await open(page, '/admin/accounts');
  const search = page.getByRole('searchbox', { name: 'Search members' });
  await search.fill(member.username);
  await search.press('Enter');
  const row = page.getByRole('row').filter({ hasText: member.username });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Active');

  await row.getByRole('button', { name: `Suspend ${member.name}` }).click();
  const confirmation = page.getByRole('dialog');
  await expect(confirmation).toContainText(member.name);
  await confirmation.getByRole('button', { name: 'Suspend', exact: true }).click();
  await expect(row).toContainText('Suspended');

  // The session ends immediately, and signing in is refused.
  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
  await newcomer.watch.during(403, () => signIn(newcomer.page, member));
  await expect(newcomer.page.getByRole('main')).toContainText(/suspended/i);

  await row.getByRole('button', { name: `Restore ${member.name}` }).click();
  await confirmation.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(row).toContainText('Active');
  await signIn(newcomer.page, member);
  await expect(newcomer.page).toHaveURL(/\/me$/);
});

test('a member has no access to the dashboard', async ({ site, newcomer: { page } }) => {
  const member = someone('Tomasz Wójcik');
  await site.signUp(await site.invite(), member);
  await page.goto('/login');
  await signIn(page, member);
  await expect(page).toHaveURL(/\/me$/);
  for (const path of ['/admin', '/admin/invites', '/admin/accounts', '/admin/settings']) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/me$/);
  }
});
