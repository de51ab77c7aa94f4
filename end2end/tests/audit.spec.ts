import { readFile } from 'node:fs/promises';

import { type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { expect, go, open, signIn, someone, test } from '../support/fixtures.ts';

const rows = (page: Page) => page.getByRole('main').locator('tbody').getByRole('row');

test('the log says who did what to what, and shows every field', async ({ site, owner: { page } }) => {
  const label = `Open evening ${someone('x').username}`;
  const invite = await site.invite({ label, max_uses: 40 });
  const mateo = someone('Mateo Quispe');
  await site.signUp(invite, mateo);
  await site.act(invite, 'pause');

  await open(page, '/admin');
  await go(page, 'Audit log');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Audit log');
  const paused = rows(page).filter({ hasText: `Paused the invite ${label}` });
  await expect(paused.getByRole('cell').filter({ hasText: 'API key' })).toBeVisible();
  await expect(paused.locator('time')).toBeVisible();
  await expect(rows(page).filter({ hasText: `Signed up as ${mateo.name}` })).toContainText('Visitor');

  const created = rows(page).filter({ hasText: `Created the invite ${label}` });
  await created.getByText('Details').click();
  await expect(created).toContainText('Maximum uses40');
  await expect(created).toContainText('RoleMember');
  await expect(created).toContainText('invite.create');
  await expectAccessible(page, 'audit log with details');
  await created.getByRole('link', { name: label, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/admin/invites/${invite.id}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(label);

  // From the page of a thing to what was done to it.
  await page.getByRole('link', { name: 'View entries' }).click();
  await expect(page).toHaveURL(new RegExp(`/admin/audit\\?subject=${invite.id}$`));
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole('link', { name: `Remove the filter: About ${label}` }).click();
  await expect(page).toHaveURL(/\/admin\/audit$/);
});

test('the log is filtered in its address, paged, and exported with its filter', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: `Paging ${someone('x').username}` });
  for (let times = 0; times < 14; times += 1) {
    await site.act(invite, 'pause');
    await site.act(invite, 'resume');
  }
  await open(page, `/admin/audit?subject=${invite.id}`);
  await expect(rows(page)).toHaveCount(25);
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(rows(page)).toHaveCount(4);
  await expect(rows(page).last()).toContainText('Created the invite');

  await page.getByLabel('About', { exact: true }).selectOption('Invites');
  await expect(page).toHaveURL(/kind=invite/);
  await page.getByLabel('Action', { exact: true }).focus();
  await page.getByLabel('Action', { exact: true }).selectOption('Invite paused');
  await expect(page).toHaveURL(/action=invite\.pause/);
  await expect(page).toHaveURL(new RegExp(`subject=${invite.id}`));
  await expect(rows(page)).toHaveCount(14);
  await expect(page.getByLabel('Action', { exact: true })).toBeFocused();

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export CSV' }).click()]);
  expect(download.suggestedFilename()).toMatch(/^latchkey-audit-log-.*\.csv$/);
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(lines).toHaveLength(15);
  expect(lines.slice(1).every((line) => line.includes('invite.pause'))).toBe(true);

  // A kind that the action is not of drops it, and back brings it again.
  await page.getByLabel('About', { exact: true }).selectOption('Groups');
  await expect(page.getByRole('main')).toContainText('No entries found');
  await page.goBack();
  await expect(rows(page)).toHaveCount(14);
  await expect(page.getByLabel('Action', { exact: true })).toHaveValue('invite.pause');
});

test('days are the first and the last that are listed', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: `Days ${someone('x').username}` });
  const today = new Date().toISOString().slice(0, 10);
  await open(page, `/admin/audit?subject=${invite.id}`);
  await page.getByLabel('From (UTC)').fill(today);
  await expect(page).toHaveURL(new RegExp(`from=${today}`));
  await expect(rows(page)).toHaveCount(1);
  await page.getByLabel('From (UTC)').fill('');
  await page.getByLabel('To (UTC)').fill('2020-01-31');
  await expect(page.getByRole('main')).toContainText('No entries found');
  await expectAccessible(page, 'audit log without entries');
  await page.getByRole('link', { name: 'Show all entries' }).click();
  await expect(page.getByLabel('To (UTC)')).toHaveValue('');
  await expect(rows(page).first()).toBeVisible();
});

test('the log is used by keyboard', async ({ site, owner: { page } }) => {
  const label = `Keys ${someone('x').username}`;
  const invite = await site.invite({ label });
  await open(page, `/admin/audit?subject=${invite.id}`);
  const row = rows(page).filter({ hasText: label });
  await row.getByRole('link', { name: label, exact: true }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(row).toContainText('invite.create');
  await page.keyboard.press('Tab');
  await expect(row.getByRole('link', { name: /^Everything by/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/admin\/audit\?actor=/);
  await expect(page.getByRole('link', { name: /^Remove the filter: By/ })).toBeVisible();
});

test('the log reads on a phone', async ({ site, owner: { page } }) => {
  const label = `Woodworkers exchange with the Oberwaldhausen neighbourhood association ${someone('x').username}`;
  const invite = await site.invite({ label });
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of [`/admin/audit?subject=${invite.id}`, '/admin/audit?until=2020-01-01']) {
    await open(page, path);
    for (const details of await page.getByText('Details', { exact: true }).all()) await details.click();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, path).toBe(0);
    await expectAccessible(page, `${path} at 360 px`);
  }
});

test('a moderator has no audit log', async ({ site, visitor: { page } }) => {
  const invite = await site.invite({ role: 'moderator' });
  const ada = someone('Ada Moderator');
  await site.signUp(invite, ada);
  await page.goto('/login');
  await signIn(page, ada);
  await expect(page).toHaveURL(/\/admin$/);
  await open(page, `/admin/invites/${invite.id}`);
  await expect(page.getByRole('heading', { name: 'Redemptions' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'View entries' })).toHaveCount(0);
  await page.goto('/admin/audit');
  await expect(page).not.toHaveURL(/audit/);
});
