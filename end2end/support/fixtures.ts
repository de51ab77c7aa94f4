import { type BrowserContext, test as base, expect } from '@playwright/test';

import { Latchkey } from './latchkey.ts';
import { OWNER } from './people.ts';
import { Site } from './site.ts';
import { Stage } from './views/stage.ts';
import { type Visitor, signIn, watched } from './visitor.ts';

export { expect };
export * from './people.ts';
export * from './visitor.ts';

type Fixtures = {
  /** A signed-out browser. */
  visitor: Visitor;
  /** A second signed-out browser. */
  newcomer: Visitor;
  /** A browser in which the owner is signed in. */
  owner: Visitor;
  /** A Latchkey without an owner. */
  fresh: Latchkey;
};

type WorkerFixtures = {
  /** A Latchkey with an owner, shared by the tests of one worker. */
  site: Site;
  /** The cookies of the owner. */
  ownerState: Awaited<ReturnType<BrowserContext['storageState']>>;
  /** The sites of the table of all pages and dialogs, and who looks at them. */
  stage: Stage;
};

export const test = base.extend<Fixtures, WorkerFixtures>({
  site: [
    async ({}, use) => {
      const site = await Site.open();
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],

  ownerState: [
    async ({ browser, site }, use) => {
      const context = await browser.newContext({ baseURL: site.url });
      const page = await context.newPage();
      await page.goto('/login');
      await signIn(page, OWNER);
      await expect(page).toHaveURL(/\/admin$/);
      await use(await context.storageState());
      await context.close();
    },
    { scope: 'worker' },
  ],

  stage: [
    async ({ browser }, use) => {
      const stage = new Stage(browser);
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ site }, use) => use(site.url),

  fresh: async ({}, use) => {
    const latchkey = await Latchkey.start();
    await use(latchkey);
    await latchkey.stop();
  },

  visitor: async ({ context }, use) => lend(context, use),

  newcomer: async ({ browser, baseURL }, use) => {
    const context = await browser.newContext({ baseURL });
    await lend(context, use);
    await context.close();
  },

  owner: async ({ browser, baseURL, ownerState }, use) => {
    const context = await browser.newContext({
      baseURL,
      storageState: ownerState,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await lend(context, use);
    await context.close();
  },
});

async function lend(context: BrowserContext, use: (visitor: Visitor) => Promise<void>): Promise<void> {
  const visitor = await watched(context);
  await use(visitor);
  visitor.watch.check();
}
