import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import { type AddressInfo } from 'node:net';

/** What the application behind the proxy is told, as its page shows it. */
export const TOLD = ['remote-user', 'remote-email', 'remote-name', 'remote-groups'];

/**
 * An application behind a reverse proxy that asks Latchkey who is signed in: it hands on an answer that is no success, and
 * otherwise shows a page with what it was told. On `localhost`, so that it has other cookies than Latchkey on `127.0.0.1`.
 */
export class ReverseProxy {
  private constructor(
    readonly url: string,
    private readonly close: () => void,
  ) {}

  static async start(latchkey: string): Promise<ReverseProxy> {
    const server = createServer((asked, response) => {
      void answer(latchkey, asked, response).catch((error: unknown) => response.writeHead(502).end(String(error)));
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new ReverseProxy(`http://localhost:${port}`, () => {
      server.closeAllConnections();
      server.close();
    });
  }

  stop(): void {
    this.close();
  }
}

async function answer(latchkey: string, asked: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = {
    ...asked.headers,
    'x-forwarded-method': asked.method,
    'x-forwarded-host': asked.headers.host,
    'x-forwarded-uri': asked.url,
  };
  const question = request(`${latchkey}/forward-auth`, { headers }).end();
  const [verdict] = (await once(question, 'response')) as [IncomingMessage];
  if (verdict.statusCode !== 200) {
    response.writeHead(verdict.statusCode ?? 502, verdict.headers);
    verdict.pipe(response);
    return;
  }
  verdict.resume();
  const told = TOLD.map((name) => `<dt>${name}</dt><dd>${String(verdict.headers[name])}</dd>`);
  response.setHeader('content-type', 'text/html');
  response.end(`<title>Wiki</title><h1>The wiki</h1><p>${asked.url ?? ''}</p><dl>${told.join('')}</dl>`);
}
