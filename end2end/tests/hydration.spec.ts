import { PAGES, follow, isMarked, mark, shows } from '../support/dashboard.ts';
import { expect, test as base, open } from '../support/fixtures.ts';
import { createSampleData } from '../support/pages.ts';
import { Site } from '../support/site.ts';

// The bundle with debug assertions takes the place of the one the binary carries: under them Leptos says where what the
// browser makes differs from what the server sent, and a part says if it belongs to another program.
const test = base.extend<object, { site: Site }>({
  site: [
    async ({}, use) => {
      const folder = process.env.LATCHKEY_CHECKED_DIST;
      if (!folder) throw new Error('LATCHKEY_CHECKED_DIST is not set. Run the browser tests by scripts/browser.sh.');
      const site = await Site.open({ LATCHKEY_DIST: folder });
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
});

test('what the server sent is what the browser takes over', async ({ site, owner: { page, context } }) => {
  test.setTimeout(180_000);
  const messages: string[] = [];
  context.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) messages.push(`${page.url()}: ${message.text()}`);
  });

  const { pages } = await createSampleData(site);
  for (const { name, path } of pages.filter(({ by, plain }) => by === 'owner' && !plain)) {
    await test.step(name, () => open(page, path));
  }
  expect(messages).toEqual([]);
});

test('and pages that are opened one from another are drawn without complaint', async ({ owner: { page, context } }) => {
  test.setTimeout(180_000);
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
