import { expect } from '@playwright/test';

import { OWNER, PASSWORD, type Person, someone } from '../people.ts';
import { Receiver } from '../receiver.ts';
import { type Application, type Group, type Invite, Site } from '../site.ts';
import { SmtpSink, readable } from '../smtp-sink.ts';

/** Words that are longer than any column. */
export const GERMAN = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(4);
/** Words that are read from right to left. */
export const ARABIC = 'أمسية مفتوحة في ورشة النجارة للجيران والأصدقاء الجدد في الحي القديم. ';

/** Addresses that the mail server refuses, and its replies. */
const REFUSED = [
  ['kassenverwaltung'.repeat(3), `550 5.1.1 ${'The mailbox of this recipient is not known to this server. '.repeat(5)}`],
  ['lena', '451 4.7.1 Greylisted, please try again later'],
] as const;

/** A member who is asked to accept terms when they sign in. */
export const ASKED: Person = { email: 'asked@postbox.example', username: 'asked.member', name: 'Kwabena Asante', password: PASSWORD };

const REDIRECT = 'https://chat.example.org/oauth/oidc/callback';

/**
 * The demonstration (`latchkey demo`), whose people and invites have names from all over the world, and what it lacks: names of
 * maximum length everywhere, everything that an invite can say, and what other systems have answered.
 */
export class Sample {
  private constructor(
    readonly site: Site,
    private readonly receivers: Receivers,
    readonly invites: Record<'open' | 'paused' | 'usedUp' | 'scheduled' | 'deleted' | 'long' | 'arabic' | 'all' | 'groups' | 'steps' | 'asks', Invite>,
    readonly accounts: Record<'member' | 'long' | 'pending' | 'declined' | 'suspended' | 'ended' | 'moderator' | 'unverified', string>,
    readonly groups: Record<'potters' | 'long' | 'empty', Group>,
    readonly applications: Record<'chat' | 'site' | 'long' | 'closed', Application>,
    readonly webhooks: Record<'failing' | 'idle', { id: string }>,
    /** Flows of the sign-up page, and terms that they ask for. */
    readonly flows: Record<'course' | 'long', { id: string }>,
    readonly terms: { id: string },
    /** Invitations by e-mail, and the path with which a recipient of them gets no more. */
    readonly mailings: Record<'own' | 'one', string> & { stop: string },
    /** A member who has been invited to everything, with the longest name. */
    readonly member: Person,
    /** An account that is pending approval. */
    readonly pending: Person,
    /** An account whose address is not verified, of the longest length. */
    readonly unverified: Person,
    /**
     * The paths of links in messages: one that activates the account that is not verified, one whose address got an account
     * meanwhile, and one that confirms another address of the member.
     */
    readonly links: Record<'activate' | 'taken' | 'confirm', string>,
  ) {}

  /** Opens it; `more` is added to the environment of its server. */
  static async open(more: Record<string, string> = {}): Promise<Sample> {
    const site = await Site.demo([], more);
    const receivers = [await Receiver.start(), await Receiver.start(), await SmtpSink.start()] as const;
    try {
      return await Sample.fill(site, receivers);
    } catch (error) {
      await close(site, receivers);
      throw error;
    }
  }

  private static async fill(site: Site, receivers: Receivers): Promise<Sample> {
    const [healthy, failing, sink] = receivers;
    failing.status = 503;

    await site.set({
      allowed_origins: ['https://forum.example.org'],
      welcome_text: 'Good to have you here.\nThe workshop is open on Fridays.',
      welcome_url: 'https://forum.example.org/start',
      welcome_label: 'Open the forum',
      // Its people are signed in with several browsers, which would fill the list of messages.
      sign_in_alerts: false,
    });
    const long = await site.group(GERMAN.slice(0, 64), [], { description: ARABIC.repeat(4).slice(0, 200), permissions: ['invites.create'] });
    const empty = await site.group('ورشة الخشب للمبتدئين والجيران');
    const potters = await site.groupNamed('Potters');

    const everything = {
      email_domains: ['example.org', 'werkstatt-oberwaldhausen.example'],
      approval: true,
      attributes: [
        { key: 'team', value: 'Clay and glazes', locked: true },
        { key: 'course_year', value: '2', locked: false },
      ],
      welcome_text: '**Welcome to the winter course.**\n\n- Bring boots\n- Read [the rules](https://rules.example)',
      after: '/me/account',
      ends: { of: 'account', after_days: 90 },
      max_uses: 25,
      existing_members: false,
      groups: [long.id, empty.id],
    };
    const houseRules = await site.terms(GERMAN.slice(0, 80), `## Rules\n\n${ARABIC}\n\n- Sweep up\n- ${GERMAN}`);
    const fields = [
      { key: 'motto', label: GERMAN.slice(0, 120), help: ARABIC.repeat(4).slice(0, 300).trim(), required: true },
      { key: 'about', label: 'About you', type: 'long_text' },
      { key: 'level', label: 'How long have you been at it?', type: 'choice', choices: ['New to it', GERMAN.slice(0, 80)] },
      { key: 'craft', label: 'Craft', type: 'choice', choices: ['Clay', 'Glass', 'Leather', 'Metal', 'Paper', GERMAN.slice(0, 80)] },
      { key: 'days', label: 'Days', type: 'choices', choices: ['Mon', 'Tue', 'Wed', GERMAN.slice(0, 80)], min: 2, max: 3, required: true },
      { key: 'apron', label: 'Lend me an apron', help: 'We have four.', type: 'checkbox' },
      { key: 'size', label: 'Shoe size', type: 'number', min: 20, max: 60 },
      { key: 'born', label: 'Date of birth', type: 'date', max: '16 years ago' },
      { key: 'page', label: 'Your page', type: 'url' },
    ];
    const last = { title: 'Your account' };
    const refuse = { when: { field: 'motto', is: 'no' }, then: { refuse: `Then this is not for you. ${ARABIC}`.slice(0, 300).trim() } };
    const steps = await site.flow({ name: 'Course', steps: [{ title: GERMAN.slice(0, 80), fields }, last], rules: [refuse] });
    const asks = await site.flow({ name: 'Members', steps: [{ fields: fields.slice(0, 6) }], terms: [houseRules.id] });
    const label = GERMAN.slice(0, 200);
    const code = `WOODWORKERS-${GERMAN.slice(0, 20)}-winter-course`.replace(/[^A-Za-z-]/g, '');
    const ofGroups = { groups: [long.id, potters.id], after: 'https://forum.example.org/winter', ends: { of: 'groups', after_days: 30 } };
    const invites = {
      open: await site.inviteNamed('Open evening'),
      paused: await site.inviteNamed('Flyer at the library'),
      usedUp: await site.inviteNamed('Kiln course, two evenings'),
      scheduled: await site.inviteNamed('Spring term, early birds'),
      arabic: await site.inviteNamed('لقاء الجيران في ورشة الخزف'),
      long: await site.invite({ label, code, role: 'moderator', max_uses: 5000, expires_in_hours: 8_760 }),
      all: await site.invite({ label: 'Everything an invite can say', ...everything }),
      groups: await site.invite({ label: ARABIC.repeat(3).trim().slice(0, 200), max_uses: 50, expires_in_hours: 200, ...ofGroups }),
      deleted: await site.invite({ label: 'Soon deleted' }),
      steps: await site.invite({ label: 'Course with questions', flow_id: steps.id }),
      asks: await site.invite({ label: 'Members with terms', flow_id: asks.id }),
    };
    await site.delete(invites.deleted);
    await site.signUp(invites.asks, ASKED, { attributes: { motto: ARABIC.trim(), days: 'Mon, Wed' }, terms: { [houseRules.id]: 1 } });
    await site.publish(houseRules, `## Rules\n\n${ARABIC}\n\n- Sweep up, twice\n- ${GERMAN}`);
    const terms = await site.terms(`Kiln: ${GERMAN}`.slice(0, 80), `# ${GERMAN.slice(0, 60)}\n\n${ARABIC}\n\n- **One**\n- Two`);
    const flows = {
      course: await site.flowNamed('Course registration'),
      long: await site.flow({
        name: GERMAN.slice(0, 80),
        welcome_text: ARABIC,
        terms: [terms.name],
        steps: [
          { title: ARABIC.slice(0, 60), fields: [
            { key: 'k'.repeat(40), label: GERMAN.slice(0, 120), type: 'choice', required: true, choices: [{ value: 'long', label: GERMAN.slice(0, 120) }, 'قصير'] },
            { key: 'arabic', label: ARABIC.slice(0, 100), help: GERMAN.slice(0, 300) },
          ] },
          { title: GERMAN.slice(0, 80), fields: [{ key: 'agrees', label: 'I agree', type: 'checkbox', required: true }] },
        ],
        rules: [
          { when: [{ field: 'k'.repeat(40), is: ['long', 'قصير'] }, { attribute: 'team', is_not: GERMAN.slice(0, 100) }], then: { groups: [long.name, potters.name], approval: true } },
          { when: { field: 'arabic', answered: false }, then: { refuse: GERMAN.slice(0, 300) } },
        ],
      }),
    };
    await site.askForLink(invites.paused, `${'m'.repeat(60)}@werkstatt-oberwaldhausen.example`, ARABIC.repeat(3).trim().slice(0, 200));

    const member: Person = { ...someone('Guest'), name: `${GERMAN.slice(0, 60)} ${ARABIC}`.trim().slice(0, 100) };
    const account = await site.signUp(invites.groups, member);
    await site.edit(account, { attributes: [{ key: 'team', value: GERMAN.slice(0, 100) }, { key: 'course_year', value: '2' }] });
    const suspended = await site.signUp(invites.long, { ...someone('Suspended'), name: ARABIC.repeat(2).trim().slice(0, 100) });
    await site.suspend(suspended);
    const moderator = await site.signUp(invites.long, someone('Wangari Njoroge'));
    await site.setPicture(moderator);
    const ended = await site.signUp(invites.long, someone('Ended Early'));
    await site.edit(ended, { ends_at: new Date(Date.now() + 1_000).toISOString() });
    const declined = await site.signUp(undefined, someone('Mehmet Yıldız'));
    await site.decide(declined, 'decline', 'We take no more people this year.\nWrite to us again in the spring, and say which evenings you want to come to.');
    const pending: Person = { ...someone('Pending'), name: `${GERMAN.slice(0, 50)} Wartend` };
    const waiting = await site.signUp(undefined, pending);

    const redirects = { redirect_uris: [REDIRECT] };
    const address = 'https://booking.werkstatt-oberwaldhausen.example';
    const applications = {
      chat: await site.application('Open WebUI', { ...redirects, device_flow: true }, { url: 'https://chat.example.org', description: 'Where we talk' }),
      long: await site.application(
        GERMAN.slice(0, 80),
        { redirect_uris: [`${address}/${'callback/'.repeat(12)}`, REDIRECT], post_logout_redirect_uris: [address], consent: true },
        { url: `${address}/machines`, description: ARABIC.repeat(2).slice(0, 120) },
      ),
      site: await site.siteApplication('مكتبة الصور', ['https://photos.example.org'], {
        url: 'https://photos.example.org',
        scim: { url: `${failing.url.replace('/hook', '')}/scim/v2`, token: 'the-token-of-the-photos', groups: true },
      }),
      closed: await site.application('Machine booking for staff', redirects, { groups: [empty.id] }),
    };

    const webhooks = {
      failing: await site.webhook(`Bot ${GERMAN.slice(0, 60)}`, failing.url),
      idle: await site.webhook('بوت الدردشة', healthy.url, ['invite.used_up', 'account.approved']),
    };
    await site.ping(webhooks.failing);
    await expect.poll(() => failing.received.length).toBeGreaterThan(0);

    await site.setMail(sink.port, { from_name: GERMAN.slice(0, 60) });
    await site.testMail();
    for (const [address, reply] of REFUSED) {
      const admin: Person = { ...someone('Admin'), email: `${address}.${process.pid}@werkstatt-oberwaldhausen.example` };
      sink.refused.set(admin.email, reply);
      await site.testMail(await site.keyOfAdmin(admin));
    }
    await expect.poll(async () => (await site.mailStatuses()).sort(), { timeout: 20_000 }).toEqual(['deferred', 'failed', 'sent']);

    const verified = await site.invite({ label: 'Verified addresses', verify_email: true, max_uses: 50 });
    const unverified = { ...someone('Unverified'), email: `${'m'.repeat(60)}@werkstatt-oberwaldhausen.example` };
    const unverifiedId = await site.signUp(verified, unverified);
    const beaten = someone('Beaten');
    await site.signUp(verified, beaten);
    const moved = `${'n'.repeat(60)}@werkstatt-oberwaldhausen.example`;
    await site.askForEmail(member, moved);
    const links = {
      activate: await sink.path(unverified.email, 'activate'),
      taken: await sink.path(beaten.email, 'activate'),
      confirm: await sink.path(moved, 'confirm-email'),
    };
    // Staff know whose the address is.
    await site.create({ ...someone('Known'), email: beaten.email });

    const mailings = await invitePeople(site, sink, invites.open);

    return new Sample(
      site,
      receivers,
      invites,
      { member: account, long: account, pending: waiting, declined, suspended, ended, moderator, unverified: unverifiedId },
      { potters, long, empty },
      applications,
      webhooks,
      flows,
      terms,
      mailings,
      member,
      pending,
      unverified,
      links,
    );
  }

  /** The address to which an application sends a browser. */
  authorize({ id }: Application, more: Record<string, string> = {}): string {
    const parameters = {
      client_id: id,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid profile email groups roles offline_access',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...more,
    };
    return `/oidc/authorize?${new URLSearchParams(parameters)}`;
  }

  /** The path of a link that resets the password of a moderator. Those before no longer work. */
  async resetLink(): Promise<string> {
    return new URL(await this.site.resetLink(this.accounts.moderator)).pathname;
  }

  /** The page of a code that a device shows. */
  async device(): Promise<string> {
    const { id, client_secret } = this.applications.chat;
    const form = { client_id: id, client_secret: client_secret!, scope: 'openid profile email' };
    const answer = await fetch(`${this.site.url}/oidc/device`, { method: 'POST', body: new URLSearchParams(form) });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    const { user_code } = (await answer.json()) as { user_code: string };
    return `/device?user_code=${user_code}`;
  }

  close(): Promise<void> {
    return close(this.site, this.receivers);
  }
}

/** Invites people by e-mail: each with a link of their own, of whom one joins and two addresses are refused; and all with one link. */
async function invitePeople(site: Site, sink: SmtpSink, invite: Invite): Promise<Sample['mailings']> {
  const host = 'werkstatt-oberwaldhausen.example';
  const joins = someone('Chidi Okafor');
  const long = `${'einladungsempfaenger'.repeat(3)}@${host}`;
  sink.refused.set(long, `550 5.1.1 ${'The mailbox of this recipient is not known to this server. '.repeat(5)}`);
  const own = await site.inviteByMail({
    terms: { label: GERMAN.slice(0, 200), expires_in_hours: 336 },
    recipients: [
      { email: joins.email, name: joins.name },
      { email: long, name: `${GERMAN.slice(0, 60)} ${ARABIC}`.trim().slice(0, 100) },
      { email: `lena@${host}`, username: 'lena.workshop', attributes: { team: 'Clay' } },
    ],
    message: ARABIC.repeat(6).trim(),
    reminder: true,
  });
  await expect.poll(async () => (await site.invitationStatuses(own)).sort(), { timeout: 30_000 }).toEqual(['bounced', 'sent', 'sent']);
  const letter = sink.letters.filter(({ to }) => to.includes(joins.email)).map(({ text }) => readable(text))[0]!;
  const [, code] = /\/inv\/([\w-]+)/.exec(letter)!;
  await site.signUp({ ...invite, code: code! }, joins);
  const one = await site.inviteByMail({ invite: invite.id, recipients: [{ email: `wen@${host}` }] });
  return { own, one, stop: /\/invitations\/stop\/[\w.-]+/.exec(letter)![0] };
}

/** One that takes everything, and one that refuses it; and a mail server. */
type Receivers = readonly [Receiver, Receiver, SmtpSink];

async function close(site: Site, receivers: Receivers): Promise<void> {
  await site.close();
  for (const receiver of receivers) receiver.stop();
}

/** The owner of a site of the longest name. */
export const LONG_OWNER: Person = { ...OWNER, name: `نغوزي ${GERMAN}`.slice(0, 100), password: PASSWORD };
