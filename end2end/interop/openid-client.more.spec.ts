import { type JsonWebKey, createPublicKey, verify } from 'node:crypto';

import { type Page } from '@playwright/test';
import * as client from 'openid-client';

import { type Person, expect, signIn, someone, test } from '../support/fixtures.ts';
import { Receiver } from '../support/receiver.ts';
import { RelyingParty } from '../support/relying-party.ts';
import { type Site } from '../support/site.ts';

// Further ways to ask, to answer and to be told.

const CALLBACK = { redirect_uris: ['http://127.0.0.1/cb'], post_logout_redirect_uris: ['http://127.0.0.1/bye'] };

let ada: Person;
let parties: RelyingParty[] = [];

test.beforeEach(async ({ site }) => {
  ada = someone('Adaeze Okonkwo');
  await site.signUp(await site.invite(), ada);
});

test.afterEach(() => {
  for (const party of parties.splice(0)) party.stop();
});

/** An application, and the library that connects it. */
async function connected(site: Site, oidc: Record<string, unknown>, authenticate?: (secret: string) => client.ClientAuth) {
  const application = await site.application(someone('Chat').username, { ...CALLBACK, ...oidc });
  const party = await RelyingParty.start(site, application, {}, authenticate);
  parties.push(party);
  return { application, party, config: party.config };
}

/** Opens an address that leads to an application, and signs in on the way. */
async function opened(page: Page, url: string): Promise<URL> {
  await page.goto(url);
  await signIn(page, ada);
  await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
  return new URL(page.url());
}

/** A pair of keys, and the public one as an application registers it. */
async function keys(algorithm: 'ES256' | 'RS256' | 'EdDSA') {
  const parameters = {
    ES256: { name: 'ECDSA', namedCurve: 'P-256' },
    RS256: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    EdDSA: { name: 'Ed25519' },
  }[algorithm];
  const pair = (await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])) as CryptoKeyPair;
  const { key_ops: _, ext: __, ...jwk } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { key: pair.privateKey, jwk: { ...jwk, kid: '2026' } };
}

test('a request is pushed, and opened once', async ({ site, visitor: { page, watch } }) => {
  const { party, config } = await connected(site, { require_pushed_authorization_requests: true });
  const { url, checks } = await party.request({ login_hint: ada.email }, true);
  expect([...new URL(url).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  const back = await opened(page, url);
  const got = await client.authorizationCodeGrant(config, back, checks);
  expect(got.claims()).toMatchObject({ name: ada.name });
  await watch.during(400, async () => {
    await page.goto(url);
    await expect(page.getByRole('main')).toContainText('This sign-in has expired, or was completed already.');
  });
  const plain = await party.request();
  await page.goto(plain.url);
  const told = client.authorizationCodeGrant(config, new URL(page.url()), plain.checks);
  await expect(told).rejects.toMatchObject({ name: 'AuthorizationResponseError', error: 'invalid_request' });
});

for (const algorithm of ['ES256', 'RS256', 'EdDSA'] as const) {
  test(`an application proves by its key who it is, ${algorithm}`, async ({ site, visitor: { page } }) => {
    const { key, jwk } = await keys(algorithm);
    const authenticate = () => client.PrivateKeyJwt({ key, kid: '2026' });
    const { application, party, config } = await connected(site, { jwks: { keys: [jwk] } }, authenticate);
    expect(application.client_secret).toBeNull();
    const { url, checks } = await party.request({}, true);
    const got = await client.authorizationCodeGrant(config, await opened(page, url), checks);
    expect(await client.tokenIntrospection(config, got.access_token)).toMatchObject({ active: true });
    const again = await client.refreshTokenGrant(config, got.refresh_token!);
    expect(again.claims()?.sub).toBe(got.claims()?.sub);
    // Another key is none.
    const other = new client.Configuration(config.serverMetadata(), application.id, {}, client.PrivateKeyJwt((await keys(algorithm)).key));
    client.allowInsecureRequests(other);
    await expect(client.refreshTokenGrant(other, again.refresh_token!)).rejects.toMatchObject({ error: 'invalid_client' });
  });
}

test('a member signs a device in', async ({ site, visitor: { page } }) => {
  const { config } = await connected(site, { client_type: 'public', device_flow: true, redirect_uris: [] });
  const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid profile offline_access' });
  const polling = client.pollDeviceAuthorizationGrant(config, begun);
  await page.goto(begun.verification_uri);
  await signIn(page, ada);
  await page.getByLabel('Code').fill(begun.user_code.toLowerCase().replace('-', ''));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('main')).toContainText(begun.user_code);
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(page.getByRole('heading')).toHaveText('The device is signed in');
  const got = await polling;
  expect(got.claims()).toMatchObject({ preferred_username: ada.username });
  await client.refreshTokenGrant(config, got.refresh_token!);

  const other = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
  await page.goto(other.verification_uri_complete!);
  await page.getByRole('button', { name: 'Don’t allow' }).click();
  await expect(page.getByRole('heading')).toHaveText('The device is not signed in');
  await expect(client.pollDeviceAuthorizationGrant(config, other)).rejects.toMatchObject({ error: 'access_denied' });
});

for (const javaScriptEnabled of [true, false]) {
  test(`the answer is posted, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({ site, browser }) => {
    const { party, config } = await connected(site, {});
    const context = await browser.newContext({ baseURL: site.url, javaScriptEnabled });
    const page = await context.newPage();
    const { url, checks } = await party.request({ response_mode: 'form_post' });
    await page.goto(url);
    await signIn(page, ada);
    // After a form, a page leads on to the answer.
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
    const [body] = party.posted;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = new Request(party.callback, { method: 'POST', headers, body: body! });
    const got = await client.authorizationCodeGrant(config, answer, checks);
    expect(got.claims()).toMatchObject({ name: ada.name });
    await context.close();
  });
}

test('an application is told that a member has signed out', async ({ site, visitor: { page } }) => {
  const receiver = await Receiver.start();
  const { application, party, config } = await connected(site, { backchannel_logout_uri: receiver.url });
  const { url, checks } = await party.request();
  const got = await client.authorizationCodeGrant(config, await opened(page, url), checks);
  await page.goto(client.buildEndSessionUrl(config, { id_token_hint: got.id_token! }).href);
  await expect(page.getByRole('main')).toContainText('You are signed out');
  await expect.poll(() => receiver.received.length).toBe(1);
  const token = new URLSearchParams(receiver.received[0]!.body).get('logout_token')!;
  const [head, body, signature] = token.split('.') as [string, string, string];
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const { keys } = (await (await fetch(config.serverMetadata().jwks_uri!)).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const jwk = keys.find(({ kid }) => kid === read(head).kid)!;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  expect(verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(read(head)).toMatchObject({ typ: 'logout+jwt', alg: 'RS256' });
  const { sub, sid } = got.claims()!;
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  expect(read(body)).toMatchObject({ iss: site.url, aud: application.id, sub, sid, events });
  expect(read(body).nonce).toBeUndefined();
  receiver.stop();
});
