import { request as plain } from 'node:http';
import { request as overTls } from 'node:https';
import { connect } from 'node:net';

import { type BrowserContext } from '@playwright/test';

/** An answer, as it came. */
export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

type Asked = { method?: string; headers?: Record<string, string>; body?: string };

/** What a browser says when it opens a page. */
export const NAVIGATION = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

/** Sends one request to a site of this machine, whatever its name is. Follows nothing. */
export function ask(url: string, { method = 'GET', headers = {}, body = '' }: Asked = {}): Promise<Answer> {
  const { protocol, host, hostname, port, pathname, search } = new URL(url);
  const send = protocol === 'https:' ? overTls : plain;
  const where = { host: '127.0.0.1', port, path: pathname + search, method, agent: false as const };
  const tls = { servername: hostname, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const sent = send({ ...where, ...tls, headers: { host, ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The cookies of a browser for a site, as a header. */
export async function cookies(context: BrowserContext, url: string): Promise<string> {
  return (await context.cookies(url)).map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** Sends lines as they are to a port of this machine, without TLS, and returns all that comes back. */
export function askByLines(port: string, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => (text += chunk));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
