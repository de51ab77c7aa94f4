import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

/** An account or a group as the service has it. */
export type Resource = { id: string; userName?: string; displayName?: string; active?: boolean; externalId?: string };

/** The accounts and groups of an application that is told by SCIM, on this machine. It takes what it is told by PUT. */
export class ScimService {
  readonly token = 'the-token-of-the-application';
  readonly resources = { Users: [] as Resource[], Groups: [] as Resource[] };
  /** Answers everything with this status instead, while there is one. */
  failing: number | undefined;
  private created = 0;

  private constructor(
    readonly url: string,
    private readonly close: () => void,
  ) {}

  static async start(): Promise<ScimService> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const isAllowed = request.headers.authorization === `Bearer ${service.token}`;
        const [status, answer] = isAllowed ? service.answer(request.method!, new URL(request.url!, service.url), body) : [401, {}];
        response.writeHead(status, { 'content-type': 'application/scim+json' }).end(status === 204 ? undefined : JSON.stringify(answer));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const service = new ScimService(`http://127.0.0.1:${port}/scim/v2`, () => {
      server.closeAllConnections();
      server.close();
    });
    return service;
  }

  /** The account with this name. */
  user(userName: string): Resource | undefined {
    return this.resources.Users.find((one) => one.userName === userName);
  }

  stop(): void {
    this.close();
  }

  private answer(method: string, { pathname, searchParams }: URL, body: string): [number, unknown] {
    if (this.failing) return [this.failing, { detail: 'The chat is being updated.' }];
    const [kind, id] = pathname.replace('/scim/v2/', '').split('/');
    if (kind === 'ServiceProviderConfig') return [200, { patch: { supported: false } }];
    const all = this.resources[kind as keyof typeof this.resources];
    const place = all.findIndex((one) => one.id === id);
    if (method === 'POST') {
      this.created += 1;
      const created = { ...JSON.parse(body), id: `${this.created}` };
      all.push(created);
      return [201, created];
    }
    if (!id) {
      const filter = /^(\w+) eq (".*")$/.exec(searchParams.get('filter') ?? '');
      const found = all.filter((one) => !filter || one[filter[1] as keyof Resource] === JSON.parse(filter[2]!));
      return [200, { totalResults: found.length, startIndex: 1, itemsPerPage: found.length, Resources: found }];
    }
    if (place < 0) return [404, { detail: 'not found' }];
    if (method === 'PUT') all[place] = { ...JSON.parse(body), id };
    if (method === 'DELETE') all.splice(place, 1);
    return method === 'DELETE' ? [204, undefined] : [200, all[place]];
  }
}
