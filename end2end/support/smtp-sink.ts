import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';

import { expect } from '@playwright/test';

/** A message as the sink got it. */
export type Letter = { from: string; to: string[]; text: string };

/** The parts of a message (RFC 2046), decoded. */
export type Parts = { text: string; html: string };

/** The two parts of a message, as a mail program reads them. */
export function partsOf({ text: message }: Letter): Parts {
  const [, boundary] = /^Content-Type: multipart\/alternative;\s+boundary="([^"]+)"/im.exec(message)!;
  const parts = message.split(`--${boundary}`).slice(1, -1);
  const part = (type: string): string => decoded(parts.find((one) => new RegExp(`^Content-Type: ${type}`, 'im').test(one))!);
  return { text: part('text/plain'), html: part('text/html') };
}

/** The content of a part, whichever way it was encoded for the journey (RFC 2045). */
function decoded(part: string): string {
  const [, head, body] = /^\n?(.*?)\n\n(.*)$/s.exec(part)!;
  const [, encoding] = /^Content-Transfer-Encoding: (\S+)/im.exec(head!) ?? [];
  if (encoding === 'base64') return Buffer.from(body!, 'base64').toString();
  if (encoding !== 'quoted-printable') return body!;
  const lines = body!.replaceAll(/=\n/g, '');
  return Buffer.from(lines.replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString();
}

/** The text of a message as it was before it was sent: without the line breaks and the escapes of quoted-printable (ASCII alone). */
export const readable = (text: string): string =>
  text.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-7][0-9A-F])/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

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

  /** The texts of the messages to an address, with lines as they were before they were sent (RFC 2045, section 6.7). */
  textsTo(email: string): string[] {
    return this.letters.filter(({ to }) => to.includes(email)).map(({ text }) => text.replaceAll(/=\r?\n/g, ''));
  }

  /** The link below a path in a message to an address, the first unless another is meant, once the message has arrived. */
  async link(email: string, below: string, number = 1): Promise<string> {
    await expect.poll(() => this.textsTo(email).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(number);
    const link = new RegExp(`http\\S*/${below}/[\\w-]{43}`).exec(this.textsTo(email)[number - 1]!);
    expect(link, `a link to ${below} in a message to ${email}`).not.toBeNull();
    return link![0];
  }

  /** The path of such a link in the first message. */
  async path(email: string, below: string): Promise<string> {
    return new URL(await this.link(email, below)).pathname;
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
