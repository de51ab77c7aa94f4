import { OWNER, expect, fillSignUp, someone, test } from '../support/fixtures.ts';

const JOIN = { name: /^Join / };

test('every form of the invite link opens the page with the invitation', async ({ site, visitor: { page } }) => {
  const invite = await site.invite({ label: 'Not for the guests', role: 'moderator', expires_in_hours: 48, max_uses: 5 });
  for (const path of [`/inv/${invite.code}`, `/inv?=${invite.code}`, `/inv?key=${invite.code}`, `/signup?inv=${invite.code}`]) {
    await page.goto(path);
    await expect(page.getByLabel('Invite code')).toHaveValue(invite.code);
    await expect(page.locator('body')).toContainText(OWNER.name);
    await expect(page.locator('body')).toContainText('You join as a moderator');
    await expect(page.locator('time').first()).toBeVisible();
  }
  // The label is only for staff.
  await expect(page.locator('html')).not.toContainText('Not for the guests');
  expect(await site.used(invite)).toBe(0);
});

test('a visitor signs up and sees the member page', async ({ site, visitor: { page } }) => {
  const invite = await site.invite();
  const guest = someone('Aoife Ní Dhonnabháin');
  await page.goto(invite.url);
  await fillSignUp(page, guest);
  await page.getByRole('button', JOIN).click();
  await expect(page).toHaveURL(/\/me$/);
  await expect(page.getByRole('main')).toContainText(guest.name);
  expect(await site.used(invite)).toBe(1);
});

test('an invite code can be typed', async ({ site, visitor: { page, watch } }) => {
  const invite = await site.invite();
  await page.goto('/signup');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You need an invite code');
  await page.getByLabel('Invite code').fill('NoSuchCode23');
  await watch.during(404, () => page.getByRole('button', { name: 'Continue' }).click());
  await page.getByLabel('Invite code').fill(` ${invite.code} `);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByLabel('Invite code')).toHaveValue(invite.code);
  await fillSignUp(page, someone('Tomasz Wójcik'));
  await page.getByRole('button', JOIN).click();
  await expect(page).toHaveURL(/\/me$/);
});

test('invalid fields are named, the input is kept, and the invite is not used', async ({ site, visitor: { page, watch } }) => {
  const invite = await site.invite({ max_uses: 2 });
  const taken = someone('Inés Etxeberria');
  await site.signUp(invite, taken);
  const guest = someone('Zeynep Karadağlı');

  await page.goto(invite.url);
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/2 to 32 letters/);
  await fillSignUp(page, { ...guest, username: 'no spaces', password: 'short' });
  await watch.during(422, () => page.getByRole('button', JOIN).click());
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/2 to 32 letters/);
  // The error takes the place of the help.
  await expect(page.getByText(/2 to 32 letters/)).toHaveCount(1);
  await expect(page.getByText(/At least 10 characters/)).toHaveCount(1);
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/At least 10 characters/);
  await expect(page.getByLabel('E-mail')).toHaveValue(guest.email);
  await expect(page.getByLabel('Invite code')).toHaveValue(invite.code);

  // What a username may be is said before one is wrong; that the password has to be typed again, when it has to.
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/Enter it again/);
  await fillSignUp(page, { ...guest, email: taken.email, username: taken.username, password: 'password1234' });
  await watch.during(422, () => page.getByRole('button', JOIN).click());
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/very common password/);
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/taken/);
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/already has an account/);
  // Anyone who signs in comes back to what the invite offers them.
  const back = `/login?next=${encodeURIComponent(`/signup?inv=${invite.code}`)}`;
  await expect(page.getByRole('link', { name: 'Sign in with it instead' })).toHaveAttribute('href', back);
  expect(await site.used(invite)).toBe(1);

  await fillSignUp(page, guest);
  await page.getByRole('button', JOIN).click();
  await expect(page).toHaveURL(/\/me$/);
  expect(await site.used(invite)).toBe(2);
});

test('the page of an unavailable invite shows the reason', async ({ site, visitor: { page, watch } }) => {
  const paused = await site.invite({ label: 'Paused secret' });
  await site.act(paused, 'pause');
  await watch.during(410, () => page.goto(paused.url));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invite is paused');
  await expect(page.locator('body')).toContainText(OWNER.name);
  await expect(page.locator('html')).not.toContainText('Paused secret');

  const full = await site.invite({ max_uses: 1 });
  await site.signUp(full, someone('Arjun Venkataraghavan'));
  await watch.during(410, () => page.goto(full.url));
  await expect(page.getByRole('main')).toContainText('This invite is used up');

  await watch.during(404, () => page.goto('/inv/NoSuchCode23'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invite code doesn’t work');
  await expect(page.getByRole('main')).toContainText('It may be mistyped, expired, used up, paused or not started yet.');

  // Custom codes can be guessed, so the page reveals nothing.
  const own = await site.invite({ code: `own-code-${process.pid}-${Date.now()}` });
  await site.act(own, 'pause');
  await watch.during(404, () => page.goto(own.url));
  await expect(page.getByRole('main')).toContainText('This invite code doesn’t work');
});
