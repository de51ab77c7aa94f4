import { type Locator, type Page } from '@playwright/test';

import { type Visitor, expect, go, open, signIn, test as base, OWNER } from '../support/fixtures.ts';
import { Site } from '../support/site.ts';

// Lists of ten thousand rows, which no list that was made by hand has.

/** Some accounts of the demonstration have no invite: of these, more than ten thousand have one. */
const ROWS = { accounts: 11_500, invites: 10_000 };

/** How long a list may take to open, in ms: many times as long as it does, and no time for what grows with the table. */
const OPENS_WITHIN = 3_000;

/** The rows of a page. */
const PAGE = 25;

const test = base.extend<object, { many: Site }>({
  many: [
    async ({}, use) => {
      const site = await Site.demo(['--accounts', `${ROWS.accounts}`, '--links', `${ROWS.invites}`]);
      await use(site);
      await site.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.use({ baseURL: async ({ many }, use) => use(many.url) });

test.describe.configure({ mode: 'serial' });

async function staff({ page }: Visitor): Promise<Page> {
  await page.goto('/login');
  await signIn(page, OWNER);
  await expect(page).toHaveURL(/\/admin$/);
  return page;
}

const rows = (page: Page) => page.getByRole('main').getByRole('rowheader');

const nodes = (page: Page) => page.evaluate(() => document.querySelectorAll('*').length);

/** Follows a link to another page of a list, and waits for its rows: until then the links are those of the page before. */
async function follow(page: Page, link: Locator): Promise<void> {
  const shown = await rows(page).first().innerText();
  await link.click();
  await expect(rows(page).first()).not.toHaveText(shown, { useInnerText: true });
}

/** Does something, and fails if it takes too long. */
async function soon(what: string, step: () => Promise<unknown>): Promise<void> {
  const began = Date.now();
  await step();
  expect.soft(Date.now() - began, what).toBeLessThan(OPENS_WITHIN);
}

test('every list opens soon, and pages on and back without growing', async ({ visitor }) => {
  const page = await staff(visitor);
  for (const path of ['/admin/invites', '/admin/members', '/admin/redemptions', '/admin/invites?sort=used', '/admin/members?sort=name']) {
    await test.step(path, async () => {
      await soon(`${path} opens`, () => open(page, path));
      await expect(rows(page)).toHaveCount(PAGE);
      const [first, size] = [await rows(page).first().innerText(), await nodes(page)];
      const pager = page.getByRole('navigation', { name: 'Pages' });
      const [before, after] = [pager.getByRole('link').first(), pager.getByRole('link').last()];
      for (let turn = 0; turn < 4; turn += 1) {
        await soon(`${path} pages on`, () => follow(page, after));
        await expect(rows(page)).toHaveCount(PAGE);
      }
      // What was shown before is gone: the document has the rows of one page.
      expect(await nodes(page)).toBeLessThan(size * 1.2);
      for (let turn = 0; turn < 4; turn += 1) await follow(page, before);
      await expect(rows(page).first()).toHaveText(first, { useInnerText: true });
    });
  }
});

test('one of them is found soon', async ({ visitor }) => {
  const page = await staff(visitor);
  await open(page, '/admin');
  await go(page, 'Members');
  const search = page.getByRole('searchbox', { name: 'Search members' });
  await search.fill('noa-150');
  await soon('the search', async () => {
    await search.press('Enter');
    await expect(rows(page)).toHaveCount(1);
  });
  await expect(rows(page)).toContainText('@noa-150');
});

test('all that match are counted right, and all are changed', async ({ many, visitor }) => {
  test.setTimeout(120_000);
  const page = await staff(visitor);
  await open(page, '/admin/invites');
  await page.getByRole('checkbox', { name: /^Select: / }).first().check();
  const bar = page.getByRole('toolbar', { name: 'Selected rows' });
  await bar.getByRole('button', { name: 'Select all on this page' }).click();
  await expect(bar).toContainText(`${PAGE} selected`);
  // Lists are counted up to a thousand, so that counting does not grow with them.
  await bar.getByRole('button', { name: 'Select all 1,000+ that match' }).click();
  await expect(bar).toContainText('All 1,000+ that match are selected');
  await bar.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pause invites' });
  await expect(dialog).toContainText(/This pauses at least [\d,]+ invites\. More than 1,000 match\./);
  await dialog.getByRole('button', { name: 'Pause invites' }).click();
  await expect(page.getByRole('status')).toContainText(/[\d,]+ paused, [\d,]+ are paused already/, { timeout: 60_000 });

  const said = (await page.getByRole('status').innerText()).match(/([\d,]+) paused, ([\d,]+) are/)!;
  const [paused, before] = [said[1]!, said[2]!].map((count) => Number(count.replace(/,/g, '')));
  // Everything that is not deleted.
  const deleted = await count(many, 'deleted');
  expect(paused! + before!).toBe(ROWS.invites - deleted);
  expect(await count(many, 'active')).toBe(0);
  await expect(rows(page)).toHaveCount(PAGE);
});

/** How many invites have a status, page by page. */
async function count({ api }: Site, status: string): Promise<number> {
  let [counted, cursor]: [number, string | null] = [0, null];
  do {
    const params: Record<string, string> = { status, limit: '100', ...(cursor && { cursor }) };
    const answer = await (await api.get('/api/v1/admin/invites', { params })).json();
    counted += answer.items.length;
    cursor = answer.next_cursor;
  } while (cursor);
  return counted;
}
