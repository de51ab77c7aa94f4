import { type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { type Person, expect, fillSignUp, newInvite, open, signIn, someone } from '../support/fixtures.ts';
import { test } from '../support/mail-fixtures.ts';
import { type Site } from '../support/site.ts';

// People show that their e-mail address is theirs, when they sign up and when they change it.

const NEW = 'eleven dry umbrellas in Braga';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Signs somebody up on the page of an invite that asks them to verify their address. */
async function signUp(page: Page, site: Site, person: Person, invite: Record<string, unknown> = { verify_email: true }): Promise<void> {
  await page.goto((await site.invite(invite)).url);
  await fillSignUp(page, person);
  await page.getByRole('button', { name: /^Join / }).click();
  await expect(page).toHaveURL(/\/verify-email$/);
  await expect(heading(page)).toHaveText('Verify your e-mail address');
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('a new account waits until the newest link was opened, and the password given', async ({ site, sink, visitor: { page, watch }, newcomer }) => {
      // Chromium's message that it may not preload a script.
      watch.tolerate(/latchkey\.js: csp$/);
      const person = someone('Ines Verified');
      await signUp(page, site, person);
      await expect(page.getByRole('main')).toContainText(person.email);
      for (const path of ['/me', '/me/account', '/admin', '/signup', '/']) {
        await page.goto(path);
        await expect(page, path).toHaveURL(/\/verify-email$/);
      }

      const first = await sink.link(person.email, 'activate');
      await page.getByRole('button', { name: 'Send the link again' }).click();
      await expect(page.getByRole('main')).toContainText('A new link is on its way.');
      const link = await sink.link(person.email, 'activate', 2);
      expect(link).not.toBe(first);
      await watch.during(404, () => page.goto(first));
      await expect(heading(page)).toHaveText('This link is not valid');

      // Programs open links, too: that changes nothing.
      for (const { page } of [newcomer, newcomer]) {
        await page.goto(link);
        await expect(page.getByLabel('Username')).toHaveValue(person.username);
      }
      // Who waits can sign in, and waits.
      await newcomer.page.goto('/login');
      await signIn(newcomer.page, person);
      await expect(newcomer.page).toHaveURL(/\/verify-email$/);

      await page.goto(link);
      await expect(page.getByRole('main')).toContainText(person.email);
      const password = page.getByLabel('Password', { exact: true });
      await watch.during(422, async () => {
        await password.fill('not the password');
        await page.getByRole('button', { name: 'Activate account' }).click();
        await expect(password).toHaveAttribute('aria-invalid', 'true');
      });
      await password.fill(person.password);
      await page.getByRole('button', { name: 'Activate account' }).click();
      await expect(page).toHaveURL(/\/me$/);
      await expect(page.getByRole('main')).toContainText(person.name);

      // The link was for once, and other browsers are signed out.
      await watch.during(404, () => page.goto(link));
      await newcomer.page.goto('/me');
      await expect(newcomer.page).toHaveURL(/\/login/);
    });

    test('a new password is set with the link', async ({ site, sink, visitor: { page, watch } }) => {
      watch.tolerate(/latchkey\.js: csp$/);
      const person = someone('Noor Forgetful');
      await site.signUp(await site.invite({ verify_email: true }), person);
      await page.goto(await sink.link(person.email, 'activate'));
      await page.getByRole('link', { name: 'Set a new password instead' }).click();
      const password = page.getByLabel('New password');
      await watch.during(422, async () => {
        await password.fill('short');
        await page.getByRole('button', { name: 'Set password and activate account' }).click();
        await expect(password).toHaveAttribute('aria-invalid', 'true');
      });
      await password.fill(NEW);
      await page.getByRole('button', { name: 'Set password and activate account' }).click();
      await expect(page).toHaveURL(/\/me$/);

      await page.context().clearCookies({ name: 'latchkey' });
      await page.goto('/login');
      await watch.during(401, () => signIn(page, person));
      await signIn(page, { ...person, password: NEW });
      await expect(page).toHaveURL(/\/me$/);
    });

    test('a mistyped address is told, and corrected', async ({ site, sink, visitor: { page, watch } }) => {
      watch.tolerate(/latchkey\.js: csp$/);
      const person = someone('Mateo Mistyped');
      const mistyped = { ...person, email: `typo.${person.email}` };
      sink.refused.set(mistyped.email, '550 5.1.1 No such mailbox');
      await signUp(page, site, mistyped);
      await expect(async () => {
        await page.reload();
        await expect(page.getByRole('main')).toContainText('The message could not be delivered.', { timeout: 1_000 });
      }).toPass();
      if (javaScriptEnabled) await expectAccessible(page, 'a message that was not delivered');

      const email = page.getByLabel('E-mail', { exact: true });
      await page.getByText('Use another address', { exact: true }).click();
      // The browser itself would refuse what has no @.
      await watch.during(422, async () => {
        await email.fill('mateo@postbox');
        await page.getByRole('button', { name: 'Change address' }).click();
        await expect(email).toHaveAttribute('aria-invalid', 'true');
      });
      await expect(email).toHaveValue('mateo@postbox');
      await email.fill(person.email);
      await page.getByRole('button', { name: 'Change address' }).click();
      await expect(page.getByRole('main')).toContainText(`sent to ${person.email}`);
      await page.goto(await sink.link(person.email, 'activate'));
      await page.getByLabel('Password', { exact: true }).fill(person.password);
      await page.getByRole('button', { name: 'Activate account' }).click();
      await expect(page).toHaveURL(/\/me$/);
    });
  });
}

test('whether an address has an account already is told in a message to it alone', async ({ site, sink, visitor: { page } }) => {
  const settled = someone('Sofia Settled');
  await site.signUp(await site.invite(), settled);
  const other = { ...someone('Olga Other'), email: settled.email };
  await signUp(page, site, other);
  await expect(page.getByRole('main')).toContainText(settled.email);
  await expect.poll(() => sink.textsTo(settled.email).length).toBe(1);
  const [letter] = sink.textsTo(settled.email);
  expect(letter).toContain('/login');
  expect(letter).not.toContain('/activate/');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/login$/);
});

test('staff find who waits, have the link sent again, and mark an address as verified', async ({ site, sink, owner: { page }, visitor }) => {
  const person = someone('Wiremu Waiting');
  const id = await site.signUp(await site.invite({ verify_email: true }), person);
  const first = await sink.link(person.email, 'activate');

  await open(page, `/admin/members?status=unverified&q=${person.username}`);
  const main = page.getByRole('main');
  await expect(main.getByRole('row').filter({ hasText: person.username })).toContainText('Unverified');

  await open(page, `/admin/members/${id}`);
  await expect(main).toContainText('Deleted unless verified by');
  await main.getByRole('button', { name: 'Resend activation link' }).click();
  await expect(page.getByRole('status')).toContainText(`Activation link of ${person.name} queued again`);
  const second = await sink.link(person.email, 'activate', 2);
  expect(second).not.toBe(first);
  await visitor.watch.during(404, () => visitor.page.goto(first));

  await main.getByRole('button', { name: 'Mark as verified…' }).click();
  const dialog = page.getByRole('dialog', { name: `Mark ${person.name} as verified?` });
  await expect(dialog).toContainText(person.email);
  await dialog.getByRole('button', { name: 'Mark as verified' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Marked ${person.name} as verified` })).toBeVisible();
  await expect(main.getByRole('button', { name: 'Mark as verified…' })).toHaveCount(0);
  await expect(main).toContainText('E-mail verified');

  await visitor.watch.during(404, () => visitor.page.goto(second));
  await visitor.page.goto('/login');
  await signIn(visitor.page, person);
  await expect(visitor.page).toHaveURL(/\/me$/);
});

test('a new address is that of the account once it is confirmed', async ({ site, sink, visitor: { page, watch }, newcomer }) => {
  const member = someone('Tamsin Moving');
  await site.signUp(await site.invite(), member);
  await page.goto('/login');
  await signIn(page, member);
  await expect(page).toHaveURL(/\/me$/);
  await open(page, '/me/account');
  const card = page.getByRole('region', { name: 'Profile' });
  const ask = async (email: string): Promise<void> => {
    await card.getByRole('button', { name: 'Change username or e-mail' }).click();
    const dialog = page.getByRole('dialog', { name: 'Username and e-mail' });
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByLabel('Your password').fill(member.password);
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByRole('status').filter({ hasText: `We sent a link to ${email}.` })).toBeVisible();
    await expect(dialog).toBeHidden();
    await expect(card).toContainText(`Waits to be confirmed: ${email}`);
    await expect(card).toContainText(member.email);
  };

  const cancelled = `cancelled.${member.email}`;
  await ask(cancelled);
  const dead = await sink.link(cancelled, 'confirm-email');
  await expectAccessible(page, 'an address that is not confirmed');
  await card.getByRole('button', { name: 'Cancel change' }).click();
  await expect(card).not.toContainText('Waits to be confirmed');
  await newcomer.watch.during(404, () => newcomer.page.goto(dead));
  await expect(heading(newcomer.page)).toHaveText('This link is not valid');

  const moved = { ...member, email: `new.${member.email}` };
  await ask(moved.email);
  const link = await sink.link(moved.email, 'confirm-email');
  await newcomer.page.goto(link);
  await expect(newcomer.page.getByRole('main')).toContainText(moved.email);
  await page.reload();
  await expect(card).toContainText('Waits to be confirmed');
  const before = sink.textsTo(member.email).length;
  // The link alone is not enough.
  await newcomer.page.getByRole('button', { name: 'Sign in to confirm' }).click();
  await expect(newcomer.page).toHaveURL(/\/login\?next=%2Fconfirm-email%2F/);
  await page.goto(link);
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await expect(heading(page)).toHaveText('Your e-mail address was changed');
  await newcomer.watch.during(404, () => newcomer.page.goto(link));

  // The old address is told.
  await expect.poll(() => sink.textsTo(member.email).length).toBe(before + 1);
  await watch.during(404, () => page.goto(link));
  await page.goto('/me');
  await expect(page).toHaveURL(/\/login/);
  await page.getByLabel('E-mail or username').fill(moved.email);
  await page.getByLabel('Password', { exact: true }).fill(moved.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/me$/);
  await expect(page.getByRole('main')).toContainText(moved.email);
});

test('every new account waits if the settings say so', async ({ site, owner: { page }, visitor }) => {
  await open(page, '/admin/settings');
  const main = page.getByRole('main');
  const preview = main.locator('.signup-preview');
  await expect(preview).not.toContainText('a link is sent');
  await main.getByRole('switch', { name: /^Verify every e-mail address/ }).check();
  await expect(preview).toContainText('a link is sent');
  await main.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('status')).toContainText('Settings saved');
  await signUp(visitor.page, site, someone('Everyone Waits'), {});
  await site.set({ verify_email: false });
});

test('an invite asks for a verified address, or is for some addresses', async ({ site, owner: { page }, visitor }) => {
  const label = `Verified ${process.pid}`;
  await open(page, '/admin/invites');
  const dialog = await newInvite(page);
  await dialog.getByLabel(/^Name/).fill(label);
  await dialog.getByRole('checkbox', { name: /^Verify e-mail address/ }).check();
  await expect(dialog).not.toContainText('so they are verified anyway');
  await dialog.getByLabel('E-mail domains').fill('postbox.example');
  await expect(dialog).toContainText('so they are verified anyway');
  await dialog.getByLabel('E-mail domains').fill('');
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  const invite = await site.inviteNamed(label);
  await open(page, `/admin/invites/${invite.id}`);
  await expect(page.getByRole('main').getByText('Verify e-mail address')).toBeVisible();

  await signUp(visitor.page, site, someone('Dora Domain'), { email_domains: ['postbox.example'] });
});
