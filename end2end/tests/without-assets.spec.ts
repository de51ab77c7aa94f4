import { expect, go, test } from '../support/fixtures.ts';

// Scripts and styles cannot be loaded, for example because of a proxy or a broken deployment. That every page can be read
// nevertheless, views.spec.ts says.
test.beforeEach(async ({ owner, visitor }) => {
  for (const { context, watch } of [owner, visitor]) {
    await context.route('**/pkg/**', (route) => route.abort('blockedbyclient'));
    watch.tolerate(/ERR_BLOCKED_BY_CLIENT|Failed to fetch dynamically imported module/);
  }
});

test('links, search, filters and paging work', async ({ site, owner: { page } }) => {
  const word = `blocked-${process.pid}-${Date.now()}`;
  for (let n = 1; n <= 60; n += 1) await site.invite({ label: `${word} ${String(n).padStart(2, '0')}` });

  await page.goto('/admin');
  await go(page, 'Invites');
  await expect(page).toHaveURL(/\/admin\/invites$/);

  // Without its style the search for everything is there as a form, too.
  const search = page.getByRole('main').getByRole('searchbox', { name: 'Search invites', exact: true });
  await search.fill(word);
  await search.press('Enter');
  await expect(page).toHaveURL(new RegExp(`q=${word}`));
  const rows = page.getByRole('row').filter({ hasText: word });
  const first = await rows.first().textContent();
  expect(first).toContain(`${word} 60`);
  const shown = await rows.count();
  expect(shown).toBeLessThan(60);

  // By keyboard: on a phone a page without styles is wider than the screen, and positions depend on the zoom.
  await page.getByRole('link', { name: 'Older' }).press('Enter');
  await expect(rows.first()).toContainText(`${word} ${String(60 - shown).padStart(2, '0')}`);
  await page.getByRole('link', { name: 'Newer' }).press('Enter');
  await expect(rows.first()).toContainText(`${word} 60`);

  await page.getByRole('link', { name: /^Paused/ }).press('Enter');
  await expect(page).toHaveURL(/status=paused/);
  await expect(rows).toHaveCount(0);
});
