import { expect, fillSignUp, newInvite, open, someone, test, unfold, waitForHydration } from '../support/fixtures.ts';

function unique(word: string): string {
  return `${word} ${process.pid}-${Date.now()}`;
}

test('an invite for one person carries everything, and the person gets it', async ({ owner: { page }, visitor }) => {
  const label = unique('For Mateo');
  const person = someone('Mateo Quispe');
  await open(page, '/admin/invites');
  const dialog = await newInvite(page);
  await dialog.getByText('One person', { exact: true }).click();
  await expect(dialog.getByRole('group', { name: 'Maximum uses' })).toHaveCount(0);
  await dialog.getByLabel(/^E-mail address/).fill(person.email);
  await dialog.getByLabel(/^Name/).fill(label);
  await dialog.getByLabel(/^Needs approval/).check();
  await dialog.getByLabel('Access ends').selectOption('The account ends');
  await dialog.getByLabel('Days after sign-up').fill('45');
  await dialog.getByLabel(/^Welcome text/).fill('**Bring boots**\n<b>not bold</b> [Map](https://map.example)');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await expect(dialog.locator('.welcome-preview strong')).toHaveText('Bring boots');
  await expect(dialog.locator('.welcome-preview b')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Add attribute' }).click();
  await dialog.getByLabel('Key, such as team, row 1').fill('team');
  await dialog.getByLabel('Value, row 1').fill('Clay');
  await dialog.getByLabel('Locked, row 1').check();
  await dialog.getByLabel(/^Where they go/).selectOption('Another address');
  await dialog.getByLabel('Another address').fill('/me/account');
  // What is chosen is said where a section is closed.
  await unfold(dialog, 'Access');
  await expect(dialog.locator('summary').filter({ hasText: 'Access' })).toContainText('needs approval, ends by itself');
  await unfold(dialog, 'Sign-up page');
  await expect(dialog.locator('summary').filter({ hasText: 'Sign-up page' })).toContainText('Welcome text, 1 attribute');
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  await page.getByRole('link', { name: label }).click();
  const details = page.getByRole('region', { name: 'Details' });
  for (const shown of [person.email, '45 days after sign-up', 'team', 'Clay', '/me/account']) {
    await expect(details).toContainText(shown);
  }

  await visitor.page.goto(link);
  await expect(visitor.page.locator('.entry-words strong')).toHaveText('Bring boots');
  await expect(visitor.page.getByText('for 45 days')).toBeVisible();
  const email = visitor.page.getByLabel('E-mail');
  await expect(email).toHaveValue(person.email);
  await expect(email).toHaveAttribute('readonly');
  await expect(visitor.page.getByLabel('Team')).toHaveValue('Clay');
  await expect(visitor.page.getByLabel('Team')).toHaveAttribute('readonly');
  await visitor.page.getByLabel('Username').fill(person.username);
  await visitor.page.getByLabel('Password', { exact: true }).fill(person.password);
  await visitor.page.getByRole('button', { name: /^Join/ }).click();
  await expect(visitor.page).toHaveURL(/\/me\/account$/);
  await visitor.page.goto('/me');
  await expect(visitor.page.getByText('Pending approval').first()).toBeVisible();
  await expect(visitor.page.getByText('Ends', { exact: true })).toBeVisible();

  await open(page, `/admin/members?q=${person.username}`);
  await page.getByRole('row').getByRole('link', { name: person.username }).first().click();
  await expect(page.getByRole('region', { name: 'Account' })).toContainText('Clay');
});

test('another address and another domain are refused in plain words', async ({ site, visitor: { page, watch } }) => {
  const invite = await site.invite({ email_domains: ['example.org', 'example.net'], attributes: [{ key: 'team', value: 'Clay' }] });
  await page.goto(`/inv/${invite.code}`);
  await expect(page.getByText('Use an address of example.org or example.net.')).toBeVisible();
  const person = { ...someone('Lena Ortiz'), email: `lena${Date.now()}@elsewhere.example` };
  await page.getByLabel('Team').fill('Wood');
  await fillSignUp(page, person);
  await watch.during(422, async () => {
    await page.getByRole('button', { name: /^Join/ }).click();
    await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/addresses of example.org, example.net/);
  });
  await expect(page.getByLabel('Team')).toHaveValue('Wood');
  await page.getByLabel('E-mail').fill(person.email.replace('elsewhere.example', 'example.net'));
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: /^Join/ }).click();
  await expect(page).toHaveURL(/\/me$/);
});

test('an invite leads to another site by a page that names it', async ({ owner, site, visitor: { page } }) => {
  await open(owner.page, '/admin/settings');
  await owner.page.getByLabel(/^Allowed sites/).fill('https://forum.example.org\nhttps://wiki.example.org');
  await owner.page.getByRole('button', { name: 'Save settings' }).click();
  await expect(owner.page.getByRole('status')).toContainText('Settings saved');
  const invite = await site.invite({ after: 'https://forum.example.org/start' });
  await page.goto(`/inv/${invite.code}`);
  await fillSignUp(page, someone('Ada Forum'));
  await page.getByRole('button', { name: /^Join/ }).click();
  await expect(page).toHaveURL(/\/continue$/);
  await expect(page.getByRole('link', { name: 'Continue to forum.example.org' })).toHaveAttribute('href', 'https://forum.example.org/start');
  await page.getByRole('link', { name: 'Go to your account' }).click();
  await expect(page).toHaveURL(/\/me$/);
});

test('an invite is duplicated with a code of its own', async ({ site, owner: { page } }) => {
  const label = unique('Winter course');
  const invite = await site.invite({ label, max_uses: 25, approval: true, welcome_text: 'Hello', email_domains: ['example.org'] });
  await open(page, `/admin/invites/${invite.id}`);
  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('button', { name: 'Duplicate…' }).click();
  const dialog = page.getByRole('dialog', { name: `New invite like “${label}”` });
  await expect(dialog.getByLabel(/^Name/)).toHaveValue(label);
  await expect(dialog.getByLabel('Number of uses')).toHaveValue('25');
  await expect(dialog.locator('summary').filter({ hasText: 'Who can use it' })).toContainText('Addresses of example.org');
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`/admin/invites?q=${encodeURIComponent(label)}`);
  await expect(page.getByRole('row').filter({ hasText: label })).toHaveCount(2);
});

test('an edit says what each change means for those who have used the invite', async ({ site, owner: { page } }) => {
  const invite = await site.invite({ label: unique('Explained') });
  await open(page, `/admin/invites/${invite.id}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const effects = dialog.getByRole('group', { name: 'What the changes mean' });
  await unfold(dialog, 'Access');
  await expect(effects).toHaveCount(0);
  const approval = dialog.getByRole('checkbox', { name: /^Needs approval/ });
  await approval.check();
  await expect(effects).toHaveText('Nobody has used this invite, so nobody is affected.');
  await approval.uncheck();
  await expect(effects).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await site.signUp(invite, someone('Nadia Uses'));
  await page.reload();
  await waitForHydration(page);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await unfold(dialog, 'Access');
  await dialog.getByLabel('Role').selectOption('Moderator');
  await expect(effects).toContainText('For the person who has used this invite:');
  await expect(effects.getByRole('listitem')).toHaveText(['Role: they keep the role that they have.']);
  await approval.check();
  await expect(effects.getByRole('listitem')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
});

test('an edit says whom it is for, and opens the section of a wrong field', async ({ site, owner: { page, watch } }) => {
  const invite = await site.invite({ label: unique('Edited'), attributes: [{ key: 'team', value: 'Clay', locked: true }] });
  await open(page, `/admin/invites/${invite.id}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/people who sign up from now on/)).toBeVisible();
  await unfold(dialog, 'Afterwards');
  await dialog.getByLabel(/^Where they go/).selectOption('Another address');
  await dialog.getByLabel('Another address').fill('//evil.example');
  await unfold(dialog, 'Afterwards');
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByLabel('Another address')).toHaveAccessibleDescription(/begins with one \//);
  });
  await dialog.getByLabel('Another address').fill('/me');
  await unfold(dialog, 'Sign-up page');
  await dialog.getByRole('button', { name: 'Remove attribute, row 1' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(details).toContainText('/me');
  await expect(details).not.toContainText('Clay');
});
