import { type Locator, type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { isMarked, mark } from '../support/dashboard.ts';
import { OWNER, expect, open, signIn, someone, test, waitForHydration } from '../support/fixtures.ts';

// The search over everything, used by keyboard.

function unique(word: string): string {
  return `${word}-${process.pid}-${Date.now()}`;
}

function dialog(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Search', exact: true });
}

function field(page: Page): Locator {
  return dialog(page).getByRole('combobox', { name: 'Search or jump to…' });
}

function option(page: Page, name: string | RegExp): Locator {
  return dialog(page).getByRole('option', { name });
}

/** Opens the search by its letter and types into it. */
async function look(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('/');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(typed);
}

/** The option that Enter chooses, as a screen reader follows it. */
async function active(page: Page): Promise<Locator> {
  const id = await field(page).getAttribute('aria-activedescendant');
  return page.locator(`[id="${id}"][aria-selected=true]`);
}

test('it opens on every page, finds, walks and opens', async ({ site, owner: { page } }) => {
  const label = unique('Lantern');
  const invite = await site.invite({ label });
  const member = someone('Xiomara Pineda');
  await site.signUp(invite, member);

  await open(page, '/admin/members');
  await mark(page);
  await look(page, label);
  await expect(dialog(page).getByRole('group', { name: 'Invites' }).getByRole('option')).toHaveText(new RegExp(label));
  await expect(dialog(page).getByRole('status')).toHaveText(/^\d+ results?$/);
  await expect(await active(page)).toContainText(label);
  await expect(await active(page)).toContainText('Open');

  // Round the list and back.
  await page.keyboard.press('End');
  await expect(await active(page)).toContainText(`Search members for “${label}”`);
  await page.keyboard.press('ArrowDown');
  await expect(await active(page)).toContainText(label);
  await page.keyboard.press('ArrowUp');
  await expect(await active(page)).toContainText('Search members for');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/admin/invites/${invite.id}$`));
  await expect(dialog(page)).toBeHidden();
  expect(await isMarked(page)).toBe(true);

  // A person, whose redemption is found, too.
  await look(page, member.username);
  const person = dialog(page).getByRole('group', { name: 'Members' }).getByRole('option');
  await expect(person).toContainText(member.name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: member.name })).toBeVisible();

  // A page by a word that is not in its name.
  await look(page, 'open preferences');
  await expect(await active(page)).toContainText('Settings');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/admin\/settings$/);
});

test('Enter waits for the answer to what was typed last', async ({ site, owner: { page, context } }) => {
  const [first, second] = [unique('Early'), unique('Later')];
  await site.invite({ label: first });
  const wanted = await site.invite({ label: second });
  await open(page, '/admin');
  // The answer to the first text comes after that to the second.
  let release = () => {};
  const answered = new Promise<void>((resolve) => (release = resolve));
  await context.route(/\/_fn\/invites\/list/, async (route) => {
    if (route.request().postData()?.includes(first)) await answered;
    await route.continue();
  });
  const asked = page.waitForRequest((request) => request.postData()?.includes(first) ?? false);
  await look(page, first);
  await asked;
  await field(page).fill(second);
  await expect(option(page, new RegExp(`^${second}`))).toBeVisible();
  const late = page.waitForResponse((response) => response.request().postData()?.includes(first) ?? false);
  release();
  await late;
  await expect(option(page, new RegExp(`^${first}`))).toHaveCount(0);
  await field(page).fill('');
  await field(page).fill(second);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${wanted.id}$`));
});

test('Ctrl+K opens and closes it while a field has the focus, and / is typed there', async ({ owner: { page } }) => {
  await open(page, '/admin/members');
  const filter = page.getByRole('searchbox', { name: 'Search members' });
  await filter.focus();
  await page.keyboard.press('/');
  await expect(filter).toHaveValue('/');
  await expect(dialog(page)).toBeHidden();
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(dialog(page)).toBeHidden();
  await expect(filter).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
});

test('what was opened last comes first, until it is cleared or one signs out', async ({ site, newcomer: { page } }) => {
  const invite = await site.invite({ label: unique('Recent') });
  // A session of its own, because it is ended here.
  await page.goto('/login');
  await signIn(page, OWNER);
  await page.waitForURL(/\/admin$/);
  await waitForHydration(page);
  await look(page, invite.label ?? '');
  await expect(await active(page)).toContainText(invite.label ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: invite.label ?? '' })).toBeVisible();

  await look(page, '');
  const recent = dialog(page).getByRole('group', { name: 'Recent' });
  await expect(recent.getByRole('option')).toHaveText(new RegExp(invite.label ?? ''));
  await expect(dialog(page).getByRole('group', { name: 'Pages' })).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Clear recent' }).click();
  await expect(recent).toHaveCount(0);
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('redemptions');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/admin\/redemptions$/);

  await page.reload();
  await waitForHydration(page);
  await look(page, '');
  await expect(await active(page)).toContainText('Redemptions');
  await expect(recent.getByRole('option')).toHaveCount(1);
  await page.keyboard.type('log out');
  await expect(await active(page)).toContainText('Sign out');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/login/);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('recent')))).toEqual([]);
});

test('a member is suspended after a question, and the open list shows it', async ({ site, owner: { page } }) => {
  const member = someone('Rosalind Achterberg');
  await site.signUp(await site.invite(), member);
  await open(page, `/admin/members?q=${member.username}`);
  const row = page.getByRole('row').filter({ hasText: member.username });
  await expect(row).toContainText('Active');
  await look(page, `suspend ${member.username}`);
  await expect(await active(page)).toContainText(`Suspend`);
  await expect(await active(page)).toContainText(member.name);
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: /^Suspend / });
  await expect(question).toContainText(member.name);
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(row).toContainText('Suspended');
});

test('an invite is paused, resumed and its link copied', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Acts') });
  await open(page, `/admin/invites/${invite.id}`);
  const main = page.getByRole('main');
  await look(page, `pause ${invite.label}`);
  await expect(await active(page)).toContainText(`Pause`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Paused' })).toBeVisible();
  await expect(main.getByRole('button', { name: 'Resume' })).toBeVisible();

  await look(page, `resume ${invite.label}`);
  await expect(await active(page)).toContainText(`Resume`);
  await page.keyboard.press('Enter');
  await expect(main.getByRole('button', { name: 'Pause' })).toBeVisible();

  // Without a verb its acts are offered below it.
  await look(page, invite.label ?? '');
  await expect(option(page, /^Copy link of/)).toBeVisible();
  await field(page).fill(`copy link of ${invite.label}`);
  await expect(await active(page)).toContainText('Copy link of');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Link copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(invite.url);
});

test('the theme is switched, and shortcuts are listed', async ({ owner: { page, context } }) => {
  await open(page, '/admin');
  await look(page, 'switch to dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await look(page, 'dark');
  await expect(option(page, 'Switch to dark')).toHaveCount(0);
  await field(page).fill('shortcuts');
  await page.keyboard.press('Enter');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toContainText('Search or jump to a page');
  await context.clearCookies({ name: 'latchkey-theme' });
});

test('a link opens in a new tab', async ({ owner: { page, context } }) => {
  await open(page, '/admin');
  await look(page, 'members');
  await expect(await active(page)).toContainText('Members');
  const opened = context.waitForEvent('page');
  await page.keyboard.press('Control+Enter');
  const tab = await opened;
  await expect(tab).toHaveURL(/\/admin\/members$/);
  await tab.close();
  await expect(page).toHaveURL(/\/admin$/);
});

test('a member is offered nothing they may not do', async ({ site, newcomer: { page } }) => {
  const member = someone('Bartholomew Finch');
  await site.signUp(await site.invite(), member);
  await page.goto('/login');
  await signIn(page, member);
  await page.waitForURL(/\/me$/);
  await waitForHydration(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await look(page, '');
  await expect(dialog(page).getByRole('group', { name: 'Pages' }).getByRole('option')).toHaveText([/^Home/, /^Account/]);
  for (const typed of [`suspend ${OWNER.username}`, 'settings', 'create invite', 'members', 'keyboard shortcuts']) {
    await field(page).fill(typed);
    await expect(dialog(page)).toContainText(`No results for “${typed}”.`);
    await expect(option(page, /./)).toHaveCount(0);
  }
  expect(asked.filter((path) => path.endsWith('/list'))).toEqual([]);
  await field(page).fill('account');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/me\/account$/);
});

test('no match says what is searched, and offers the list', async ({ owner: { page } }) => {
  await open(page, '/admin');
  await look(page, 'nothing-is-called-so');
  await expect(dialog(page)).toContainText('No results for “nothing-is-called-so”. Search looks through invites, members');
  await expect(dialog(page).getByRole('status')).toHaveText('No results');
  await expect(await active(page)).toContainText('Search invites for “nothing-is-called-so”');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/admin\/invites\?q=nothing-is-called-so$/);
});

test('what is not saved is asked for before a result is opened', async ({ owner: { page } }) => {
  await open(page, '/me/account');
  await page.locator('#profile-name').fill('Not saved');
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('members');
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Discard changes?' });
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await expect(page).toHaveURL(/\/me\/account$/);
  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Discard changes' }).click();
  await expect(page).toHaveURL(/\/admin\/members$/);
  await expect(dialog(page)).toBeHidden();
});

test('results that do not arrive say so and are asked for again', async ({ owner: { page, context, watch } }) => {
  watch.tolerate(/ERR_BLOCKED_BY_CLIENT|Failed to fetch/);
  await open(page, '/admin');
  await context.route(/\/_fn\/.*\/list/, (route) => route.abort('blockedbyclient'));
  await look(page, 'members');
  const alert = dialog(page).getByRole('alert');
  await expect(alert).toContainText('Latchkey can’t be reached');
  // Pages need no answer.
  await expect(option(page, /^Members/)).toBeVisible();
  await context.unroute(/\/_fn\/.*\/list/);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toHaveCount(0);
});

test('a search that does not arrive says so, and comes when it is tried again', async ({ owner: { page, context, watch } }) => {
  watch.tolerate(/ERR_BLOCKED_BY_CLIENT|Failed to fetch/);
  await context.route(/\/search\.wasm$/, (route) => route.abort('blockedbyclient'));
  await open(page, '/admin');
  await page.keyboard.press('/');
  const alert = dialog(page).getByRole('alert');
  await expect(alert).toContainText('Search could not be loaded');
  await context.unroute(/\/search\.wasm$/);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(field(page)).toBeFocused();
});

test('the search is downloaded when its button is pointed at, not before', async ({ owner: { page } }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await open(page, '/admin');
  expect(asked.filter((url) => url.endsWith('/search.wasm'))).toEqual([]);
  const arrived = page.waitForResponse(/\/search\.wasm$/);
  await page.getByRole('button', { name: 'Search or jump to…' }).focus();
  await arrived;
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`on a phone it is the whole screen, ${colorScheme}`, async ({ site, owner: { page } }, { project }) => {
    const invite = await site.invite({ label: unique('Screen') });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme });
    await open(page, '/admin/invites');
    // The list's own filter is the only field.
    await expect(page.getByRole('searchbox').filter({ visible: true })).toHaveCount(1);
    await page.getByRole('button', { name: 'Search or jump to…' }).click();
    await expect(option(page, 'Overview')).toBeVisible();
    await expect.poll(() => dialog(page).boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 740 });
    const shoot = (name: string) =>
      page.screenshot({ path: `output/screenshots/search-${name}-${project.name}-${colorScheme}.png`, animations: 'disabled' });
    await shoot('phone-empty');
    await expectAccessible(page, 'empty');
    await field(page).fill(invite.label ?? '');
    await expect(option(page, new RegExp(`^${invite.label}`))).toBeVisible();
    await shoot('phone');
    await expectAccessible(page, 'results');
    await field(page).fill('nothing-is-called-so');
    await expect(dialog(page)).toContainText('No results');
    await expectAccessible(page, 'no results');
    await shoot('phone-none');

    await page.setViewportSize({ width: 1280, height: 900 });
    await field(page).fill(invite.label ?? '');
    await expect(option(page, new RegExp(`^${invite.label}`))).toBeVisible();
    await shoot('wide');
    await expectAccessible(page, 'wide');
    await page.keyboard.press('Escape');
    await shoot('closed');
  });
}

test('without scripts the top bar searches the invites', async ({ site, browser, ownerState }) => {
  const invite = await site.invite({ label: unique('Plain') });
  const context = await browser.newContext({ baseURL: site.url, storageState: ownerState, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/admin/members');
  await expect(page.getByRole('button', { name: 'Search or jump to…' })).toBeHidden();
  const search = page.getByRole('banner').getByRole('searchbox', { name: 'Search invites' });
  await search.fill(invite.label ?? '');
  await search.press('Enter');
  await expect(page).toHaveURL((url) => url.pathname === '/admin/invites' && url.searchParams.get('q') === invite.label);
  await expect(page.getByRole('row').filter({ hasText: invite.label ?? '' })).toHaveCount(1);
  await context.close();
});
