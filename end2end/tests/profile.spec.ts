import { type Locator, type Page } from '@playwright/test';

import { expect, open, signIn, someone, test } from '../support/fixtures.ts';
import { png } from '../support/png.ts';

const WRONG = 'Choose a PNG, JPEG or WebP picture of at most 2 MiB.';

/** The picture in a part of a page, once the browser has drawn it. */
async function shown(part: Locator): Promise<void> {
  const image = part.locator('.avatar img');
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(256);
}

/** Chooses a file by what opens the browser's dialog for files. */
async function choose(page: Page, act: () => Promise<void>, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await act();
  await (await asked).setFiles(file);
}

test('a member uploads, replaces and removes a picture by keyboard', async ({ site, visitor: { page } }) => {
  const member = someone('Wangari Njoroge');
  await site.signUp(await site.invite(), member);
  await page.goto('/login');
  await signIn(page, member);
  await expect(page).toHaveURL(/\/me$/);
  await open(page, '/me/account');

  const card = page.getByRole('region', { name: 'Profile' });
  const top = page.getByRole('button', { name: /^Account menu/ });
  const button = card.getByRole('button', { name: 'Upload picture' });
  await expect(card.locator('.avatar')).toHaveText('WN');
  await card.getByLabel('Display name').fill('Wangari N');

  // What is wrong is said before anything is sent.
  const press = () => button.press('Enter');
  const svg = { name: 'me.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') };
  await choose(page, press, svg);
  await expect(card.getByRole('alert').filter({ hasText: WRONG })).toBeVisible();
  const large = { name: 'me.png', mimeType: 'image/png', buffer: Buffer.alloc(2 * 1024 * 1024 + 1) };
  await choose(page, press, large);
  await expect(card.getByRole('alert').filter({ hasText: WRONG })).toBeVisible();

  await choose(page, press, { name: 'me.png', mimeType: 'image/png', buffer: png(640, 480) });
  await expect(page.getByRole('status')).toContainText('Picture uploaded');
  await shown(card);
  await shown(top);
  await expect(card.getByText(WRONG)).toHaveCount(0);
  await expect(card.getByRole('button', { name: 'Replace picture' })).toBeFocused();
  await expect(card.getByLabel('Display name'), 'what was typed is still there').toHaveValue('Wangari N');
  const first = await top.locator('img').getAttribute('src');

  await choose(page, () => card.getByRole('button', { name: 'Replace picture' }).click(), {
    name: 'me.png',
    mimeType: 'image/png',
    buffer: png(300, 900),
  });
  await expect(top.locator('img')).not.toHaveAttribute('src', first!);
  await shown(top);
  await card.getByRole('button', { name: 'Save display name' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Display name changed to Wangari N' })).toBeVisible();
  await open(page, '/me/account');
  await shown(card);

  await card.getByRole('button', { name: 'Remove picture' }).press('Enter');
  await expect(page.getByRole('status')).toContainText('Picture removed');
  await expect(button).toBeFocused();
  await expect(card.locator('.avatar')).toHaveText('WN');
  await expect(top.locator('.avatar')).toHaveText('WN');
});

test('a file that only its reader knows to be wrong is refused by the server', async ({ site, visitor: { page, watch } }) => {
  const member = someone('Ilse Vanderveken');
  await site.signUp(await site.invite(), member);
  await page.goto('/login');
  await signIn(page, member);
  await expect(page).toHaveURL(/\/me$/);
  await open(page, '/me/account');
  const card = page.getByRole('region', { name: 'Profile' });
  await watch.during(422, async () => {
    await choose(page, () => card.getByRole('button', { name: 'Upload picture' }).click(), {
      name: 'me.png',
      mimeType: 'image/png',
      buffer: png(64, 64).subarray(0, 80),
    });
    await expect(card.getByRole('alert').filter({ hasText: 'the file is damaged' })).toBeVisible();
  });
  await expect(card.getByRole('button', { name: 'Upload picture' })).toBeVisible();
});

test('a member changes username and e-mail, which ends the other sessions', async ({ site, visitor, newcomer }) => {
  const member = someone('Tamsin Oyelaran');
  await site.signUp(await site.invite(), member);
  for (const { page } of [visitor, newcomer]) {
    await page.goto('/login');
    await signIn(page, member);
    await expect(page).toHaveURL(/\/me$/);
  }
  const { page, watch } = visitor;
  await open(page, '/me/account');
  const card = page.getByRole('region', { name: 'Username and e-mail' });
  const save = card.getByRole('button', { name: 'Save username and e-mail' });
  const other = { ...member, username: `${member.username}x`, email: `new.${member.email}` };
  await card.getByLabel('Username').fill('ngozi');
  await card.getByLabel('E-mail').fill(other.email);
  await watch.during(422, async () => {
    await save.click();
    await expect(card.getByLabel('Your password')).toHaveAccessibleDescription('Enter your current password.');
  });
  await card.getByLabel('Your password').fill(member.password);
  await watch.during(409, async () => {
    await save.click();
    await expect(card.getByLabel('Username')).toHaveAccessibleDescription(/is taken/);
  });
  await expect(card.getByLabel('E-mail')).toHaveValue(other.email);
  await card.getByLabel('Username').fill(other.username);
  await save.click();
  await expect(page.getByRole('status')).toContainText('Username and e-mail saved');
  await expect(card.getByLabel('Your password')).toHaveValue('');

  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
  await signIn(newcomer.page, other);
  await expect(newcomer.page).toHaveURL(/\/me$/);
  await page.reload();
  await expect(page).toHaveURL(/\/me\/account$/);
});

test('staff see who is online, and change the picture of a member', async ({ site, owner: { page }, newcomer }) => {
  const member = someone('Oddný Sigurðardóttir');
  const id = await site.signUp(await site.invite(), member);
  await page.goto(`/admin/members/${id}`);
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, member);
  await expect(newcomer.page).toHaveURL(/\/me$/);

  await open(page, `/admin/members?q=${member.username}`);
  const row = page.getByRole('row').filter({ hasText: member.username });
  await expect(row).toContainText('Online now');
  await row.getByRole('link', { name: member.name }).click();
  const main = page.getByRole('main');
  await expect(main).toContainText('Online now');
  await expect(main).toContainText('Updated');

  await choose(page, () => main.getByRole('button', { name: 'Upload picture' }).press('Enter'), {
    name: 'member.png',
    mimeType: 'image/png',
    buffer: png(512, 512),
  });
  await expect(page.getByRole('status')).toContainText('Picture uploaded');
  await shown(main.locator('.member-head'));
  await expect(main.getByRole('button', { name: 'Replace picture' })).toBeFocused();
  await newcomer.page.reload();
  await shown(newcomer.page.getByRole('button', { name: /^Account menu/ }));

  await main.getByRole('button', { name: 'Remove picture' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Picture removed' })).toBeVisible();
  await expect(main.locator('.member-head .avatar')).toHaveText('OS');
});
