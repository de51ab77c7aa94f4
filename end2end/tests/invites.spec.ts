import { type Page } from '@playwright/test';

import { EXPIRES, OWNER, expect, go, newInvite, open, signIn, someone, test } from '../support/fixtures.ts';

/** Sets a mark that a reload removes. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { marked: true }));
}

async function expectNoReload(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'marked' in window), 'the page was reloaded').toBe(true);
}

function unique(word: string): string {
  return `${word} ${process.pid}-${Date.now()}`;
}

test('an invite is created in the dialog, copied and listed', async ({ owner: { page } }) => {
  const label = unique('Kiln course');
  await open(page, '/admin/invites');
  await mark(page);
  const dialog = await newInvite(page);
  await dialog.getByLabel(/^Name/).fill(label);
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('status')).toContainText(/copied/i);
  const row = page.getByRole('row').filter({ hasText: label });
  await expect(row).toContainText('Active');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/\/inv\/[2-9A-HJ-NP-Za-km-z]{12}$/);
  await expect(page.getByRole('status')).toContainText(copied);
  await page.getByRole('status').getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status')).toContainText('Link copied');
  await expectNoReload(page);
});

test('navigation does not reload the page, even after a server function call', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Going on') });
  await open(page, `/admin/invites/${invite.id}`);
  await mark(page);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toBeVisible();
  for (const name of ['Members', 'Redemptions', 'Overview']) {
    await go(page, name);
    // Each page is downloaded when it is opened; the next link is followed when this page is there.
    await expect(page.getByRole('main').getByRole('heading', { level: 1, name })).toBeVisible();
    await expect(page).not.toHaveURL(/invites/);
  }
  await page.goBack();
  await expect(page).toHaveURL(/redemptions$/);
  await expectNoReload(page);
});

test('a page title shows typed text as text, on the server and in the browser', async ({ site, owner: { page } }) => {
  const label = `</title><meta http-equiv=refresh content="0;url=/me"> ${unique('Q&A')}`;
  const invite = await site.invite({ label });
  await open(page, `/admin/invites/${invite.id}`);
  await expect(page).toHaveTitle(`${label} · Latchkey`);
  await go(page, 'Members');
  await expect(page).toHaveTitle('Members · Latchkey');
  await page.goBack();
  await expect(page).toHaveTitle(`${label} · Latchkey`);
  await expect(page).toHaveURL(new RegExp(`/admin/invites/${invite.id}$`));
});

test('errors are shown in the dialog, and the input is kept', async ({ site, owner: { page, watch } }) => {
  const taken = await site.invite({ code: `taken-${process.pid}-${Date.now()}` });
  await open(page, '/admin/invites');
  const dialog = await newInvite(page);
  await dialog.getByLabel(/^Name/).fill('Stays');
  await dialog.getByLabel(/^Code/).fill('a b');
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Create invite' }).click();
    await expect(dialog.getByLabel(/^Code/)).toHaveAccessibleDescription(/A code has 6 to 64 letters/);
  });
  await dialog.getByLabel(/^Code/).fill(taken.code);
  await watch.during(409, async () => {
    await dialog.getByRole('button', { name: 'Create invite' }).click();
    await expect(dialog.getByLabel(/^Code/)).toHaveAccessibleDescription(/has, or had|taken|another/i);
  });
  await expect(dialog.getByLabel(/^Name/)).toHaveValue('Stays');
  // What was typed is not lost by a key.
  await page.keyboard.press('Escape');
  const question = page.getByRole('dialog', { name: 'Discard changes?' });
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await expect(dialog.getByLabel(/^Name/)).toHaveValue('Stays');
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: 'Discard changes' }).click();
  await expect(dialog).toBeHidden();
});

test('search, filter and paging are in the URL; back and reload keep them', async ({ site, owner: { page } }) => {
  test.setTimeout(90_000);
  const word = unique('list').replace(' ', '-');
  for (let n = 1; n <= 55; n += 1) await site.invite({ label: `${word} ${String(n).padStart(2, '0')}` });
  const paused = await site.invite({ label: `${word} paused` });
  await site.act(paused, 'pause');
  const rows = page.getByRole('row').filter({ hasText: word });

  await open(page, '/admin/invites');
  await mark(page);
  const search = page.getByRole('searchbox', { name: 'Search invites', exact: true });
  await search.fill(word);
  await search.press('Enter');
  await expect(page).toHaveURL(new RegExp(`q=${word}`));
  await expect(rows.first()).toContainText(`${word} paused`);

  const shown = await rows.count();
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(rows.first()).toContainText(`${word} ${String(56 - shown).padStart(2, '0')}`);
  await page.goBack();
  await expect(rows.first()).toContainText(`${word} paused`);

  await page.getByRole('link', { name: /^Paused/ }).click();
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/status=paused/);
  await expectNoReload(page);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await expect(search).toHaveValue(word);
  await page.goBack();
  await expect(rows.nth(1)).toBeVisible();
});

test('an invite is found by a word of its name, by its code and by its link', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Lantern workshop') });
  const rows = page.getByRole('row').filter({ hasText: invite.label! });

  await open(page, '/admin/invites');
  const search = page.getByRole('searchbox', { name: 'Search invites', exact: true });
  const suffix = invite.label!.split(' ').at(-1);
  for (const q of [`workshop ${suffix}`, invite.code, ` ${invite.url} `, `${new URL(invite.url).origin}/signup?inv=${invite.code}`]) {
    await search.fill(q);
    await search.press('Enter');
    await expect(page).toHaveURL((url) => url.searchParams.get('q') === q.trim());
    await expect(rows).toHaveCount(1);
  }
});

test('an invite is edited, paused, resumed and deleted', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Whole life'), max_uses: 3 });
  await open(page, `/admin/invites/${invite.id}`);
  await mark(page);
  const main = page.getByRole('main');
  await expect(main).toContainText(invite.code);

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(main).toContainText('Paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(main).toContainText('Active');

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const renamed = unique('Renamed');
  await dialog.getByLabel(/^Name/).fill(renamed);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(renamed);

  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const confirmation = page.getByRole('dialog');
  await expect(confirmation).toContainText(renamed);
  await confirmation.getByRole('button', { name: 'Cancel' }).click();
  await expect(confirmation).toBeHidden();
  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await confirmation.getByRole('button', { name: 'Delete invite' }).click();
  await expect(page.getByRole('status')).toContainText(/deleted/i);
  await expectNoReload(page);

  await page.goto(`/admin/invites/${invite.id}`);
  await expect(main).toContainText('Deleted');
  await expect(main).not.toContainText(invite.code);
  // Nothing will come of it.
  await expect(main).toContainText('Nobody has used this invite.');
  await expect(main).not.toContainText(/left|Expires|Starts|is listed here/);
});

test('the dialog works by keyboard and returns the focus', async ({ owner: { page } }) => {
  await open(page, '/admin/invites');
  const button = page.getByRole('link', { name: 'Create invite' }).filter({ visible: true }).first();
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New invite' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel(/^Name/)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
});

test('a new invite ends and has a limit unless one says otherwise, in one click each', async ({ owner: { page } }) => {
  await open(page, '/admin/invites');
  const dialog = await newInvite(page);
  await expect(dialog.getByRole('radio', { name: 'In 7 days' })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: '10', exact: true })).toBeChecked();
  const preview = await dialog.getByText(EXPIRES).textContent();
  const days = (Date.parse(preview!.replace(/^.*day /, '').replace('Sept', 'Sep')) - Date.now()) / 86_400_000;
  expect(Math.abs(days - 7)).toBeLessThan(1.1);

  const suggested = unique('As suggested');
  await dialog.getByLabel(/^Name/).fill(suggested);
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: suggested });
  await expect(row).toContainText(/0\s*\/10/);
  await expect(row.locator('time').first()).toContainText(/^in 7 days/);

  await newInvite(page);
  const endless = unique('For ever');
  await dialog.getByLabel(/^Name/).fill(endless);
  await dialog.getByText('Never', { exact: true }).click();
  await dialog.getByText('Unlimited', { exact: true }).click();
  await expect(dialog.getByText(EXPIRES)).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('row').filter({ hasText: endless })).toContainText('Never');
});

test('extending says what comes of it, never shortens, and is offered where there is an end', async ({ site, owner: { page } }) => {
  const endless = await site.invite({ label: unique('Endless') });
  await open(page, `/admin/invites/${endless.id}`);
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Extend' })).toHaveCount(0);
  await page.getByRole('button', { name: /^More for/ }).click();
  await expect(page.getByRole('button', { name: 'Edit…' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Extend…' })).toHaveCount(0);

  const ending = await site.invite({ label: unique('Ending'), expires_in_hours: 24 });
  await open(page, `/admin/invites/${ending.id}`);
  await page.getByRole('button', { name: 'Extend', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const preview = await dialog.getByText(EXPIRES).textContent();
  await dialog.getByRole('button', { name: 'Extend invite' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('status')).toContainText(preview!);
  const after = await site.read(ending);
  const hours = (Date.parse(after.expires_at!) - Date.now()) / 3_600_000;
  expect(Math.round(hours)).toBe(24 + 168);
});

test('an end that has passed is neither suggested nor previewed', async ({ site, owner: { page, watch } }) => {
  const soon = new Date(Date.now() + 2_000).toISOString();
  const over = await site.invite({ label: unique('Ended'), expires_at: soon });
  await expect.poll(async () => (await site.read(over)).status).toBe('expired');
  await open(page, `/admin/invites/${over.id}`);
  await page.getByRole('button', { name: 'Extend', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(EXPIRES)).toBeVisible();
  await dialog.getByText('Date…', { exact: true }).click();
  const date = dialog.getByLabel('New expiry date');
  await expect(date).toHaveValue('');
  await date.fill('2024-01-01T10:00');
  await expect(dialog.getByText(EXPIRES)).toHaveCount(0);
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Extend invite' }).click();
    await expect(date).toHaveAccessibleDescription('This moment has passed. Choose a later one.');
  });
});

test('an invite that does not exist has a page that leads on', async ({ owner: { page, watch } }) => {
  await watch.during(404, () => page.goto('/admin/invites/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such invite');
  await page.getByRole('main').getByRole('link', { name: 'All invites' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Invites');
});

test('a date before the present end is refused at its field', async ({ site, owner: { page, watch } }) => {
  const ending = await site.invite({ label: unique('Not shorter'), expires_in_hours: 240 });
  await open(page, `/admin/invites/${ending.id}`);
  await page.getByRole('button', { name: 'Extend', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Date…', { exact: true }).click();
  const soon = new Date(Date.now() + 48 * 3_600_000);
  const local = new Date(soon.getTime() - soon.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  await dialog.getByLabel('New expiry date').fill(local);
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Extend invite' }).click();
    await expect(dialog.getByLabel('New expiry date')).toHaveAccessibleDescription(/expires later than that/);
  });
  expect(Date.parse((await site.read(ending)).expires_at!)).toBeGreaterThan(Date.now() + 200 * 3_600_000);
});

test('the limit of a used-up invite is raised in place', async ({ site, owner: { page } }) => {
  const full = await site.invite({ label: unique('Used up'), max_uses: 1, expires_in_hours: 24 });
  await site.signUp(full, someone());
  await open(page, '/admin/invites?status=used_up');
  const row = page.getByRole('row').filter({ hasText: full.label! });
  await row.getByRole('button', { name: /^More for/ }).click();
  await expect(row.getByRole('button', { name: 'Extend…' })).toHaveCount(0);
  await row.getByRole('button', { name: 'Raise the limit…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Maximum uses')).toHaveValue('11');
  await dialog.getByLabel('Maximum uses').fill('1');
  await dialog.getByRole('button', { name: 'Raise the limit' }).click();
  await expect(dialog.getByLabel('Maximum uses')).toHaveAccessibleDescription('Enter at least 2.');
  await dialog.getByLabel('Maximum uses').fill('3');
  await dialog.getByRole('button', { name: 'Raise the limit' }).click();
  await expect(page.getByRole('status')).toContainText('Maximum uses: 3');
  await expect(row).toHaveCount(0);
  expect((await site.read(full)).status).toBe('active');
});

test('what expires soonest comes first, filters say how many, and All says what it leaves out', async ({ fresh, visitor: { page } }) => {
  await fresh.run(['demo', '--password-stdin'], OWNER.password);
  await page.goto(`${fresh.url}/login`);
  await signIn(page, OWNER);
  await expect(page).toHaveURL(`${fresh.url}/admin`);
  await open(page, `${fresh.url}/admin/invites`);
  const filters = page.getByRole('navigation', { name: 'Status' });
  const count = async (name: string) => Number(/\d+/.exec((await filters.getByRole('link', { name }).textContent())!)![0]);
  const rows = page.locator('tbody').getByRole('row');
  const deleted = await count('Deleted');
  const all = await count('All');
  expect(deleted).toBeGreaterThan(0);
  await expect(page.getByText(`${all} invites, not including ${deleted} deleted`)).toBeVisible();
  await expect(rows).toHaveCount(all);
  for (const name of ['Active', 'Expired', 'Deleted']) {
    const counted = await count(name);
    await filters.getByRole('link', { name }).click();
    await expect(rows).toHaveCount(counted);
  }
  const active = await count('Active');
  await filters.getByRole('link', { name: 'Active' }).click();
  await expect(rows).toHaveCount(active);
  // By keyboard: on a phone, rows are cards and the heads of columns are there for screen readers and keys alone.
  await page.getByRole('link', { name: 'Expires' }).press('Enter');
  await expect(page).toHaveURL(/sort=expires$/);
  await expect(page.getByRole('columnheader', { name: 'Expires' })).toHaveAttribute('aria-sort', 'ascending');
  const read = () =>
    rows.evaluateAll((rows) => rows.map((row) => row.querySelector('td[data-label="Expires"] time')?.getAttribute('datetime') ?? '9'));
  // The head says it before the rows are there.
  await expect.poll(async () => {
    const ends = await read();
    return ends.length > 2 && ends.join() === [...ends].sort().join();
  }).toBe(true);
});

test('after Back the focus is at the row one left by', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Left by') });
  await site.invite({ label: unique('Another') });
  await open(page, '/admin/invites');
  const link = page.getByRole('link', { name: invite.label!, exact: true });
  await link.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(invite.label!);
  await page.goBack();
  await expect(link).toBeFocused();
});

test('how far an end is away is said, and exactly when to those who point or listen', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Relative'), expires_in_hours: 29 });
  await open(page, '/admin/invites');
  const time = page.getByRole('row').filter({ hasText: invite.label! }).locator('time').first();
  await expect(time).toHaveText(/^in 29 hours, \d{1,2} [A-Z][a-z]{2,3} \d{4}, \d{2}:\d{2}$/);
  await expect(time).toHaveAttribute('title', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC$/);
  await open(page, `/admin/invites/${invite.id}`);
  await expect(page.getByRole('main')).toContainText(/\d{4},\s\d{2}:\d{2} \(in\s29\shours\)/);
});

test('an expired invite says so although it is paused', async ({ site, visitor, owner: { page } }) => {
  const soon = new Date(Date.now() + 3_000).toISOString();
  const invite = await site.invite({ label: unique('Over'), expires_at: soon });
  await site.act(invite, 'pause');
  await expect.poll(async () => (await site.read(invite)).status).toBe('expired');
  await open(page, `/admin/invites/${invite.id}`);
  await expect(page.getByRole('main').getByText('Expired', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toBeVisible();
  await visitor.watch.during(410, () => visitor.page.goto(`/inv/${invite.code}`));
  await expect(visitor.page.locator('body')).not.toContainText(/paused|break/i);
});
