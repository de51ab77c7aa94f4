import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Path of the binary under test, which contains the bundle. */
const BINARY = required('LATCHKEY_BINARY');

/** A running server: a copy of the binary in an empty folder, with new data, on a free port of this machine. */
export class Latchkey {
  private constructor(
    private readonly folder: string,
    readonly url: string,
    private readonly environment: Record<string, string>,
    private server: ChildProcess | undefined,
  ) {}

  /** Starts a server; `more` is added to its environment. */
  static async start(more: Record<string, string> = {}): Promise<Latchkey> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-end2end-'));
    copyFileSync(BINARY, join(folder, 'latchkey'), constants.COPYFILE_FICLONE);
    const addr = `127.0.0.1:${await freePort()}`;
    // Nothing from the caller's environment.
    const environment = {
      PATH: '/usr/bin:/bin',
      LATCHKEY_ADDR: addr,
      LATCHKEY_DATA_DIR: join(folder, 'data'),
      LATCHKEY_RATE_LIMITS: 'off',
      // Receivers of webhooks are on this machine.
      LATCHKEY_WEBHOOKS_TO_PRIVATE_NETWORKS: 'true',
      ...more,
    };
    const latchkey = new Latchkey(folder, `http://${addr}`, environment, undefined);
    await latchkey.serve();
    return latchkey;
  }

  /** The folder with its database. */
  get data(): string {
    return join(this.folder, 'data');
  }

  /** The output of the server so far. */
  log(): string {
    return readFileSync(join(this.folder, 'server.log'), 'utf8');
  }

  /** Runs a command of the binary while the server runs, and returns its output. */
  async run(args: string[], input = ''): Promise<string> {
    const child = spawn('./latchkey', args, { cwd: this.folder, env: this.environment });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    // A command that reads no input may have ended by now.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`latchkey ${args.join(' ')} ended with ${code}:\n${err}`);
    return out.trim();
  }

  /** Stops the server like a service manager, and removes its data. */
  async stop(): Promise<void> {
    const server = this.server;
    if (server && server.exitCode === null) {
      const exited = once(server, 'exit');
      server.kill('SIGTERM');
      const deadline = setTimeout(() => server.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(deadline);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async serve(): Promise<void> {
    const log = openSync(join(this.folder, 'server.log'), 'a');
    const server = spawn('./latchkey', ['serve'], {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', log, log],
    });
    this.server = server;
    const deadline = Date.now() + 30_000;
    while (!(await this.ready())) {
      if (server.exitCode !== null || Date.now() > deadline) {
        const log = this.log();
        await this.stop();
        throw new Error(`The server did not start. Its log:\n${log}`);
      }
      await pause(50);
    }
  }

  private async ready(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. Run the browser tests with scripts/browser.sh or make test.`);
  return value;
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
