import { type BrowserContext } from '@playwright/test';

import { expect, open, test, waitForHydration } from '../support/fixtures.ts';

/** Delays the WebAssembly module until the returned function is called, like a slow connection. */
async function delayBundle(context: BrowserContext): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await context.route(/latchkey_bg\.wasm$/, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test('input that is submitted before hydration is sent after it', async ({ owner: { page, context } }) => {
  await open(page, '/me/account');
  const name = await page.locator('#profile-name').inputValue();
  for (const typed of ['Ngozi, in a hurry', name]) {
    const release = await delayBundle(context);
    await page.goto('/me/account', { waitUntil: 'domcontentloaded' });
    await page.locator('#profile-name').fill(typed);
    await page.getByRole('button', { name: 'Save display name' }).click();
    await expect(page.getByRole('button', { name: 'Save display name' })).toHaveAttribute('aria-busy', 'true');
    release();
    await expect(page.getByRole('status')).toContainText(`Display name changed to ${typed}`);
    await context.unroute(/latchkey_bg\.wasm$/);
  }
});

test('a password that is submitted before hydration is not put into the URL', async ({ owner: { page, context, watch } }) => {
  const release = await delayBundle(context);
  await page.goto('/me/account', { waitUntil: 'domcontentloaded' });
  await page.locator('#password-current').fill('this is not the password');
  await page.locator('#password-new').fill('a lamp above the east door');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/me\/account$/);
  await watch.during(422, async () => release());
  await expect(page.locator('#password .error').first()).toBeVisible();
  await expect(page.locator('#password-new')).toHaveValue('a lamp above the east door');
  await expect(page).toHaveURL(/\/me\/account$/);
});

test('a link copied before hydration is copied after it, and an open menu gets its items', async ({ site, owner: { page, context } }) => {
  const invite = await site.invite({ label: `Early ${process.pid}-${Date.now()}` });
  const release = await delayBundle(context);
  await page.goto(`/admin/invites?q=${encodeURIComponent(invite.label ?? '')}`, { waitUntil: 'domcontentloaded' });
  const row = page.getByRole('row').filter({ hasText: invite.label ?? '' });
  await row.getByRole('button', { name: /^Copy link/ }).click();
  await row.getByRole('button', { name: /^More for/ }).click();
  await expect(row.getByRole('link', { name: 'See redemptions' })).toBeVisible();
  await expect(row.getByRole('button', { name: 'Pause' })).toHaveCount(0);
  release();
  await waitForHydration(page);
  await expect(page.getByRole('status')).toContainText('Link copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(invite.url);
  await expect(row.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('going back before the application is there shows the page one goes back to', async ({ site, owner: { page, context } }) => {
  const word = `Back-${process.pid}-${Date.now()}`;
  await site.invite({ label: word });
  await open(page, `/admin/invites?q=${word}`);
  const row = page.getByRole('row').filter({ hasText: word });
  await expect(row).toBeVisible();
  await page.getByRole('link', { name: /^Paused/ }).click();
  await expect(page).toHaveURL(/status=paused/);
  await expect(row).toHaveCount(0);
  const arrive = await delayBundle(context);
  await page.reload({ waitUntil: 'domcontentloaded' });
  await expect(row).toHaveCount(0);
  await page.evaluate(() => history.back());
  await expect(page).not.toHaveURL(/status=paused/);
  await expect(row).toBeVisible();
  arrive();
  await waitForHydration(page);
  await expect(row).toBeVisible();
});
