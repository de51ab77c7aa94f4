import { type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { expect, open, signIn, someone, test } from '../support/fixtures.ts';

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000).toISOString();

const row = (page: Page, person: { username: string }) => page.getByRole('row').filter({ hasText: person.username });

test('the end of a membership is set, seen and removed, in a row and on the page of the member', async ({ site, owner: { page, watch } }, about) => {
  const invite = await site.invite();
  const [ada, grace] = [someone('Adaeze Okonkwo'), someone('Graça Figueiredo')];
  for (const person of [ada, grace]) await site.signUp(invite, person);
  const group = await site.group(`Weavers ${ada.username}`, [ada.username, grace.username]);
  await open(page, `/admin/groups/${group.id}`);
  await row(page, ada).getByRole('button', { name: /^More for/ }).click();
  await row(page, ada).getByRole('button', { name: 'Set end…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set end' });
  await expect(dialog).toContainText(`the membership of ${ada.name} in ${group.name}`);
  await expectAccessible(page, 'the end of a membership');
  await page.screenshot({ path: `output/screenshots/membership-end-${about.project.name}.png` });
  const end = dialog.getByLabel('End', { exact: true });
  // Nothing typed is not taken for never.
  for (const typed of ['', '2001-01-01T00:00']) {
    await end.fill(typed);
    await watch.during(422, async () => {
      await dialog.getByRole('button', { name: 'Set end' }).click();
      await expect(end).toHaveAttribute('aria-invalid', 'true');
    });
  }
  await end.fill('2090-01-01T12:00');
  await dialog.getByRole('button', { name: 'Set end' }).click();
  await expect(page.getByRole('status')).toContainText(`Set the end of the membership of ${ada.name}`);
  await expect(row(page, ada)).toContainText('1 Jan 2090');
  await expect(row(page, grace)).toContainText('Never');

  // Extended on the page of the member, which has the present end in the field, and then removed.
  await row(page, ada).getByRole('link', { name: ada.name }).click();
  const membership = page.getByRole('region', { name: 'Groups' }).getByRole('listitem').filter({ hasText: group.name });
  await expect(membership).toContainText(/Ends.*1 Jan 2090/);
  const opener = membership.getByRole('button', { name: 'Set end of the membership in' });
  await opener.click();
  await expect(end).toHaveValue('2090-01-01T12:00');
  await end.fill('2091-02-01T12:00');
  await dialog.getByRole('button', { name: 'Set end' }).click();
  await expect(membership).toContainText(/Ends.*1 Feb 2091/);
  await page.screenshot({ path: `output/screenshots/member-membership-${about.project.name}.png` });
  await opener.click();
  await dialog.getByText('Never', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Set end' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(membership).not.toContainText('Ends');
});

test('the ends of selected memberships are set at once, also by a manager', async ({ site, owner: { page }, newcomer }, about) => {
  const invite = await site.invite();
  const [ada, grace, mira] = [someone('Adaeze Okonkwo'), someone('Graça Figueiredo'), someone('Mira Managing')];
  for (const person of [ada, grace]) await site.signUp(invite, person);
  const manager = await site.signUp(invite, mira);
  await site.edit(manager, { role: 'moderator' });
  const group = await site.group(`Dyers ${ada.username}`, [ada.username, grace.username]);
  await site.join(group, [mira.username], { manager: true });
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, mira);
  const select = async (on: Page, people: { username: string }[]) => {
    for (const person of people) await row(on, person).getByRole('checkbox').check();
    const bar = on.getByRole('toolbar', { name: 'Selected rows' });
    await expect(bar).toContainText(`${people.length} selected`);
    await bar.getByRole('button', { name: 'Set end…' }).click();
    return on.getByRole('dialog', { name: 'Set end' });
  };
  await open(page, `/admin/groups/${group.id}`);
  const dialog = await select(page, [ada, grace, mira]);
  await expect(dialog).toContainText(`the memberships of 3 members in ${group.name}`);
  await page.screenshot({ path: `output/screenshots/memberships-end-${about.project.name}.png` });
  await dialog.getByLabel('End', { exact: true }).fill('2090-01-01T12:00');
  await dialog.getByRole('button', { name: 'Set end' }).click();
  await expect(page.getByRole('status')).toContainText('Changed 3');
  await expect(page.getByRole('toolbar', { name: 'Selected rows' })).toHaveCount(0);
  for (const person of [ada, grace, mira]) await expect(row(page, person)).toContainText('1 Jan 2090');

  // A manager sets the ends of members, and not of managers.
  await open(newcomer.page, `/admin/groups/${group.id}`);
  const theirs = await select(newcomer.page, [ada, grace]);
  await theirs.getByText('Never', { exact: true }).click();
  await theirs.getByRole('button', { name: 'Set end' }).click();
  await expect(newcomer.page.getByRole('status')).toContainText('Changed 2');
  await expect(row(newcomer.page, ada)).toContainText('Never');
  // The page of a member offers the same.
  const memberships = newcomer.page.getByRole('region', { name: 'Groups' });
  const setEnd = memberships.getByRole('button', { name: 'Set end of the membership in' });
  await row(newcomer.page, ada).getByRole('link', { name: ada.name }).click();
  await expect(setEnd).toHaveCount(1);
  await open(newcomer.page, `/admin/members/${manager}`);
  await expect(memberships.getByRole('button', { name: 'Remove from' })).toHaveCount(1);
  await expect(setEnd).toHaveCount(0);
  await open(newcomer.page, `/admin/groups/${group.id}`);
  await newcomer.watch.during(403, async () => {
    const refused = await select(newcomer.page, [mira]);
    await refused.getByText('Never', { exact: true }).click();
    await refused.getByRole('button', { name: 'Set end' }).click();
    await expect(refused).toContainText('Only staff who manage all groups');
  });
});

test('an end that is near is told to the person, and to staff', async ({ site, owner: { page }, newcomer }, about) => {
  const invite = await site.invite();
  const [ada, mira] = [someone('Adaeze Okonkwo'), someone('Mira Managing')];
  const id = await site.signUp(invite, ada);
  await site.signUp(invite, mira);
  const group = await site.group(`Bakers ${ada.username}`);
  await site.join(group, [ada.username], { ends_at: inDays(3) });
  await site.join(group, [mira.username], { manager: true });
  await site.edit(id, { ends_at: inDays(5) });
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, ada);
  const main = newcomer.page.getByRole('main');
  await expect(main).toContainText(/Your account ends .*From then on you can’t sign in\. To keep it, ask .*, who invited you, or an admin\./);
  await expect(main).toContainText(`Your membership in ${group.name} ends`);
  await expect(main).toContainText(`To stay in it, ask ${mira.name}, who manages the group, or an admin.`);
  await expectAccessible(newcomer.page, 'ends that are near');
  await newcomer.page.screenshot({ path: `output/screenshots/near-ends-${about.project.name}.png` });

  await open(page, '/admin');
  const needs = page.getByRole('region', { name: 'Needs attention' });
  await expect(needs).toContainText(/\d+ memberships? ends? within 7 days/);
  await needs.getByRole('link', { name: 'Review: 1 account ends within 7 days' }).click();
  await expect(page).toHaveURL(/\/admin\/members\?ends_soon=account$/);
  await expect(row(page, ada)).toHaveCount(1);
  await expect(row(page, mira)).toHaveCount(0);
  // The filter can be removed, and chosen.
  await page.getByRole('link', { name: 'Remove the filter: Account ends within 7 days' }).click();
  await expect(row(page, mira)).toHaveCount(1);

  // More time: nothing is near any more.
  await site.edit(id, { ends_at: null });
  await site.join(group, [ada.username], { ends_at: inDays(30) });
  await open(newcomer.page, '/me');
  await expect(main).toContainText('Your groups');
  await expect(main).not.toContainText('From then on');
});
