import { type BrowserContext, type Locator, type Page, expect } from '@playwright/test';

import { type Person } from './people.ts';
import { Watch } from './watch.ts';

/** A browser context of its own, with its page and a watch for errors. */
export type Visitor = { page: Page; context: BrowserContext; watch: Watch };

/** Opens a page in a browser context and watches it for errors. */
export async function watched(context: BrowserContext): Promise<Visitor> {
  const watch = new Watch(context);
  await context.addInitScript(markHydrated);
  return { page: await context.newPage(), context, watch };
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
