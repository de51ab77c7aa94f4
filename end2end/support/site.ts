import { type APIRequestContext, expect, request } from '@playwright/test';

import { Latchkey } from './latchkey.ts';
import { OWNER, PASSWORD, type Person, SITE } from './people.ts';
import { png } from './png.ts';

export type Invite = { id: string; code: string; url: string; label: string | null; status: string; used: number; expires_at: string | null };

/** An application, with its client secret if it has one. */
export type Application = { id: string; name: string; client_secret: string | null };

/** A flow of the sign-up page. */
export type Flow = { id: string; name: string; version: number; flow: { steps: { fields?: { key: string }[] }[]; rules?: unknown[] } };

export type Group = { id: string; name: string };

/** A Latchkey with an owner, and an API client that creates test data. */
export class Site {
  private constructor(
    readonly latchkey: Latchkey,
    readonly api: APIRequestContext,
  ) {}

  /** Opens one; `more` is added to the environment of its server. */
  static async open(more: Record<string, string> = {}): Promise<Site> {
    const latchkey = await Latchkey.start(more);
    const { email, username, name, password } = OWNER;
    const who = ['--email', email, '--username', username, '--name', name, '--role', 'owner'];
    await latchkey.run(['account', 'create', ...who, '--password-stdin'], password);
    return Site.of(latchkey);
  }

  /** Opens the demonstration. Everybody in it has the password of the owner. `more` is added to the environment of its server. */
  static async demo(options: string[] = [], more: Record<string, string> = {}): Promise<Site> {
    const latchkey = await Latchkey.start(more);
    const { email, username, password } = OWNER;
    await latchkey.run(['demo', '--email', email, '--username', username, '--password-stdin', ...options], password);
    return Site.of(latchkey);
  }

  /** The one of a server whose owner is [`OWNER`]. */
  private static async of(latchkey: Latchkey): Promise<Site> {
    const key = await latchkey.run(['key', 'create', '--account', OWNER.username, '--name', 'Specs']);
    const api = await request.newContext({
      baseURL: latchkey.url,
      extraHTTPHeaders: { authorization: `Bearer ${key}` },
    });
    return new Site(latchkey, api);
  }

  get url(): string {
    return this.latchkey.url;
  }

  async invite(fields: Record<string, unknown> = {}): Promise<Invite> {
    const response = await this.api.post('/api/v1/admin/invites', { data: fields });
    expect(response.status(), await response.text()).toBe(201);
    return response.json();
  }

  async act(invite: Invite, what: 'pause' | 'resume'): Promise<void> {
    const response = await this.api.post(`/api/v1/admin/invites/${invite.id}/${what}`);
    expect(response.ok(), await response.text()).toBe(true);
  }

  async delete(invite: Invite): Promise<void> {
    const response = await this.api.delete(`/api/v1/admin/invites/${invite.id}`);
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** The invite as it is now. */
  async read(invite: Invite): Promise<Invite> {
    const answer = await this.api.get(`/api/v1/admin/invites/${invite.id}`);
    expect(answer.ok(), await answer.text()).toBe(true);
    return answer.json();
  }

  async used(invite: Invite): Promise<number> {
    return (await this.read(invite)).used;
  }

  /** Signs someone up, with an invite unless registration is open; gives the id of their account. */
  async signUp(invite: Invite | undefined, person: Person, more: Record<string, unknown> = {}): Promise<string> {
    const { email, username, name } = person;
    const data = { code: invite?.code, email, username, name, password: PASSWORD, ...more };
    const response = await this.api.post('/api/v1/signup', { data });
    expect(response.status(), await response.text()).toBe(201);
    return (await response.json()).account.id;
  }

  /** Creates an account of somebody, as staff do. */
  async create({ email, username, name, password }: Person): Promise<void> {
    const response = await this.api.post('/api/v1/admin/accounts', { data: { email, username, name, password } });
    expect(response.status(), await response.text()).toBe(201);
  }

  /** A browser in which somebody is signed in, which sends forms. To be disposed of. */
  private async browserOf({ username, password }: Person): Promise<APIRequestContext> {
    const extraHTTPHeaders = { origin: this.url, 'sec-fetch-site': 'same-origin' };
    const browser = await request.newContext({ baseURL: this.url, extraHTTPHeaders });
    const signed = await browser.post('/login', { form: { login: username, password }, maxRedirects: 0 });
    expect(signed.status(), await signed.text()).toBe(303);
    return browser;
  }

  /** Has somebody ask for another e-mail address, which is to be confirmed. */
  async askForEmail(person: Person, email: string): Promise<void> {
    const browser = await this.browserOf(person);
    const change = { current: person.password, username: person.username, email };
    const asked = await browser.post('/_fn/me/change-login', { data: { change } });
    expect(asked.ok(), await asked.text()).toBe(true);
    await browser.dispose();
  }

  /** Has somebody confirm another e-mail address, with the link that was sent to it. */
  async confirmEmail(person: Person, link: string): Promise<void> {
    const browser = await this.browserOf(person);
    const confirmed = await browser.post(new URL(link).pathname, { maxRedirects: 0 });
    expect(confirmed.status(), await confirmed.text()).toBe(303);
    await browser.dispose();
  }

  /** The id of the account of somebody who signed up in a browser. */
  async accountOf(person: Person): Promise<string> {
    return (await this.found<{ id: string; email: string }>('accounts', person.email, ({ email }) => email === person.email)).id;
  }

  /** Approves an account that is pending approval, or declines it, with a message. */
  async decide(id: string, what: 'approve' | 'decline', note: string): Promise<void> {
    const response = await this.api.post(`/api/v1/admin/accounts/${id}/${what}`, { data: { note } });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Changes an account. */
  async edit(id: string, change: Record<string, unknown>): Promise<void> {
    const response = await this.api.patch(`/api/v1/admin/accounts/${id}`, { data: change });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Suspends an account, or restores it. */
  async suspend(id: string, what: 'suspend' | 'restore' = 'suspend'): Promise<void> {
    const response = await this.api.post(`/api/v1/admin/accounts/${id}/${what}`);
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Makes a link that resets the password of an account. */
  async resetLink(id: string): Promise<string> {
    const response = await this.api.post(`/api/v1/admin/accounts/${id}/reset-link`);
    expect(response.status(), await response.text()).toBe(201);
    return (await response.json()).url;
  }

  /** Deletes an account. */
  async deleteAccount(id: string): Promise<void> {
    const response = await this.api.delete(`/api/v1/admin/accounts/${id}`);
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Gives an account a picture. */
  async setPicture(id: string): Promise<void> {
    const headers = { 'content-type': 'image/png' };
    const response = await this.api.put(`/api/v1/admin/accounts/${id}/picture`, { headers, data: png(400, 300) });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Creates a group with members. */
  async group(name: string, accounts: string[] = [], more: Record<string, unknown> = {}): Promise<Group> {
    const response = await this.api.post('/api/v1/admin/groups', { data: { name, ...more } });
    expect(response.status(), await response.text()).toBe(201);
    const group: Group = await response.json();
    if (accounts.length > 0) await this.join(group, accounts);
    return group;
  }

  /** Adds members to a group, or changes what they are in it. */
  async join({ id }: Group, accounts: string[], more: Record<string, unknown> = {}): Promise<void> {
    const response = await this.api.post(`/api/v1/admin/groups/${id}/members/add`, { data: { accounts, ...more } });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Publishes a new version of terms, which those are asked to accept who accepted an earlier one. */
  async publish({ id }: { id: string }, text: string): Promise<void> {
    const response = await this.api.patch(`/api/v1/admin/terms/${id}`, { data: { text, ask: 'accepted' } });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Creates an application whose sites ask who is signed in (forward-auth). */
  async siteApplication(name: string, sites: string[], more: Record<string, unknown> = {}): Promise<Application> {
    const response = await this.api.post('/api/v1/admin/applications', { data: { name, forward_auth: { sites }, ...more } });
    expect(response.status(), await response.text()).toBe(201);
    return response.json();
  }

  /** Changes an application. */
  async changeApplication({ id }: Application, change: Record<string, unknown>): Promise<void> {
    const response = await this.api.patch(`/api/v1/admin/applications/${id}`, { data: change });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Takes members out of a group. */
  async leave(group: Group, accounts: string[]): Promise<void> {
    const response = await this.api.post(`/api/v1/admin/groups/${group.id}/members/remove`, { data: { accounts } });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Creates an application that is connected by OpenID Connect. */
  async application(name: string, oidc: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Application> {
    const response = await this.api.post('/api/v1/admin/applications', { data: { name, oidc, ...more } });
    expect(response.status(), await response.text()).toBe(201);
    return response.json();
  }

  /** Changes settings. */
  async set(change: Record<string, unknown>): Promise<void> {
    const response = await this.api.patch('/api/v1/admin/settings', { data: change });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** The invite with this name. */
  async inviteNamed(label: string): Promise<Invite> {
    return this.found<Invite>('invites', label, (invite) => invite.label === label);
  }

  /** The group with this name. */
  async groupNamed(name: string): Promise<Group> {
    return this.found<Group>('groups', name, (group) => group.name === name);
  }

  private async found<T>(list: string, q: string, is: (one: T) => boolean): Promise<T> {
    const response = await this.api.get(`/api/v1/admin/${list}`, { params: { q } });
    expect(response.ok(), await response.text()).toBe(true);
    const { items }: { items: T[] } = await response.json();
    const one = items.find(is);
    expect(one, q).toBeDefined();
    return one!;
  }

  /** Creates a flow of the sign-up page. */
  async flow(flow: Record<string, unknown>): Promise<Flow> {
    const response = await this.api.post('/api/v1/admin/flows', { data: { flow } });
    expect(response.status(), await response.text()).toBe(201);
    return response.json();
  }

  /** Saves a new version of a flow. */
  async saveFlow({ id }: Flow, flow: Record<string, unknown>): Promise<void> {
    const response = await this.api.put(`/api/v1/admin/flows/${id}`, { data: { flow } });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** The flow with this name, as it is now. */
  async flowNamed(name: string): Promise<Flow> {
    const { items }: { items: Flow[] } = await (await this.api.get('/api/v1/admin/flows')).json();
    const found = items.find((flow) => flow.name === name);
    expect(found, name).toBeDefined();
    return (await this.api.get(`/api/v1/admin/flows/${found!.id}`)).json();
  }

  /** Creates terms. */
  async terms(name: string, text: string): Promise<{ id: string; name: string }> {
    const response = await this.api.post('/api/v1/admin/terms', { data: { name, text } });
    expect(response.status(), await response.text()).toBe(201);
    return response.json();
  }

  /** Creates a webhook; it is told of all events unless some are named. */
  async webhook(name: string, url: string, events: string[] | null = null): Promise<{ id: string }> {
    const response = await this.api.post('/api/v1/admin/webhooks', { data: { name, url, events } });
    expect(response.status(), await response.text()).toBe(201);
    return response.json();
  }

  /** Sends a test event. */
  async ping({ id }: { id: string }): Promise<void> {
    const response = await this.api.post(`/api/v1/admin/webhooks/${id}/ping`);
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Sets e-mail up, with a mail server on this machine. */
  async setMail(port: number, more: Record<string, unknown> = {}): Promise<void> {
    const data = { host: '127.0.0.1', port, encryption: 'none', from: 'noreply@brambleyard.example', ...more };
    const response = await this.api.put('/api/v1/admin/mail/settings', { data });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Sends a test message to the owner, or to whom an API key is of. */
  async testMail(key?: string): Promise<void> {
    const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
    const response = await this.api.post('/api/v1/admin/mail/test', { headers });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Sends invitations by e-mail; gives the id of the mailing. */
  async inviteByMail(fields: Record<string, unknown>): Promise<string> {
    const response = await this.api.post('/api/v1/admin/invitations', { data: fields });
    expect(response.ok(), await response.text()).toBe(true);
    return (await response.json()).id;
  }

  /** How many invitations of a mailing have each status. */
  async invitationStatuses(mailing: string): Promise<string[]> {
    const response = await this.api.get('/api/v1/admin/invitations', { params: { mailing } });
    expect(response.ok(), await response.text()).toBe(true);
    const { items }: { items: { status: string }[] } = await response.json();
    return items.map(({ status }) => status);
  }

  /** The statuses of the newest messages. */
  async mailStatuses(): Promise<string[]> {
    const response = await this.api.get('/api/v1/admin/mails');
    expect(response.ok(), await response.text()).toBe(true);
    const { items }: { items: { status: string }[] } = await response.json();
    return items.map(({ status }) => status);
  }

  /** Creates an account of an admin, and an API key of it. */
  async keyOfAdmin({ email, username, name, password }: Person): Promise<string> {
    const who = ['--email', email, '--username', username, '--name', name, '--role', 'admin'];
    await this.latchkey.run(['account', 'create', ...who, '--password-stdin'], password);
    return this.latchkey.run(['key', 'create', '--account', username, '--name', 'Specs']);
  }

  /** Asks for a new link of an invite, as a visitor does. */
  async askForLink({ code }: Invite, email: string, note: string): Promise<void> {
    const headers = { origin: this.url, 'sec-fetch-site': 'same-origin' };
    const asked = await this.api.post('/signup/ask', { form: { code, email, note }, headers, maxRedirects: 0 });
    expect(asked.status(), await asked.text()).toBe(303);
    await this.isAskedForLink(email);
  }

  /** Grants the request of an address for a new link. Gives the new invite. */
  async grantLink(email: string): Promise<Invite> {
    const list = await this.api.get('/api/v1/admin/invite-requests?open=true');
    const { items }: { items: { id: string; email: string }[] } = await list.json();
    const { id } = items.find((request) => request.email === email)!;
    const granted = await this.api.post(`/api/v1/admin/invite-requests/${id}/grant`);
    expect(granted.ok(), await granted.text()).toBe(true);
    return (await granted.json()).invite;
  }

  /** Sends a form of a public page, as a browser without cookies does. */
  async sendForm(path: string, form: Record<string, string>): Promise<void> {
    const headers = { origin: this.url, 'sec-fetch-site': 'same-origin' };
    const visitor = await request.newContext({ baseURL: this.url, extraHTTPHeaders: headers });
    const answer = await visitor.post(path, { form, maxRedirects: 0 });
    expect(answer.status(), await answer.text()).toBe(303);
    await visitor.dispose();
  }

  /** Waits for the request of an address for a new link, which is stored after the answer. */
  async isAskedForLink(email: string): Promise<void> {
    await expect
      .poll(async () => await (await this.api.get('/api/v1/admin/invite-requests?open=true')).text())
      .toContain(JSON.stringify(email));
  }

  /** Grants all requests to join with an invite. */
  async grantRequests(invite: Invite): Promise<void> {
    const list = await this.api.get(`/api/v1/admin/invites/${invite.id}/join-requests`);
    for (const { id } of (await list.json()).items) {
      const granted = await this.api.post(`/api/v1/admin/join-requests/${id}/grant`);
      expect(granted.ok(), await granted.text()).toBe(true);
    }
  }

  /** The status of a GET with this API key. */
  async status(path: string, key: string): Promise<number> {
    return (await this.api.get(path, { headers: { authorization: `Bearer ${key}` } })).status();
  }

  async close(): Promise<void> {
    await this.api.dispose();
    await this.latchkey.stop();
  }
}

export { SITE };
