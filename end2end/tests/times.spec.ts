import { type Page } from '@playwright/test';

import { expect, open, test } from '../support/fixtures.ts';

/** Shows or hides the page as switching tabs does. */
async function switchTab(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);
}

test('relative times move on while the page is seen', async ({ site, owner: { page } }) => {
  const label = `Ticks-${process.pid}-${Date.now()}`;
  await site.invite({ label, expires_in_hours: 6 });
  await page.clock.install();
  await open(page, `/admin/invites?q=${label}`);
  const end = page.getByRole('row').filter({ hasText: label }).getByRole('cell', { name: /^in / }).locator('time').first();
  await expect(end).toContainText('in 5 hours');
  await page.clock.fastForward('01:00:00');
  await expect(end).toContainText('in 4 hours');

  await switchTab(page, true);
  await page.clock.fastForward('01:00:00');
  await expect(end).toContainText('in 4 hours');
  await switchTab(page, false);
  await expect(end).toContainText('in 3 hours');
  await page.clock.fastForward('01:00:00');
  await expect(end).toContainText('in 2 hours');
});
