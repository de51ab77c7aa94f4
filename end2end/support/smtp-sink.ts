import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';

/** A message as the sink got it. */
export type Letter = { from: string; to: string[]; text: string };

/** A mail server on this machine that keeps what it accepts (SMTP). It knows neither encryption nor user names. */
export class SmtpSink {
  readonly letters: Letter[] = [];
  /** The replies to recipients that are not accepted, by their address. */
  readonly refused = new Map<string, string>();

  private constructor(
    readonly port: number,
    private readonly close: () => void,
  ) {}

  static async start(): Promise<SmtpSink> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // The other side may be gone.
      socket.on('error', () => {});
      sink.converse(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sink = new SmtpSink(port, () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return sink;
  }

  stop(): void {
    this.close();
  }

  private converse(socket: Socket): void {
    const say = (reply: string): void => void socket.write(`${reply}\r\n`);
    let letter: Letter | undefined;
    let isText = false;
    let rest = '';
    const hear = (line: string): void => {
      if (isText && line !== '.') {
        // A line that begins with a dot has one more (RFC 5321, section 4.5.2).
        letter!.text += `${line.replace(/^\./, '')}\n`;
      } else if (isText) {
        isText = false;
        this.letters.push(letter!);
        say('250 2.0.0 Accepted');
      } else {
        command(line);
      }
    };
    const command = (line: string): void => {
      const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') {
        say('250 sink.example');
      } else if (verb === 'MAIL') {
        letter = { from: address, to: [], text: '' };
        say('250 2.1.0 OK');
      } else if (verb === 'RCPT') {
        const refusal = this.refused.get(address);
        if (!refusal) letter!.to.push(address);
        say(refusal ?? '250 2.1.5 OK');
      } else if (verb === 'DATA') {
        isText = true;
        say('354 End with a dot');
      } else if (verb === 'RSET' || verb === 'NOOP') {
        say('250 2.0.0 OK');
      } else if (verb === 'QUIT') {
        say('221 2.0.0 Goodbye');
        socket.end();
      } else {
        say('502 5.5.1 Not implemented');
      }
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      rest += chunk;
      const lines = rest.split('\r\n');
      rest = lines.pop()!;
      lines.forEach(hear);
    });
    say('220 sink.example ESMTP');
  }
}
