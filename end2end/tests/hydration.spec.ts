import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, open, test } from '../support/fixtures.ts';
import { createSampleData } from '../support/pages.ts';

const TYPES: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm' };

// Replaces the bundle of the binary with one that has debug assertions, with which Leptos reports differences between the
// HTML of the server and that of the browser.
test('hydration matches the HTML of the server', async ({ site, owner: { page, context } }) => {
  test.setTimeout(180_000);
  const folder = process.env.LATCHKEY_CHECKED_DIST;
  expect(folder, 'LATCHKEY_CHECKED_DIST').toBeTruthy();
  let served = 0;
  await context.route(/\/pkg\/[^/]+\/latchkey(_bg)?\.(js|wasm)$/, async (route) => {
    const name = route.request().url().split('/').pop()!;
    served += 1;
    await route.fulfill({ body: await readFile(join(folder!, name)), contentType: TYPES[name.split('.').pop()!] });
  });
  const messages: string[] = [];
  context.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) messages.push(`${page.url()}: ${message.text()}`);
  });

  const { pages } = await createSampleData(site);
  for (const { name, path } of pages.filter(({ by }) => by === 'owner')) {
    await test.step(name, () => open(page, path));
  }
  expect(served).toBeGreaterThanOrEqual(2);
  expect(messages).toEqual([]);
});
