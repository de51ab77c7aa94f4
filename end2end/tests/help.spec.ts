import { type Locator, type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { PASSWORD, expect, fillSignUp, someone, test } from '../support/fixtures.ts';

// Help on the sign-up page while one types. That each page has no violation of its policy, the watch of every visitor says.

const JOIN = { name: /^Join / };

/** Opens the page and waits until the help has begun: it adds the place where screen readers are told. */
async function opened(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.locator('form > [role="status"]')).toBeAttached();
}

const password = (page: Page): Locator => page.getByLabel('Password', { exact: true });

test('what is wrong with a field is said while one types, and no longer when it is right', async ({ site, visitor: { page } }) => {
  const invite = await site.invite({ max_uses: 3 });
  const taken = someone('Inés Etxeberria');
  await site.signUp(invite, taken);
  const guest = someone('Zeynep Karadağlı');
  await opened(page, invite.url);

  const username = page.getByLabel('Username');
  await expect(username).toHaveAccessibleDescription(/^2 to 32 letters/);
  await username.pressSequentially('no spaces');
  await expect(username).toHaveAccessibleDescription(/^A username has 2 to 32 letters/);
  await expect(username).toHaveAttribute('aria-invalid', 'true');
  await expect(username).toBeFocused();
  await expect(page.locator('form > [role="status"]')).toContainText('A username has 2 to 32 letters');
  // Nothing is said of fields that nobody has typed into.
  await expect(page.locator('form .error')).toHaveCount(1);
  await username.fill('admin');
  await expect(username).toHaveAccessibleDescription('This username is reserved. Choose another.');
  await username.fill(taken.username.toUpperCase());
  await expect(username).toHaveAccessibleDescription(/taken/);
  await username.fill(guest.username);
  await expect(username).toHaveAccessibleDescription(/^2 to 32 letters/);
  await expect(username).not.toHaveAttribute('aria-invalid');

  const email = page.getByLabel('E-mail');
  await email.fill('nobody');
  await expect(email).toHaveAccessibleDescription('Enter an e-mail address like name@example.org.');
  await email.fill(taken.email);
  await expect(email).toHaveAccessibleDescription('This e-mail address already has an account. Sign in with it instead');
  const back = `/login?next=${encodeURIComponent(`/signup?inv=${invite.code}`)}`;
  await expect(page.getByRole('link', { name: 'Sign in with it instead' })).toHaveAttribute('href', back);
  await email.fill(guest.email);
  await expect(page.locator('form .error')).toHaveCount(0);

  const code = page.getByLabel('Invite code');
  await code.fill('?');
  await expect(code).toHaveAccessibleDescription(/^This invite code doesn’t work/);
  await code.fill('NoSuchCode23');
  await expect(code).toHaveAccessibleDescription(/^This invite code doesn’t work/);
  await expect(page.getByText('Valid', { exact: true })).toBeHidden();
  await code.fill(invite.code);
  await expect(code).toHaveAccessibleDescription(/You can enter another one/);
  await expect(page.getByText('Valid', { exact: true })).toBeVisible();
  expect(await site.used(invite)).toBe(1);

  await fillSignUp(page, guest);
  await page.getByRole('button', JOIN).click();
  await expect(page).toHaveURL(/\/me$/);
});

test('how hard the password is to guess is said in words', async ({ site, visitor: { page } }) => {
  const invite = await site.invite();
  await opened(page, invite.url);
  await password(page).pressSequentially('short');
  await expect(password(page)).toHaveAccessibleDescription('At least 10 characters. A short sentence works well.');
  await expect(page.locator('#password-strength')).toHaveCount(0);
  await password(page).fill('password1234');
  await expect(password(page)).toHaveAccessibleDescription(/very common password.* (Very easy|Easy) to guess/);
  await expect(page.locator('#password-strength')).toHaveAttribute('data-score', /[01]/);
  await expectAccessible(page, 'a password that is easy to guess');
  await password(page).fill(PASSWORD);
  await expect(password(page)).toHaveAccessibleDescription(/^(Very hard|Hard) to guess/);
  await expect(page.locator('#password-strength')).toHaveAttribute('data-score', /[34]/);
  await expect(password(page)).not.toHaveAttribute('aria-invalid');
  await expectAccessible(page, 'a password that is hard to guess');
  await password(page).fill('');
  await expect(password(page)).toHaveAccessibleDescription('Enter a password.');
  await expect(page.locator('#password-strength')).toHaveCount(0);
});

test('it helps without a mouse', async ({ site, visitor: { page } }) => {
  const invite = await site.invite();
  const guest = someone('Wiremu Tāwhai');
  await opened(page, invite.url);
  await page.getByLabel('E-mail').focus();
  await page.keyboard.type('nobody');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Username')).toBeFocused();
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('Enter an e-mail address like name@example.org.');
  await page.keyboard.type(guest.username);
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.keyboard.type(guest.email);
  await expect(page.getByLabel('E-mail')).not.toHaveAttribute('aria-invalid');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type(guest.name);
  await page.keyboard.press('Tab');
  await expect(password(page)).toBeFocused();
  await page.keyboard.type(guest.password);
  await expect(password(page)).toHaveAccessibleDescription(/hard to guess/i);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/me$/);
});

test('a click arrives where it was meant to, although what is said moves the button', async ({ site, visitor: { page, watch } }) => {
  const invite = await site.invite();
  await opened(page, invite.url);
  await fillSignUp(page, someone('Tomasz Wójcik'));
  await page.getByLabel('E-mail').fill('nobody@nowhere');
  const button = page.getByRole('button', JOIN);
  const box = (await button.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 2);
  await page.mouse.down();
  await watch.during(422, () => page.mouse.up());
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('Enter an e-mail address like name@example.org.');
});

test('a form that was refused is corrected field by field', async ({ site, visitor: { page, watch } }) => {
  const invite = await site.invite();
  const guest = someone('Arjun Venkataraghavan');
  await opened(page, invite.url);
  await fillSignUp(page, { ...guest, username: 'no spaces', password: 'short' });
  await watch.during(422, () => page.getByRole('button', JOIN).click());
  await expect(password(page)).toHaveAccessibleDescription(/Enter it again/);
  await expect(page.locator('form > [role="status"]')).toBeAttached();
  await expect(page.locator('form .error')).toHaveCount(2);
  await page.getByLabel('Username').fill(guest.username);
  await expect(page.getByLabel('Username')).not.toHaveAttribute('aria-invalid');
  await expect(page.locator('form .error')).toHaveCount(1);
  await password(page).fill(guest.password);
  await expect(page.locator('form .error')).toHaveCount(0);
  await page.getByRole('button', JOIN).click();
  await expect(page).toHaveURL(/\/me$/);
});

for (const file of ['help.js', 'help_bg.wasm']) {
  test(`where ${file} does not arrive, the page is what it is without help`, async ({ site, visitor: { page, context, watch } }) => {
    const invite = await site.invite();
    const guest = someone('Noor Haddad');
    const blocked = page.waitForEvent('requestfailed', (request) => request.url().endsWith(file));
    await context.route(`**/${file}`, (route) => route.abort('blockedbyclient'));
    watch.tolerate(/ERR_BLOCKED_BY_CLIENT/);
    await page.goto(invite.url);
    await blocked;
    await expect(page.locator('form > [role="status"]')).toHaveCount(0);
    await fillSignUp(page, { ...guest, username: 'no spaces' });
    await expect(page.locator('form .error')).toHaveCount(0);
    await watch.during(422, () => page.getByRole('button', JOIN).click());
    await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/^A username has 2 to 32 letters/);
    await fillSignUp(page, guest);
    await page.getByRole('button', JOIN).click();
    await expect(page).toHaveURL(/\/me$/);
  });
}

test('what the server does not answer is not said, and it is not asked for ever', async ({ site, visitor: { page, context, watch } }) => {
  const invite = await site.invite();
  const guest = someone('Aoife Ní Dhonnabháin');
  let asked = 0;
  await context.route('**/signup/check', (route) => {
    asked += 1;
    return route.fulfill({ status: 429, json: { code: 'rate_limited', message: 'Wait.' } });
  });
  await opened(page, invite.url);
  await watch.during(429, () => page.getByLabel('Username').fill(guest.username));
  // What needs no server is said all the same.
  await page.getByLabel('E-mail').fill('nobody');
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('Enter an e-mail address like name@example.org.');
  await fillSignUp(page, guest);
  await expect(page.locator('form .error')).toHaveCount(0);
  expect(asked).toBe(1);
  await page.getByRole('button', JOIN).click();
  await expect(page).toHaveURL(/\/me$/);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the page is what it is without help', async ({ site, visitor: { page, watch } }) => {
    watch.tolerate(/(latchkey|help)\.js: csp$/);
    const invite = await site.invite();
    const guest = someone('Luz Marina');
    await page.goto(invite.url);
    await fillSignUp(page, { ...guest, username: 'no spaces' });
    await page.getByLabel('Username').blur();
    await expect(page.locator('form > [role="status"]')).toHaveCount(0);
    await expect(page.locator('form .error')).toHaveCount(0);
    await watch.during(422, () => page.getByRole('button', JOIN).click());
    await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/^A username has 2 to 32 letters/);
  });
});
