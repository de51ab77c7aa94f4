import { type Page } from '@playwright/test';

import { expect, go, newInvite, open, test } from '../support/fixtures.ts';

/** Sets a mark that a reload removes. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { marked: true }));
}

async function expectNoReload(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'marked' in window), 'the page was reloaded').toBe(true);
}

function unique(word: string): string {
  return `${word} ${process.pid}-${Date.now()}`;
}

test('an invite is created in the dialog, copied and listed', async ({ owner: { page } }) => {
  const label = unique('Kiln course');
  await open(page, '/admin/invites');
  await mark(page);
  const dialog = await newInvite(page);
  await dialog.getByLabel(/^Name/).fill(label);
  await dialog.getByRole('button', { name: 'Create and copy link' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('status')).toContainText(/copied/i);
  const row = page.getByRole('row').filter({ hasText: label });
  await expect(row).toContainText('Live');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/\/inv\/[2-9A-HJ-NP-Za-km-z]{12}$/);
  await expectNoReload(page);
});

test('navigation does not reload the page, even after a server function call', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Going on') });
  await open(page, `/admin/invites/${invite.id}`);
  await mark(page);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toBeVisible();
  for (const name of ['Members', 'Redemptions', 'Overview']) {
    await go(page, name);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page).not.toHaveURL(/invites/);
  }
  await page.goBack();
  await expect(page).toHaveURL(/redemptions$/);
  await expectNoReload(page);
});

test('a page title shows typed text as text, on the server and in the browser', async ({ site, owner: { page } }) => {
  const label = `</title><meta http-equiv=refresh content="0;url=/me"> ${unique('Q&A')}`;
  const invite = await site.invite({ label });
  await open(page, `/admin/invites/${invite.id}`);
  await expect(page).toHaveTitle(`${label} · Latchkey`);
  await go(page, 'Members');
  await expect(page).toHaveTitle('Members · Latchkey');
  await page.goBack();
  await expect(page).toHaveTitle(`${label} · Latchkey`);
  await expect(page).toHaveURL(new RegExp(`/admin/invites/${invite.id}$`));
});

test('errors are shown in the dialog, and the input is kept', async ({ site, owner: { page, watch } }) => {
  const taken = await site.invite({ code: `taken-${process.pid}-${Date.now()}` });
  await open(page, '/admin/invites');
  const dialog = await newInvite(page);
  await dialog.getByLabel(/^Name/).fill('Stays');
  await dialog.getByLabel(/^Code/).fill('a b');
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Create and copy link' }).click();
    await expect(dialog.getByLabel(/^Code/)).toHaveAccessibleDescription(/A code has 6 to 64 letters/);
  });
  await dialog.getByLabel(/^Code/).fill(taken.code);
  await watch.during(409, async () => {
    await dialog.getByRole('button', { name: 'Create and copy link' }).click();
    await expect(dialog.getByLabel(/^Code/)).toHaveAccessibleDescription(/has, or had|taken|another/i);
  });
  await expect(dialog.getByLabel(/^Name/)).toHaveValue('Stays');
  // What was typed is not lost by a key.
  await page.keyboard.press('Escape');
  const question = page.getByRole('dialog', { name: 'Discard changes?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByLabel(/^Name/)).toHaveValue('Stays');
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: 'Discard changes' }).click();
  await expect(dialog).toBeHidden();
});

test('search, filter and paging are in the URL; back and reload keep them', async ({ site, owner: { page } }) => {
  test.setTimeout(90_000);
  const word = unique('list').replace(' ', '-');
  for (let n = 1; n <= 55; n += 1) await site.invite({ label: `${word} ${String(n).padStart(2, '0')}` });
  const paused = await site.invite({ label: `${word} paused` });
  await site.act(paused, 'pause');
  const rows = page.getByRole('row').filter({ hasText: word });

  await open(page, '/admin/invites');
  await mark(page);
  const search = page.getByRole('searchbox', { name: 'Search invites', exact: true });
  await search.fill(word);
  await search.press('Enter');
  await expect(page).toHaveURL(new RegExp(`q=${word}`));
  await expect(rows.first()).toContainText(`${word} paused`);

  const shown = await rows.count();
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(rows.first()).toContainText(`${word} ${String(56 - shown).padStart(2, '0')}`);
  await page.goBack();
  await expect(rows.first()).toContainText(`${word} paused`);

  await page.getByRole('link', { name: /^Paused/ }).click();
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/status=paused/);
  await expectNoReload(page);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await expect(search).toHaveValue(word);
  await page.goBack();
  await expect(rows.nth(1)).toBeVisible();
});

test('an invite is edited, paused, resumed and deleted', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Whole life'), max_uses: 3 });
  await open(page, `/admin/invites/${invite.id}`);
  await mark(page);
  const main = page.getByRole('main');
  await expect(main).toContainText(invite.code);

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(main).toContainText('Paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(main).toContainText('Live');

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const renamed = unique('Renamed');
  await dialog.getByLabel(/^Name/).fill(renamed);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(renamed);

  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const confirmation = page.getByRole('dialog');
  await expect(confirmation).toContainText(renamed);
  await confirmation.getByRole('button', { name: 'Cancel' }).click();
  await expect(confirmation).toBeHidden();
  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await confirmation.getByRole('button', { name: 'Delete invite' }).click();
  await expect(page.getByRole('status')).toContainText(/deleted/i);
  await expectNoReload(page);

  await page.goto(`/admin/invites/${invite.id}`);
  await expect(page.getByRole('main')).toContainText('Deleted');
  await expect(page.getByRole('main')).not.toContainText(invite.code);
});

test('the dialog works by keyboard and returns the focus', async ({ owner: { page } }) => {
  await open(page, '/admin/invites');
  const button = page.getByRole('link', { name: 'Create invite' }).filter({ visible: true }).first();
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New invite' });
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
});
