import { type Page } from '@playwright/test';

import { type Person, expect, fillSignUp, signIn, someone, test as base } from '../support/fixtures.ts';
import { freePort } from '../support/latchkey.ts';
import { type Application, type Group, type Site } from '../support/site.ts';
import { documented } from './documents.ts';
import { type Got, PlainApplication } from './plain-application.ts';
import { Program, debian, write } from './program.ts';
import { NAVIGATION, ask } from './raw.ts';

/** A site behind Apache with mod_auth_openidc, configured as docs/connect/apache.md says. */
type Wiki = { address: string; application: Application; app: PlainApplication; apache: Program };

const MODULES = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'headers',
  'proxy',
  'proxy_http',
  'socache_shmcb',
  'auth_openidc',
];

const test = base.extend<object, { wiki: Wiki }>({
  wiki: [
    async ({ site }, use) => {
      const port = await freePort();
      const address = `http://localhost:${port}`;
      const oidc = { redirect_uris: [`${address}/oidc-callback`], post_logout_redirect_uris: [`${address}/public/bye`] };
      const application = await site.application('Wiki', oidc, { url: address });
      const app = await PlainApplication.start('wiki');
      const written = documented('apache', 'OIDCProviderMetadataURL', {
        'https://join.example.org': site.url,
        'https://wiki.example.org': address,
        'YOUR-CLIENT-ID': application.id,
        'YOUR-CLIENT-SECRET': application.client_secret!,
        'http://127.0.0.1:8080': `http://${app.url}`,
        // What is a second old is old already.
        'OIDCRefreshAccessTokenBeforeExpiry 3300': 'OIDCRefreshAccessTokenBeforeExpiry 3599',
        'OIDCUserInfoRefreshInterval 300': 'OIDCUserInfoRefreshInterval 1',
      });
      const folder = Program.folder('apache');
      const configuration = write(
        folder,
        'apache.conf',
        `ServerRoot ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
LogLevel warn auth_openidc:info
${MODULES.map((name) => `LoadModule ${name}_module ${debian(`usr/lib/apache2/modules/mod_${name}.so`)}`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
ServerName localhost
Listen 127.0.0.1:${port}
DefaultRuntimeDir ${folder}
StartServers 1
<VirtualHost *:${port}>
${written}
# What a program that runs in Apache would see in its environment.
RequestHeader set X-Environment "expr=%{reqenv:OIDC_CLAIM_email} %{REMOTE_USER}"
</VirtualHost>
`,
      );
      const apache = await Program.start(folder, [debian('usr/sbin/apache2'), '-DFOREGROUND', '-f', configuration], `${address}/public/`);
      await use({ address, application, app, apache });
      await apache.stop();
      app.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

/** What the site behind Apache prints on the page. */
async function shown(page: Page): Promise<Got> {
  return JSON.parse(await page.locator('body').innerText());
}

async function enter(page: Page, { address }: Wiki, person: Person, path = '/'): Promise<Got> {
  await page.goto(address + path);
  if (!page.url().startsWith(address)) await signIn(page, person);
  await page.waitForURL(address + path);
  return shown(page);
}

async function member(site: Site): Promise<{ person: Person; account: string; group: Group }> {
  const person = someone('Žofie Nováková 王小明');
  const account = await site.signUp(await site.invite(), person);
  const group = await site.group(`Écrivains ${person.username}`, [person.username]);
  return { person, account, group };
}

test('a member signs in, and the site is told who it is', async ({ site, wiki, page }) => {
  const { person, account, group } = await member(site);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const got = await enter(page, wiki, person, '/notes?page=2&q=%C3%BC');
  expect(got).toMatchObject({
    url: '/notes?page=2&q=%C3%BC',
    headers: {
      'remote-user': person.username,
      oidc_claim_sub: account,
      oidc_claim_preferred_username: person.username,
      oidc_claim_name: person.name,
      oidc_claim_email: person.email,
      oidc_claim_email_verified: '0',
      oidc_claim_groups: group.name,
      oidc_claim_roles: 'user',
      oidc_claim_iss: site.url,
      'x-environment': `${person.email} ${person.username}`,
    },
  });
  const asked = new URL(requests.find((url) => url.startsWith(`${site.url}/oidc/authorize`))!);
  expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
  expect(asked.searchParams.get('code_challenge')).toHaveLength(43);
});

test('an invitation leads to the page', async ({ site, wiki, page }) => {
  const invite = await site.invite();
  const lena = someone('Lena Brandt');
  await page.goto(`${wiki.address}/welcome`);
  await page.getByRole('link', { name: 'Sign up with it' }).click();
  await page.getByLabel('Invite code').fill(invite.code);
  await page.getByRole('button', { name: 'Continue' }).click();
  await fillSignUp(page, lena);
  await page.getByRole('button', { name: /^Join/ }).click();
  await page.waitForURL(`${wiki.address}/welcome`);
  expect((await shown(page)).headers['remote-user']).toBe(lena.username);
});

test('groups decide in Apache as well', async ({ site, wiki, page, browser }) => {
  const editor = await member(site);
  await site.group('editors', [editor.person.username]);
  expect((await enter(page, wiki, editor.person, '/editors/desk')).url).toBe('/editors/desk');
  const other = await (await browser.newContext()).newPage();
  await enter(other, wiki, (await member(site)).person);
  const refused = await other.goto(`${wiki.address}/editors/desk`);
  expect(refused!.status()).toBe(401);
  await other.context().close();
});

test('what a client says of itself never gets through', async ({ site, wiki, page, context }) => {
  const { person } = await member(site);
  await enter(page, wiki, person);
  const cookie = (await context.cookies(wiki.address)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const forged = { 'Remote-User': 'ngozi', OIDC_CLAIM_preferred_username: 'ngozi', OIDC_CLAIM_roles: 'owner' };
  const inside = JSON.parse((await ask(`${wiki.address}/`, { headers: { cookie, ...forged } })).text) as Got;
  expect(inside.headers).toMatchObject({ 'remote-user': person.username, oidc_claim_roles: 'user' });
  // Where everybody may read, nobody is anybody.
  const open = JSON.parse((await ask(`${wiki.address}/public/page`, { headers: forged })).text) as Got;
  expect(Object.keys(open.headers).filter((name) => /^(remote|oidc)[-_]/.test(name))).toEqual([]);
  const before = wiki.app.got.length;
  expect((await ask(`${wiki.address}/`, { headers: forged })).status).toBe(401);
  const led = await ask(`${wiki.address}/`, { headers: { ...forged, ...NAVIGATION } });
  expect([led.status, String(led.headers['location']).split('?')[0]]).toEqual([302, `${site.url}/oidc/authorize`]);
  expect(wiki.app.got.length).toBe(before);
});

test('tokens are refreshed, and what has changed here changes there', async ({ site, wiki, page }) => {
  const { person, account } = await member(site);
  const first = await enter(page, wiki, person);
  await site.edit(account, { name: 'Zoë Łukasiewicz' });
  await site.group(`Potters ${person.username}`, [person.username]);
  let now = first.headers;
  await expect
    .poll(async () => {
      await page.goto(`${wiki.address}/again`);
      now = (await shown(page)).headers;
      return now['oidc_claim_name'];
    })
    .toBe('Zoë Łukasiewicz');
  expect(now['oidc_access_token']).not.toBe(first.headers['oidc_access_token']);
  expect(now['oidc_claim_groups']).toContain(`Potters ${person.username}`);
});

test('signing out there signs out here, and leads back', async ({ site, wiki, page }) => {
  const { person } = await member(site);
  await enter(page, wiki, person);
  const bye = `${wiki.address}/public/bye`;
  await page.goto(`${wiki.address}/oidc-callback?logout=${encodeURIComponent(bye)}`);
  await expect(page).toHaveURL(bye);
  await page.goto(`${site.url}/me`);
  await expect(page).toHaveURL(/\/login/);
  await page.goto(`${wiki.address}/`);
  expect(new URL(page.url()).origin).toBe(site.url);
});

test('who is suspended here is out there at the next refresh', async ({ site, wiki, page }) => {
  const { person, account } = await member(site);
  await enter(page, wiki, person);
  await site.suspend(account);
  await expect
    .poll(async () => {
      await page.goto(`${wiki.address}/`);
      return new URL(page.url()).origin;
    })
    .toBe(site.url);
  await signIn(page, person);
  await expect(page.getByRole('alert')).toContainText('suspended');
});

test('who may not enter stays here, and is told so', async ({ site, wiki, page }) => {
  await site.changeApplication(wiki.application, { groups: [] });
  try {
    await page.goto(`${wiki.address}/`);
    await signIn(page, (await member(site)).person);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You can’t open Wiki');
  } finally {
    await site.changeApplication(wiki.application, { groups: null });
  }
});

test('an answer of another issuer, for another browser, or that was used is refused', async ({ site, wiki, page }) => {
  const { person } = await member(site);
  await enter(page, wiki, person);
  // The way of a browser, in steps: what Apache remembers of its question, and the answer of Latchkey.
  const begin = async () => {
    const asked = await ask(`${wiki.address}/notes`, { headers: NAVIGATION });
    const cookie = [asked.headers['set-cookie']].flat().map((set) => set!.split(';')[0]).join('; ');
    const back = await page.request.get(String(asked.headers['location']), { maxRedirects: 0 });
    return { cookie, url: back.headers()['location']! };
  };
  const arrive = async (url: string, cookie: string) => {
    const { status, headers } = await ask(url, { headers: { ...NAVIGATION, cookie } });
    return { status, signedIn: String(headers['set-cookie']).includes('mod_auth_openidc_session=') };
  };
  const [first, second, third] = [await begin(), await begin(), await begin()];
  const issuer = encodeURIComponent(site.url);
  expect(first.url).toContain(`iss=${issuer}`);
  const mixed = first.url.replace(`iss=${issuer}`, 'iss=http%3A%2F%2Fevil.example');
  expect((await arrive(mixed, first.cookie)).signedIn).toBe(false);
  expect((await arrive(second.url, '')).signedIn).toBe(false);
  expect((await arrive(second.url, third.cookie)).signedIn).toBe(false);
  expect(await arrive(third.url, third.cookie)).toEqual({ status: 302, signedIn: true });
  expect((await arrive(third.url, third.cookie)).signedIn).toBe(false);
});
