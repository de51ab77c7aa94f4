import { type Page } from '@playwright/test';

import { type Person, expect, signIn, someone } from '../support/fixtures.ts';
import { test } from '../support/mail-fixtures.ts';
import { type SmtpSink } from '../support/smtp-sink.ts';

// People who forgot their password help themselves, and are told of what happens to their account.

const NEW = 'eleven dry umbrellas in Braga';

/** The texts of the messages to a person, with lines as they were before they were sent. */
const lettersTo = (sink: SmtpSink, { email }: Person): string[] =>
  sink.letters.filter(({ to }) => to.includes(email)).map(({ text }) => text.replaceAll(/=\r?\n/g, ''));

/** Asks for a link from the sign-in page on. */
async function ask(page: Page, login: string): Promise<void> {
  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Forgot your password?');
  await page.getByLabel('E-mail or username').fill(login);
  await page.getByRole('button', { name: 'Send link' }).click();
}

test('a link arrives by e-mail, sets a new password once, and the change is told', async ({ site, sink, visitor: { page, watch } }) => {
  const member = someone('Ines Mailed');
  await site.signUp(await site.invite(), member);
  await ask(page, member.username);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your e-mail');
  await expect.poll(() => lettersTo(sink, member).length).toBe(1);
  const [link] = /http\S*\/reset\/[\w-]{43}/.exec(lettersTo(sink, member)[0]!)!;

  await page.goto(link);
  await expect(page.getByLabel('Username')).toHaveValue(member.username);
  await page.getByLabel('New password').fill(NEW);
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByRole('main')).toContainText('Your password has been changed. Sign in with the new password.');
  await signIn(page, { ...member, password: NEW });
  await expect(page).toHaveURL(/\/me$/);
  await expect.poll(() => lettersTo(sink, member).length).toBe(2);
  expect(lettersTo(sink, member)[1]).toMatch(/^Subject: .*password was changed/m);
  await watch.during(404, () => page.goto(link));
});

test('who has no account is told the same, and what cannot be an address is corrected', async ({ sink, visitor: { page, watch } }) => {
  const nobody = someone('Nobody Here');
  const before = sink.letters.length;
  await watch.during(422, async () => {
    await ask(page, 'nobody@');
    await expect(page.getByLabel('E-mail or username')).toHaveAccessibleDescription(/like name@example\.org/);
  });
  await expect(page.getByLabel('E-mail or username')).toHaveValue('nobody@');
  await page.getByLabel('E-mail or username').fill(nobody.email);
  await page.getByRole('button', { name: 'Send link' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your e-mail');
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByLabel('E-mail or username')).toBeFocused();
  expect(sink.letters.length).toBe(before);
});

test('a sign-in with a second browser is told, and with the first one it is not', async ({ site, sink, visitor, newcomer }) => {
  const member = someone('Noor Alerted');
  await site.signUp(await site.invite(), member);
  for (const { page } of [visitor, newcomer, visitor]) {
    await page.context().clearCookies({ name: 'latchkey' });
    await page.goto('/login');
    await signIn(page, member);
    await expect(page).toHaveURL(/\/me$/);
  }
  await expect.poll(() => lettersTo(sink, member).length).toBe(1);
  expect(lettersTo(sink, member)[0]).toMatch(/^Subject: .*sign-in from a new browser/m);
});
