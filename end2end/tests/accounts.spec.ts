import { OWNER, expect, fillSignUp, open, signIn, someone, waitForHydration, test } from '../support/fixtures.ts';
import { Latchkey } from '../support/latchkey.ts';

test('a member is found, opened, suspended and restored', async ({ site, owner: { page }, newcomer }) => {
  const member = someone('Leilani Kahananui');
  await site.signUp(await site.invite({ label: 'Members' }), member);
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, member);
  await expect(newcomer.page).toHaveURL(/\/me$/);

  await open(page, '/admin/members');
  const search = page.getByRole('searchbox', { name: 'Search members' });
  await search.fill(member.username);
  await search.press('Enter');
  const row = page.getByRole('row').filter({ hasText: member.username });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Active');
  await search.fill('kahananui');
  await search.press('Enter');
  await expect(page).toHaveURL(/q=kahananui$/);
  await expect(row).toHaveCount(1);

  await row.getByRole('link', { name: member.name }).click();
  await expect(page).toHaveURL(/\/admin\/members\/[0-9a-f-]{36}$/);
  const main = page.getByRole('main');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(member.name);
  for (const fact of [member.email, `@${member.username}`, 'Members', 'Active']) await expect(main).toContainText(fact);

  await page.getByRole('button', { name: 'Suspend…' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText(member.name);
  await question.getByRole('button', { name: 'Suspend member' }).click();
  await expect(main).toContainText('Suspended');

  // The session ends immediately, and signing in is refused.
  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
  await expect(newcomer.page.getByRole('main')).toContainText('Your session has ended. Sign in again.');
  await newcomer.watch.during(403, () => signIn(newcomer.page, member));
  await expect(newcomer.page.getByRole('main')).toContainText(/suspended/i);

  await page.goBack();
  await row.getByRole('button', { name: /^More for/ }).click();
  await row.getByRole('button', { name: 'Restore…' }).click();
  await question.getByRole('button', { name: 'Restore member' }).click();
  await expect(row).toContainText('Active');
  await signIn(newcomer.page, member);
  await expect(newcomer.page).toHaveURL(/\/me$/);
});

test('a request is approved, the approval undone, and the request declined', async ({ visitor, newcomer }) => {
  test.setTimeout(60_000);
  const latchkey = await Latchkey.start({ LATCHKEY_REGISTRATION_MODE: 'open' });
  try {
    const { email, username, name, password } = OWNER;
    const who = ['--email', email, '--username', username, '--name', name, '--role', 'owner'];
    await latchkey.run(['account', 'create', ...who, '--password-stdin'], password);
    const guest = someone('Amina Bensalah');

    await newcomer.page.goto(`${latchkey.url}/signup`);
    await expect(newcomer.page.getByRole('main')).toContainText('an admin may have to approve your account');
    await fillSignUp(newcomer.page, guest);
    await newcomer.page.getByRole('button', { name: /^Join / }).click();
    await expect(newcomer.page.getByRole('main')).toContainText('Your account is pending approval.');

    const { page, watch } = visitor;
    await page.goto(`${latchkey.url}/login`);
    await signIn(page, OWNER);
    await page.waitForURL(`${latchkey.url}/admin`);
    await waitForHydration(page);
    const members = page.getByRole('link', { name: /^Members ?1 account pending approval$/ }).filter({ visible: true });
    await members.click();
    const row = page.getByRole('row').filter({ hasText: guest.username });
    await expect(row).toContainText('Pending approval');
    await expect(row.getByRole('button', { name: /Suspend/ })).toHaveCount(0);

    await row.getByRole('button', { name: `Approve ${guest.name}` }).click();
    await expect(row).toContainText('Active');
    await expect(members).toHaveCount(0);
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await expect(row).toContainText('Pending approval');
    await expect(members).toBeVisible();

    await row.getByRole('button', { name: /^More for/ }).click();
    await row.getByRole('button', { name: 'Decline…' }).click();
    const declining = page.getByRole('dialog', { name: `Decline ${guest.name}?` });
    await expect(declining.getByLabel(/^Message/)).toBeFocused();
    await declining.getByRole('button', { name: 'Decline' }).click();
    await expect(row).toContainText('Declined');
    const told = page.getByRole('status');
    await expect(told).toContainText(`Declined ${guest.name}`);
    await told.getByRole('button', { name: 'Undo' }).click();
    await expect(row).toContainText('Pending approval');

    await row.getByRole('button', { name: /^More for/ }).click();
    await row.getByRole('button', { name: 'Decline…' }).click();
    await declining.getByRole('button', { name: 'Decline' }).click();
    await expect(row).toContainText('Declined');
    await newcomer.page.goto(`${latchkey.url}/login`);
    await newcomer.watch.during(403, () => signIn(newcomer.page, guest));
    await expect(newcomer.page.getByRole('main')).toContainText('declined');

    // Who is approved after all is pending again first.
    await row.getByRole('button', { name: /^More for/ }).click();
    await expect(row.getByRole('button', { name: 'Move to pending approval' })).toBeVisible();
    await expect(row.getByRole('button', { name: 'Approve' })).toHaveCount(0);
    await row.getByRole('button', { name: 'Move to pending approval' }).click();
    await expect(row).toContainText('Pending approval');

    // Of two admins the second is told, by the one button and by the other.
    await latchkey.run(['account', 'decline', guest.username]);
    await watch.during(409, () => row.getByRole('button', { name: `Approve ${guest.name}` }).click());
    await expect(told).toContainText('declined this account already.');
    await expect(row).toContainText('Declined');
    watch.check();
  } finally {
    await latchkey.stop();
  }
});

test('a member that does not exist has a page that leads on', async ({ owner: { page, watch } }) => {
  await watch.during(404, () => page.goto('/admin/members/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Member not found');
  await page.getByRole('main').getByRole('link', { name: 'All members' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Members');
});

test('a member has no access to the dashboard', async ({ site, newcomer: { page } }) => {
  const member = someone('Tomasz Wójcik');
  await site.signUp(await site.invite(), member);
  await page.goto('/login');
  await signIn(page, member);
  await expect(page).toHaveURL(/\/me$/);
  for (const path of ['/admin', '/admin/invites', '/admin/members', '/admin/settings']) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/me$/);
  }
});

test('staff create a member, change their role and who they are', async ({ owner: { page, watch }, newcomer }) => {
  const person = someone('Beatriz Salgado');
  await open(page, '/admin/members');
  await page.getByRole('button', { name: 'Create member' }).click();
  const dialog = page.getByRole('dialog', { name: 'New member' });
  await dialog.getByRole('textbox', { name: /^Display name/ }).fill(person.name);
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(person.email);
  await dialog.getByRole('textbox', { name: 'Username' }).fill('!');
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Create member' }).click();
    await expect(dialog.getByRole('textbox', { name: 'Username' })).toHaveAttribute('aria-invalid', 'true');
  });
  await expect(dialog).toContainText('Enter a password.');
  await dialog.getByRole('textbox', { name: 'Username' }).fill(person.username);
  await dialog.getByLabel('Password').fill(person.password);
  await dialog.getByRole('button', { name: 'Create member' }).click();
  await expect(page.getByRole('status')).toContainText(`Created ${person.name}`);
  const row = page.getByRole('row').filter({ hasText: person.username });
  await expect(row).toContainText('Active');
  await newcomer.page.goto('/login');
  await signIn(newcomer.page, person);
  await expect(newcomer.page).toHaveURL(/\/me$/);

  await row.getByRole('link', { name: person.name }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const editing = page.getByRole('dialog', { name: `Edit ${person.name}` });
  await editing.getByRole('textbox', { name: /^Display name/ }).fill('Beatriz S.');
  await editing.getByLabel('Role').selectOption('Moderator');
  await expect(editing).toContainText('signed out everywhere');
  await editing.getByRole('button', { name: 'Save changes' }).click();
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Beatriz S.');
  await expect(main.getByRole('listitem').filter({ hasText: 'Manage all invites' })).toContainText('Role: Moderator');
  await newcomer.page.goto('/me');
  await expect(newcomer.page).toHaveURL(/\/login/);
  await signIn(newcomer.page, person);
  await expect(newcomer.page).toHaveURL(/\/me$/);
  await newcomer.page.goto('/admin');
  await expect(newcomer.page).toHaveURL(/\/admin$/);
});

test('a member is created with groups, attributes and an end, and their groups are edited on their page', async ({ site, owner: { page } }) => {
  const person = someone('Ximena Ruiz');
  const [kiln, wheel] = [await site.group(`Kiln ${person.username}`), await site.group(`Wheel ${person.username}`)];
  await open(page, '/admin/members');
  await page.getByRole('button', { name: 'Create member' }).click();
  const dialog = page.getByRole('dialog', { name: 'New member' });
  await dialog.getByRole('textbox', { name: /^Display name/ }).fill(person.name);
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(person.email);
  await dialog.getByRole('textbox', { name: 'Username' }).fill(person.username);
  await dialog.getByLabel('Password').fill(person.password);
  const groups = dialog.locator('summary').filter({ hasText: 'Groups' });
  await expect(groups).toContainText('None');
  await groups.click();
  await dialog.getByRole('searchbox', { name: 'Search groups' }).fill(kiln.name);
  await dialog.getByRole('checkbox', { name: kiln.name }).check();
  await groups.click();
  await expect(groups).toContainText(kiln.name);
  await dialog.locator('summary').filter({ hasText: 'Attributes' }).click();
  await dialog.getByRole('button', { name: 'Add attribute' }).click();
  await dialog.getByRole('textbox', { name: 'Key, such as team, row 1' }).fill('team');
  await dialog.getByRole('textbox', { name: 'Value, row 1' }).fill('Clay');
  await dialog.locator('summary').filter({ hasText: 'Ends' }).click();
  await dialog.getByLabel(/^Ends/).fill('2099-01-01T10:00');
  await dialog.getByRole('button', { name: 'Create member' }).click();
  await expect(page.getByRole('status')).toContainText(`Created ${person.name}`);

  await page.getByRole('row').filter({ hasText: person.username }).getByRole('link', { name: person.name }).click();
  const main = page.getByRole('main');
  const card = main.getByRole('region', { name: 'Groups' });
  await expect(card.getByRole('listitem')).toContainText([kiln.name]);
  await expect(main).toContainText('Clay');
  await expect(main).toContainText('2099');

  await card.getByRole('button', { name: 'Add to groups' }).click();
  const adding = page.getByRole('dialog', { name: `Add ${person.name} to groups` });
  await adding.getByRole('searchbox', { name: 'Search groups' }).fill(person.username);
  await expect(adding.getByRole('checkbox')).toHaveCount(1);
  await adding.getByRole('checkbox', { name: wheel.name }).check();
  await adding.getByRole('button', { name: 'Add to groups' }).click();
  await expect(page.getByRole('status')).toContainText(`Added ${person.name} to 1 group`);
  await expect(card.getByRole('listitem')).toContainText([kiln.name, wheel.name]);

  await card.getByRole('button', { name: `Remove from ${kiln.name}…` }).click();
  const question = page.getByRole('dialog', { name: `Remove ${person.name} from ${kiln.name}?` });
  await question.getByRole('button', { name: 'Remove from group' }).click();
  await expect(card.getByRole('listitem')).toContainText([wheel.name]);
});

test('who may not fill groups is offered none', async ({ site, newcomer: { page } }) => {
  const [moderator, guest] = [someone('Mirko Moderator'), someone('Gita Guest')];
  const invite = await site.invite();
  await site.edit(await site.signUp(invite, moderator), { role: 'moderator' });
  const group = await site.group(`Kiln ${guest.username}`, [await site.signUp(invite, guest)]);
  await page.goto('/login');
  await signIn(page, moderator);
  await expect(page).toHaveURL(/\/admin$/);
  await open(page, `/admin/members?q=${guest.username}`);
  await page.getByRole('button', { name: 'Create member' }).click();
  const dialog = page.getByRole('dialog', { name: 'New member' });
  await expect(dialog.locator('summary').filter({ hasText: 'Attributes' })).toBeVisible();
  await expect(dialog.locator('summary').filter({ hasText: 'Groups' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.getByRole('row').filter({ hasText: guest.username }).getByRole('link', { name: guest.name }).click();
  const card = page.getByRole('main').getByRole('region', { name: 'Groups' });
  await expect(card.getByRole('listitem')).toHaveText([group.name]);
  await expect(card.getByRole('button')).toHaveCount(0);
});

test('the ends of selected members are set at once', async ({ site, owner: { page, watch } }, about) => {
  const invite = await site.invite();
  const [first, second] = [someone('Tova Rubin'), someone('Tova Rubinstein')];
  for (const person of [first, second]) await site.signUp(invite, person);
  await open(page, '/admin/members?q=tova');
  for (const { name, username } of [first, second]) {
    await page.getByRole('row').filter({ hasText: username }).getByRole('checkbox', { name: `Select: ${name}` }).check();
  }
  const bar = page.getByRole('toolbar', { name: 'Selected' });
  await expect(bar).toContainText('2 selected');
  await page.screenshot({ path: `output/screenshots/members-selected-${about.project.name}.png` });
  await bar.getByRole('button', { name: 'Set end…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set end' });
  await expect(dialog).toContainText('2 members');
  const end = dialog.getByLabel('End', { exact: true });
  // Nothing typed is not taken for never.
  for (const typed of ['', '2001-01-01T00:00']) {
    await end.fill(typed);
    await watch.during(422, async () => {
      await dialog.getByRole('button', { name: 'Set end' }).click();
      await expect(end).toHaveAttribute('aria-invalid', 'true');
    });
  }
  await page.screenshot({ path: `output/screenshots/members-end-${about.project.name}.png` });
  await end.fill('2090-01-01T12:00');
  await dialog.getByRole('button', { name: 'Set end' }).click();
  await expect(page.getByRole('status')).toContainText('Changed 2');
  await expect(bar).toHaveCount(0);
  await page.getByRole('link', { name: first.name, exact: true }).click();
  await expect(page.getByRole('main')).toContainText(/1 Jan 2090/);
});
