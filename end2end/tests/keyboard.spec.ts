import { type Locator, type Page } from '@playwright/test';

import { expect, open, someone, test } from '../support/fixtures.ts';

function unique(word: string): string {
  return `${word} ${process.pid}-${Date.now()}`;
}

/** Opens the menu of a row and chooses an item, by keyboard only. */
async function choose(page: Page, row: Locator, item: string): Promise<void> {
  await row.getByRole('button', { name: /^More for/ }).focus();
  await page.keyboard.press('Enter');
  const items = row.locator('.menu-item');
  await expect(items.first()).toBeFocused();
  const chosen = row.getByRole('button', { name: item });
  await expect(chosen).toBeVisible();
  const place = (await items.allInnerTexts()).findIndex((text) => text.trim() === item);
  for (let step = 0; step < place; step += 1) await page.keyboard.press('ArrowDown');
  await expect(chosen).toBeFocused();
  await page.keyboard.press('Enter');
}

/** Confirms a dialog by keyboard only; the focus starts on the button that cancels. */
async function confirm(page: Page): Promise<void> {
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}

test('the arrow keys move in every menu, and Escape returns the focus', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Menu'), expires_in_hours: 24 });
  const member = someone('Saoirse Byrne');
  await site.signUp(invite, member);
  const goThrough = async (menu: Locator, opener: Locator, key: string) => {
    const items = menu.locator('.menu-item');
    await opener.focus();
    await page.keyboard.press(key);
    await expect(items.first()).toBeFocused();
    for (const [key, item] of [
      ['ArrowDown', items.nth(1)],
      ['End', items.last()],
      ['ArrowDown', items.first()],
      ['ArrowUp', items.last()],
      ['Home', items.first()],
    ] as const) {
      await page.keyboard.press(key);
      await expect(item).toBeFocused();
    }
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(opener).toBeFocused();
  };
  const ofRow = async (text: string) => {
    const row = page.getByRole('row').filter({ hasText: text });
    for (const key of ['Enter', 'ArrowDown']) {
      await goThrough(row.locator('.menu'), row.getByRole('button', { name: /^More for/ }), key);
    }
  };
  await open(page, '/admin/invites');
  await ofRow(invite.label ?? '');
  await goThrough(page.locator('#user-menu'), page.getByRole('button', { name: /^Account menu/ }), 'Enter');
  const sort = page.getByRole('button', { name: /^Sort/ });
  if (await sort.isVisible()) await goThrough(page.locator('#sort-menu'), sort, 'Enter');
  await open(page, `/admin/members?q=${member.username}`);
  await ofRow(member.username);
});

test('by mouse a menu opens without moving the focus', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('By mouse') });
  await open(page, `/admin/invites/${invite.id}`);
  const more = page.getByRole('button', { name: /^More for/ });
  await more.click();
  await expect(page.getByRole('button', { name: 'Copy link', exact: true })).toBeVisible();
  await expect(more).toBeFocused();
  // And the arrow leads in.
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: 'Copy link', exact: true })).toBeFocused();
});

test('after an action by keyboard the focus stays on the row', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Stays here'), max_uses: 5 });
  await open(page, '/admin/invites');
  const row = page.getByRole('row').filter({ hasText: invite.label ?? '' });
  const more = row.getByRole('button', { name: /^More for/ });

  await choose(page, row, 'Pause');
  await expect(row).toContainText('Paused');
  await expect(more).toBeFocused();

  await choose(page, row, 'Resume');
  await expect(row).toContainText('Active');
  await expect(more).toBeFocused();

  await choose(page, row, 'Edit…');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel(/^Name/)).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.type(', renamed');
  await page.keyboard.press('Enter');
  await expect(row).toContainText(', renamed');
  await expect(more).toBeFocused();
});

test('after deleting a row by keyboard the focus is on the next row', async ({ site, owner: { page } }) => {
  const older = await site.invite({ label: unique('Goes on') });
  const newer = await site.invite({ label: unique('Goes away') });
  await open(page, '/admin/invites');
  const row = page.getByRole('row').filter({ hasText: newer.label ?? '' });
  await choose(page, row, 'Delete…');
  await confirm(page);
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('row').filter({ hasText: older.label ?? '' }).locator(':focus')).toHaveCount(1);
});

test('after suspending a member by keyboard the focus stays on the member', async ({ site, owner: { page } }) => {
  const member = someone('Ingrid Solberg');
  await site.signUp(await site.invite(), member);
  await open(page, `/admin/members?q=${member.username}`);
  const row = page.getByRole('row').filter({ hasText: member.username });
  const more = row.getByRole('button', { name: /^More for/ });
  for (const [verb, then] of [['Suspend…', 'Suspended'], ['Restore…', 'Active']] as const) {
    await choose(page, row, verb);
    await confirm(page);
    await expect(row).toContainText(then);
    await expect(more).toBeFocused();
  }
});

test('paging by keyboard keeps the focus', async ({ site, owner: { page } }) => {
  test.setTimeout(60_000);
  const word = unique('turned').replace(' ', '-');
  for (let n = 0; n < 60; n += 1) await site.invite({ label: `${word} ${n}` });
  await open(page, `/admin/invites?q=${word}`);
  const older = page.getByRole('link', { name: 'Older' });
  await older.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByRole('row').nth(1)).toContainText(`${word} 34`);
  await expect(older).toBeFocused();
});

test('shortcuts move between rows, open, copy and edit, and can be disabled', async ({ site, owner: { page } }) => {
  const word = unique('keys').replace(' ', '-');
  const second = await site.invite({ label: `${word} second` });
  const first = await site.invite({ label: `${word} first` });
  await open(page, `/admin/invites?q=${word}`);
  const link = (label: string | null) => page.getByRole('link', { name: label ?? '', exact: true });

  await page.keyboard.press('j');
  await expect(link(first.label)).toBeFocused();
  await page.keyboard.press('k');
  await expect(link(first.label)).toBeFocused();
  await page.keyboard.press('j');
  await expect(link(second.label)).toBeFocused();

  await page.keyboard.press('y');
  await expect(page.getByRole('status')).toContainText('Link copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(second.url);

  await page.keyboard.press('e');
  await expect(page.getByRole('dialog')).toContainText(`Edit “${second.label}”`);
  await page.keyboard.press('Escape');
  await expect(link(second.label)).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(second.label ?? '');
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog')).toContainText(`Edit “${second.label}”`);
  await page.keyboard.press('Escape');

  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page).toHaveURL(new RegExp(`${second.id}$`));
  await page.evaluate(() => localStorage.clear());
});
