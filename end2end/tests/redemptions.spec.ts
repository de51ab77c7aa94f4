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

test('a redemption is found by the person and by the invite', async ({ site, owner: { page } }) => {
  const label = `Weaving ${Date.now()}`;
  const [petra, other] = [someone('Petra Vondráčková'), someone('Wiremu Tāwhai')];
  await site.signUp(await site.invite({ label }), petra);
  await site.signUp(await site.invite({ label: 'Other' }), other);
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });

  await open(page, '/admin/redemptions');
  const search = page.getByRole('searchbox', { name: 'Search redemptions' });
  for (const q of [`vondrackova ${petra.username}`, petra.email, label]) {
    await search.fill(q);
    await search.press('Enter');
    await expect(row(petra.username)).toHaveCount(1);
    await expect(row(other.username)).toHaveCount(0);
  }
  const csv = page.getByRole('link', { name: /CSV/ });
  await expect(csv).toHaveAttribute('href', new RegExp(`q=${label.replace(' ', '%20')}`));

  await search.fill('%');
  await search.press('Enter');
  await expect(page.getByRole('main')).toContainText('No redemptions found');
});
