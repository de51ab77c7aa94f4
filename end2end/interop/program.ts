import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The folder into which scripts/interop.sh installed the programs of others. */
const INSTALLED = process.env['LATCHKEY_INTEROP'] ?? '';

/** A file of Debian's packages, which are unpacked and not installed. */
export function debian(path: string): string {
  return join(INSTALLED, 'debian', path);
}

/** A file of a Python environment. */
export function python(environment: string, path: string): string {
  return join(INSTALLED, environment, path);
}

/** Where the libraries of the unpacked packages are, if there are any. */
function libraries(): string {
  const root = debian('usr/lib');
  if (!existsSync(root)) return '';
  const folders = readdirSync(root).filter((name) => name.endsWith('-linux-gnu'));
  return folders.map((name) => join(root, name)).join(':');
}

/** A program of others, in an empty folder, with nothing of the caller's environment. */
export class Program {
  private constructor(
    readonly name: string,
    readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** An empty folder for a program: its configuration is written before it starts. */
  static folder(name: string): string {
    return mkdtempSync(join(tmpdir(), `latchkey-interop-${name}-`));
  }

  /** Starts a program in a folder, and waits until it answers at `url`. */
  static async start(
    folder: string,
    [command, ...args]: [string, ...string[]],
    url: string,
    environment: Record<string, string> = {},
  ): Promise<Program> {
    const log = openSync(join(folder, 'output.log'), 'a');
    const name = command.split('/').at(-1) ?? command;
    const child = spawn(command, args, {
      cwd: folder,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder, LD_LIBRARY_PATH: libraries(), ...environment },
      stdio: ['ignore', log, log],
    });
    // For scripts/interop.sh, which ends what is left when the tests are interrupted.
    const pids = process.env['LATCHKEY_INTEROP_PIDS'];
    if (pids && child.pid) appendFileSync(pids, `${child.pid}\n`);
    let problem = '';
    child.on('error', (error) => (problem = `${error.message}\n`));
    const program = new Program(name, folder, child);
    const deadline = Date.now() + 90_000;
    while (!(await answers(url))) {
      if (problem || child.exitCode !== null || Date.now() > deadline) {
        const log = problem + program.log();
        await program.stop();
        throw new Error(`${name} did not start. Its log:\n${log}`);
      }
      await pause(100);
    }
    return program;
  }

  /** What it printed, and what it logged in its folder. */
  log(): string {
    const logs = readdirSync(this.folder).filter((name) => name.endsWith('.log'));
    return logs.map((name) => readFileSync(join(this.folder, name), 'utf8')).join('\n');
  }

  /** Stops it, and removes its folder. */
  async stop(): Promise<void> {
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const deadline = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(deadline);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes a file below a folder. */
export function write(folder: string, path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** What a program prints, such as its version. */
export function output(command: string, args: string[]): string {
  return execFileSync(command, args, { env: { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: libraries() }, encoding: 'utf8' });
}

/** Whether somebody is there, with whatever certificate. */
async function answers(url: string): Promise<boolean> {
  return fetch(url, { redirect: 'manual' }).then(
    () => true,
    (error) => error.cause?.code !== 'ECONNREFUSED',
  );
}
