import { expect } from '../support/fixtures.ts';

/** An account as a SCIM service has it. */
export type ScimUser = {
  id: string;
  userName: string;
  externalId?: string | null;
  displayName?: string;
  name?: { formatted?: string };
  emails?: { value: string; primary?: boolean }[];
  active?: boolean;
};

/** A SCIM service, as an admin of the application would look at it. */
export class Scim {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async send(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.url}/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
    return answer;
  }

  async get(path: string): Promise<Record<string, unknown>> {
    return (await this.send('GET', path)).json() as Promise<Record<string, unknown>>;
  }

  /** The account with this name. */
  async user(name: string): Promise<ScimUser | undefined> {
    return (await this.all<ScimUser>('Users')).find(({ userName }) => userName === name);
  }

  /** The names of the members of a group, sorted. */
  async members(group: string): Promise<string[]> {
    const groups = await this.all<{ displayName: string; members?: { value: string }[] }>('Groups');
    const found = groups.find(({ displayName }) => displayName === group);
    const users = await this.all<ScimUser>('Users');
    const names = (found?.members ?? []).map(({ value }) => users.find(({ id }) => id === value)?.userName ?? value);
    return names.sort();
  }

  /** An account that was there before. */
  async create(userName: string): Promise<void> {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
    await this.send('POST', 'Users', { schemas, userName, emails: [{ value: `${userName}@elsewhere.example`, primary: true }] });
  }

  private async all<T>(kind: string): Promise<T[]> {
    const all: T[] = [];
    for (;;) {
      const page = await this.get(`${kind}?startIndex=${all.length + 1}&count=100`);
      const resources = (page['Resources'] ?? []) as T[];
      all.push(...resources);
      if (resources.length === 0 || all.length >= (page['totalResults'] as number)) return all;
    }
  }
}
