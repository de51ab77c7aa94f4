import { type BrowserContext, type Locator, type Page, test as base, expect } from '@playwright/test';

import { Latchkey } from './latchkey.ts';
import { OWNER, type Person } from './people.ts';
import { Site } from './site.ts';
import { Watch } from './watch.ts';

export { expect };
export * from './people.ts';

/** A browser context of its own, with its page and a watch for errors. */
export type Visitor = { page: Page; context: BrowserContext; watch: Watch };

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

  baseURL: async ({ site }, use) => use(site.url),

  fresh: async ({}, use) => {
    const latchkey = await Latchkey.start();
    await use(latchkey);
    await latchkey.stop();
  },

  visitor: async ({ context }, use) => watched(context, use),

  newcomer: async ({ browser, baseURL }, use) => {
    const context = await browser.newContext({ baseURL });
    await watched(context, use);
    await context.close();
  },

  owner: async ({ browser, baseURL, ownerState }, use) => {
    const context = await browser.newContext({
      baseURL,
      storageState: ownerState,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await watched(context, use);
    await context.close();
  },
});

async function watched(context: BrowserContext, use: (visitor: Visitor) => Promise<void>): Promise<void> {
  const watch = new Watch(context);
  await context.addInitScript(markHydrated);
  await use({ page: await context.newPage(), context, watch });
  watch.check();
}

/** Runs in the page: sets `window.hydrated` once hydration is complete. */
function markHydrated(): void {
  addEventListener('application', (event) => {
    if ((event as CustomEvent<boolean>).detail) Object.assign(window, { hydrated: true });
  });
}

/** Opens a page of the dashboard or the member area and waits for hydration. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await waitForHydration(page);
}

export async function waitForHydration(page: Page): Promise<void> {
  await page.waitForFunction(() => 'hydrated' in window);
}

export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel('E-mail or username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Fills the sign-up form, except the invite code. */
export async function fillSignUp(page: Page, person: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel(/^Name/).fill(person.name);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
}

/** How the dashboard says when an invite expires: `Expires Saturday 5 Dec 2026, 14:00`. */
export const EXPIRES = /Expires [A-Z][a-z]+day \d{1,2} [A-Z][a-z]{2,3} \d{4}, \d{2}:\d{2}/;

/** The sections of the dialogs that create and edit an invite. */
export const SECTIONS = ['Who can use it', 'Access', 'Sign-up page', 'Afterwards'];

/** Opens a section of a dialog. */
export async function unfold(dialog: Locator, section: string): Promise<void> {
  await dialog.locator('summary').filter({ hasText: section }).click();
}

/** Opens the dialog that creates an invite, with all its fields. */
export async function newInvite(page: Page): Promise<Locator> {
  await page.getByRole('link', { name: 'Create invite' }).filter({ visible: true }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New invite' });
  for (const section of SECTIONS) await unfold(dialog, section);
  return dialog;
}

/** Goes to a page of the dashboard by the navigation, which on a phone may be behind a button. */
export async function go(page: Page, name: string): Promise<void> {
  // The link to members also has the number of those pending approval.
  const named = new RegExp(`^${name}( [0-9,]+.*)?$`);
  const link = page.getByRole('navigation').getByRole('link', { name: named }).filter({ visible: true }).first();
  const more = page.getByRole('button', { name: 'More', exact: true }).filter({ visible: true });
  await expect(link.or(more).first()).toBeVisible();
  if (!(await link.isVisible())) await more.click();
  await link.click();
}
