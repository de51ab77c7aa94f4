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

test('a member uploads, changes and removes a picture by keyboard', async ({ site, visitor: { page } }) => {
  const member = someone('Wangari Njoroge');
  await site.signUp(await site.invite(), member);
  await page.goto('/login');
  await signIn(page, member);
  await expect(page).toHaveURL(/\/me$/);
  await open(page, '/me/account');

  const card = page.getByRole('region', { name: 'Profile' });
  const top = page.getByRole('button', { name: /^Account menu/ });
  const dialog = page.getByRole('dialog', { name: 'Picture' });
  const upload = dialog.getByRole('button', { name: 'Upload picture' });
  const press = () => upload.press('Enter');
  await expect(card.locator('.avatar')).toHaveText('WN');
  await card.getByLabel('Display name').fill('Wangari N');
  await card.getByRole('button', { name: 'Add picture' }).press('Enter');
  await expect(upload).toBeFocused();
  await expect(upload).toHaveAccessibleDescription(/at most 2 MiB/);
  await expect(dialog.getByRole('button', { name: 'Remove picture' })).toHaveCount(0);

  // What is wrong is said before anything is sent.
  const svg = { name: 'me.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') };
  await choose(page, press, svg);
  await expect(dialog.getByRole('alert')).toHaveText(WRONG);
  await choose(page, press, { name: 'me.png', mimeType: 'image/png', buffer: Buffer.alloc(2 * 1024 * 1024 + 1) });
  await expect(dialog.getByRole('alert')).toHaveText(WRONG);

  await choose(page, press, { name: 'me.png', mimeType: 'image/png', buffer: png(640, 480) });
  await expect(page.getByRole('status')).toContainText('Picture uploaded');
  await expect(dialog).toBeHidden();
  await shown(card);
  await shown(top);
  const change = card.getByRole('button', { name: 'Change picture' });
  await expect(change).toBeFocused();
  await expect(card.getByLabel('Display name'), 'what was typed is still there').toHaveValue('Wangari N');
  const first = await top.locator('img').getAttribute('src');

  await change.press('Enter');
  await shown(dialog);
  await choose(page, press, { name: 'me.png', mimeType: 'image/png', buffer: png(300, 900) });
  await expect(top.locator('img')).not.toHaveAttribute('src', first!);
  await shown(top);
  await card.getByRole('button', { name: 'Save display name' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Display name changed to Wangari N' })).toBeVisible();
  await open(page, '/me/account');
  await shown(card);

  await change.press('Enter');
  await dialog.getByRole('button', { name: 'Remove picture' }).press('Enter');
  await expect(page.getByRole('status')).toContainText('Picture removed');
  await expect(card.getByRole('button', { name: 'Add picture' })).toBeFocused();
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
  await page.getByRole('button', { name: 'Add picture' }).click();
  const dialog = page.getByRole('dialog', { name: 'Picture' });
  const click = () => dialog.getByRole('button', { name: 'Upload picture' }).click();
  await watch.during(422, async () => {
    await choose(page, click, { name: 'me.png', mimeType: 'image/png', buffer: png(64, 64).subarray(0, 80) });
    await expect(dialog.getByRole('alert')).toContainText('the file is damaged');
  });
  await choose(page, click, { name: 'me.png', mimeType: 'image/png', buffer: png(64, 64) });
  await expect(dialog).toBeHidden();
  await shown(page.getByRole('region', { name: 'Profile' }));
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
  const card = page.getByRole('region', { name: 'Profile' });
  await card.getByRole('button', { name: 'Change username or e-mail' }).click();
  const dialog = page.getByRole('dialog', { name: 'Username and e-mail' });
  const save = dialog.getByRole('button', { name: 'Save changes' });
  const other = { ...member, username: `${member.username}x`, email: `new.${member.email}` };
  await expect(dialog.getByLabel('Username')).toHaveValue(member.username);
  await dialog.getByLabel('Username').fill('ngozi');
  await dialog.getByLabel('E-mail').fill(other.email);
  await watch.during(422, async () => {
    await save.click();
    await expect(dialog.getByLabel('Your password')).toHaveAccessibleDescription('Enter your current password.');
  });
  await dialog.getByLabel('Your password').fill(member.password);
  await watch.during(409, async () => {
    await save.click();
    await expect(dialog.getByLabel('Username')).toHaveAccessibleDescription(/is taken/);
  });
  await expect(dialog.getByLabel('E-mail')).toHaveValue(other.email);
  await dialog.getByLabel('Username').fill(other.username);
  await save.click();
  await expect(page.getByRole('status')).toContainText('Username and e-mail saved');
  await expect(dialog).toBeHidden();
  await expect(card).toContainText(`@${other.username}`);
  await expect(card).toContainText(other.email);

  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
  await signIn(newcomer.page, other);
  await expect(newcomer.page).toHaveURL(/\/me$/);
  await page.reload();
  await expect(page).toHaveURL(/\/me\/account$/);
});

test('staff see who is online, and change the picture of a member', async ({ site, owner: { page }, newcomer }) => {
  const member = someone('Oddný Sigurðardóttir');
  await site.signUp(await site.invite(), member);
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

  await main.getByRole('button', { name: 'Add picture' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Picture' });
  await choose(page, () => dialog.getByRole('button', { name: 'Upload picture' }).press('Enter'), {
    name: 'member.png',
    mimeType: 'image/png',
    buffer: png(512, 512),
  });
  await expect(page.getByRole('status')).toContainText('Picture uploaded');
  await shown(main.locator('.member-head'));
  await expect(main.getByRole('button', { name: 'Change picture' })).toBeFocused();
  await newcomer.page.reload();
  await shown(newcomer.page.getByRole('button', { name: /^Account menu/ }));

  await main.getByRole('button', { name: 'Change picture' }).click();
  await dialog.getByRole('button', { name: 'Remove picture' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Picture removed' })).toBeVisible();
  await expect(main.locator('.member-head .avatar')).toHaveText('OS');
});

test('screenshots of the dialogs', async ({ site, visitor: { page } }) => {
  const member = someone('Nokuthula Dlamini');
  const id = await site.signUp(await site.invite(), member);
  await site.setPicture(id);
  await page.goto('/login');
  await signIn(page, member);
  await expect(page).toHaveURL(/\/me$/);
  await open(page, '/me/account');
  const widths = [
    { width: 1280, height: 900 },
    { width: 360, height: 740 },
  ];
  for (const [name, opener] of [
    ['profile', undefined],
    ['profile-picture', 'Change picture'],
    ['profile-login', 'Change username or e-mail'],
  ] as const) {
    if (opener) await page.getByRole('button', { name: opener }).click();
    if (opener) await expect(page.getByRole('dialog').getByRole('button').last()).toBeVisible();
    else await shown(page.getByRole('region', { name: 'Profile' }));
    for (const viewport of widths) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const path = `output/screenshots/${name}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path, animations: 'disabled' });
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${name} at ${viewport.width} px`).toBe(0);
    }
    if (opener) await page.keyboard.press('Escape');
    if (opener) await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});
