import { type Page } from '@playwright/test';

import { OWNER, expect, newInvite, open, signIn, someone, test } from '../support/fixtures.ts';
import { createSampleData, createSampleMembers } from '../support/pages.ts';
import { Site } from '../support/site.ts';

const WIDTHS = [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
];

/** Takes screenshots for review, wide and narrow, light and dark. Fails if a page is wider than the screen. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const viewport of WIDTHS) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = `output/screenshots/${name}-${viewport.width}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `${name} at ${viewport.width} px`).toBe(0);
    // The frame of a table hides its overflow.
    const cut = await page.locator('.table-wrap').evaluateAll((wraps) => wraps.map((wrap) => wrap.scrollWidth - wrap.clientWidth));
    expect(Math.max(0, ...cut), `a table of ${name} at ${viewport.width} px`).toBe(0);
  }
}

test('every page', async ({ site, visitor, owner }) => {
  test.setTimeout(240_000);
  const { pages } = await createSampleData(site);
  for (const { name, path, by, status, plain } of pages) {
    await test.step(name, async () => {
      const { page, watch } = by === 'owner' ? owner : visitor;
      if (status) await watch.during(status, () => page.goto(path));
      else if (by === 'owner' && !plain) await open(page, path);
      else await page.goto(path);
      await shoot(page, name);
    });
  }
  await test.step('new invite', async () => {
    const { page } = owner;
    await open(page, '/admin/invites');
    await newInvite(page);
    await shoot(page, 'create-dialog');
  });
  await test.step('new application', async () => {
    const { page } = owner;
    await open(page, '/admin/applications');
    await page.getByRole('button', { name: 'Create application' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Create application' });
    await dialog.getByLabel('Template').selectOption('Immich');
    await dialog.getByLabel(/^Address/).first().fill('https://photos.example.org');
    await dialog.locator('summary').click();
    await shoot(page, 'application-dialog');
  });
});

test('setup and empty pages', async ({ fresh, visitor: { page } }) => {
  test.setTimeout(120_000);
  await page.goto(await fresh.run(['setup-link']));
  await shoot(page, 'setup');
  await page.getByLabel('Site name').fill('Brambleyard Makers');
  await page.getByLabel('E-mail').fill('ngozi@brambleyard.example');
  await page.getByLabel('Username').fill('ngozi');
  await page.getByLabel('Password', { exact: true }).fill('a bench under the north window');
  await page.getByRole('button', { name: 'Create owner account' }).click();
  await expect(page).toHaveURL(`${fresh.url}/admin`);
  for (const [name, path] of [
    ['overview-empty', '/admin'],
    ['invites-empty', '/admin/invites'],
    ['redemptions-empty', '/admin/redemptions'],
  ] as const) {
    await open(page, `${fresh.url}${path}`);
    await shoot(page, name);
  }
});

test('members and their dialogs', async ({ visitor: { page }, newcomer }) => {
  test.setTimeout(300_000);
  const site = await Site.open({ LATCHKEY_REGISTRATION_MODE: 'open' });
  try {
    const { pages, dialogs } = await createSampleMembers(site);
    await page.goto(`${site.url}/login`);
    await signIn(page, OWNER);
    await page.waitForURL(/\/admin$/);
    for (const { name, path } of pages) {
      await test.step(name, async () => {
        await open(page, site.url + path);
        await shoot(page, name);
      });
    }
    for (const { name, path, act } of dialogs) {
      await test.step(name, async () => {
        await open(page, site.url + path);
        await act(page);
        await page.waitForLoadState('networkidle');
        await shoot(page, name);
      });
    }
    await test.step('the home of a person', async () => {
      const guest = someone('Aleksandra Nowak');
      const id = await site.signUp(undefined, guest);
      await newcomer.page.goto(`${site.url}/login`);
      await signIn(newcomer.page, guest);
      await newcomer.page.waitForURL(/\/me$/);
      await shoot(newcomer.page, 'me-pending');
      await site.decide(id, 'approve', 'Welcome to the workshop.\nThe kiln is open on Mondays from six.');
      await open(newcomer.page, `${site.url}/me`);
      await shoot(newcomer.page, 'me-approved');
    });
  } finally {
    await site.close();
  }
});
