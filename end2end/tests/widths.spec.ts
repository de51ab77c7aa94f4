import { type Page, request } from '@playwright/test';

import { PASSWORD, expect, open, someone, test } from '../support/fixtures.ts';
import { setUp } from '../support/setup.ts';

const WIDTHS = [360, 768, 1280, 1920];

/** Names of maximum length, without spaces, and from right to left. */
const GERMAN = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(4);
const ARABIC = 'أمسية مفتوحة في ورشة النجارة للجيران والأصدقاء الجدد في الحي القديم. ';
const CHINESE = '十一月开放之夜木工坊陶艺室与电子工作台的新朋友欢迎会';

async function expectNothingCut(page: Page, where: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    // The frame of a table hides its overflow.
    const over = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.table-wrap')].map((box) => box.scrollWidth - box.clientWidth),
    );
    expect.soft(Math.max(...over), `${where} at ${width} px`).toBe(0);
  }
}

test('no page is wider than the screen with long names', async ({ fresh, visitor: { page, context } }) => {
  const owner = { ...someone('Ngozi'), name: `نغوزي ${GERMAN}`.slice(0, 100) };
  await setUp(page, fresh, owner, GERMAN.slice(0, 80));

  const key = await fresh.run(['key', 'create', '--account', owner.username, '--name', GERMAN.slice(0, 100)]);
  const api = await request.newContext({ baseURL: fresh.url, extraHTTPHeaders: { authorization: `Bearer ${key}` } });
  const created = [];
  for (const label of [GERMAN, ARABIC.repeat(3), CHINESE.repeat(8)]) {
    const data = { label: label.trim().slice(0, 200), max_uses: 5000, expires_in_hours: 24, role: 'moderator' };
    const answer = await api.post('/api/v1/admin/invites', { data });
    expect(answer.status(), await answer.text()).toBe(201);
    created.push(await answer.json());
  }
  const guest = { ...someone('Guest'), name: GERMAN.slice(0, 100), password: PASSWORD, code: created[0].code };
  expect((await api.post('/api/v1/signup', { data: guest })).status()).toBe(201);
  await api.dispose();

  const pages = ['/admin', '/admin/invites', '/admin/redemptions', '/admin/members', '/admin/audit', '/admin/settings', '/me', '/me/account'];
  for (const path of [...pages, ...created.map(({ id }) => `/admin/invites/${id}`)]) {
    await open(page, fresh.url + path);
    await expectNothingCut(page, path);
  }
  await context.clearCookies();
  for (const path of ['/login', '/signup', `/inv/${created[0].code}`]) {
    await page.goto(fresh.url + path);
    await expectNothingCut(page, path);
  }
});
