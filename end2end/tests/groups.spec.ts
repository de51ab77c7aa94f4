import { expect, fillSignUp, go, newInvite, open, signIn, someone, test } from '../support/fixtures.ts';

test('a group is created, gets members by a pasted list, and grants its permissions', async ({ site, owner: { page, watch }, newcomer }) => {
  const invite = await site.invite({ label: 'Before groups' });
  const [ada, grace] = [someone('Adaeze Okonkwo'), someone('Graça Figueiredo')];
  for (const person of [ada, grace]) await site.signUp(invite, person);
  const name = `Organisers ${ada.username}`;

  await open(page, '/admin');
  await go(page, 'Groups');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Groups');
  await page.getByRole('button', { name: 'Create group' }).click();
  const dialog = page.getByRole('dialog', { name: 'New group' });
  const field = dialog.getByRole('textbox', { name: 'Name' });
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
  });
  await expect(field).toBeFocused();
  await expect(dialog).toContainText('Enter a name for the group.');
  await field.fill(name);
  await dialog.getByLabel(/^Description/).fill('They run the open evenings');
  await dialog.getByRole('checkbox', { name: /^View all invites/ }).check();
  await dialog.getByRole('checkbox', { name: /^View redemptions/ }).check();
  await dialog.getByRole('button', { name: 'Create group' }).click();

  await expect(page).toHaveURL(/\/admin\/groups\/[0-9a-f-]{36}$/);
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(main).toContainText('Members of this group may: View all invites View redemptions');
  await expect(main).toContainText('No members yet');

  // What is not found stays in the field, the others are added.
  await page.getByRole('button', { name: 'Add members' }).click();
  const adding = page.getByRole('dialog', { name: `Add members to ${name}` });
  const list = adding.getByLabel('Usernames or e-mail addresses');
  await list.fill(`${ada.username},\n${grace.email}; nobody.here`);
  await adding.getByRole('button', { name: 'Add members' }).click();
  await expect(adding).toContainText('No account found for: nobody.here. The others were added.');
  await expect(list).toHaveValue('nobody.here');
  await page.keyboard.press('Escape');
  await expect(adding).toHaveCount(0);
  const row = (person: { username: string }) => page.getByRole('row').filter({ hasText: person.username });
  await expect(row(ada)).toHaveCount(1);
  await expect(row(grace)).toHaveCount(1);

  // The page of a member says what they may do, and where it comes from.
  await row(ada).getByRole('link', { name: ada.name }).click();
  await expect(main.getByRole('listitem').filter({ hasText: 'View all invites' })).toContainText(`Group: ${name}`);
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, ada);
  await expect(newcomer.page).toHaveURL(/\/admin$/);
  await newcomer.page.goto('/admin/invites');
  await expect(newcomer.page.getByRole('main')).toContainText('Before groups');
  await newcomer.page.goto('/admin/settings');
  await expect(newcomer.page).toHaveURL(/\/admin$/);

  // A manager adds and removes members, and nothing else.
  await page.goBack();
  await row(ada).getByRole('button', { name: /^More for/ }).click();
  await row(ada).getByRole('button', { name: 'Make manager' }).click();
  await expect(row(ada)).toContainText('Manager');
  await open(newcomer.page, '/admin');
  await go(newcomer.page, 'Groups');
  await newcomer.page.getByRole('link', { name }).click();
  await expect(newcomer.page.getByRole('button', { name: 'Add members' })).toBeVisible();
  await expect(newcomer.page.getByRole('button', { name: 'Delete' })).toHaveCount(0);

  // Several at once.
  await row(ada).getByRole('checkbox').check();
  await row(grace).getByRole('checkbox').check();
  const selected = page.getByRole('toolbar', { name: 'Selected rows' });
  await expect(selected).toContainText('2 selected');
  await selected.getByRole('button', { name: 'Remove from group…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove from group' }).click();
  await expect(main).toContainText('No members yet');
  await expect(selected).toHaveCount(0);
  await newcomer.page.goto('/admin');
  await expect(newcomer.page).toHaveURL(/\/me$/);
});

test('people are found by name to be added, and removed by a pasted list', async ({ site, owner: { page } }) => {
  const invite = await site.invite();
  const [lena, leo, last] = [someone('Lena Suchová'), someone('Leo Suchov'), someone('Lior Suchov')];
  const ids = [];
  for (const person of [lena, leo, last]) ids.push(await site.signUp(invite, person));
  const group = await site.group(`Choir ${lena.username}`, [ids[0]!]);
  await open(page, `/admin/groups/${group.id}`);
  await page.getByRole('button', { name: 'Add members' }).click();
  const adding = page.getByRole('dialog', { name: `Add members to ${group.name}` });
  const search = adding.getByRole('searchbox', { name: 'Search people' });
  await search.fill('such');
  await expect(adding.getByRole('checkbox', { name: lena.name })).toBeDisabled();
  await adding.getByRole('checkbox', { name: leo.name }).check();
  // Enter searches, and what is ticked stays.
  await search.fill('nobody-has-this-name');
  await search.press('Enter');
  await expect(adding).toContainText('Nobody has this name');
  await expect(adding.getByRole('checkbox', { name: leo.name })).toBeChecked();
  await adding.getByLabel(/^Usernames or e-mail addresses/).fill(last.email);
  await adding.getByRole('button', { name: 'Add members' }).click();
  await expect(page.getByRole('status')).toContainText('Added 2 members');
  const row = (person: { username: string }) => page.getByRole('row').filter({ hasText: person.username });
  for (const person of [lena, leo, last]) await expect(row(person)).toHaveCount(1);

  await page.getByRole('button', { name: 'Remove members' }).click();
  const removing = page.getByRole('dialog', { name: `Remove members from ${group.name}` });
  const list = removing.getByLabel('Usernames or e-mail addresses');
  await list.fill(`${lena.username}, ${last.email}; nobody.here`);
  await removing.getByRole('button', { name: 'Remove from group' }).click();
  await expect(removing).toContainText('No account found for: nobody.here. The others were removed.');
  await expect(list).toHaveValue('nobody.here');
  await removing.getByRole('button', { name: 'Cancel' }).click();
  await expect(row(leo)).toHaveCount(1);
  for (const person of [lena, last]) await expect(row(person)).toHaveCount(0);
});

test('selected members are added to a group from the list of members', async ({ site, owner: { page } }) => {
  const invite = await site.invite();
  const person = someone('Noor Haddad');
  await site.signUp(invite, person);
  const group = await site.group(`Kiln ${person.username}`);
  await open(page, `/admin/members?q=${person.username}`);
  await page.getByRole('checkbox', { name: `Select: ${person.name}` }).check();
  await page.getByRole('button', { name: 'Add to groups' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add 1 member to groups' });
  await dialog.getByRole('button', { name: 'Add to groups' }).click();
  await expect(dialog).toContainText('Choose a group.');
  await dialog.getByRole('searchbox', { name: 'Search groups' }).fill(person.username);
  await expect(dialog.getByRole('checkbox')).toHaveCount(1);
  await dialog.getByRole('checkbox', { name: group.name }).check();
  await dialog.getByRole('button', { name: 'Add to groups' }).click();
  await expect(dialog).toHaveCount(0);
  await open(page, `/admin/groups/${group.id}`);
  await expect(page.getByRole('row').filter({ hasText: person.username })).toHaveCount(1);
});

test('an invite adds people to a group until the group is deleted', async ({ site, owner: { page }, newcomer }) => {
  const person = someone('Mei-Lin Zhang');
  const group = await site.group(`Choir ${person.username}`);
  await open(page, '/admin/invites');
  const dialog = await newInvite(page);
  await dialog.getByLabel(/^Name/).fill(`For ${group.name}`);
  await dialog.getByRole('searchbox', { name: 'Search groups' }).fill(group.name);
  // Until it has been searched, the boxes are others.
  await expect(dialog.getByRole('group', { name: /^Groups/ }).getByRole('checkbox')).toHaveCount(1);
  await dialog.getByRole('checkbox', { name: group.name }).check();
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  const link = await page.getByRole('status').getByText(/\/inv\//).textContent();

  await newcomer.page.goto(link!);
  await expect(newcomer.page.locator('body')).toContainText(`You join the group ${group.name}`);
  await fillSignUp(newcomer.page, person);
  await newcomer.page.getByRole('button', { name: /^Join / }).click();
  await expect(newcomer.page.getByRole('main')).toContainText('Your groups');
  await expect(newcomer.page.getByRole('main')).toContainText(group.name);

  await open(page, `/admin/groups/${group.id}`);
  await expect(page.getByRole('row').filter({ hasText: person.username })).toHaveCount(1);
  await page.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog', { name: `Delete ${group.name}?` });
  await expect(question).toContainText(`1 invite that grants it is paused: For ${group.name}.`);
  await question.getByRole('button', { name: 'Delete group' }).click();
  await expect(page).toHaveURL(/\/admin\/groups$/);
  await open(page, `/admin/invites?q=${encodeURIComponent(`For ${group.name}`)}`);
  await expect(page.getByRole('row').filter({ hasText: `For ${group.name}` })).toContainText('Paused');
});

test('roles and API keys are limited to chosen permissions', async ({ site, owner: { page } }) => {
  await open(page, '/admin/settings');
  const moderators = page.getByRole('group', { name: 'Moderators may' });
  const groups = moderators.getByRole('checkbox', { name: /^Manage groups/ });
  await groups.check();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('status')).toContainText('Settings saved');
  await open(page, '/admin/settings');
  await expect(groups).toBeChecked();
  await groups.uncheck();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('status')).toContainText('Settings saved');

  await open(page, '/me/account');
  await page.getByRole('button', { name: 'Create API key' }).click();
  const dialog = page.getByRole('dialog', { name: 'New API key' });
  await dialog.getByLabel('Name').fill('Invites only');
  await dialog.getByText('Custom', { exact: true }).click();
  await dialog.getByRole('checkbox', { name: /^View all invites/ }).check();
  await dialog.getByRole('button', { name: 'Create API key' }).click();
  const key = await page.getByRole('textbox', { name: 'New API key' }).inputValue();
  expect(await site.status('/api/v1/admin/invites', key)).toBe(200);
  expect(await site.status('/api/v1/admin/redemptions', key)).toBe(403);
  const line = page.getByRole('listitem').filter({ hasText: 'Invites only' });
  await line.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Revoke/ }).click();
  await expect(line).toHaveCount(0);
});
