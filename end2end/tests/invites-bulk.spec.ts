import { type Page } from '@playwright/test';

import { expect, open, test } from '../support/fixtures.ts';
import { type Invite, type Site } from '../support/site.ts';

const rowOf = (page: Page, invite: Invite) => page.getByRole('row').filter({ hasText: invite.label! });

const box = (page: Page, invite: Invite) => page.getByRole('checkbox', { name: `Select: ${invite.label}` });

const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selected rows' });

/** Creates invites with a word in their names that no other test has. */
async function series(site: Site, word: string, count: number, more: Record<string, unknown> = {}): Promise<{ word: string; invites: Invite[] }> {
  const unique = `${word}${process.pid}x${Date.now()}`;
  const invites = [];
  for (let number = 1; number <= count; number++) invites.push(await site.invite({ label: `${unique} ${number}`, ...more }));
  return { word: unique, invites };
}

/** Selects every row of the page. The cards of a phone have no box for that above them. */
async function selectPage(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^Select: / }).first().check();
  await bar(page).getByRole('button', { name: 'Select all on this page' }).click();
}

const statuses = async (site: Site, invites: Invite[]) =>
  Promise.all(invites.map(async (invite) => (await site.read(invite)).status));

test('selected invites are paused and resumed, and what stays is said', async ({ site, owner: { page } }) => {
  const { word, invites } = await series(site, 'Pausable', 3);
  const [first, second, third] = invites as [Invite, Invite, Invite];
  await site.act(second, 'pause');
  await open(page, `/admin/invites?q=${word}`);
  await expect(bar(page)).toBeHidden();
  await box(page, first).check();
  await box(page, second).check();
  await expect(bar(page)).toContainText('2 selected');
  await bar(page).getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pause invites' });
  await expect(dialog).toContainText('This pauses 1 invite. 1 is paused already.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await expect(bar(page)).toContainText('2 selected');
  expect(await statuses(site, invites)).toEqual(['active', 'paused', 'active']);

  await bar(page).getByRole('button', { name: 'Pause' }).click();
  await dialog.getByRole('button', { name: 'Pause invites' }).click();
  await expect(page.getByRole('status')).toContainText('1 paused, 1 is paused already');
  await expect(rowOf(page, first)).toContainText('Paused');
  await expect(rowOf(page, third)).toContainText('Active');
  await expect(bar(page)).toBeHidden();
  await expect(page.getByRole('main')).toBeFocused();
  await expect(box(page, first)).not.toBeChecked();

  await selectPage(page);
  await bar(page).getByRole('button', { name: 'Resume' }).click();
  const resuming = page.getByRole('dialog', { name: 'Resume invites' });
  await expect(resuming).toContainText('This resumes 2 invites. 1 is not paused.');
  await resuming.getByRole('button', { name: 'Resume invites' }).click();
  await expect(page.getByRole('status')).toContainText('2 resumed, 1 is not paused');
  expect(await statuses(site, invites)).toEqual(['active', 'active', 'active']);
});

test('all that match are deleted, on every page of the list, but not what is created meanwhile', async ({ site, owner: { page } }) => {
  const { word, invites } = await series(site, 'Deletable', 28);
  await open(page, `/admin/invites?q=${word}`);
  await expect(page.getByRole('rowheader')).toHaveCount(25);
  await selectPage(page);
  await expect(bar(page)).toContainText('25 selected');
  await bar(page).getByRole('button', { name: 'Select all that match' }).click();
  await expect(bar(page)).toContainText('All that match are selected');
  // Leaving one out no longer means all.
  const last = invites.at(-1)!;
  await box(page, last).uncheck();
  await expect(bar(page)).toContainText('24 selected');
  await box(page, last).check();
  await bar(page).getByRole('button', { name: 'Select all that match' }).click();
  await bar(page).getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete invites' });
  await expect(dialog).toContainText('This deletes 28 invites.');
  const late = await site.invite({ label: `${word} late` });
  await dialog.getByRole('button', { name: 'Delete invites' }).click();
  await expect(page.getByRole('status')).toContainText('28 deleted');
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await expect(rowOf(page, late)).toHaveCount(1);
  expect(new Set(await statuses(site, invites))).toEqual(new Set(['deleted']));
});

test('selected invites are extended by days or to a date', async ({ site, owner: { page } }) => {
  const { word, invites } = await series(site, 'Extendable', 2, { expires_in_hours: 24 });
  const forever = await site.invite({ label: `${word} forever` });
  await open(page, `/admin/invites?q=${word}`);
  const extend = async () => {
    await selectPage(page);
    await bar(page).getByRole('button', { name: 'Extend' }).click();
    return page.getByRole('dialog', { name: 'Extend invites' });
  };
  let dialog = await extend();
  await expect(dialog).toContainText('This extends 2 invites. 1 never expires or ends later.');
  await dialog.getByRole('radio', { name: 'Days…' }).check({ force: true });
  await dialog.getByLabel('Number of days').fill('400');
  await dialog.getByRole('button', { name: 'Extend invites' }).click();
  await expect(dialog.getByLabel('Number of days')).toHaveAccessibleDescription(/1 to 365 days/);
  await expect(dialog.getByLabel('Number of days')).toHaveValue('400');
  await dialog.getByLabel('Number of days').fill('10');
  await dialog.getByRole('button', { name: 'Extend invites' }).click();
  await expect(page.getByRole('status')).toContainText('2 extended, 1 never expires or ends later');
  const end = async (invite: Invite) => Date.parse((await site.read(invite)).expires_at!);
  for (const invite of invites) expect((await end(invite)) - Date.parse(invite.expires_at!)).toBe(10 * 86_400_000);

  dialog = await extend();
  await dialog.getByRole('radio', { name: 'Date…' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Extend invites' }).click();
  await expect(dialog.getByLabel('New expiry date')).toHaveAccessibleDescription(/Enter a date and time/);
  await dialog.getByLabel('New expiry date').fill('2099-06-01T12:00');
  await expect(dialog).toContainText('This extends 2 invites.');
  await dialog.getByRole('button', { name: 'Extend invites' }).click();
  await expect(page.getByRole('status')).toContainText('2 extended');
  // The toast may still be the one before.
  for (const invite of invites) await expect.poll(() => end(invite)).toBe(Date.parse('2099-06-01T12:00:00+01:00'));
  expect((await site.read(forever)).expires_at).toBeNull();
});

test('what is no longer in the list is not selected, and the keyboard is enough', async ({ site, owner: { page } }) => {
  const { word, invites } = await series(site, 'Keyboard', 2);
  const [first] = invites as [Invite];
  await open(page, `/admin/invites?q=${word}`);
  await box(page, first).focus();
  await page.keyboard.press('Space');
  await expect(bar(page)).toContainText('1 selected');
  await bar(page).getByRole('button', { name: 'Pause' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Pause invites' });
  await expect(dialog).toContainText('This pauses 1 invite.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(bar(page).getByRole('button', { name: 'Pause' })).toBeFocused();
  await page.getByRole('link', { name: /^Paused/ }).click();
  await expect(page).toHaveURL(/status=paused/);
  await expect(bar(page)).toBeHidden();
  // Nothing can be done with deleted ones.
  await page.getByRole('link', { name: /^Deleted/ }).click();
  await expect(page).toHaveURL(/status=deleted/);
  await expect(page.getByRole('checkbox')).toHaveCount(0);
});

test('the box above the rows selects all of them', async ({ site, owner: { page } }) => {
  test.skip(test.info().project.name !== 'desktop', 'cards have no row above them');
  const { word } = await series(site, 'Boxed', 4);
  await open(page, `/admin/invites?q=${word}`);
  const all = page.getByRole('checkbox', { name: 'Select all on this page' });
  await all.check();
  await expect(bar(page)).toContainText('4 selected');
  await all.uncheck();
  await expect(bar(page)).toBeHidden();
});
