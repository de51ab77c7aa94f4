import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A message as a receiver of webhooks got it. */
export interface Received {
  headers: Record<string, string>;
  body: string;
}

/** A receiver of webhooks on this machine, which answers with the status that it is told. */
export class Receiver {
  readonly received: Received[] = [];
  status = 204;

  private constructor(
    readonly url: string,
    private readonly close: () => void,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        receiver.received.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(receiver.status, { 'content-type': 'text/plain' });
        response.end(receiver.status < 300 ? undefined : 'not now');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(`http://127.0.0.1:${port}/hook`, () => {
      server.closeAllConnections();
      server.close();
    });
    return receiver;
  }

  stop(): void {
    this.close();
  }
}
