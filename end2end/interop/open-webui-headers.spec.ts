import { OWNER, type Person, expect, fillSignUp, signIn, someone, test as base } from '../support/fixtures.ts';
import { freePort } from '../support/latchkey.ts';
import { type Application, type Group } from '../support/site.ts';
import { documented } from './documents.ts';
import { startNginx } from './nginx.ts';
import { profileAt, signedIn, startOpenWebUi } from './open-webui.ts';
import { type Program } from './program.ts';
import { ask } from './raw.ts';

/** Open WebUI behind nginx, which tells it by headers who is signed in, as docs/connect/open-webui.md says. */
type OpenWebUi = { origin: string; address: string; application: Application };

const test = base.extend<object, { webui: OpenWebUi }>({
  webui: [
    async ({ site }, use) => {
      const [port, address] = [await freePort(), `http://127.0.0.1:${await freePort()}`];
      const host = 'chat.localhost';
      const origin = `http://${host}:${port}`;
      const headers = { 'Remote-Email': 'email', 'Remote-Name': 'percent-encoded:name', 'Remote-Groups': 'groups', 'Remote-User': 'username' };
      const application = await site.siteApplication('Open WebUI', [origin], { url: origin, forward_auth: { sites: [origin], headers } });
      const settings = documented('open-webui', 'WEBUI_AUTH_TRUSTED_EMAIL_HEADER', {
        'https://join.example.org': site.url,
        'https://chat.example.org': origin,
      });
      const programs: Program[] = [await startOpenWebUi(address, settings.trim())];
      programs.push(await startNginx(site.url, [{ origin, host, application: new URL(address).host }], port));
      await use({ origin, address, application });
      for (const program of programs) await program.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.describe.configure({ mode: 'serial' });

const JSON_BODY = { 'content-type': 'application/json' };

let zofie: Person;
let account: string;
let editors: Group;

test('who comes first is an admin there: the owner, with a group that is there as well', async ({ page, webui }) => {
  await page.goto(webui.origin);
  await signIn(page, OWNER);
  await page.waitForURL((url) => url.origin === webui.origin);
  expect(await profileAt(page, webui.origin)).toMatchObject({ name: OWNER.name, email: OWNER.email, role: 'admin' });
  const created = await ask(`${webui.origin}/api/v1/groups/create`, {
    method: 'POST',
    headers: { ...JSON_BODY, ...(await signedIn(page, webui.origin)) },
    body: JSON.stringify({ name: 'editors', description: '' }),
  });
  expect(created.status, created.text).toBe(200);
});

test('an invite for Open WebUI leads into it, signed in, with name and group', async ({ page, site, webui }) => {
  editors = await site.group('editors');
  const invite = await site.invite({ groups: [editors.id], after: `/open/${webui.application.id}` });
  zofie = someone('Žofie Nováková 王小明');
  await page.goto(invite.url);
  await fillSignUp(page, zofie);
  await page.getByRole('button', { name: /^Join/ }).click();
  await page.waitForURL((url) => url.origin === webui.origin);
  expect(await profileAt(page, webui.origin)).toEqual({ name: zofie.name, email: zofie.email, role: 'user', groups: ['editors'] });
  account = await site.accountOf(zofie);
  expect(await site.used(invite)).toBe(1);
});

test('suspended here, nobody gets through to it, also with a session that it gave', async ({ page, site, webui }) => {
  await page.goto(webui.origin);
  await signIn(page, zofie);
  await page.waitForURL((url) => url.origin === webui.origin);
  await profileAt(page, webui.origin);
  const headers = await signedIn(page, webui.origin);
  const status = async () => (await ask(`${webui.origin}/api/v1/auths/`, { headers })).status;
  expect(await status()).toBe(200);
  await site.suspend(account);
  await expect.poll(status).toBe(401);
  await site.suspend(account, 'restore');
});

test('who is not signed in can’t pretend to be', async ({ webui }) => {
  const forged = { 'Remote-Email': OWNER.email, 'Remote-Name': OWNER.name };
  const answer = await ask(`${webui.origin}/api/v1/auths/signin`, {
    method: 'POST',
    headers: { ...JSON_BODY, ...forged },
    body: JSON.stringify({ email: '', password: '' }),
  });
  expect(answer.status).toBe(401);
});
