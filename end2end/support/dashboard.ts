import { type Page } from '@playwright/test';

import { expect, go } from './fixtures.ts';

/** The pages of the dashboard that can be reached from every other, each with its heading and the part it loads. */
export const PAGES = [
  { path: '/admin', heading: 'Overview', part: 'overview' },
  { path: '/admin/invites', heading: 'Invites', part: 'invites' },
  { path: '/admin/redemptions', heading: 'Redemptions', part: 'redemptions' },
  { path: '/admin/members', heading: 'Members', part: 'accounts' },
  { path: '/admin/groups', heading: 'Groups', part: 'groups' },
  { path: '/admin/settings', heading: 'Settings', part: 'settings' },
  { path: '/me', heading: /./, part: 'home', menu: 'Home' },
  { path: '/me/account', heading: 'Account', part: 'account', menu: 'Account' },
] as const;

export type DashboardPage = (typeof PAGES)[number];

/** Goes to a page by what leads there: the navigation, or one's own menu. */
export async function follow(page: Page, to: DashboardPage): Promise<void> {
  if ('menu' in to) {
    const link = page.locator('#user-menu').getByRole('link', { name: to.menu, exact: true });
    // The menu may still be open from the page before.
    if (!(await link.isVisible())) await page.getByRole('button', { name: /^Account menu/ }).click();
    await link.click();
  } else {
    await go(page, to.heading);
  }
}

/** The page is there: its address, its heading, and nothing that says it could not be loaded. */
export async function shows(page: Page, { path, heading }: DashboardPage): Promise<void> {
  await expect(page).toHaveURL((url) => url.pathname === path);
  await expect(page.getByRole('main').getByRole('heading', { level: 1, name: heading })).toBeVisible();
  await expect(page.getByText('could not be loaded')).toHaveCount(0);
}

/** Marks the document, so that `unloaded` tells whether it is still the same. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { marked: true }));
}

/** Whether the document is still the one that was marked: pages were opened in it, not loaded anew. */
export function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => 'marked' in window);
}
