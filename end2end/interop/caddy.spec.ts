import { documented } from './documents.ts';
import { type Behind, type StartProxy, testForwardAuth } from './forward-auth.ts';
import { Program, debian, python, write } from './program.ts';

// The configuration is that of docs/connect/caddy.md, with other names: without TLS, and with certificates of Caddy's own.
for (const [from, caddy, scheme, tls] of [
  ['Debian', debian('usr/bin/caddy'), 'http', ''],
  ['Debian', debian('usr/bin/caddy'), 'https', 'tls internal'],
  ['PyPI', python('caddy', 'bin/caddy'), 'http', ''],
  ['PyPI', python('caddy', 'bin/caddy'), 'https', 'tls internal'],
] as const) {
  const start: StartProxy = async ({ latchkey, wiki, blog, unknown }, port) => {
    const folder = Program.folder('caddy');
    const site = ({ origin, application }: Behind) =>
      documented('caddy', 'wiki.example.org {', {
        'wiki.example.org {': `${origin} {\n${tls}`,
        '127.0.0.1:3000': new URL(latchkey).host,
        '127.0.0.1:8080': application,
      });
    const options = ['admin off', 'default_bind 127.0.0.1', 'skip_install_trust', 'auto_https disable_redirects'];
    const storage = `storage file_system ${folder}/certificates`;
    const configuration = [`{ \n${[...options, storage].join('\n')}\n}`, ...[wiki, blog, unknown].map(site)].join('\n');
    const file = write(folder, 'Caddyfile', configuration);
    const command: [string, ...string[]] = [caddy, 'run', '--adapter', 'caddyfile', '--config', file];
    return Program.start(folder, command, `${scheme}://127.0.0.1:${port}/`);
  };
  testForwardAuth(`Caddy of ${from}, ${scheme}`, scheme, start);
}
