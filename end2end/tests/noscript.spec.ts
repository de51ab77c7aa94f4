import { OWNER, PASSWORD, SITE, expect, fillSignUp, signIn, someone, test } from '../support/fixtures.ts';

// The public pages, with JavaScript disabled.
test.use({ javaScriptEnabled: false });

test.beforeEach(({ visitor: { watch } }) => {
  // Chromium's message that it may not preload a script.
  watch.tolerate(/(latchkey|help)\.js: csp$/);
});

test('a site is set up', async ({ fresh, visitor: { page } }) => {
  await page.goto(await fresh.run(['setup-link']));
  await page.getByLabel('Site name').fill(SITE);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Username').fill(OWNER.username);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create owner account' }).click();
  await expect(page).toHaveURL(`${fresh.url}/admin`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('a visitor corrects an error and signs up, signs out and signs in again', async ({ site, visitor: { page, watch } }) => {
  const invite = await site.invite({ max_uses: 1 });
  const guest = someone('Wiremu Tāwhai');
  await page.goto(invite.url);
  await expect(page.getByLabel('Invite code')).toHaveValue(invite.code);
  await fillSignUp(page, { ...guest, password: 'short' });
  await watch.during(422, () => page.getByRole('button', { name: /^Join / }).click());
  await expect(page.getByLabel('E-mail')).toHaveValue(guest.email);
  await page.getByLabel('Password', { exact: true }).fill(guest.password);
  await page.getByRole('button', { name: /^Join / }).click();
  await expect(page).toHaveURL(/\/me$/);
  await expect(page.getByRole('main')).toContainText(guest.name);

  await page.context().clearCookies();
  await page.goto('/me');
  await expect(page).toHaveURL(/\/login/);
  await watch.during(401, () => signIn(page, { ...guest, password: 'not the password' }));
  await expect(page.getByLabel('E-mail or username')).toHaveValue(guest.username);
  await signIn(page, guest);
  await expect(page).toHaveURL(/\/me$/);
});

test('the pages of a paused invite and an unknown code show the reason', async ({ site, visitor: { page, watch } }) => {
  const invite = await site.invite();
  await site.act(invite, 'pause');
  await watch.during(410, () => page.goto(invite.url));
  await expect(page.getByRole('main')).toContainText('This invite is paused');
  await watch.during(404, () => page.goto('/inv?key=NoSuchCode23'));
  await expect(page.getByRole('main')).toContainText('This invite code doesn’t work');
});
