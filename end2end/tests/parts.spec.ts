import { type Page } from '@playwright/test';

import { PAGES, follow, isMarked, mark, shows } from '../support/dashboard.ts';
import { expect, go, open, someone, waitForHydration, test } from '../support/fixtures.ts';

// Each page of the dashboard is a part that is downloaded when it is opened.

const REDEMPTIONS = /\/redemptions\.wasm$/;
const INVITE_FORMS = /\/invite_forms\.wasm$/;
const INVITE_SECTIONS = /\/invite_sections\.wasm$/;

/** The files of parts that a page asks for from now on. */
function asked(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    const name = /\/pkg\/[^/]+\/(.+)\.wasm$/.exec(request.url())?.[1];
    if (name && name !== 'latchkey_bg') names.push(name);
  });
  return names;
}

test('every page is taken over when it is opened directly', async ({ owner: { page } }) => {
  const names = asked(page);
  for (const to of PAGES) {
    await test.step(to.path, async () => {
      names.length = 0;
      await open(page, to.path);
      await shows(page, to);
      expect(names).toContain(to.part);
      // Its own and what it shares, each once, and no other page's.
      expect(names.length).toBe(new Set(names).size);
      const others = PAGES.map(({ part }) => part).filter((part) => part !== to.part);
      expect(names.filter((name) => others.some((other) => other === name))).toEqual([]);
    });
  }
});

for (const from of PAGES) {
  test(`every page opens from ${from.path}`, async ({ owner: { page } }) => {
    test.setTimeout(120_000);
    for (const to of PAGES.filter((one) => one !== from)) {
      await test.step(to.path, async () => {
        await open(page, from.path);
        await mark(page);
        await follow(page, to);
        await shows(page, to);
        expect(await isMarked(page), 'opened without loading the document').toBe(true);
      });
    }
  });
}

test('one invite opens from the list and from the overview, and back', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: `Parts ${process.pid}-${Date.now()}` });
  // The overview lists links once someone has come.
  await site.signUp(invite, someone());
  for (const path of ['/admin/invites', '/admin']) {
    await open(page, path);
    await mark(page);
    await page.getByRole('main').getByRole('link', { name: invite.label ?? '' }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: invite.label ?? '' })).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL((url) => url.pathname === path);
    await expect(page.getByRole('main').getByRole('link', { name: invite.label ?? '' }).first()).toBeVisible();
    expect(await isMarked(page)).toBe(true);
  }
  await open(page, `/admin/invites/${invite.id}`);
  await expect(page.getByRole('heading', { level: 1, name: invite.label ?? '' })).toBeVisible();
});

test('a part is downloaded once: when its link is pointed at or focused', async ({ owner: { page }, isMobile }) => {
  test.skip(isMobile, 'no pointer hovers there, and the link is behind a button');
  for (const reach of ['hover', 'focus'] as const) {
    await open(page, '/admin/settings');
    await mark(page);
    const names = asked(page);
    const link = page.getByRole('navigation').getByRole('link', { name: 'Redemptions', exact: true });
    const arrived = page.waitForResponse(REDEMPTIONS);
    await link[reach]();
    const headers = await (await arrived).allHeaders();
    expect(headers['content-type']).toBe('application/wasm');
    expect(headers['cache-control']).toContain('immutable');
    expect(headers['content-encoding']).toMatch(/^(br|gzip)$/);
    await link.click();
    await expect(page.getByRole('heading', { level: 1, name: 'Redemptions' })).toBeVisible();
    expect(names.filter((name) => name === 'redemptions')).toHaveLength(1);
    expect(await isMarked(page)).toBe(true);
  }
});

test('a part that does not arrive says so, and comes when it is tried again', async ({ owner: { page, context, watch } }) => {
  watch.tolerate(/ERR_BLOCKED_BY_CLIENT|Failed to fetch/);
  await open(page, '/admin/settings');
  await context.route(REDEMPTIONS, (route) => route.abort('blockedbyclient'));
  await go(page, 'Redemptions');
  await expect(page).toHaveURL(/\/admin\/redemptions$/);
  const notice = page.getByRole('alert').filter({ hasText: 'This page could not be loaded' });
  await expect(notice).toBeVisible();

  // Other pages still open, and this one does as soon as its part arrives.
  await mark(page);
  await go(page, 'Members');
  await expect(page.getByRole('heading', { level: 1, name: 'Members' })).toBeVisible();
  await go(page, 'Redemptions');
  await expect(notice).toBeVisible();
  expect(await isMarked(page)).toBe(true);

  await context.unroute(REDEMPTIONS);
  await notice.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Redemptions' })).toBeVisible();
  await expect(notice).toHaveCount(0);
  await waitForHydration(page);
});

test('the form of a dialog arrives when the dialog is opened, and gets the focus', async ({ owner: { page, context } }) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await context.route(INVITE_FORMS, async (route) => {
    await released;
    await route.continue();
  });
  const names = asked(page);
  await open(page, '/admin/invites');
  expect(names, 'not a part of the page').not.toContain('invite_forms');
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'New invite' });
  await expect(dialog.getByLabel('Loading')).toBeVisible();
  release();
  await expect(dialog.getByLabel(/^Name/)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('c');
  await expect(dialog.getByLabel(/^Name/)).toBeFocused();
  expect(names.filter((name) => name === 'invite_forms')).toHaveLength(1);
});

test('further sections of a form arrive without taking the focus from where somebody types', async ({ owner: { page, context } }) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await context.route(INVITE_SECTIONS, async (route) => {
    await released;
    await route.continue();
  });
  await open(page, '/admin/invites');
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'New invite' });
  await expect(dialog.getByLabel(/^Name/)).toBeFocused();
  await dialog.getByText('Other…', { exact: true }).click();
  const uses = dialog.getByLabel('Number of uses');
  await uses.fill('12');
  release();
  await expect(dialog.locator('summary').filter({ hasText: 'Access' })).toBeVisible();
  // The focus moves, if it does, with the frame after the sections.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect(uses).toBeFocused();
});

test('a form that does not arrive says so, and comes when it is tried again', async ({ owner: { page, context, watch } }) => {
  watch.tolerate(/ERR_BLOCKED_BY_CLIENT|Failed to fetch/);
  await context.route(INVITE_FORMS, (route) => route.abort('blockedbyclient'));
  await open(page, '/admin/invites');
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'New invite' });
  const notice = dialog.getByRole('alert').filter({ hasText: 'This form could not be loaded' });
  await expect(notice).toBeVisible();
  await context.unroute(INVITE_FORMS);
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(dialog.getByLabel(/^Name/)).toBeFocused();
  await expect(notice).toHaveCount(0);
});

test('a page whose part does not arrive works as it does without scripts', async ({ owner: { page, context, watch } }) => {
  watch.tolerate(/ERR_BLOCKED_BY_CLIENT|Failed to fetch|failed to load split module/);
  await context.route(REDEMPTIONS, (route) => route.abort('blockedbyclient'));
  await page.goto('/admin/redemptions');
  await expect(page.getByRole('heading', { level: 1, name: 'Redemptions' })).toBeVisible();
  const notice = page.getByRole('note').filter({ hasText: 'without its script' });
  await expect(notice).toBeVisible();
  await go(page, 'Members');
  await expect(page.getByRole('heading', { level: 1, name: 'Members' })).toBeVisible();
  await waitForHydration(page);

  await page.goto('/admin/redemptions');
  await context.unroute(REDEMPTIONS);
  await notice.getByRole('link', { name: 'Try again' }).click();
  await waitForHydration(page);
  await expect(notice).toBeHidden();
});
