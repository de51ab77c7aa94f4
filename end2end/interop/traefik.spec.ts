import { documented } from './documents.ts';
import { type Behind, type StartProxy, testForwardAuth } from './forward-auth.ts';
import { Program, python, write } from './program.ts';

// The configuration is that of docs/connect/traefik.md, with other names: without TLS, and with Traefik's own certificate.
for (const scheme of ['http', 'https'] as const) {
  const start: StartProxy = async ({ latchkey, wiki, blog, unknown }, port) => {
    const folder = Program.folder('traefik');
    for (const { host, application } of [wiki, blog, unknown] satisfies Behind[]) {
      const site = documented('traefik', '# A file of its own', {
        'wiki.example.org': host,
        'http://127.0.0.1:3000': latchkey,
        'http://127.0.0.1:8080': `http://${application}`,
      });
      write(folder, `sites/${host}.yaml`, site);
    }
    const entry = { address: `127.0.0.1:${port}`, ...(scheme === 'https' && { http: { tls: {} } }) };
    const configuration = {
      entryPoints: { web: entry },
      providers: { file: { directory: `${folder}/sites` } },
      global: { checkNewVersion: false, sendAnonymousUsage: false },
    };
    // JSON is YAML.
    const file = write(folder, 'traefik.yaml', JSON.stringify(configuration));
    const command: [string, ...string[]] = [python('traefik', 'bin/traefik'), `--configFile=${file}`];
    return Program.start(folder, command, `${scheme}://127.0.0.1:${port}/`);
  };
  testForwardAuth(`Traefik, ${scheme}`, scheme, start);
}
