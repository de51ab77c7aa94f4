import { type Page } from '@playwright/test';

import { expect, open, signIn, someone, test } from '../support/fixtures.ts';

// Somebody forgot their password: an admin makes a link, with which they set a new one.

const NEW = 'eleven dry umbrellas in Braga';

/** Sets a new password on the page of a link. */
async function setPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
}

test('an admin makes a link, and the person sets a new password with it', async ({ site, owner, visitor, newcomer }) => {
  const member = someone('Noor Forgetful');
  const id = await site.signUp(await site.invite(), member);
  await visitor.page.goto('/login');
  await signIn(visitor.page, member);
  await expect(visitor.page).toHaveURL(/\/me$/);

  const { page } = owner;
  await open(page, `/admin/members/${id}`);
  const main = page.getByRole('main');
  await main.getByRole('button', { name: /^More for/ }).first().click();
  await main.getByRole('button', { name: 'Create reset link…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a reset link for' });
  await expect(dialog).toContainText('Anyone who opens the link within an hour can set a new password for');
  await dialog.getByRole('button', { name: 'Create reset link' }).click();
  const field = page.getByLabel('Reset link', { exact: true });
  await expect(field).toBeVisible();
  const link = await field.inputValue();
  expect(link).toMatch(/\/reset\/[\w-]{43}$/);
  await main.getByRole('button', { name: /^Copy link/ }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await page.getByRole('button', { name: 'Hide link' }).click();
  await expect(field).toHaveCount(0);

  // On another device.
  await newcomer.page.goto(link);
  await expect(newcomer.page.getByLabel('Username')).toHaveValue(member.username);
  await newcomer.watch.during(422, async () => {
    await setPassword(newcomer.page, 'password1234');
    await expect(newcomer.page.getByLabel('New password')).toHaveAccessibleDescription(/very common password/);
  });
  await setPassword(newcomer.page, NEW);
  await expect(newcomer.page).toHaveURL(/\/login/);
  await expect(newcomer.page.getByRole('main')).toContainText('Your password has been changed. Sign in with the new password.');
  await signIn(newcomer.page, { ...member, password: NEW });
  await expect(newcomer.page).toHaveURL(/\/me$/);

  // The browser that was signed in is not any more, and the old password is of no use.
  await visitor.page.goto('/me');
  await expect(visitor.page).toHaveURL(/\/login/);
  await visitor.watch.during(401, async () => {
    await signIn(visitor.page, member);
    await expect(visitor.page.getByRole('alert')).toBeVisible();
  });
  await visitor.watch.during(404, () => visitor.page.goto(link));
  await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText('This link is not valid');
});

test('nobody is offered a link for an account that is not active', async ({ site, owner: { page } }) => {
  const member = someone('Sunniva Suspended');
  const id = await site.signUp(await site.invite(), member);
  await site.suspend(id);
  await open(page, `/admin/members/${id}`);
  const main = page.getByRole('main');
  await main.getByRole('button', { name: /^More for/ }).first().click();
  await expect(main.getByRole('button', { name: 'Delete…' })).toBeVisible();
  await expect(main.getByRole('button', { name: 'Create reset link…' })).toHaveCount(0);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a new password is set with a link', async ({ site, visitor: { page, watch } }) => {
    // Chromium's message that it may not preload a script.
    watch.tolerate(/(latchkey|help)\.js: csp$/);
    const member = someone('Mateo Scriptless');
    const id = await site.signUp(await site.invite(), member);
    await page.goto(await site.resetLink(id));
    await watch.during(422, () => setPassword(page, 'short'));
    await expect(page.getByLabel('New password')).toHaveValue('');
    await setPassword(page, NEW);
    await expect(page.getByRole('main')).toContainText('Your password has been changed. Sign in with the new password.');
    await signIn(page, { ...member, password: NEW });
    await expect(page).toHaveURL(/\/me$/);
  });
});
