import { type Page } from '@playwright/test';

import { expect, open, test } from '../support/fixtures.ts';

// Where the rows of a list are cards there are no column headers; a menu sorts it.

test.use({ viewport: { width: 360, height: 740 } });

function titles(page: Page, word: string) {
  return page.getByRole('main').getByRole('rowheader').filter({ hasText: word }).getByRole('link');
}

test('the invites are sorted on a phone, with scripts and without', async ({ site, browser, ownerState }) => {
  const word = `Sorted-${process.pid}-${Date.now()}`;
  const later = await site.invite({ label: `${word} later`, expires_in_hours: 50 });
  const sooner = await site.invite({ label: `${word} sooner`, expires_in_hours: 5 });
  const latest = await site.invite({ label: `${word} latest`, expires_in_hours: 500 });
  const labels = (invites: { label: string | null }[]) => invites.map(({ label }) => label ?? '');

  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({
      baseURL: site.url,
      storageState: ownerState,
      viewport: { width: 360, height: 740 },
      javaScriptEnabled,
    });
    const page = await context.newPage();
    await context.addInitScript(() =>
      addEventListener('application', () => Object.assign(window, { hydrated: true })),
    );
    if (javaScriptEnabled) await open(page, `/admin/invites?q=${word}`);
    else await page.goto(`/admin/invites?q=${word}`);
    await expect(titles(page, word)).toHaveText(labels([latest, sooner, later]));
    const opener = page.getByRole('button', { name: /^Sort/ });
    await expect(opener).toHaveAccessibleName('Sort: Newest first');
    await opener.click();
    const menu = page.getByRole('navigation', { name: 'Sort' });
    await expect(menu.getByRole('link')).toHaveCount(6);
    await page.screenshot({ path: `output/screenshots/sort-menu-${javaScriptEnabled}.png`, animations: 'disabled' });
    await menu.getByRole('link', { name: 'Expires soonest first' }).click();
    await expect(page).toHaveURL(/sort=expires/);
    await expect(titles(page, word)).toHaveText(labels([sooner, later, latest]));
    await expect(menu).toBeHidden();
    await expect(opener).toHaveAccessibleName('Sort: Expires soonest first');
    if (javaScriptEnabled) await expect(opener).toBeFocused();
    await page.screenshot({ path: `output/screenshots/sorted-${javaScriptEnabled}.png`, animations: 'disabled' });
    await context.close();
  }
});

test('where the rows are a table its headers sort it', async ({ owner: { page } }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await open(page, '/admin/invites');
  await expect(page.getByRole('button', { name: /^Sort/ })).toBeHidden();
});
