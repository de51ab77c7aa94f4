import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import * as client from 'openid-client';

import { type Application, type Site } from './site.ts';

/** An application that members sign in to, by a certified library: it answers on a free port of this machine. */
export class RelyingParty {
  /** What is checked when the browser comes back that began at [`login`]. */
  begun: client.AuthorizationCodeGrantChecks | undefined;
  /** The bodies of forms that were posted to it. */
  readonly posted: string[] = [];

  private constructor(
    readonly config: client.Configuration,
    readonly callback: string,
    private readonly close: () => void,
  ) {}

  /** Where signing in to it starts. */
  get login(): string {
    return new URL('/login', this.callback).href;
  }

  /** Starts one for an application that returns to `http://127.0.0.1/cb`; `metadata` is what the library is told of it. */
  static async start(
    site: Site,
    application: Application,
    metadata: Partial<client.ClientMetadata> = {},
    authenticate: (secret: string) => client.ClientAuth = client.ClientSecretBasic,
  ): Promise<RelyingParty> {
    let party: RelyingParty | undefined;
    const server = createServer((request, response) => {
      if (request.url === '/login' && party) {
        void party.begin().then((location) => response.writeHead(303, { location }).end());
        return;
      }
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => request.method === 'POST' && party?.posted.push(body));
      response.setHeader('content-type', 'text/html').end('<title>Chat</title><h1>Signed in to the chat</h1>');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // Without TLS, for a test on one machine.
    const execute = [client.allowInsecureRequests];
    const hasKeys = authenticate !== client.ClientSecretBasic && authenticate !== client.ClientSecretPost;
    const secret = application.client_secret ?? (hasKeys ? '' : undefined);
    const authentication = secret === undefined ? client.None() : authenticate(secret);
    const config = await client.discovery(new URL(site.url), application.id, metadata, authentication, { execute });
    party = new RelyingParty(config, `http://127.0.0.1:${port}/cb`, () => server.close());
    return party;
  }

  private async begin(): Promise<string> {
    const { url, checks } = await this.request();
    this.begun = checks;
    return url;
  }

  /**
   * The address to which it sends a browser, and what it checks when that comes back. `pushed` is whether it pushes the request
   * first.
   */
  async request(
    more: Record<string, string> = {},
    pushed = false,
  ): Promise<{ url: string; checks: client.AuthorizationCodeGrantChecks }> {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const expectedNonce = client.randomNonce();
    const build = pushed ? client.buildAuthorizationUrlWithPAR : client.buildAuthorizationUrl;
    const url = await build(this.config, {
      redirect_uri: this.callback,
      scope: 'openid profile email groups roles offline_access',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      ...more,
    });
    return { url: url.href, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
  }

  stop(): void {
    this.close();
  }
}
