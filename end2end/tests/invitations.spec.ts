import { type Locator, type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { type Person, OWNER, expect, open, someone } from '../support/fixtures.ts';
import { test } from '../support/mail-fixtures.ts';
import { type SmtpSink, readable } from '../support/smtp-sink.ts';

// Staff invite people by e-mail, and see what becomes of each invitation.

/** The texts of the messages to an address. */
const lettersTo = (sink: SmtpSink, email: string): string[] =>
  sink.letters.filter(({ to }) => to.includes(email)).map(({ text }) => readable(text));

/** What matches in the newest message to an address, once there are so many. */
async function inLetter(sink: SmtpSink, email: string, what: RegExp, count = 1): Promise<string> {
  await expect.poll(() => lettersTo(sink, email).length, { timeout: 20_000 }).toBe(count);
  const found = what.exec(lettersTo(sink, email)[count - 1]!);
  expect(found, email).not.toBeNull();
  return found![0];
}

/** With the proof of the address, which no link that staff copy has. */
const INVITE_LINK = /http\S*\/inv\/[\w-]+\?proof=[\w-]{43}/;

const withoutProof = (link: string): string => link.split('?')[0]!;
const STOP_LINK = /http\S*\/invitations\/stop\/[\w.-]+/;

/** The row of a recipient. */
const row = (page: Page, email: string): Locator => page.getByRole('main').getByRole('row').filter({ hasText: email });

/** Fills in who is invited, and shows what was found. */
async function preview(page: Page, text: string): Promise<Locator> {
  await page.getByLabel('Names and addresses').fill(text);
  await page.getByRole('button', { name: 'Preview' }).click();
  const found = page.getByRole('region', { name: 'What was found' });
  await expect(found.locator('strong').first()).toBeVisible();
  return found;
}

/** Sends, and waits until the page of the mailing is there. */
async function send(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: count === 1 ? 'Send 1 invitation' : `Send ${count} invitations` }).click();
  await expect(page).toHaveURL(/\/admin\/invitations\/[0-9a-f-]{36}$/);
}

/** Opens the page on which invitations are sent and invites one person. */
async function inviteOne(page: Page, { email }: Person): Promise<void> {
  await open(page, '/admin/invitations/new');
  await preview(page, email);
  await send(page, 1);
}

/** What the menu of a recipient offers. */
async function act(page: Page, email: string, name: string): Promise<void> {
  const recipient = row(page, email);
  await recipient.getByRole('button', { name: `More for ${email}` }).click();
  await recipient.getByRole('button', { name, exact: true }).click();
}

test('people are invited by e-mail, and one joins with a link of their own', async ({ sink, owner: { page, watch }, visitor }) => {
  const [ada, grace] = [someone('Ada Lovelace'), someone('Grace Hopper')];
  const label = `Winter course ${process.pid}`;
  const main = page.getByRole('main');
  await open(page, '/admin/invites');
  await main.getByRole('link', { name: 'Invitations', exact: true }).click();
  await main.getByRole('link', { name: 'Invite by e-mail' }).first().click();
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Invite by e-mail');

  // What can't be read is listed, and what was typed stays.
  const typed = `${ada.name} <${ada.email}>\n${ada.email}\nnobody\n${grace.email}`;
  const found = await preview(page, typed);
  await expect(found).toContainText('2 recipients');
  await expect(found).toContainText('1 address is listed more than once.');
  await expect(found.getByRole('table', { name: 'Entries that can’t be read' }).getByRole('row').nth(1)).toContainText('nobody');
  await expectAccessible(page, 'a preview of invitations');
  await page.getByLabel('Name (optional)', { exact: true }).fill(label);
  await page.getByLabel('Personal message').fill('See you at the kiln.');
  await watch.during(422, async () => {
    await page.getByRole('button', { name: 'Send 2 invitations' }).click();
    await expect(page.getByLabel('Names and addresses')).toHaveAttribute('aria-invalid', 'true');
  });
  await expect(page.getByLabel('Names and addresses')).toHaveValue(typed);
  await expect(page.getByLabel('Personal message')).toHaveValue('See you at the kiln.');
  await page.getByRole('checkbox', { name: /^Leave out this entry/ }).check();
  await send(page, 2);

  await expect(main.getByRole('heading', { level: 1 })).toHaveText(label);
  await expect(row(page, ada.email)).toContainText('Sent', { timeout: 20_000 });
  await expect(row(page, grace.email)).toContainText('Sent', { timeout: 20_000 });
  await expectAccessible(page, 'a mailing');
  const link = await inLetter(sink, ada.email, INVITE_LINK);
  expect(await inLetter(sink, grace.email, INVITE_LINK)).not.toBe(link);
  const [letter] = lettersTo(sink, ada.email);
  expect(letter).toContain('See you at the kiln.');
  expect(letter).toContain(OWNER.name);
  expect(letter).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/im);

  await visitor.page.goto(link);
  await expect(visitor.page.getByLabel('E-mail')).toHaveValue(ada.email);
  await expect(visitor.page.getByLabel('E-mail')).toHaveAttribute('readonly');
  await expect(visitor.page.getByLabel(/^Name/)).toHaveValue(ada.name);
  await page.reload();
  await expect(row(page, ada.email)).toContainText('Opened');
  await visitor.page.getByLabel('Username').fill(ada.username);
  await visitor.page.getByLabel('Password', { exact: true }).fill(ada.password);
  await visitor.page.getByRole('button', { name: /^Join / }).click();
  // The link of the mail has proved the address.
  await expect(visitor.page).toHaveURL(/\/me$/);

  await page.reload();
  await expect(row(page, ada.email)).toContainText('Joined');
  await expect(row(page, ada.email).getByRole('link', { name: ada.name })).toBeVisible();
  await main.getByRole('link', { name: /^Joined/ }).click();
  await expect(page).toHaveURL(/\?status=joined$/);
  await expect(row(page, ada.email)).toBeVisible();
  await expect(row(page, grace.email)).toHaveCount(0);
});

test('a CSV file says what is known of people, and it can be locked', async ({ sink, owner: { page }, visitor }) => {
  const person = someone('Wangari Njoroge');
  await open(page, '/admin/invitations/new');
  const csv = `\uFEFFemail;name;username;team\r\n${person.email};"${person.name}";${person.username};Clay\r\n`;
  await page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await expect(page.getByLabel('Names and addresses')).toHaveValue(/email;name;username;team/);
  await page.getByRole('radio', { name: 'Locked' }).check({ force: true });
  await page.getByRole('button', { name: 'Preview' }).click();
  const found = page.getByRole('region', { name: 'What was found' });
  await expect(found.getByRole('row').nth(1)).toContainText('Team: Clay');
  await send(page, 1);

  // As staff copy it.
  await visitor.page.goto(withoutProof(await inLetter(sink, person.email, INVITE_LINK)));
  for (const [field, value] of [['Username', person.username], ['Name', person.name], ['Team', 'Clay']] as const) {
    await expect(visitor.page.getByLabel(field, { exact: true })).toHaveValue(value);
    await expect(visitor.page.getByLabel(field, { exact: true })).toHaveAttribute('readonly');
  }
  await visitor.page.getByLabel('Password', { exact: true }).fill(person.password);
  await visitor.page.getByRole('button', { name: /^Join / }).click();
  // The invite is for one address, which is verified therefore.
  await expect(visitor.page).toHaveURL(/\/verify-email$/);
});

test('the link of one invite is sent to all', async ({ site, sink, owner: { page, watch } }) => {
  const [ada, grace] = [someone('Ada'), someone('Grace')];
  const invite = await site.invite({ label: `Open evening ${process.pid}`, max_uses: 20 });
  await open(page, `/admin/invites/${invite.id}`);
  await page.getByRole('main').getByRole('link', { name: 'Send by e-mail' }).click();
  await expect(page).toHaveURL(new RegExp(`\\?invite=${invite.id}$`));
  await expect(page.getByLabel('Terms')).toHaveValue(invite.id);
  await page.getByRole('radio', { name: 'One link for all' }).check({ force: true });
  await expect(page.getByLabel('Invite', { exact: true })).toHaveValue(invite.id);

  // An invite has to be chosen.
  await page.getByLabel('Invite', { exact: true }).selectOption('Choose an invite');
  await page.getByLabel('Names and addresses').fill(`${ada.email}, ${grace.email}`);
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByLabel('Invite', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Invite', { exact: true }).selectOption(invite.label!);
  await preview(page, `${ada.email}, ${grace.email}`);
  await send(page, 2);
  for (const { email } of [ada, grace]) expect(withoutProof(await inLetter(sink, email, INVITE_LINK))).toBe(invite.url);
  watch.check();
});

test('a person who wants no more invitations gets none', async ({ sink, owner: { page }, visitor }) => {
  const person = someone('Mehmet');
  await inviteOne(page, person);
  const stop = await inLetter(sink, person.email, STOP_LINK);
  await visitor.page.goto(stop);
  await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText('Stop invitations');
  await visitor.page.getByRole('button', { name: 'Stop invitations' }).click();
  await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText('Invitations stopped');
  await visitor.watch.during(404, () => visitor.page.goto(`${stop}x`));

  await open(page, '/admin/invitations/new');
  const other = someone('Lena');
  const found = await preview(page, `${person.email}\n${other.email}`);
  await expect(found).toContainText('1 address wants no more invitations and gets no message.');
  await page.locator('#send-invitations').click();
  await expect(row(page, other.email)).toContainText('Sent', { timeout: 20_000 });
  expect(lettersTo(sink, person.email)).toHaveLength(1);
});

test('an invitation is sent again, with a fresh link, and revoked', async ({ sink, owner: { page, watch }, visitor }) => {
  const [ines, tove, mia] = [someone('Ines'), someone('Tove'), someone('Mia')];
  sink.refused.set(ines.email, '550 5.1.1 No such mailbox');
  await inviteOne(page, ines);
  await expect(row(page, ines.email)).toContainText('Not delivered', { timeout: 20_000 });
  await row(page, ines.email).getByText('Details').click();
  await expect(row(page, ines.email)).toContainText('No such mailbox');
  // While something is open, the page does not change below it.
  await row(page, ines.email).getByText('Details').click();

  sink.refused.clear();
  await act(page, ines.email, 'Resend');
  await expect(page.getByRole('status')).toContainText(`Invitation to ${ines.email} on its way`);
  await inLetter(sink, ines.email, INVITE_LINK);
  await expect(row(page, ines.email)).toContainText('Sent', { timeout: 20_000 });
  // Not at once once more.
  await watch.during(429, async () => {
    await act(page, ines.email, 'Resend');
    await expect(page.getByRole('status')).toContainText('sent again less than 10 minutes ago');
  });

  await inviteOne(page, tove);
  const first = await inLetter(sink, tove.email, INVITE_LINK);
  await expect(row(page, tove.email)).toContainText('Sent', { timeout: 20_000 });
  await act(page, tove.email, 'Send a fresh link…');
  await page.getByRole('dialog').getByRole('button', { name: 'Send a fresh link' }).click();
  const second = await inLetter(sink, tove.email, INVITE_LINK, 2);
  expect(second).not.toBe(first);
  await visitor.watch.during(410, () => visitor.page.goto(first));

  await inviteOne(page, mia);
  const link = await inLetter(sink, mia.email, INVITE_LINK);
  await expect(row(page, mia.email)).toContainText('Sent', { timeout: 20_000 });
  await page.getByRole('main').getByRole('button', { name: 'Resend to all who have not joined…' }).click();
  const question = page.getByRole('dialog', { name: 'Resend to all who have not joined?' });
  await expect(question).toContainText('1 person gets the message again');
  await question.getByRole('button', { name: 'Resend' }).click();
  expect(await inLetter(sink, mia.email, INVITE_LINK, 2)).toBe(link);

  await act(page, mia.email, 'Revoke…');
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke invitation' }).click();
  await expect(row(page, mia.email)).toContainText('Revoked');
  await visitor.watch.during(410, () => visitor.page.goto(link));
});

test('what was typed is kept until it is discarded, and the page is found by the search', async ({ owner: { page } }) => {
  await open(page, '/admin');
  await page.keyboard.press('/');
  const search = page.getByRole('dialog', { name: 'Search', exact: true });
  await expect(search.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('invite by');
  await search.getByRole('option', { name: 'Invite by e-mail' }).click();
  await expect(page).toHaveURL(/\/admin\/invitations\/new$/);
  await page.getByLabel('Names and addresses').fill('ada@example.org');
  await page.getByRole('main').getByRole('link', { name: 'Invitations', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Discard changes?' });
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await expect(page.getByLabel('Names and addresses')).toHaveValue('ada@example.org');
});
