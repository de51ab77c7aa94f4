import { expect, open, signIn, someone, test } from '../support/fixtures.ts';

test('a member changes the password, which ends the other sessions', async ({ site, visitor, newcomer }) => {
  const member = someone('Sunniva Haugen');
  await site.signUp(await site.invite(), member);
  for (const { page } of [visitor, newcomer]) {
    await page.goto('/login');
    await signIn(page, member);
    await expect(page).toHaveURL(/\/me$/);
  }
  const { page, watch } = visitor;
  const password = 'the kiln is warm until morning';
  await open(page, '/me/account');
  await watch.during(422, async () => {
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByLabel('Current password')).toHaveAccessibleDescription('Enter your current password.');
    await expect(page.getByLabel('New password')).toHaveAccessibleDescription('Enter a password.');
  });
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill(password);
  await watch.during(422, async () => {
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByLabel('Current password')).toHaveAccessibleDescription(/./);
  });
  await page.getByLabel('Current password').fill(member.password);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('status')).toContainText('Password changed');

  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
  await signIn(newcomer.page, { ...member, password });
  await expect(newcomer.page).toHaveURL(/\/me$/);
  await page.reload();
  await expect(page).toHaveURL(/\/me\/account$/);
});

test('a new API key is in sight, with the focus on the button that copies it', async ({ owner: { page } }) => {
  await open(page, '/me/account');
  await page.getByRole('button', { name: 'Create API key' }).click();
  const dialog = page.getByRole('dialog', { name: 'New API key' });
  await dialog.getByLabel('Name').fill('Nightly import');
  await dialog.getByRole('button', { name: 'Create API key' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Copy key: Nightly import' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'New API key' })).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: 'Hide key' }).click();
});

test('a session is ended from another session', async ({ site, visitor, newcomer }) => {
  const member = someone('Beatriz Amaral');
  await site.signUp(await site.invite(), member);
  for (const { page } of [newcomer, visitor]) {
    await page.goto('/login');
    await signIn(page, member);
    await expect(page).toHaveURL(/\/me$/);
  }
  await open(visitor.page, '/me/account');
  await visitor.page.getByRole('button', { name: 'Sign out other sessions' }).click();
  const confirmation = visitor.page.getByRole('dialog', { name: 'Sign out other sessions?' });
  await confirmation.getByRole('button', { name: 'Sign out other sessions' }).click();
  await expect(visitor.page.getByRole('status')).toContainText(/signed out/i);
  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
});

test('signing out ends the session', async ({ site, visitor: { page } }) => {
  const member = someone('Arjun Venkataraghavan');
  await site.signUp(await site.invite(), member);
  await page.goto('/login');
  await signIn(page, member);
  await expect(page).toHaveURL(/\/me$/);
  await page.getByRole('button', { name: /^Account menu/ }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).filter({ visible: true }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto('/me');
  await expect(page).toHaveURL(/\/login/);
});
