import { type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { OWNER, type Person, expect, someone, test as base } from '../support/fixtures.ts';
import { Site } from '../support/site.ts';
import { type Letter, SmtpSink, partsOf } from '../support/smtp-sink.ts';

// Every kind of message, looked at as a mail program shows it: by axe in light and dark, at four widths, without pictures. They
// are sent by a server of their own, because of what people do. LATCHKEY_PICTURES=1 takes pictures of them all.

/** The widths at which every message has to look right: the narrowest phone, a tablet, a part of a window, and a window. */
const WIDTHS = [320, 640, 1024, 1280] as const;
const SCHEMES = ['light', 'dark'] as const;

/** A word that is longer than a narrow line. */
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenmacherei';

type World = { site: Site; sink: SmtpSink; member: Person };

/** The kinds of messages (`MailKind` of the API, which the last test reads), with what has one sent and to whom. */
const KINDS: Record<string, (world: World) => Promise<string>> = {
  test: async ({ site }) => {
    await site.testMail();
    return OWNER.email;
  },
  password_reset: async ({ site, member }) => {
    await site.sendForm('/forgot', { login: member.username });
    return member.email;
  },
  password_changed: async ({ site, member }) => {
    const link = await site.resetLink(await site.accountOf(member));
    await site.sendForm(new URL(link).pathname, { password: member.password });
    return member.email;
  },
  new_sign_in: async ({ site, member }) => {
    // With the first browser there is none to compare with.
    for (let browser = 0; browser < 2; browser++) {
      await site.sendForm('/login', { login: member.username, password: member.password });
    }
    return member.email;
  },
  link_requested: async ({ site }) => {
    await asked(site, longAddress(), `${LONG} ${LONG}`);
    return OWNER.email;
  },
  link_granted: async ({ site }) => {
    const email = longAddress();
    await asked(site, email);
    await site.grantLink(email);
    return email;
  },
  mail_failed: async ({ site, sink }) => {
    const email = longAddress();
    sink.refused.set(email, `550 5.1.1 No such mailbox: ${'x'.repeat(200)}`);
    await asked(site, email);
    await site.grantLink(email);
    return OWNER.email;
  },
  activation: async ({ site }) => {
    const person = someone('Noor Unverified');
    await site.signUp(await site.invite({ verify_email: true }), person);
    return person.email;
  },
  email_change: async ({ site, member }) => {
    const email = longAddress();
    await site.askForEmail(member, email);
    return email;
  },
  email_changed: async ({ site, sink }) => {
    const person = someone('Tamsin Moving');
    await site.signUp(await site.invite(), person);
    const email = longAddress();
    await site.askForEmail(person, email);
    await site.confirmEmail(person, await sink.link(email, 'confirm-email'));
    return person.email;
  },
  invitation: async ({ site }) => {
    const email = longAddress();
    const recipients = [{ email, name: LONG }];
    await site.inviteByMail({ terms: { label: LONG, expires_in_hours: 720 }, recipients, message: `${LONG}\n\n${LONG} ${LONG}` });
    return email;
  },
  invitation_reminder: async ({ site, sink }) => {
    const email = longAddress();
    // People are reminded two days before the end.
    const expires_at = new Date(Date.now() + 2 * 24 * 60 * 60_000 + 10_000).toISOString();
    await site.inviteByMail({ terms: { label: LONG, expires_at }, recipients: [{ email }], message: LONG, reminder: true });
    // The next invitation has the server look for what is due.
    const invited = { timeout: 45_000, intervals: [2_000] };
    const both = async (): Promise<number> => {
      await site.inviteByMail({ terms: {}, recipients: [{ email: someone().email }] });
      return sink.textsTo(email).length;
    };
    await expect.poll(both, invited).toBe(2);
    return email;
  },
};

/** The subjects of the kinds. */
const SUBJECTS: Record<string, RegExp> = {
  test: /test message/,
  password_reset: /reset your password/,
  password_changed: /your password was changed/,
  new_sign_in: /sign-in from a new browser/,
  link_requested: /somebody asks for a new link/,
  link_granted: /your new invite link/,
  mail_failed: /your message could not be delivered/,
  activation: /verify your e-mail address/,
  email_change: /confirm your new e-mail address/,
  email_changed: /your e-mail address was changed/,
  invitation: /^(?!Reminder).*invites you to/,
  invitation_reminder: /^Reminder: .*invites you to/,
};

const longAddress = (): string => `somebody-with-a-long-name-${someone().email}`;

/** Has an address ask for a new link of an invite that is over. */
async function asked(site: Site, email: string, note = ''): Promise<void> {
  const invite = await site.invite({ label: LONG });
  await site.act(invite, 'pause');
  await site.askForLink(invite, email, note);
}

const test = base.extend<{}, { world: World; site: Site }>({
  world: [
    async ({}, use) => {
      const sink = await SmtpSink.start();
      const site = await Site.open();
      await site.setMail(sink.port);
      const member = someone('Ines Mailed');
      await site.signUp(await site.invite(), member);
      await use({ site, sink, member });
      await site.close();
      sink.stop();
    },
    { scope: 'worker' },
  ],

  site: [async ({ world }, use) => use(world.site), { scope: 'worker' }],
});

/** The message of a kind to an address, once it has arrived. */
async function arrived({ sink }: World, kind: string, address: string): Promise<Letter> {
  // A long subject is folded (RFC 5322).
  const subject = (text: string): string => /^Subject: (.*(?:\n[ \t].*)*)/m.exec(text)![1]!.replaceAll(/\n[ \t]/g, ' ');
  const isIt = ({ to, text }: Letter): boolean => to.includes(address) && SUBJECTS[kind]!.test(subject(text));
  const found = (): Letter | undefined => sink.letters.find(isIt);
  await expect.poll(() => found() !== undefined, { timeout: 20_000 }).toBe(true);
  return found()!;
}

/** Shows a message alone, with nothing from elsewhere. */
async function show(page: Page, html: string): Promise<string[]> {
  const wanted: string[] = [];
  await page.route('**', (route) => {
    wanted.push(route.request().url());
    return route.abort();
  });
  await page.setContent(html);
  return wanted;
}

for (const [kind, cause] of Object.entries(KINDS)) {
  test(`a message of the kind ${kind} is readable everywhere`, async ({ world, page }) => {
    test.setTimeout(90_000);
    const letter = await arrived(world, kind, await cause(world));
    expect(letter.text).toMatch(/^Auto-Submitted: auto-generated$/m);
    const { text, html } = partsOf(letter);
    expect(await show(page, html), 'it needs nothing from elsewhere').toEqual([]);
    await expect(page.locator('img, picture, svg, video, object, iframe, script, link')).toHaveCount(0);
    expect(html).not.toMatch(/url\(|@import/);

    // Both parts have the same words.
    const heading = await page.getByRole('heading', { level: 1 }).innerText();
    const plain = text.replaceAll(/\s+/g, ' ');
    expect(plain).toContain(heading);
    for (const paragraph of await page.locator('p').filter({ hasNot: page.locator('a') }).allInnerTexts()) {
      expect(plain).toContain(paragraph.replaceAll(/\s+/g, ' ').trim());
    }
    for (const link of await page.locator('a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))) {
      expect(plain).toContain(link.replace(/\/$/, ''));
    }

    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const where = `${kind}, ${colorScheme}, ${width} px`;
        expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), where).toBeLessThanOrEqual(0);
        await expectAccessible(page, where);
        if (process.env.LATCHKEY_PICTURES) {
          await page.screenshot({ path: `output/screenshots/mail-${kind}-${width}-${colorScheme}.png`, fullPage: true });
        }
      }
    }
  });
}

test('every kind of message is looked at', async ({ site }) => {
  const document = await (await site.api.get('/api/v1/openapi.json')).json();
  expect(Object.keys(KINDS).sort()).toEqual([...document.components.schemas.MailKind.enum].sort());
  expect(Object.keys(SUBJECTS).sort()).toEqual(Object.keys(KINDS).sort());
});
