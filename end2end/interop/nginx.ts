import { type Behind } from './forward-auth.ts';
import { documented } from './documents.ts';
import { Program, debian, write } from './program.ts';

/** Starts nginx in front of some sites. The configuration is that of docs/connect/nginx.md, with other names and without TLS. */
export async function startNginx(latchkey: string, sites: Behind[], port: number): Promise<Program> {
  const folder = Program.folder('nginx');
  const server = ({ host, application }: Behind) =>
    documented('nginx', 'server {', {
      'server_name wiki.example.org;': `server_name ${host};`,
      'X-Forwarded-Host wiki.example.org;': `X-Forwarded-Host ${host}:${port};`,
      'http://127.0.0.1:3000': latchkey,
      'http://127.0.0.1:8080': `http://${application}`,
      'listen 443 ssl;': `listen 127.0.0.1:${port};`,
      'ssl_certificate /etc/ssl/wiki.example.org.pem;': '',
      'ssl_certificate_key /etc/ssl/wiki.example.org.key;': '',
    });
  const configuration = write(
    folder,
    'nginx.conf',
    `daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${documented('nginx', '# Once', {})}
  ${sites.map(server).join('\n')}
}
`,
  );
  const command: [string, ...string[]] = [debian('usr/sbin/nginx'), '-p', folder, '-c', configuration, '-e', `${folder}/error.log`];
  return Program.start(folder, command, `http://127.0.0.1:${port}/`);
}
