import { type APIRequestContext, expect, request } from '@playwright/test';

import { Latchkey } from './latchkey.ts';
import { OWNER, PASSWORD, type Person, SITE } from './people.ts';

export type Invite = { id: string; code: string; url: string; label: string | null; status: string; used: number; expires_at: string | null };

/** A Latchkey that has an owner, and a way to put things there without a browser. */
export class Site {
  private constructor(
    readonly latchkey: Latchkey,
    private readonly api: APIRequestContext,
  ) {}

  static async open(): Promise<Site> {
    const latchkey = await Latchkey.start();
    const { email, username, name, password } = OWNER;
    const who = ['--email', email, '--username', username, '--name', name, '--role', 'owner'];
    await latchkey.run(['account', 'create', ...who, '--password-stdin'], password);
    const key = await latchkey.run(['key', 'create', '--account', username, '--name', 'Specs']);
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
    const answer = await this.api.post('/api/v1/admin/invites', { data: fields });
    expect(answer.status(), await answer.text()).toBe(201);
    return answer.json();
  }

  async act(invite: Invite, what: 'pause' | 'resume'): Promise<void> {
    const answer = await this.api.post(`/api/v1/admin/invites/${invite.id}/${what}`);
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  async delete(invite: Invite): Promise<void> {
    const answer = await this.api.delete(`/api/v1/admin/invites/${invite.id}`);
    expect(answer.ok(), await answer.text()).toBe(true);
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

  async signUp(invite: Invite, person: Person): Promise<void> {
    const { email, username, name } = person;
    const data = { code: invite.code, email, username, name, password: PASSWORD };
    const answer = await this.api.post('/api/v1/signup', { data });
    expect(answer.status(), await answer.text()).toBe(201);
  }

  async close(): Promise<void> {
    await this.api.dispose();
    await this.latchkey.stop();
  }
}

export { SITE };
