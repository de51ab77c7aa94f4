import { type Locator, type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { OWNER, expect, open, someone, test as base } from '../support/fixtures.ts';
import { freePort } from '../support/latchkey.ts';
import { Site } from '../support/site.ts';
import { type Letter, SmtpSink } from '../support/smtp-sink.ts';

// E-mail is set up for the whole site, so these tests have one of their own.
const test = base.extend<{ sink: SmtpSink }, { site: Site }>({
  site: [
    async ({}, use) => {
      const site = await Site.open();
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],

  sink: async ({}, use) => {
    const sink = await SmtpSink.start();
    await use(sink);
    sink.stop();
  },
});

const FROM = 'noreply@brambleyard.example';

/** The rows of test messages, newest first. */
const tests = (page: Page): Locator => page.getByRole('main').locator('tbody').getByRole('row').filter({ hasText: 'Test' });

const sendTest = (page: Page): Promise<void> => page.getByRole('main').getByRole('button', { name: 'Send a test' }).click();

/** The dialog with the form. */
async function edit(page: Page): Promise<Locator> {
  await page.getByRole('main').getByRole('button', { name: 'Edit', exact: true }).click();
  return page.getByRole('dialog', { name: 'Edit e-mail' });
}

test('e-mail is set up, a test arrives, and it is turned off', async ({ sink, owner: { page, watch } }) => {
  const main = page.getByRole('main');
  await open(page, '/admin/settings');
  await main.locator('#open-mail').click();
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('E-mail');
  await expect(main).toContainText('Invite links and reset links can be copied');
  await main.getByRole('button', { name: 'Set up e-mail' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set up e-mail' });

  // The port follows the encryption until one is typed.
  const port = dialog.getByLabel('Port');
  await expect(port).toHaveValue('587');
  await dialog.getByLabel('Encryption').selectOption('TLS');
  await expect(port).toHaveValue('465');
  await port.fill(`${sink.port}`);
  await dialog.getByLabel('Encryption').selectOption('None');
  await expect(port).toHaveValue(`${sink.port}`);

  // What is wrong is said below each field, and what was typed stays.
  const server = dialog.getByLabel('Server', { exact: true });
  const from = dialog.getByLabel('From address');
  await server.fill('mail.example.org:25');
  await from.fill('noreply');
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Turn on e-mail' }).click();
    await expect(server).toHaveAttribute('aria-invalid', 'true');
  });
  await expect(from).toHaveAttribute('aria-invalid', 'true');
  await expect(from).toHaveValue('noreply');
  await expectAccessible(page, 'e-mail with errors');

  await server.fill('127.0.0.1');
  await from.fill(FROM);
  await dialog.getByLabel('From name').fill('The makers');
  await dialog.getByRole('button', { name: 'Turn on e-mail' }).click();
  await expect(dialog).toBeHidden();
  await expect(main).toContainText(`Sends from The makers <${FROM}> by 127.0.0.1`);

  await sendTest(page);
  await expect(tests(page)).toHaveCount(1);
  await expect(tests(page)).toContainText('Sent');
  await expect(tests(page)).toContainText('1 attempt');
  await expect(tests(page).getByRole('link', { name: OWNER.email })).toBeVisible();
  await expect(page.getByRole('status')).toContainText(`Sent to ${OWNER.email}`);
  const letter = sink.letters.find(({ to }) => to.includes(OWNER.email));
  expect(letter?.from).toBe(FROM);
  expect(letter?.text).toMatch(/^From: .*The makers.* <noreply@brambleyard\.example>/m);
  expect(letter?.text).toMatch(/^Content-Type: multipart\/alternative/m);
  await expectAccessible(page, 'e-mail');

  await main.getByRole('button', { name: 'Turn off…' }).click();
  const question = page.getByRole('dialog', { name: 'Turn off e-mail?' });
  await expect(question).toContainText('Queued messages stay in the list');
  await question.getByRole('button', { name: 'Turn off e-mail' }).click();
  await expect(main.getByRole('heading', { name: 'E-mail is off' })).toBeVisible();
  // What was sent can still be seen, and not be sent again.
  await expect(tests(page)).toHaveCount(1);
  await expect(main.getByRole('button', { name: /^Resend/ })).toHaveCount(0);
});

test('a server that is not there is reported, until it is', async ({ site, sink, owner: { page } }) => {
  const main = page.getByRole('main');
  await site.setMail(await freePort());
  await open(page, '/admin/mail');
  await expect(main).toContainText(`Sends from Latchkey <${FROM}> by 127.0.0.1`);
  await sendTest(page);
  await expect(main.getByText('E-mail can’t be sent')).toBeVisible();
  await expect(main.getByRole('region', { name: 'Server' })).toContainText('Failing');
  await expectAccessible(page, 'e-mail that fails');

  const dialog = await edit(page);
  await expect(dialog.getByLabel('From address')).toHaveValue(FROM);
  await dialog.getByLabel('Port').fill(`${sink.port}`);
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  // What waits is sent by itself.
  await expect.poll(() => sink.letters.length, { timeout: 30_000 }).toBe(1);
  await expect(async () => {
    await main.getByRole('button', { name: 'Refresh' }).click();
    await expect(tests(page).first()).toContainText('Sent', { timeout: 1_000 });
  }).toPass();
  await expect(main.getByText('E-mail can’t be sent')).toHaveCount(0);
  await expect(main.getByRole('region', { name: 'Server' })).not.toContainText('Failing');
});

test('a message that is refused is sent again once the server accepts it', async ({ site, sink, owner: { page } }) => {
  const main = page.getByRole('main');
  await site.setMail(sink.port);
  sink.refused.set(OWNER.email, '550 5.1.1 No such mailbox');
  await open(page, '/admin/mail');
  const before = await tests(page).count();
  await sendTest(page);
  await expect(tests(page)).toHaveCount(before + 1);
  const row = tests(page).first();
  await expect(row).toContainText('Failed');
  await expect(row).toContainText('550');
  await expect(row).toContainText('No such mailbox');
  // The server is well.
  await expect(main.getByText('E-mail can’t be sent')).toHaveCount(0);

  await main.getByRole('link', { name: 'Failed', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/mail\?status=failed$/);
  await expect(tests(page)).toHaveCount(1);

  sink.refused.clear();
  await tests(page).getByRole('button', { name: `Resend Test to ${OWNER.email}` }).click();
  await expect(page.getByRole('status')).toContainText(`Sent to ${OWNER.email}`);
  await expect(main).toContainText('No messages found');
  await main.getByRole('link', { name: 'Show all messages' }).click();
  await expect(row).toContainText('Sent');
  expect(sink.letters).toHaveLength(1);
});

test('the page is found by the search', async ({ owner: { page } }) => {
  await open(page, '/admin');
  await page.keyboard.press('/');
  const search = page.getByRole('dialog', { name: 'Search', exact: true });
  await expect(search.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('smtp');
  await search.getByRole('option', { name: 'E-mail' }).click();
  await expect(page).toHaveURL(/\/admin\/mail$/);
  await expect(page.locator('.nav a[href="/admin/settings"]')).toHaveAttribute('aria-current', 'page');
});

test('a new link that is refused is reported on the page of its invite, and copied from there or from the list', async ({ site, sink, owner: { page } }) => {
  const main = page.getByRole('main');
  await site.setMail(sink.port);
  const { email } = someone('Mateo Refused');
  sink.refused.set(email, '550 5.1.1 No such mailbox');
  const invite = await site.invite({ label: `Winter course ${process.pid}` });
  await site.act(invite, 'pause');
  await site.askForLink(invite, email, '');
  const granted = await site.grantLink(email);
  // The one who granted it is told by mail as well.
  const isNotice = ({ to, text }: Letter): boolean => to.includes(OWNER.email) && /^Subject: .*could not be delivered/m.test(text);
  await expect.poll(() => sink.letters.filter(isNotice).length).toBe(1);
  await open(page, `/admin/invites/${granted.id}`);
  await expect(main.getByText(/could not be delivered: 550 5\.1\.1 No such mailbox\./)).toContainText(email);
  await expect(main.getByRole('button', { name: 'Copy link' }).first()).toBeVisible();
  await expectAccessible(page, 'an invite whose message failed');

  await open(page, '/admin/mail?status=failed');
  await main.getByRole('button', { name: `Copy link of New link to ${email}` }).click();
  await expect(page.getByRole('status')).toContainText('copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(granted.url);
});
