import { type BrowserContext } from '@playwright/test';

import { PAGES, follow, isMarked, mark, shows } from '../support/dashboard.ts';
import { expect, test as base, open } from '../support/fixtures.ts';
import { Site } from '../support/site.ts';
import { Stage } from '../support/views/stage.ts';
import { VIEWS, isDialog, isPublic } from '../support/views/table.ts';

// The bundle with debug assertions takes the place of the one the binary carries: under them Leptos says where what the
// browser makes differs from what the server sent, and a part says if it belongs to another program.
function checked(): Record<string, string> {
  const folder = process.env.LATCHKEY_CHECKED_DIST;
  if (!folder) throw new Error('LATCHKEY_CHECKED_DIST is not set. Run the browser tests by scripts/browser.sh.');
  return { LATCHKEY_DIST: folder };
}

const test = base.extend<object, { site: Site; stage: Stage }>({
  site: [
    async ({}, use) => {
      const site = await Site.open(checked());
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  stage: [
    async ({ browser }, use) => {
      const stage = new Stage(browser, checked());
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

test('what the server sent is what the browser takes over', async ({ stage }) => {
  test.setTimeout(360_000);
  const messages: string[] = [];
  const heard = new Set<BrowserContext>();
  const pages = VIEWS.filter((view) => !isDialog(view) && !isPublic(view) && !view.status);
  for (const view of pages) {
    await test.step(view.name, async () => {
      const { page, context } = await stage.visitor(view);
      if (!heard.has(context)) {
        heard.add(context);
        context.on('console', (message) => {
          if (['warning', 'error'].includes(message.type())) messages.push(`${page.url()}: ${message.text()}`);
        });
      }
      await open(page, await stage.address(view));
    });
  }
  expect(messages).toEqual([]);
});

test('and pages that are opened one from another are drawn without complaint', async ({ owner: { page, context } }) => {
  test.setTimeout(360_000);
  const messages: string[] = [];
  context.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) messages.push(`${page.url()}: ${message.text()}`);
  });
  for (const from of PAGES) {
    await open(page, from.path);
    await mark(page);
    for (const to of PAGES.filter((one) => one !== from)) {
      await test.step(`${from.path} → ${to.path}`, async () => {
        await follow(page, to);
        await shows(page, to);
      });
    }
    expect(await isMarked(page)).toBe(true);
  }
  expect(messages).toEqual([]);
});
