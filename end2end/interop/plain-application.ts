import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import { png } from '../support/png.ts';

/** A request as an application got it. */
export type Got = { application: string; method: string; url: string; headers: Record<string, string>; body: string };

/** An application that knows nothing of accounts: it answers with what it was sent, and has a picture and a WebSocket. */
export class PlainApplication {
  /** What it was sent so far. */
  readonly got: Got[] = [];

  private constructor(
    readonly url: string,
    private readonly close: () => void,
  ) {}

  static async start(name: string): Promise<PlainApplication> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const got = read(name, request, Buffer.concat(chunks).toString());
      application.got.push(got);
      if (request.url?.startsWith('/logo.png')) response.setHeader('content-type', 'image/png').end(png(40, 30));
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(got));
    });
    server.on('upgrade', (request, socket) => {
      const got = read(name, request, '');
      application.got.push(got);
      const accept = createHash('sha1').update(`${got.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
      socket.write([...head, `Sec-WebSocket-Accept: ${accept.digest('base64')}`, '', ''].join('\r\n'));
      // One message, which has fewer than 126 bytes and says who is signed in.
      const message = Buffer.from(got.headers['remote-user'] ?? 'nobody');
      socket.write(Buffer.concat([Buffer.from([0x81, message.length]), message]));
      socket.on('error', () => {});
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const application = new PlainApplication(`127.0.0.1:${port}`, () => {
      server.close();
      server.closeAllConnections();
    });
    return application;
  }

  stop(): void {
    this.close();
  }
}

/** Node.js reads headers as Latin-1; they are UTF-8 here. */
function read(application: string, request: IncomingMessage, body: string): Got {
  const text = (value: string | string[] | undefined) => Buffer.from(String(value ?? ''), 'latin1').toString('utf8');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, text(value)]));
  return { application, method: request.method ?? '', url: request.url ?? '', headers, body };
}
