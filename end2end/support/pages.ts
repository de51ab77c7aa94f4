import { type Page } from '@playwright/test';

import { someone } from './people.ts';
import { type Invite, type Site } from './site.ts';

/** A page: its name in file names, its path, the user who may see it, its status if not 200, and whether it has no script. */
export type SitePage = { name: string; path: string; by: 'anyone' | 'owner'; status?: number; plain?: true };

/** Creates sample data (invites in every state, and sign-ups) and lists all pages. */
export async function createSampleData(site: Site): Promise<{ invites: Record<string, Invite>; pages: SitePage[] }> {
  const live = await site.invite({ label: 'November open evening', max_uses: 120, expires_in_hours: 24 * 9 });
  const paused = await site.invite({ label: 'Flyer at the library', max_uses: 500 });
  const full = await site.invite({ label: 'Volunteers for the roof day', max_uses: 1 });
  const long = await site.invite({
    label: 'Woodworkers exchange with the Oberwaldhausen neighbourhood association, returning visitors',
    role: 'moderator',
    code: `WOODWORKERS-${process.pid}-${Date.now()}-winter-course`,
    expires_in_hours: 8_760,
  });
  const gone = await site.invite({ label: 'Old forum pin' });
  const endless = await site.invite();
  for (const name of ['Inés Etxeberria Zubizarreta', 'Wiremu Tāwhai', 'Zeynep Karadağlı', 'Aoife Ní Dhonnabháin']) {
    await site.signUp(live, someone(name));
  }
  const arjun = await site.signUp(full, someone('Arjun Venkataraghavan'));
  await site.setPicture(arjun);
  const organisers = await site.group(`Organisers of the winter course and the open evenings ${process.pid}-${Date.now()}`, [arjun], {
    description: 'They keep the doors open',
    permissions: ['invites.create', 'invites.view', 'redemptions.view'],
  });
  const empty = await site.group(`ورشة الخشب ${process.pid}-${Date.now()}`);
  await site.invite({ label: 'For organisers', groups: [organisers.id, empty.id] });
  await site.signUp(endless, someone('Li Qianjing'));
  const all = await site.invite({
    label: 'Everything an invite can say',
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
  });
  const suffix = `${process.pid}-${Date.now()}`;
  const redirects = { redirect_uris: ['https://chat.example.org/oauth/oidc/callback'] };
  const chat = await site.application(`Chat ${suffix}`, redirects, { url: 'https://chat.example.org', description: 'Where we talk' });
  const booking = await site.application(
    `Machine booking of the Oberwaldhausen neighbourhood workshop ${suffix}`,
    { redirect_uris: ['https://booking.werkstatt-oberwaldhausen.example/auth/callback'], consent: true },
    { url: 'https://booking.werkstatt-oberwaldhausen.example/machines', groups: [organisers.id, empty.id] },
  );
  const authorize = (application: { id: string }, scope: string, more = '') =>
    `/oidc/authorize?client_id=${application.id}&redirect_uri=${encodeURIComponent(redirects.redirect_uris[0]!)}` +
    `&response_type=code&scope=${encodeURIComponent(scope)}&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256${more}`;
  await site.act(paused, 'pause');
  await site.delete(gone);

  const pages: SitePage[] = [
    { name: 'login', path: '/login', by: 'anyone' },
    { name: 'signup', path: '/signup', by: 'anyone' },
    { name: 'signup-invited', path: `/inv/${live.code}`, by: 'anyone' },
    { name: 'signup-all', path: `/inv/${all.code}`, by: 'anyone' },
    { name: 'signup-paused', path: `/inv/${paused.code}`, by: 'anyone', status: 410 },
    { name: 'signup-used-up', path: `/inv/${full.code}`, by: 'anyone', status: 410 },
    { name: 'signup-unknown', path: '/inv/NoSuchCode23', by: 'anyone', status: 404 },
    { name: 'api-docs', path: '/api/docs', by: 'anyone' },
    { name: 'overview', path: '/admin', by: 'owner' },
    { name: 'invites', path: '/admin/invites', by: 'owner' },
    { name: 'invites-none', path: '/admin/invites?q=nothing-is-called-so', by: 'owner' },
    { name: 'invite-live', path: `/admin/invites/${live.id}`, by: 'owner' },
    { name: 'invite-all', path: `/admin/invites/${all.id}`, by: 'owner' },
    { name: 'invite-paused', path: `/admin/invites/${paused.id}`, by: 'owner' },
    { name: 'invite-deleted', path: `/admin/invites/${gone.id}`, by: 'owner' },
    { name: 'redemptions', path: '/admin/redemptions', by: 'owner' },
    { name: 'redemptions-of-one', path: `/admin/redemptions?invite=${live.id}`, by: 'owner' },
    { name: 'members', path: '/admin/members', by: 'owner' },
    { name: 'members-none', path: '/admin/members?q=nobody-is-called-so', by: 'owner' },
    { name: 'member', path: `/admin/members/${arjun}`, by: 'owner' },
    { name: 'groups', path: '/admin/groups', by: 'owner' },
    { name: 'groups-none', path: '/admin/groups?q=no-group-is-called-so', by: 'owner' },
    { name: 'group', path: `/admin/groups/${organisers.id}`, by: 'owner' },
    { name: 'group-empty', path: `/admin/groups/${empty.id}`, by: 'owner' },
    { name: 'applications', path: '/admin/applications', by: 'owner' },
    { name: 'applications-none', path: '/admin/applications?q=nothing-is-called-so', by: 'owner' },
    { name: 'application', path: `/admin/applications/${chat.id}`, by: 'owner' },
    { name: 'application-groups', path: `/admin/applications/${booking.id}`, by: 'owner' },
    { name: 'application-consent', path: authorize(chat, 'openid profile email groups roles offline_access', '&prompt=consent'), by: 'owner', plain: true },
    { name: 'application-unknown', path: '/oidc/authorize?client_id=x', by: 'anyone', status: 400 },
    { name: 'application-sign-out', path: `/oidc/logout?client_id=${chat.id}`, by: 'owner', plain: true },
    { name: 'login-application', path: `/login?next=${encodeURIComponent(authorize(chat, 'openid'))}`, by: 'anyone' },
    { name: 'audit', path: '/admin/audit', by: 'owner' },
    { name: 'audit-none', path: '/admin/audit?until=2020-01-01', by: 'owner' },
    { name: 'settings', path: '/admin/settings', by: 'owner' },
    { name: 'me', path: '/me', by: 'owner' },
    { name: 'account', path: '/me/account', by: 'owner' },
    { name: 'own-invites', path: '/me/invites', by: 'owner' },
    { name: 'own-invite', path: `/me/invites/${live.id}`, by: 'owner' },
  ];
  return { invites: { live, paused, full, long, gone, endless, all }, pages };
}

/** What the pages of members can show, of a site whose registration is open: its pages, and the dialogs on them. */
export async function createSampleMembers(site: Site): Promise<MembersSample> {
  const invite = await site.invite({ label: 'Autumn open evening' });
  const long = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz Donaudampfschifffahrt'.slice(0, 100);
  const named = (name: string, of: string) => ({ ...someone(of), name });
  const [wangari, layla, german] = [someone('Wangari Njoroge'), named('ليلى منصور الخطيب', 'Layla'), named(long, 'Rind')];
  const active = await site.signUp(invite, wangari);
  await site.edit(active, { role: 'moderator' });
  await site.setPicture(active);
  const ended = await site.signUp(invite, layla);
  await site.edit(ended, { ends_at: new Date(Date.now() + 1_000).toISOString() });
  await site.signUp(invite, german);
  await site.deleteAccount(await site.signUp(invite, someone('Soon Gone')));
  const group = await site.group(`Bookbinding ${Date.now()}`, [active], { permissions: ['invites.create'] });
  const pending = await site.signUp(undefined, someone('Aleksandra Nowak-Wiśniewska'));
  await site.signUp(undefined, named('شيماء عبد الرحمن', 'Shaima'));
  await site.signUp(undefined, named(`${long.slice(0, 40)} Wartend`, 'Wartend'));
  const declined = await site.signUp(undefined, someone('Mehmet Yıldız'));
  await site.decide(declined, 'decline', 'We take no more people this year.\nWrite to us again in the spring, and say which of the evenings you want to come to.');
  const member = (id: string) => `/admin/members/${id}`;
  const selected = async (page: Page, count: number, act?: RegExp) => {
    for (let place = 0; place < count; place += 1) {
      await page.getByRole('row').getByRole('checkbox', { name: /^Select: / }).nth(place).check();
    }
    if (act) await page.getByRole('toolbar', { name: 'Selected rows' }).getByRole('button', { name: act }).click();
  };
  const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).click();
  const chosen = (item: string) => async (page: Page) => {
    await page.getByRole('main').getByRole('button', { name: /^More for/ }).click();
    await page.getByRole('button', { name: item }).click();
  };
  return {
    pages: [
      { name: 'members-of-all-kinds', path: '/admin/members' },
      { name: 'members-pending', path: '/admin/members?status=pending' },
      { name: 'members-narrowed', path: `/admin/members?q=w&role=moderator&group=${group.id}` },
      { name: 'members-narrowed-none', path: `/admin/members?status=suspended&role=admin&group=${group.id}` },
      { name: 'member-active', path: member(active) },
      { name: 'member-pending', path: member(pending) },
      { name: 'member-declined', path: member(declined) },
      { name: 'member-ended', path: member(ended) },
      { name: 'redemptions-of-deleted', path: `/admin/redemptions?invite=${invite.id}` },
    ],
    dialogs: [
      { name: 'members-selected', path: '/admin/members?status=pending', act: (page) => selected(page, 2) },
      { name: 'members-set-end', path: '/admin/members', act: (page) => selected(page, 2, /^Set end/) },
      { name: 'members-filter', path: '/admin/members', act: press('Filter') },
      { name: 'members-create', path: '/admin/members', act: press('Create member') },
      { name: 'members-approve', path: '/admin/members?status=pending', act: (page) => selected(page, 2, /^Approve…/) },
      { name: 'members-decline', path: '/admin/members?status=pending', act: (page) => selected(page, 1, /^Decline…/) },
      { name: 'member-decline', path: member(pending), act: press('Decline…') },
      { name: 'member-edit', path: member(active), act: press('Edit') },
      { name: 'member-delete', path: member(active), act: chosen('Delete…') },
      { name: 'member-make-owner', path: member(active), act: chosen('Make owner…') },
    ],
  };
}

export type MembersSample = {
  pages: { name: string; path: string }[];
  dialogs: { name: string; path: string; act: (page: Page) => Promise<void> }[];
};
