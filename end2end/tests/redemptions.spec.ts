import { readFile } from 'node:fs/promises';

import { expect, open, someone, test } from '../support/fixtures.ts';

test('redemptions are listed, filtered by invite and exported as CSV', async ({ site, owner: { page } }) => {
  const one = await site.invite({ label: `One ${Date.now()}` });
  const other = await site.invite({ label: `Other ${Date.now()}` });
  const [ines, wiremu] = [someone('Inés Etxeberria'), someone('Wiremu Tāwhai')];
  await site.signUp(one, ines);
  await site.signUp(other, wiremu);
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });

  await open(page, '/admin/redemptions');
  await expect(row(ines.username)).toContainText(one.label!);
  await expect(row(wiremu.username)).toContainText(other.label!);
  await expect(row(ines.username).locator('time')).toBeVisible();

  await open(page, `/admin/redemptions?invite=${one.id}`);
  await expect(row(ines.username)).toHaveCount(1);
  await expect(row(wiremu.username)).toHaveCount(0);

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /CSV/ }).click()]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv).toContain(ines.username);
  expect(csv).not.toContain(wiremu.username);
});
