import { type Browser, type Page } from '@playwright/test';

import { OWNER, type Person, expect, signIn, someone, test as base } from '../support/fixtures.ts';
import { freePort } from '../support/latchkey.ts';
import { type Application, type Site } from '../support/site.ts';
import { documented } from './documents.ts';
import { startOpenWebUi, token } from './open-webui.ts';
import { type Program } from './program.ts';
import { Scim } from './scim.ts';

const TOKEN = 'f2b1a6c0d9e84753a1b2c3d4e5f60718';

/** How long a change here takes until it is there. */
const SECONDS = { timeout: 10_000 };

/** Open WebUI, connected by OpenID Connect and by SCIM as docs/connect/open-webui.md says. */
type OpenWebUi = { address: string; application: Application; there: Scim; program: Program };

const test = base.extend<object, { webui: OpenWebUi }>({
  webui: [
    async ({ site }, use) => {
      const address = `http://localhost:${await freePort()}`;
      const application = await site.application('Open WebUI', {
        redirect_uris: [`${address}/oauth/oidc/callback`],
        post_logout_redirect_uris: [`${address}/auth`],
      });
      const oidc = documented('open-webui', 'OAUTH_CLIENT_ID', {
        'https://join.example.org': site.url,
        'https://chat.example.org': address,
        'YOUR-CLIENT-ID': application.id,
        'YOUR-CLIENT-SECRET': application.client_secret!,
      });
      const scim = documented('open-webui', 'ENABLE_SCIM', { 'YOUR-SCIM-TOKEN': TOKEN });
      const program = await startOpenWebUi(address, `${oidc.trim()}\n${scim.trim()}`);
      const url = `${address.replace('localhost', '127.0.0.1')}/api/v1/scim/v2`;
      await use({ address, application, there: new Scim(url, TOKEN), program });
      await program.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.describe.configure({ mode: 'serial' });

/** Tells Open WebUI who may enter. */
async function connect(site: Site, { address, application }: OpenWebUi, more: Record<string, unknown> = {}): Promise<void> {
  const url = `${address.replace('localhost', '127.0.0.1')}/api/v1/scim/v2`;
  await site.changeApplication(application, { scim: { url, token: TOKEN, user_name: 'email', ...more } });
}

/** Signs in to Open WebUI with the account here, in a browser of its own. */
async function enter(browser: Browser, { address }: OpenWebUi, person: Pick<Person, 'username' | 'password'>): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${address}/oauth/oidc/login`);
  await signIn(page, person as Person);
  await expect.poll(() => token(page, address), 'signed in to Open WebUI').toBeDefined();
  return page;
}

/** What Open WebUI says of the one who has this session: the status, and the id and role. */
async function session(address: string, bearer: string): Promise<{ status: number; id?: string; role?: string }> {
  const answer = await fetch(`${address}/api/v1/auths/`, { headers: { authorization: `Bearer ${bearer}` } });
  return { status: answer.status, ...(answer.ok ? await answer.json() : {}) };
}

/** Whether a session may do what a member does. */
async function works(address: string, bearer: string): Promise<boolean> {
  const answer = await fetch(`${address}/api/v1/chats/`, { headers: { authorization: `Bearer ${bearer}` } });
  return answer.ok;
}

let lena: Person;
let account: string;
let there: string;

test('who signed in to it is told, and nobody else is created', async ({ browser, site, webui }) => {
  // The first user is the admin of Open WebUI.
  const admin = await enter(browser, webui, OWNER);
  expect(await session(webui.address, (await token(admin, webui.address))!)).toMatchObject({ role: 'admin' });
  lena = someone('Léna Brandt-Oyelaran');
  const other = someone();
  account = await site.signUp(await site.invite(), lena).then(() => site.accountOf(lena));
  await site.signUp(await site.invite(), other);
  const page = await enter(browser, webui, lena);
  there = (await session(webui.address, (await token(page, webui.address))!)).id!;
  await connect(site, webui, { create: false });
  // Found by the identifier of OpenID Connect, and told it.
  await expect.poll(async () => (await webui.there.user(lena.email))?.externalId, SECONDS).toBe(account);
  expect(await webui.there.user(lena.email)).toMatchObject({ id: there, displayName: lena.name, active: true });
  expect(await webui.there.user(other.email)).toBeUndefined();
  await page.context().close();
  await admin.context().close();
});

test('suspended here, a session there ends within seconds, and comes back', async ({ browser, site, webui }) => {
  const page = await enter(browser, webui, lena);
  const bearer = (await token(page, webui.address))!;
  expect(await works(webui.address, bearer)).toBe(true);
  await site.suspend(account);
  await expect.poll(() => works(webui.address, bearer), SECONDS).toBe(false);
  expect((await webui.there.user(lena.email))?.active).toBe(false);
  await site.suspend(account, 'restore');
  await expect.poll(async () => (await webui.there.user(lena.email))?.active, SECONDS).toBe(true);
  expect(await works(webui.address, bearer)).toBe(true);
  await page.context().close();
});

test('a new address and name are there, and nothing differs', async ({ site, webui }) => {
  const renamed = { name: 'Léna O’Brien', email: `new-${lena.email}` };
  await site.edit(account, renamed);
  await expect.poll(async () => (await webui.there.user(renamed.email))?.displayName, SECONDS).toBe(renamed.name);
  expect(await webui.there.user(renamed.email)).toMatchObject({ id: there, externalId: account });
  const compared = await site.api.post(`/api/v1/admin/applications/${webui.application.id}/scim/compare`);
  expect(await compared.json()).toMatchObject({ differences: [], complete: true });
  lena = { ...lena, ...renamed };
});

test('who is not admitted any more is pending, and admins are not demoted', async ({ site, webui }) => {
  await site.changeApplication(webui.application, { groups: [] });
  await expect.poll(async () => (await webui.there.user(lena.email))?.active, SECONDS).toBe(false);
  expect((await webui.there.user(OWNER.email))?.active).toBe(true);
  await site.changeApplication(webui.application, { groups: null });
  await expect.poll(async () => (await webui.there.user(lena.email))?.active, SECONDS).toBe(true);
});

test('everyone who may enter is there before they sign in, and groups with their members', async ({ site, webui }) => {
  const potters = await site.group('potters', [lena.username]);
  await connect(site, webui, { create: true, groups: true });
  await expect.poll(() => webui.there.members('potters'), SECONDS).toEqual([lena.email]);
  const mateo = someone();
  await site.signUp(await site.invite({ groups: [potters.id] }), mateo);
  await expect.poll(() => webui.there.members('potters'), SECONDS).toEqual([lena.email, mateo.email].sort());
  await site.leave(potters, [account]);
  await expect.poll(() => webui.there.members('potters'), SECONDS).toEqual([mateo.email]);
});

test('a user with the same address is adopted only where staff chose that', async ({ site, webui }) => {
  const mateo = someone();
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
  const before = { schemas, userName: mateo.email, displayName: 'Long before', emails: [{ value: mateo.email, primary: true }] };
  await webui.there.send('POST', 'Users', before);
  await site.signUp(await site.invite(), mateo);
  const deliveries = async () => {
    const list = await site.api.get(`/api/v1/admin/applications/${webui.application.id}/scim/deliveries?status=dead`);
    return (await list.json()).items.map(({ name }: { name: string }) => name);
  };
  await expect.poll(deliveries, SECONDS).toContain(mateo.username);
  expect((await webui.there.user(mateo.email))?.displayName).toBe('Long before');
  await site.changeApplication(webui.application, { scim: { adopt: true } });
  await expect.poll(async () => (await webui.there.user(mateo.email))?.displayName, SECONDS).toBe(mateo.name);
  expect((await webui.there.user(mateo.email))?.externalId).toBe(await site.accountOf(mateo));
});

test('deleted here, the user is deleted there where staff chose that, and is pending otherwise', async ({ site, webui }) => {
  const [first, second] = [someone(), someone()];
  for (const person of [first, second]) await site.signUp(await site.invite(), person);
  await expect.poll(async () => (await webui.there.user(second.email))?.active, SECONDS).toBe(true);
  await expect.poll(async () => (await webui.there.user(first.email))?.active, SECONDS).toBe(true);
  await site.deleteAccount(await site.accountOf(first));
  await expect.poll(async () => (await webui.there.user(first.email))?.active, SECONDS).toBe(false);
  await site.changeApplication(webui.application, { scim: { on_removal: 'delete' } });
  await site.deleteAccount(await site.accountOf(second));
  await expect.poll(() => webui.there.user(second.email), SECONDS).toBeUndefined();
  await expect.poll(() => webui.there.user(first.email), SECONDS).toBeUndefined();
});
