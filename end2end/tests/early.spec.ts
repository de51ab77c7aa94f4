import { type BrowserContext } from '@playwright/test';

import { expect, open, takenOver, test } from '../support/fixtures.ts';

/** Keeps the application from arriving until the function that comes back is called: a slow line, without the waiting. */
async function holdBack(context: BrowserContext): Promise<() => void> {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await context.route(/latchkey_bg\.wasm$/, async (route) => {
    await arrived;
    await route.continue();
  });
  return arrive;
}

test('what is typed and sent before the application is there is sent when it is', async ({ owner: { page, context } }) => {
  await open(page, '/me/account');
  const name = await page.locator('#profile-name').inputValue();
  for (const typed of ['Ngozi, in a hurry', name]) {
    const arrive = await holdBack(context);
    await page.goto('/me/account', { waitUntil: 'domcontentloaded' });
    await page.locator('#profile-name').fill(typed);
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByRole('button', { name: 'Save name' })).toHaveAttribute('aria-busy', 'true');
    arrive();
    await expect(page.getByRole('status')).toContainText(`We call you ${typed} now`);
    await context.unroute(/latchkey_bg\.wasm$/);
  }
});

test('a password that is sent too early stays out of the address', async ({ owner: { page, context, watch } }) => {
  const arrive = await holdBack(context);
  await page.goto('/me/account', { waitUntil: 'domcontentloaded' });
  await page.locator('#password-current').fill('this is not the password');
  await page.locator('#password-new').fill('a lamp above the east door');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/me\/account$/);
  await watch.during(422, async () => arrive());
  await expect(page.locator('#password .error').first()).toBeVisible();
  await expect(page.locator('#password-new')).toHaveValue('a lamp above the east door');
  await expect(page).toHaveURL(/\/me\/account$/);
});

test('a link that is copied too early is copied, and an open menu gets its items', async ({ site, owner: { page, context } }) => {
  const invite = await site.invite({ label: `Early ${process.pid}-${Date.now()}` });
  const arrive = await holdBack(context);
  await page.goto(`/admin/invites?q=${encodeURIComponent(invite.label ?? '')}`, { waitUntil: 'domcontentloaded' });
  const row = page.getByRole('row').filter({ hasText: invite.label ?? '' });
  await row.getByRole('button', { name: /^Copy link/ }).click();
  await row.getByRole('button', { name: /^More for/ }).click();
  await expect(row.getByRole('link', { name: 'See redemptions' })).toBeVisible();
  await expect(row.getByRole('button', { name: 'Pause' })).toHaveCount(0);
  arrive();
  await takenOver(page);
  await expect(page.getByRole('status')).toContainText('Link copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(invite.url);
  await expect(row.getByRole('button', { name: 'Pause' })).toBeVisible();
});
