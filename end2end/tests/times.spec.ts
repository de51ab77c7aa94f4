import { expect, open, test } from '../support/fixtures.ts';

test('relative times move on', async ({ site, owner: { page } }) => {
  const label = `Ticks-${process.pid}-${Date.now()}`;
  await site.invite({ label, expires_in_hours: 6 });
  await page.clock.install();
  await open(page, `/admin/invites?q=${label}`);
  const end = page.getByRole('row').filter({ hasText: label }).locator('time').filter({ hasText: /in \d+ hours/ });
  await expect(end).toContainText('in 6 hours');
  await page.clock.fastForward('01:00:00');
  await expect(end).toContainText('in 5 hours');
});
