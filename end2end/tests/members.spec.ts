import { readFile } from 'node:fs/promises';

import { type Locator, type Page } from '@playwright/test';

import { OWNER, expect, test as base, open, signIn, someone } from '../support/fixtures.ts';
import { Site } from '../support/site.ts';

// What staff do to members. Anyone who signs up without an invite is pending approval.
const test = base.extend<object, { site: Site }>({
  site: [
    async ({}, use) => {
      const site = await Site.open({ LATCHKEY_REGISTRATION_MODE: 'open' });
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
});

type Named = { username: string };

const rowOf = (page: Page, person: Named) => page.getByRole('row').filter({ hasText: person.username });

/** The names in the list, from top to bottom. */
const names = (page: Page) => page.getByRole('main').getByRole('rowheader').getByRole('link');

/** Opens the menu of a row or a page and chooses an item. */
async function choose(where: Locator, item: string): Promise<void> {
  await where.getByRole('button', { name: /^More for/ }).click();
  await where.getByRole('button', { name: item }).click();
}

test('the list is filtered by role and group, and each filter can be removed', async ({ site, owner: { page } }) => {
  const invite = await site.invite();
  const [lena, omar, sofia] = [someone('Lena Filterová'), someone('Omar Filterová'), someone('Sofia Filterová')];
  const [first, second] = [await site.signUp(invite, lena), await site.signUp(invite, omar)];
  await site.signUp(invite, sofia);
  await site.edit(first, { role: 'moderator' });
  await site.edit(second, { role: 'moderator' });
  const group = await site.group(`Kiln ${lena.username}`, [first]);

  await open(page, '/admin/members?q=filterova');
  await expect(names(page)).toHaveCount(3);
  const opener = page.getByRole('button', { name: 'Filter', exact: true });
  await opener.click();
  const dialog = page.getByRole('dialog', { name: 'Filter members' });
  await dialog.getByLabel('Role').selectOption('Moderator');
  await expect(names(page)).toHaveCount(2);
  await expect(rowOf(page, sofia)).toHaveCount(0);
  await dialog.getByRole('searchbox', { name: 'Search groups' }).fill(group.name);
  await dialog.getByRole('radio', { name: group.name }).check();
  await expect(page).toHaveURL(new RegExp(`q=filterova&role=moderator&group=${group.id}$`));
  await expect(names(page)).toHaveText([lena.name]);
  // What is chosen in a filter is in effect: there is nothing to lose.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(opener).toBeFocused();

  await page.getByRole('link', { name: `Remove the filter: ${group.name}` }).click();
  await expect(names(page)).toHaveCount(2);
  await expect(page).toHaveURL(/q=filterova&role=moderator$/);
  await page.getByRole('link', { name: 'Remove the filter: Moderator' }).click();
  await expect(names(page)).toHaveCount(3);
  await expect(page.getByRole('link', { name: /^Remove the filter/ })).toHaveCount(0);
});

test('the filter finds a group that is not among the first, and shows it when it is opened again', async ({ site, owner: { page } }) => {
  test.setTimeout(60_000);
  const guest = someone('Zora Lastová');
  const id = await site.signUp(await site.invite(), guest);
  for (let count = 0; count < 51; count += 1) await site.group(`A group before ${guest.username} ${count}`);
  const last = await site.group(`Zithers ${guest.username}`, [id]);
  await open(page, '/admin/members');
  const opener = page.getByRole('button', { name: 'Filter', exact: true });
  await opener.click();
  const dialog = page.getByRole('dialog', { name: 'Filter members' });
  await expect(dialog.getByRole('radio', { name: 'All groups' })).toBeChecked();
  await expect(dialog).toContainText('There may be more groups. Search by name to find them.');
  const radio = dialog.getByRole('radio', { name: last.name });
  await expect(radio).toHaveCount(0);
  await dialog.getByRole('searchbox', { name: 'Search groups' }).fill(last.name);
  await radio.check();
  await expect(names(page)).toHaveText([guest.name]);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await opener.click();
  await expect(radio).toBeChecked();
  await dialog.getByRole('radio', { name: 'All groups' }).check();
  await expect(page).toHaveURL(/\/admin\/members$/);
  await expect(names(page)).not.toHaveCount(1);
});

test('the members that a member invited are a list of their own', async ({ site, owner: { page } }) => {
  const guest = someone('Petra Inviteeová');
  await site.signUp(await site.invite(), guest);
  await open(page, `/admin/members?q=${OWNER.username}`);
  await rowOf(page, OWNER).getByRole('link', { name: OWNER.name }).click();
  await page.getByRole('link', { name: 'Members they invited' }).click();
  await expect(rowOf(page, guest)).toHaveCount(1);
  await expect(rowOf(page, OWNER)).toHaveCount(0);
  await page.getByRole('link', { name: `Remove the filter: Invited by ${OWNER.name}` }).click();
  await expect(rowOf(page, OWNER)).toHaveCount(1);
});

test('the attributes of a member are changed on their page', async ({ site, owner: { page, watch } }) => {
  const member = someone('Ada Attributes');
  await site.signUp(await site.invite({ attributes: [{ key: 'year', value: '1', locked: true }] }), member);
  await open(page, `/admin/members?q=${member.username}`);
  await rowOf(page, member).getByRole('link', { name: member.name }).click();
  const account = page.getByRole('region', { name: 'Account', exact: true });
  await expect(account).toContainText('Year');
  await account.getByRole('button', { name: 'Edit attributes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit attributes' });
  await expect(dialog.getByLabel('Value, row 1')).toHaveValue('1');
  await dialog.getByRole('button', { name: 'Add attribute' }).click();
  await dialog.getByLabel('Key, such as team, row 2').fill('Team');
  await dialog.getByLabel('Value, row 2').fill('Clay');
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toContainText('Attribute “Team”');
  });
  await dialog.getByLabel('Key, such as team, row 2').fill('team');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  await expect(account).toContainText('Clay');
  await account.getByRole('button', { name: 'Edit attributes' }).click();
  await dialog.getByRole('button', { name: 'Remove attribute, row 1' }).click();
  await dialog.getByRole('button', { name: 'Remove attribute, row 1' }).click();
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(account).toContainText('No attributes.');
});

test('the list is sorted by name, whatever the case and the accents', async ({ site, owner: { page } }) => {
  const invite = await site.invite();
  for (const name of ['öystein Sortable', 'Zofia Sortable', 'Ana Sortable']) await site.signUp(invite, someone(name));
  const [ana, oystein, zofia] = ['Ana Sortable', 'öystein Sortable', 'Zofia Sortable'];

  await open(page, '/admin/members?q=sortable');
  await expect(names(page)).toHaveText([ana, zofia, oystein]);
  const menu = page.getByRole('button', { name: /^Sort/ });
  const header = page.getByRole('columnheader', { name: 'Member' });
  for (const [label, wanted] of [['Name A–Z', [ana, oystein, zofia]], ['Name Z–A', [zofia, oystein, ana]]] as const) {
    if (await menu.isVisible()) {
      await menu.click();
      await page.getByRole('navigation', { name: 'Sort' }).getByRole('link', { name: label }).click();
    } else {
      await header.getByRole('link').click();
      await expect(header).toHaveAttribute('aria-sort', label === 'Name A–Z' ? 'ascending' : 'descending');
    }
    await expect(names(page)).toHaveText([...wanted]);
  }
});

test('the list is exported as it is filtered', async ({ site, owner: { page } }) => {
  const invite = await site.invite();
  const [kept, other] = [someone('Kofi Exportable'), someone('Ama Exportable')];
  await site.edit(await site.signUp(invite, kept), { role: 'moderator' });
  await site.signUp(invite, other);
  await open(page, '/admin/members?q=exportable&role=moderator');
  await expect(names(page)).toHaveText([kept.name]);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /CSV/ }).click()]);
  expect(download.suggestedFilename()).toMatch(/^latchkey-members-.*\.csv$/);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv.split('\r\n')[0]).toMatch(/^\uFEFF?id,name,username,email,role,status/);
  expect(csv).toContain(kept.email);
  expect(csv).not.toContain(other.email);
});

test('members are deleted, from the list and from their page, and redemptions stay', async ({ site, owner: { page }, newcomer }) => {
  const invite = await site.invite({ label: `Deleting ${process.pid}-${Date.now()}` });
  const [yara, bruno] = [someone('Yara Deletable'), someone('Bruno Deletable')];
  const ids = [await site.signUp(invite, yara), await site.signUp(invite, bruno)];
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, yara);
  await expect(newcomer.page).toHaveURL(/\/me$/);

  await open(page, '/admin/members?q=deletable');
  const question = page.getByRole('dialog');
  await choose(rowOf(page, yara), 'Delete…');
  await expect(question).toContainText(`Delete ${yara.name}?`);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(rowOf(page, yara)).toHaveCount(1);
  await choose(rowOf(page, yara), 'Delete…');
  await question.getByRole('button', { name: 'Delete member' }).click();
  await expect(page.getByRole('status')).toContainText(`Deleted ${yara.name}`);
  await expect(names(page)).toHaveText([bruno.name]);

  await rowOf(page, bruno).getByRole('link', { name: bruno.name }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(bruno.name);
  await choose(page.getByRole('main'), 'Delete…');
  await question.getByRole('button', { name: 'Delete member' }).click();
  await expect(page).toHaveURL(/\/admin\/members$/);
  await expect(page.getByRole('status')).toContainText(`Deleted ${bruno.name}`);
  await expect(rowOf(page, bruno)).toHaveCount(0);

  // Of both the redemption stays, and nothing that says who they were.
  await open(page, `/admin/redemptions?invite=${invite.id}`);
  const gone = page.getByRole('row').filter({ hasText: 'Deleted member' });
  await expect(gone).toHaveCount(2);
  await expect(gone.getByRole('link', { name: 'Deleted member' })).toHaveCount(0);
  for (const text of [yara.name, bruno.name, yara.username, ...ids]) await expect(page.getByRole('main')).not.toContainText(text);

  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
  await newcomer.watch.during(401, () => signIn(newcomer.page, yara));
});

test('an account gets an end, is told of it, and cannot sign in after it', async ({ site, owner: { page, watch }, newcomer }) => {
  const member = someone('Ines Endeová');
  const id = await site.signUp(await site.invite(), member);
  await open(page, `/admin/members/${id}`);
  const edit = page.getByRole('button', { name: 'Edit', exact: true });
  await edit.click();
  const dialog = page.getByRole('dialog', { name: `Edit ${member.name}` });
  await dialog.getByLabel(/^Ends/).fill('2020-01-01T10:00');
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog.getByLabel(/^Ends/)).toHaveAttribute('aria-invalid', 'true');
  });
  await expect(dialog.getByLabel(/^Ends/)).toHaveValue('2020-01-01T10:00');
  const year = new Date().getFullYear() + 2;
  await dialog.getByLabel(/^Ends/).fill(`${year}-03-01T18:30`);
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  await expect(edit).toBeFocused();
  const end = new RegExp(`Ends.*1 Mar ${year}`);
  await expect(page.getByRole('region', { name: 'Account' })).toContainText(end);
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, member);
  await expect(newcomer.page.getByRole('region', { name: 'Your account' })).toContainText(end);

  // The form takes minutes; REST takes an end that comes within the test.
  await site.edit(id, { ends_at: new Date(Date.now() + 2_000).toISOString() });
  await expect
    .poll(async () => {
      await page.reload();
      return page.getByRole('main').getByText('Ended').count();
    })
    .toBeGreaterThan(0);
  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
  await newcomer.watch.during(403, () => signIn(newcomer.page, member));
  await expect(newcomer.page.getByRole('main')).toContainText(/ended/i);
});

test('ownership is handed over, with the password', async ({ visitor: { page, watch }, newcomer }) => {
  test.setTimeout(90_000);
  const site = await Site.open();
  try {
    const heir = someone('Amara Successor');
    const id = await site.signUp(await site.invite(), heir);
    await page.goto(`${site.url}/login`);
    await signIn(page, OWNER);
    await expect(page).toHaveURL(/\/admin$/);
    await open(page, `${site.url}/admin/members/${id}`);
    await choose(page.getByRole('main'), 'Make owner…');
    const dialog = page.getByRole('dialog', { name: `Make ${heir.name} the owner?` });
    await expect(dialog).toContainText('you become an admin');
    const password = dialog.getByLabel('Your password');
    await expect(password).toBeFocused();
    await password.fill('not the password of this account');
    await watch.during(422, () => dialog.getByRole('button', { name: 'Make owner' }).click());
    await expect(dialog).toContainText('This is not your current password.');
    await expect(password).toBeFocused();
    await password.fill(OWNER.password);
    await dialog.getByRole('button', { name: 'Make owner' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('status')).toContainText(`${heir.name} is the owner now`);
    await expect(page.getByRole('region', { name: 'Account' })).toContainText('Owner');
    // Who was the owner is an admin now, and cannot take it back.
    await expect(page.getByRole('main').getByRole('button', { name: /^More for/ })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Edit', exact: true })).toHaveCount(0);

    await newcomer.page.goto(`${site.url}/login`);
    await signIn(newcomer.page, heir);
    await expect(newcomer.page).toHaveURL(/\/admin$/);
    await open(newcomer.page, `${site.url}/admin/members?q=${OWNER.username}`);
    await expect(rowOf(newcomer.page, OWNER)).toContainText('Admin');
    await expect(rowOf(newcomer.page, OWNER).getByRole('button', { name: /^More for/ })).toBeVisible();
  } finally {
    await site.close();
  }
});

test('several accounts are approved or declined at once, and each person reads the message', async ({ site, owner: { page }, newcomer, visitor }) => {
  const [ada, grace, joan] = [someone('Ada Bulková'), someone('Grace Bulková'), someone('Joan Bulková')];
  for (const person of [ada, joan]) await site.signUp(undefined, person);
  await site.signUp(await site.invite({ approval: true }), grace);
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, ada);
  await expect(newcomer.page.getByRole('main')).toContainText('Your account is pending approval.');

  await open(page, '/admin/members?q=bulkova');
  const selected = page.getByRole('toolbar', { name: 'Selected rows' });
  const select = (person: { name: string }) => page.getByRole('checkbox', { name: `Select: ${person.name}` });
  await select(ada).check();
  // Decisions are about those who are pending, so they are offered in that list.
  await expect(selected.getByRole('button', { name: 'Approve…' })).toHaveCount(0);
  await page.getByRole('link', { name: /^Pending approval/ }).click();
  await expect(page).toHaveURL(/status=pending/);
  await expect(names(page)).toHaveCount(3);
  await expect(select(ada)).not.toBeChecked();

  await expect(rowOf(page, grace)).toContainText(`Invited by ${OWNER.name}`);
  await expect(rowOf(page, ada)).not.toContainText('Invited by');
  await select(ada).check();
  await select(grace).check();
  await selected.getByRole('button', { name: 'Approve…' }).click();
  const approving = page.getByRole('dialog', { name: 'Approve 2 accounts?' });
  await approving.getByLabel('Message to each of them').fill('Welcome.\nThe kiln is open on Mondays.');
  await approving.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByRole('status')).toContainText('Approved 2');
  await expect(approving).toBeHidden();
  await expect(selected).toHaveCount(0);
  await expect(names(page)).toHaveText([joan.name]);
  await newcomer.page.goto('/me');
  await expect(newcomer.page.getByRole('main')).not.toContainText('pending approval');
  await expect(newcomer.page.getByRole('main')).toContainText('The kiln is open on Mondays.');

  await select(joan).check();
  await selected.getByRole('button', { name: 'Decline…' }).click();
  const declining = page.getByRole('dialog', { name: 'Decline 1 account?' });
  await declining.getByLabel(/^Message/).fill('We are full until the spring.');
  await declining.getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByRole('status')).toContainText('Declined 1');
  await expect(page.getByRole('main')).toContainText('No members found');

  await visitor.page.goto('/login');
  await visitor.watch.during(403, () => signIn(visitor.page, joan));
  await expect(visitor.page.getByRole('main')).toContainText('We are full until the spring.');

  // Who decided, and what they wrote, is on the member's page.
  await open(page, `/admin/members?q=${joan.username}`);
  await rowOf(page, joan).getByRole('link', { name: joan.name }).click();
  const account = page.getByRole('region', { name: 'Account' });
  await expect(account).toContainText(`Decided by${OWNER.name}`);
  await expect(account).toContainText('We are full until the spring.');
  await page.getByRole('button', { name: 'Move to pending approval' }).click();
  await expect(account).toContainText('Pending approval');
});

test('the dialogs of members hold the focus and return it', async ({ site, owner: { page } }) => {
  const invite = await site.invite();
  const [member, guest] = [someone('Keya Keyboardová'), someone('Pending Keyboardová')];
  await site.signUp(invite, member);
  await site.signUp(undefined, guest);
  const through = async (opener: Locator, name: RegExp) => {
    await opener.press('Enter');
    const dialog = page.getByRole('dialog', { name });
    await expect(dialog.getByRole('button').last()).toBeVisible();
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Tab');
      // From the last control the focus may leave for the browser itself, but not for the page behind.
      const behind = await page.evaluate(() => document.activeElement?.closest('dialog') === null && document.activeElement !== document.body);
      expect(behind, `Tab ${step + 1} in ${name}`).toBe(false);
    }
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
  };
  await open(page, '/admin/members?q=keyboardova');
  await through(page.getByRole('button', { name: 'Create member' }), /^New member$/);
  await through(page.getByRole('button', { name: 'Filter', exact: true }), /^Filter members$/);
  await page.getByRole('link', { name: /^Pending approval/ }).click();
  await expect(names(page)).toHaveText([guest.name]);
  await page.getByRole('checkbox', { name: `Select: ${guest.name}` }).check();
  await through(page.getByRole('button', { name: 'Approve…' }), /^Approve 1 account\?$/);
  await open(page, `/admin/members?q=${member.username}`);
  await rowOf(page, member).getByRole('link', { name: member.name }).click();
  await through(page.getByRole('button', { name: 'Edit', exact: true }), /^Edit/);
});
