import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { type Page } from '@playwright/test';
import * as client from 'openid-client';

import { type Person, expect, signIn, someone, test } from '../support/fixtures.ts';
import { RelyingParty } from '../support/relying-party.ts';
import { type Site } from '../support/site.ts';

// What tests/applications.spec.ts does not have: each way of connecting, and what has to be refused.

const CALLBACK = { redirect_uris: ['http://127.0.0.1/cb'], post_logout_redirect_uris: ['http://127.0.0.1/bye'] };

let ada: Person;
let account: string;
let parties: RelyingParty[] = [];

test.beforeEach(async ({ site }) => {
  ada = someone('Adaeze Okonkwo');
  account = await site.signUp(await site.invite(), ada);
});

test.afterEach(() => {
  for (const party of parties.splice(0)) party.stop();
});

/** What the library is told of an application, beside its id and secret. */
type Told = Parameters<typeof RelyingParty.start> extends [unknown, unknown, ...infer More] ? More : never;

/** An application, and the library that connects it. */
async function connected(site: Site, oidc = {}, ...more: Told) {
  const application = await site.application(someone('Chat').username, { ...CALLBACK, ...oidc });
  const party = await RelyingParty.start(site, application, ...more);
  parties.push(party);
  return { application, party, config: party.config };
}

/** Opens an application in a browser: the address to which it comes back, and what the library checks of it. */
async function opened(page: Page, party: RelyingParty, more: Record<string, string> = {}) {
  const { url, checks } = await party.request(more);
  await page.goto(url);
  const password = page.getByLabel('Password', { exact: true });
  await expect(password.or(page.getByText('Signed in to the chat'))).toBeVisible();
  if (await password.isVisible()) await signIn(page, ada);
  await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
  return { back: new URL(page.url()), checks };
}

/** Signs in to an application, and fetches the tokens. */
async function tokens(page: Page, party: RelyingParty, more: Record<string, string> = {}) {
  const { back, checks } = await opened(page, party, more);
  return client.authorizationCodeGrant(party.config, back, checks);
}

/** Why the library refused an answer: its error, and what caused that. */
async function refused(exchange: Promise<unknown>): Promise<string> {
  const error: unknown = await exchange.then(
    () => new Error('accepted'),
    (error) => error,
  );
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause.message);
  return causes.join(': ');
}

/** The refusal of the token endpoint. */
const refusal = (error: string) => ({ name: 'ResponseBodyError', error });

for (const [signing, authenticate] of [
  ['RS256', client.ClientSecretPost],
  ['ES256', client.ClientSecretBasic],
  ['EdDSA', client.ClientSecretPost],
] as const) {
  test(`ID tokens signed by ${signing}, with ${authenticate.name}`, async ({ site, visitor: { page } }) => {
    const { party, config } = await connected(site, { signing }, { id_token_signed_response_alg: signing }, authenticate);
    // The library then verifies the signature by the published keys, although it got the token from the issuer itself.
    client.enableNonRepudiationChecks(config);
    const got = await tokens(page, party);
    expect(JSON.parse(Buffer.from(got.id_token!.split('.')[0]!, 'base64url').toString())).toMatchObject({ alg: signing });
    expect(got.claims()).toMatchObject({ iss: site.url, name: ada.name, email_verified: false });
    const again = await client.refreshTokenGrant(config, got.refresh_token!);
    expect(again.claims()?.sub).toBe(got.claims()?.sub);
  });
}

test('an application in a browser has no secret, and asks each time on loopback', async ({ site, visitor: { page } }) => {
  const { application, party, config } = await connected(site, { client_type: 'public' });
  expect(application.client_secret).toBeNull();
  for (let round = 0; round < 2; round += 1) {
    const { url, checks } = await party.request();
    await page.goto(url);
    if (round === 0) await signIn(page, ada);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
    const got = await client.authorizationCodeGrant(config, new URL(page.url()), checks);
    expect(got.claims()?.['preferred_username']).toBe(ada.username);
    // A public client can refresh and revoke, and cannot introspect.
    const refreshed = await client.refreshTokenGrant(config, got.refresh_token!);
    await expect(client.tokenIntrospection(config, refreshed.access_token)).rejects.toMatchObject({ name: 'ResponseBodyError' });
    await client.tokenRevocation(config, refreshed.refresh_token!);
    const revoked = client.refreshTokenGrant(config, refreshed.refresh_token!);
    await expect(revoked).rejects.toMatchObject(refusal('invalid_grant'));
  }
});

test('identifiers are the same everywhere, or the application’s own', async ({ site, visitor: { page } }) => {
  const subjects = [];
  for (const subject of ['public', 'public', 'pairwise', 'pairwise']) {
    const { party, config } = await connected(site, { subject });
    const got = await tokens(page, party);
    const sub = got.claims()!.sub;
    expect((await client.fetchUserInfo(config, got.access_token, sub)).sub).toBe(sub);
    expect((await tokens(page, party)).claims()!.sub).toBe(sub);
    subjects.push(sub);
  }
  expect(subjects[0]).toBe(subjects[1]);
  expect(new Set(subjects.slice(1)).size).toBe(3);
});

test('an application can ask for a new sign-in', async ({ site, visitor: { page } }) => {
  const { party, config } = await connected(site);
  const before = (await tokens(page, party)).claims()!['auth_time']!;
  for (const more of [{ prompt: 'login' }, { max_age: '0' }] as Record<string, string>[]) {
    const { url, checks } = await party.request({ ...more, ui_locales: 'pt en' });
    // The age of a sign-in counts in whole seconds: of one in this second it is 0.
    await expect
      .poll(async () => {
        await page.goto(url);
        return page.getByLabel('E-mail or username').isVisible();
      })
      .toBe(true);
    await signIn(page, ada);
    await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
    const maxAge = 'max_age' in more ? 60 : undefined;
    const got = await client.authorizationCodeGrant(config, new URL(page.url()), { ...checks, maxAge });
    expect(got.claims()!['auth_time']).toBeGreaterThanOrEqual(before);
  }
  const silent = await party.request({ max_age: '3600', prompt: 'none' });
  await page.goto(silent.url);
  await client.authorizationCodeGrant(config, new URL(page.url()), { ...silent.checks, maxAge: 3_600 });
});

test('the sign-in page has the name that an application hints at', async ({ site, visitor: { page } }) => {
  const { party } = await connected(site);
  const { url } = await party.request({ login_hint: ada.email });
  await page.goto(url);
  await expect(page.getByLabel('E-mail or username')).toHaveValue(ada.email, { timeout: 1_000 });
});

test('scopes decide what is told', async ({ site, visitor: { page } }) => {
  const { party, config } = await connected(site);
  const got = await tokens(page, party, { scope: 'openid email' });
  expect(got.refresh_token).toBeUndefined();
  const info = await client.fetchUserInfo(config, got.access_token, got.claims()!.sub);
  expect(Object.keys(info).sort()).toEqual(['email', 'email_verified', 'sub']);
  const wide = await tokens(page, party);
  const narrow = await client.refreshTokenGrant(config, wide.refresh_token!, { scope: 'openid' });
  expect(narrow.scope).toBe('openid');
  const wider = client.refreshTokenGrant(config, narrow.refresh_token!, { scope: 'openid phone admin email' });
  await expect(wider.then(({ scope }) => scope?.split(' ').sort())).resolves.toEqual(['email', 'openid']);
});

test('a request that may be an attack stays here, any other error is told to the application', async ({ site, visitor }) => {
  const { page, watch } = visitor;
  const { party, config } = await connected(site);
  for (const redirect_uri of [`${party.callback}/`, party.callback.replace('127.0.0.1', 'localhost'), 'http://127.0.0.1/other']) {
    const { url } = await party.request({ redirect_uri });
    await watch.during(400, () => page.goto(url));
    await expect(page.getByRole('main')).toContainText('is not registered for it (redirect_uri)');
    expect(new URL(page.url()).origin).toBe(site.url);
  }
  for (const [more, error] of [
    [{ code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'email' }, 'invalid_scope'],
    [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    [{ prompt: 'none' }, 'login_required'],
  ] as const) {
    const { url, checks } = await party.request(more);
    await page.goto(url);
    // The library has checked `state` and `iss` of the refusal before it reads it.
    const told = client.authorizationCodeGrant(config, new URL(page.url()), checks);
    await expect(told, JSON.stringify(more)).rejects.toMatchObject({ name: 'AuthorizationResponseError', error });
  }
});

test('a code is good for its own request, once, for a minute', async ({ site, visitor: { page } }) => {
  const { application, party, config } = await connected(site);
  const other = await connected(site);
  const { back, checks } = await opened(page, party);
  const exchange = (more: Partial<typeof checks>, by = config) => client.authorizationCodeGrant(by, back, { ...checks, ...more });
  await expect(exchange({ pkceCodeVerifier: client.randomPKCECodeVerifier() })).rejects.toMatchObject(refusal('invalid_grant'));
  await expect(exchange({}, other.config)).rejects.toMatchObject(refusal('invalid_grant'));
  const elsewhere = new URL(back.href.replace('/cb', '/cb2'));
  await expect(client.authorizationCodeGrant(config, elsewhere, checks)).rejects.toMatchObject(refusal('invalid_grant'));
  const wrong = new client.Configuration(config.serverMetadata(), application.id, {}, client.ClientSecretBasic('lks_wrong'));
  client.allowInsecureRequests(wrong);
  await expect(exchange({}, wrong)).rejects.toMatchObject({ status: 401 });

  // None of these used the code up. A second use ends what the first one gave.
  const got = await exchange({});
  expect(await client.tokenIntrospection(config, got.access_token)).toMatchObject({ active: true });
  await expect(exchange({})).rejects.toMatchObject(refusal('invalid_grant'));
  expect(await client.tokenIntrospection(config, got.access_token)).toEqual({ active: false });
  await expect(client.refreshTokenGrant(config, got.refresh_token!)).rejects.toMatchObject(refusal('invalid_grant'));

  const late = await opened(page, party);
  expire(site, 'oidc_codes');
  const exchanged = client.authorizationCodeGrant(config, late.back, late.checks);
  await expect(exchanged).rejects.toMatchObject(refusal('invalid_grant'));
});

test('a refresh token that is used twice ends all that came of it', async ({ site, visitor: { page } }) => {
  const { party, config } = await connected(site);
  const first = await tokens(page, party);
  const second = await client.refreshTokenGrant(config, first.refresh_token!);
  const third = await client.refreshTokenGrant(config, second.refresh_token!);
  expect(await client.tokenIntrospection(config, third.access_token)).toMatchObject({ active: true });
  await expect(client.refreshTokenGrant(config, first.refresh_token!)).rejects.toMatchObject(refusal('invalid_grant'));
  await expect(client.refreshTokenGrant(config, third.refresh_token!)).rejects.toMatchObject(refusal('invalid_grant'));
  for (const { access_token } of [first, second, third]) {
    expect(await client.tokenIntrospection(config, access_token)).toEqual({ active: false });
  }
});

test('an answer of another issuer is recognised', async ({ site, visitor: { page } }) => {
  const { application, party, config } = await connected(site);
  const { back, checks } = await opened(page, party);
  const { supportsPKCE: _, ...own } = config.serverMetadata();
  const metadata = { ...own, issuer: 'http://127.0.0.1:9' };
  const other = new client.Configuration(metadata, application.id, {}, client.ClientSecretBasic(application.client_secret!));
  client.allowInsecureRequests(other);
  expect(await refused(client.authorizationCodeGrant(other, back, checks))).toContain('unexpected "iss"');
  const without = new URL(back);
  without.searchParams.delete('iss');
  expect(await refused(client.authorizationCodeGrant(config, without, checks))).toContain('"iss" (issuer) missing');
  const state = client.authorizationCodeGrant(config, back, { ...checks, expectedState: 'x' });
  expect(await refused(state)).toContain('unexpected "state"');
  const nonce = client.authorizationCodeGrant(config, back, { ...checks, expectedNonce: 'x' });
  expect(await refused(nonce)).toContain('unexpected ID Token "nonce"');
});

test('a changed or unsigned ID token is refused, by the library and here', async ({ site, visitor: { page } }) => {
  const { party, config } = await connected(site);
  client.enableNonRepudiationChecks(config);
  const genuineFetch: client.CustomFetch = (url, options) => fetch(url, options as RequestInit);
  const genuine = (await tokens(page, party)).id_token!;
  for (const [forge, why] of [
    [changed, 'JWT signature verification failed'],
    [unsigned, 'unexpected JWT "alg"'],
  ] as const) {
    config[client.customFetch] = async (url, options) => {
      const answer = await fetch(url, options as RequestInit);
      if (!url.endsWith('/oidc/token')) return answer;
      const body = (await answer.json()) as { id_token: string };
      return Response.json({ ...body, id_token: forge(body.id_token) });
    };
    expect(await refused(tokens(page, party))).toContain(why);
    config[client.customFetch] = genuineFetch;

    // As a hint at sign-out it proves nothing: the member is asked, and stays signed in.
    const hint = { id_token_hint: forge(genuine), post_logout_redirect_uri: party.callback.replace('/cb', '/bye') };
    await page.goto(client.buildEndSessionUrl(config, hint).href);
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
    expect(new URL(page.url()).origin).toBe(site.url);
    const silent = await party.request({ prompt: 'none' });
    await page.goto(silent.url);
    expect(new URL(page.url()).searchParams.get('error')).toBeNull();
  }
  // An address after signing out that is not registered is not followed.
  const elsewhere = { id_token_hint: genuine, post_logout_redirect_uri: party.callback };
  await page.goto(client.buildEndSessionUrl(config, elsewhere).href);
  await expect(page.getByRole('main')).toContainText('You are signed out');
  expect(new URL(page.url()).origin).toBe(site.url);
});

test('tokens end with the account, and with the groups that an application admits', async ({ site, visitor: { page } }) => {
  const group = await site.group(someone('Potters').username, [ada.username]);
  const application = await site.application(someone('Wiki').username, CALLBACK, { groups: [group.id] });
  const party = await RelyingParty.start(site, application);
  parties.push(party);
  const got = await tokens(page, party);
  await site.leave(group, [account]);
  expect(await client.tokenIntrospection(party.config, got.access_token)).toEqual({ active: false });
  const info = client.fetchUserInfo(party.config, got.access_token, got.claims()!.sub);
  await expect(info).rejects.toMatchObject({ status: 401 });

  const open = await connected(site);
  const more = await tokens(page, open.party);
  await site.suspend(account);
  await expect(client.refreshTokenGrant(open.config, more.refresh_token!)).rejects.toMatchObject(refusal('invalid_grant'));
  const silent = await open.party.request({ prompt: 'none' });
  await page.goto(silent.url);
  expect(new URL(page.url()).searchParams.get('error')).toBe('login_required');
});

/** An ID token for somebody else, with the signature that it had. */
function changed(token: string): string {
  const [head, body, signature] = token.split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  return [head, encoded({ ...claims, roles: ['owner'] }), signature].join('.');
}

/** An ID token that says that it needs no signature. */
function unsigned(token: string): string {
  return [encoded({ alg: 'none', typ: 'JWT' }), token.split('.')[1], ''].join('.');
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Lets what a table has expire now: nobody waits a minute for it. */
function expire(site: Site, table: string): void {
  const script = `import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=10) as db:
    changed = db.execute('UPDATE ${table} SET expires_at = 0').rowcount
sys.exit(changed == 0)`;
  execFileSync('python3', ['-c', script, join(site.latchkey.data, 'latchkey.db')]);
}

