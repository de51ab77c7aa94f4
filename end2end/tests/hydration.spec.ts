import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, open, test } from '../support/fixtures.ts';
import { furnish } from '../support/pages.ts';

const TYPES: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm' };

// The bundle with debug assertions takes the place of the one the binary carries: under them Leptos says where what the
// browser makes differs from what the server sent.
test('what the server sent is what the browser takes over', async ({ site, owner: { page, context } }) => {
  test.setTimeout(180_000);
  const folder = process.env.LATCHKEY_CHECKED_DIST;
  expect(folder, 'LATCHKEY_CHECKED_DIST').toBeTruthy();
  let served = 0;
  await context.route(/\/pkg\/[^/]+\/latchkey(_bg)?\.(js|wasm)$/, async (route) => {
    const name = route.request().url().split('/').pop()!;
    served += 1;
    await route.fulfill({ body: await readFile(join(folder!, name)), contentType: TYPES[name.split('.').pop()!] });
  });
  const said: string[] = [];
  context.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) said.push(`${page.url()}: ${message.text()}`);
  });

  const { pages } = await furnish(site);
  for (const { name, path } of pages.filter(({ by }) => by === 'owner')) {
    await test.step(name, () => open(page, path));
  }
  expect(served).toBeGreaterThanOrEqual(2);
  expect(said).toEqual([]);
});
