import { OWNER, expect, fillSignUp, go, open, signIn, someone, test } from '../support/fixtures.ts';

test('settings are validated and saved', async ({ owner: { page, watch } }) => {
  await open(page, '/admin/settings');
  const length = page.getByLabel('Code length');
  await length.fill('3');
  await watch.during(422, async () => {
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect(length).toHaveAccessibleDescription(/12 (to|and) 64/);
  });
  await expect(length).toHaveValue('3');
  await length.fill('20');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('status')).toContainText('Settings saved');
  await page.reload();
  await expect(page.getByLabel('Code length')).toHaveValue('20');
});

test('every wrong field is named at once', async ({ owner: { page, watch } }) => {
  await open(page, '/admin/settings');
  await page.getByLabel('Code length').fill('');
  await page.getByLabel('Maximum uses per invite').fill('0');
  await page.locator('#settings-welcome-url').fill('http://example.org');
  await watch.during(422, async () => {
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect(page.getByLabel('Code length')).toHaveAccessibleDescription(/12 to 64/);
  });
  await expect(page.getByLabel('Maximum uses per invite')).toHaveAccessibleDescription(/1 to 1,000,000/);
  await expect(page.locator('#settings-welcome-url')).toHaveAccessibleDescription(/begins with https/);
});

test('what was typed stays when the session has ended, and is saved after signing in elsewhere', async ({ newcomer }) => {
  const { page, context, watch } = newcomer;
  await page.goto('/login');
  await signIn(page, OWNER);
  await expect(page).toHaveURL(/\/admin$/);
  await open(page, '/admin/settings');
  const label = page.getByLabel('Link label');
  const before = await label.inputValue();
  await page.locator('#settings-welcome-url').fill('https://forum.example/typed');
  await label.fill('Typed for long');
  await context.clearCookies({ name: 'latchkey' });
  await watch.during(401, () => page.getByRole('button', { name: 'Save settings' }).click());
  const error = page.getByRole('alert').filter({ hasText: 'Your session has ended.' });
  await expect(error).toContainText('Sign in in another tab, then save again.');
  await expect(page).toHaveURL(/settings$/);
  await expect(label).toHaveValue('Typed for long');

  const tab = context.waitForEvent('page');
  await error.getByRole('link', { name: 'Open the sign-in page' }).click();
  const other = await tab;
  await signIn(other, OWNER);
  await expect(other).toHaveURL(/\/admin$/);
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('status')).toContainText('Settings saved');
  await expect(error).toHaveCount(0);

  await label.fill(before);
  await page.locator('#settings-welcome-url').fill('');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect.poll(() => page.getByRole('button', { name: 'Save settings' }).getAttribute('aria-busy')).toBeNull();

  // With nothing typed, the sign-in page is where to go on.
  await open(page, '/admin/invites');
  await context.clearCookies({ name: 'latchkey' });
  await watch.during(401, async () => {
    await go(page, 'Members');
    await expect(page).toHaveURL(/\/login\?next=/);
  });
});

test('leaving asks when something is not saved', async ({ owner: { page } }) => {
  await open(page, '/admin/settings');
  const name = page.getByLabel('Site name');
  const before = await name.inputValue();
  await name.fill('Not saved');
  await go(page, 'Members');
  const question = page.getByRole('dialog', { name: 'Discard changes?' });
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await expect(page).toHaveURL(/settings$/);
  await expect(name).toHaveValue('Not saved');
  await go(page, 'Members');
  await question.getByRole('button', { name: 'Discard changes' }).click();
  await expect(page).toHaveURL(/members$/);
  await go(page, 'Settings');
  await expect(name).toHaveValue(before);
});

for (const step of ['back', 'forward'] as const) {
  test(`going ${step} asks when something is not saved`, async ({ owner: { page } }) => {
    await open(page, '/admin/members');
    await go(page, 'Settings');
    await expect(page).toHaveURL(/settings$/);
    await go(page, 'Members');
    await expect(page).toHaveURL(/members$/);
    await page.evaluate(() => history.back());
    await expect(page).toHaveURL(/settings$/);
    const name = page.getByLabel('Site name');
    const before = await name.inputValue();
    const question = page.getByRole('dialog', { name: 'Discard changes?' });
    await name.fill('Not saved');
    await page.evaluate((step) => history[step](), step);
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await expect(page).toHaveURL(/settings$/);
    await expect(name).toHaveValue('Not saved');
    // This page is now the entry after the one that was asked for.
    await page.evaluate(() => history.back());
    await question.getByRole('button', { name: 'Discard changes' }).click();
    await expect(page).toHaveURL(/members$/);
    await go(page, 'Settings');
    await expect(name).toHaveValue(before);
  });
}

test('members are welcomed and led on', async ({ site, owner: { page }, visitor }) => {
  await open(page, '/admin/settings');
  await page.getByLabel('Welcome text').fill('Good to have you here.\nThe workshop is open on Fridays.');
  await page.locator('#settings-welcome-url').fill('https://forum.example/start');
  await page.getByLabel('Link label').fill('Open the forum');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('status')).toContainText('Settings saved');

  await visitor.page.goto((await site.invite()).url);
  await fillSignUp(visitor.page, someone('Noor Haddad'));
  await visitor.page.getByRole('button', { name: /^Join / }).click();
  await expect(visitor.page).toHaveURL(/\/me$/);
  await expect(visitor.page.getByRole('main')).toContainText('The workshop is open on Fridays.');
  const link = visitor.page.getByRole('link', { name: 'Open the forum' });
  await expect(link).toHaveAttribute('href', 'https://forum.example/start');
  await expect(visitor.page.getByRole('main')).not.toContainText(/invites|settings/i);
});

test('a closed site lets nobody in, says so everywhere, and is opened again', async ({ site, owner: { page }, visitor }) => {
  const invite = await site.invite();
  await open(page, '/admin/settings');
  const save = async (mode: RegExp) => {
    await page.getByRole('radio', { name: mode }).check();
    // Waits for the response, because the toast of the previous save may still be shown.
    const saved = page.waitForResponse((response) => response.url().endsWith('/_fn/settings/update'));
    await page.getByRole('button', { name: 'Save settings' }).click();
    expect((await saved).status()).toBe(200);
    await expect(page.getByRole('status')).toContainText('Settings saved');
  };
  try {
    await save(/Closed/);
    const banner = page.getByRole('main').getByText('Registration is closed.');
    await expect(banner).toBeVisible();
    await open(page, `/admin/invites/${invite.id}`);
    await expect(banner).toBeVisible();
    await expect(page.getByText('On hold')).toBeVisible();
    await visitor.page.goto('/login');
    await expect(visitor.page.getByRole('contentinfo')).toContainText('Registration is closed');
    await visitor.watch.during(403, () => visitor.page.goto(invite.url));
    await expect(visitor.page.getByRole('main')).toContainText(/closed/i);

    await page.getByRole('button', { name: 'Open again' }).click();
    await expect(page.getByRole('status')).toContainText('open again, by invite only');
    await expect(banner).toHaveCount(0);
    await expect(page.getByText('On hold')).toHaveCount(0);
  } finally {
    await open(page, '/admin/settings');
    await save(/invite only/i);
  }
  await visitor.page.goto(invite.url);
  await expect(visitor.page.getByLabel('Invite code')).toHaveValue(invite.code);
});
