import { type Browser, type BrowserContext, type Page } from '@playwright/test';

import { OWNER, type Person, expect, fillSignUp, open, signIn, someone, test as base } from '../support/fixtures.ts';
import { freePort } from '../support/latchkey.ts';
import { type Application, type Group } from '../support/site.ts';
import { documented } from './documents.ts';
import { type Profile, profileAt, startOpenWebUi, token } from './open-webui.ts';
import { picture } from './pictures.ts';
import { type Program } from './program.ts';

/** Open WebUI, connected as the dashboard and docs/connect/open-webui.md say. */
type OpenWebUi = { address: string; application: Application; program: Program };

const test = base.extend<object, { webui: OpenWebUi }>({
  webui: [
    async ({ browser, site, ownerState }, use) => {
      const address = `http://localhost:${await freePort()}`;
      const context = await browser.newContext({ baseURL: site.url, storageState: ownerState, locale: 'en-GB' });
      const { application, settings } = await connect(await context.newPage(), address);
      await context.close();
      const program = await startOpenWebUi(address, settings);
      await use({ address, application, program });
      await program.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.describe.configure({ mode: 'serial' });

/** Creates the application by its template, and reads what to enter in Open WebUI. */
async function connect(page: Page, address: string): Promise<{ application: Application; settings: string }> {
  await page.addInitScript(() => addEventListener('application', () => Object.assign(window, { hydrated: true })));
  await open(page, '/admin/applications');
  await page.getByRole('button', { name: 'Create application' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New application' });
  await dialog.getByLabel('Template').selectOption('Open WebUI');
  await dialog.getByLabel(/^Address/).first().fill(address);
  await expect(dialog.getByLabel('Redirect addresses')).toHaveValue(`${address}/oauth/oidc/callback`);
  await expect(dialog.getByLabel(/^Sign-in address/)).toHaveValue(`${address}/oauth/oidc/login`);
  await dialog.getByLabel('Template').focus();
  await picture(page, 'open-webui-create');
  await dialog.locator('summary').filter({ hasText: 'More settings' }).click();
  await dialog.getByLabel('Addresses after signing out').fill(`${address}/auth`);
  await dialog.getByRole('button', { name: 'Create application' }).click();
  const shown = page.getByRole('status').filter({ hasText: 'Client secret of' });
  const secret = await shown.getByRole('textbox', { name: 'Client secret' }).inputValue();
  await shown.getByRole('link', { name: 'Show how to connect it' }).click();
  const block = page.getByRole('main').locator('pre');
  await expect(block).toContainText('OAUTH_CLIENT_ID=');
  await page.getByRole('button', { name: 'Dismiss' }).or(page.locator('.toast button')).first().click();
  await block.scrollIntoViewIfNeeded();
  await picture(page, 'open-webui-settings');
  const dashboard = (await block.innerText()).trim();
  const id = /^OAUTH_CLIENT_ID=(.*)$/m.exec(dashboard)![1]!;

  // The page of the documentation has the same settings, and some that are known there alone.
  const written = documented('open-webui', 'OAUTH_CLIENT_ID', {
    'https://join.example.org': new URL(page.url()).origin,
    'https://chat.example.org': address,
    'YOUR-CLIENT-ID': id,
  });
  for (const line of dashboard.split('\n')) expect(written.split('\n')).toContain(line);
  const settings = written.trim().replace('YOUR-CLIENT-SECRET', secret);
  return { application: { id, name: 'Open WebUI', client_secret: secret }, settings };
}

/** A signed-out browser, or one that is signed in to Latchkey. */
async function newBrowser(browser: Browser, state?: Awaited<ReturnType<BrowserContext['storageState']>>): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', ...(state ? { storageState: state } : {}) });
  return context.newPage();
}

/** Opens Open WebUI, and presses its button. */
async function enter(page: Page, { address }: OpenWebUi): Promise<void> {
  await page.goto(`${address}/auth`);
  await page.getByRole('button', { name: 'Continue with Latchkey' }).click();
}

/** Waits until Open WebUI has signed somebody in and shows its start page, and says who that is. */
async function profile(page: Page, { address }: OpenWebUi): Promise<Profile> {
  const profile = await profileAt(page, address);
  await expect(page).toHaveURL(`${address}/`);
  return profile;
}

/** What a request to its interface needs. */
async function bearer(page: Page, { address }: OpenWebUi): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await token(page, address)}` };
}

/** The owner, in a browser that is signed in to Open WebUI. */
async function asAdmin(browser: Browser, webui: OpenWebUi): Promise<Page> {
  const page = await newBrowser(browser);
  await enter(page, webui);
  await signIn(page, OWNER);
  expect(await profile(page, webui)).toMatchObject({ role: 'admin' });
  return page;
}

/** Ends the session in Open WebUI alone, so that the next sign-in is another. */
async function forget(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.clear());
  await page.context().clearCookies({ domain: 'localhost' });
}

let lena: Person;
let account: string;
let editors: Group;
let member: Page;

test('who signs in first is an admin there: the owner', async ({ browser, ownerState, webui }) => {
  const page = await newBrowser(browser, ownerState);
  await page.goto(webui.address);
  await page.getByText('Get started').click();
  await page.getByRole('button', { name: 'Continue with Latchkey' }).click();
  expect(await profile(page, webui)).toMatchObject({ name: OWNER.name, email: OWNER.email, role: 'admin' });
  await page.context().close();
});

test('an invitation leads into Open WebUI, with name, role and group', async ({ browser, site, webui }) => {
  editors = await site.group('editors');
  const invite = await site.invite({ label: 'Editors of the chat', groups: [editors.id] });
  lena = someone('Léna Brandt-Oyelaran');
  member = await newBrowser(browser);
  await enter(member, webui);
  await expect(member.getByText('To continue to Open WebUI')).toBeVisible();
  await member.getByRole('link', { name: 'Sign up with it' }).click();
  await member.getByLabel('Invite code').fill(invite.code);
  await member.getByRole('button', { name: 'Continue' }).click();
  await fillSignUp(member, lena);
  await member.getByRole('button', { name: /^Join/ }).click();
  expect(await profile(member, webui)).toEqual({ name: lena.name, email: lena.email, role: 'user', groups: ['editors'] });
  await expect(member.getByText(lena.name).first()).toBeVisible();
  await picture(member, 'open-webui-signed-in');
  account = await site.accountOf(lena);
  expect(await site.used(invite)).toBe(1);
});

test('an invite for Open WebUI leads into it, signed in', async ({ browser, site, webui }) => {
  const invite = await site.invite({ groups: [editors.id], after: `/open/${webui.application.id}` });
  const mateo = someone();
  const page = await newBrowser(browser);
  await page.goto(invite.url);
  await expect(page.getByText('Afterwards you continue to')).toContainText('Open WebUI');
  await fillSignUp(page, mateo);
  await page.getByRole('button', { name: /^Join/ }).click();
  expect(await profile(page, webui)).toMatchObject({ name: mateo.name, role: 'user', groups: ['editors'] });

  // From the start page as well.
  await forget(page);
  await page.goto(`${site.url}/me`);
  await page.getByRole('link', { name: 'Open WebUI' }).click();
  expect(await profile(page, webui)).toMatchObject({ name: mateo.name });
  await page.context().close();
});

test('role and groups follow those here at the next sign-in', async ({ site, webui }) => {
  const potters = await site.group('potters', [lena.username]);
  await site.edit(account, { role: 'admin' });
  await forget(member);
  await enter(member, webui);
  // A change of the role ends the sessions here.
  await signIn(member, lena);
  expect(await profile(member, webui)).toMatchObject({ role: 'admin', groups: expect.arrayContaining(['editors', 'potters']) });

  await site.edit(account, { role: 'user' });
  await site.leave(editors, [account]);
  await forget(member);
  await enter(member, webui);
  await signIn(member, lena);
  expect(await profile(member, webui)).toMatchObject({ role: 'user', groups: ['potters'] });

  // Open WebUI changes nothing when the list is empty.
  await site.leave(potters, [account]);
  await forget(member);
  await enter(member, webui);
  expect(await profile(member, webui)).toMatchObject({ role: 'user', groups: ['potters'] });
});

test('signing out of Open WebUI signs out here, and leads back', async ({ site, webui }) => {
  const signedOut = member.waitForResponse((answer) => answer.url().startsWith(`${site.url}/oidc/logout`));
  await member.getByAltText('Open User Profile Menu').filter({ visible: true }).first().click();
  await member.getByText('Sign Out').click();
  expect((await signedOut).status()).toBe(303);
  await expect(member).toHaveURL((url) => url.origin === webui.address && url.pathname === '/auth');
  await enter(member, webui);
  await expect(member.getByLabel('E-mail or username')).toBeVisible();
});

test('an address that is taken there belongs to nobody here', async ({ browser, site, webui }) => {
  const mateo = someone();
  const before = { name: 'Mateo, long before', email: mateo.email, password: mateo.password, role: 'user' };
  const admin = await asAdmin(browser, webui);
  const added = await admin.request.post(`${webui.address}/api/v1/auths/add`, { headers: await bearer(admin, webui), data: before });
  expect(added.status(), await added.text()).toBe(200);
  await site.signUp(await site.invite(), mateo);
  const page = await newBrowser(browser);
  await enter(page, webui);
  await signIn(page, mateo);
  await expect(page.getByText('this email is already registered').first()).toBeVisible();
  expect(await token(page, webui.address)).toBeUndefined();
  await page.context().close();
  await admin.context().close();
});

test('who may not enter stays here, and is told so', async ({ browser, site, webui }) => {
  await site.changeApplication(webui.application, { groups: [] });
  const page = await newBrowser(browser);
  await enter(page, webui);
  await signIn(page, lena);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You can’t open Open WebUI');
  await site.changeApplication(webui.application, { groups: null });
  await page.context().close();
});

test('suspended here, nobody signs in there', async ({ browser, site, webui }) => {
  await signIn(member, lena);
  expect(await profile(member, webui)).toMatchObject({ name: lena.name });
  const page = await newBrowser(browser);
  await site.suspend(account);
  await enter(page, webui);
  await signIn(page, lena);
  await expect(page.getByRole('alert')).toContainText('suspended');
  expect(new URL(page.url()).origin).toBe(site.url);
  expect(await token(page, webui.address)).toBeUndefined();

  // Open WebUI asks again at the next sign-in, not before: its own session lasts until it expires.
  const session = (await token(member, webui.address))!;
  const { iat, exp } = JSON.parse(Buffer.from(session.split('.')[1]!, 'base64url').toString());
  expect(exp - iat).toBe(12 * 3_600);
  const headers = { authorization: `Bearer ${session}` };
  const status = async () => (await member.request.get(`${webui.address}/api/v1/users/groups`, { headers })).status();
  expect(await status()).toBe(200);
  // An admin ends it there.
  const admin = await asAdmin(browser, webui);
  const { id } = await (await member.request.get(`${webui.address}/api/v1/auths/`, { headers })).json();
  const pending = { role: 'pending', name: lena.name, email: lena.email, profile_image_url: '/user.png' };
  const url = `${webui.address}/api/v1/users/${id}/update`;
  const updated = await admin.request.post(url, { headers: await bearer(admin, webui), data: pending });
  expect(updated.status(), await updated.text()).toBe(200);
  expect(await status()).toBe(401);
  await admin.context().close();
  await forget(member);
  await enter(member, webui);
  await expect(member.getByLabel('E-mail or username')).toBeVisible();
});
