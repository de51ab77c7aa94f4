import * as client from 'openid-client';

import { expectAccessible } from '../support/axe.ts';
import { expect, fillSignUp, go, open, signIn, someone, test } from '../support/fixtures.ts';
import { RelyingParty } from '../support/relying-party.ts';
import { ReverseProxy } from '../support/reverse-proxy.ts';

const CALLBACK = { redirect_uris: ['http://127.0.0.1/cb'], post_logout_redirect_uris: ['http://127.0.0.1/bye'] };

/** A name that no other test has. */
function named(name: string): string {
  return `${name} ${someone(name).username}`;
}

test('an application is connected in the dashboard', async ({ site, owner: { page, watch } }) => {
  const group = await site.group(named('Potters'));
  const name = named('Chat');
  await open(page, '/admin');
  await go(page, 'Applications');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Applications');
  await page.getByRole('button', { name: 'Create application' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New application' });
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Create application' }).click();
    await expect(dialog.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  });
  await expect(dialog).toContainText('Enter at least one address');

  // A template fills in what is known.
  await dialog.getByLabel('Template').selectOption('Open WebUI');
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Open WebUI');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel(/^Address/).first().fill('https://chat.example.org/');
  await expect(dialog.getByLabel('Redirect addresses')).toHaveValue('https://chat.example.org/oauth/oidc/callback');
  await dialog.getByRole('radio', { name: 'Members of groups' }).check();
  await dialog.getByRole('searchbox').fill(group.name);
  await dialog.getByRole('checkbox', { name: group.name }).check();
  await dialog.getByRole('button', { name: 'Create application' }).click();

  // The secret is shown once.
  const secret = page.getByRole('status').filter({ hasText: 'Client secret of' });
  await expect(secret.getByRole('textbox', { name: 'Client secret' })).toHaveValue(/^lks_/);
  await secret.getByRole('link', { name: 'Show how to connect it' }).click();
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(main).toContainText(group.name);
  await expect(main).toContainText('OAUTH_CLIENT_ID=');
  await expect(main).toContainText(`OPENID_PROVIDER_URL=${site.url}/.well-known/openid-configuration`);
  await expect(main).not.toContainText('Copy it now');

  await page.getByRole('button', { name: 'New secret…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create secret' }).click();
  await expect(main).toContainText('Copy it now. It is not shown again.');
  await expect(main).toContainText('works until');

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const editing = page.getByRole('dialog', { name: `Edit ${name}` });
  await editing.getByRole('radio', { name: 'Everyone' }).check();
  await editing.getByRole('checkbox', { name: /^OpenID Connect/ }).uncheck();
  await editing.getByRole('button', { name: 'Save changes' }).click();
  await expect(main.getByText('Everyone')).toBeVisible();
  await expect(main.getByText('Link only')).toBeVisible();
  await expect(main).not.toContainText('Client ID');

  await open(page, '/me');
  await expect(page.getByRole('link', { name })).toHaveAttribute('href', 'https://chat.example.org/oauth/oidc/login');
  await open(page, '/admin/applications');
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete application' }).click();
  await expect(page).toHaveURL(/\/admin\/applications$/);
  await expect(page.getByRole('link', { name })).toHaveCount(0);
});

test('a site behind a reverse proxy is connected in the dashboard', async ({ site, owner: { page, watch } }) => {
  const name = named('Kiln calendar');
  const host = `${someone(name).username}.example.org`;
  await open(page, '/admin/applications');
  await page.getByRole('button', { name: 'Create application' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New application' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel(/^Address/).first().fill(`https://${host}/calendar`);
  await dialog.getByRole('checkbox', { name: /^OpenID Connect/ }).uncheck();
  await dialog.getByRole('checkbox', { name: /^Forward-auth/ }).check();
  const sites = dialog.getByLabel('Sites');
  await expect(sites).toHaveValue(`https://${host}`);
  const headers = dialog.getByLabel('Headers');
  await expect(headers).toHaveValue(/^Remote-User: username$/m);
  await headers.fill('Remote-User: username\nX-Webauth-Role: rank');
  await watch.during(422, async () => {
    await dialog.getByRole('button', { name: 'Create application' }).click();
    await expect(headers).toHaveAttribute('aria-invalid', 'true');
  });
  await headers.fill('Remote-User: username\nX-Webauth-Role: role');
  await dialog.getByRole('button', { name: 'Create application' }).click();
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(main.getByText('X-Webauth-Role: role')).toBeVisible();
  await main.getByText('nginx', { exact: true }).click();
  await expect(main.getByText(`server_name ${host};`)).toBeVisible();
  await expect(main.getByText('proxy_set_header X-Webauth-Role $latchkey_x_webauth_role;')).toBeVisible();

  // A site belongs to one application.
  const taken = await site.api.post('/api/v1/admin/applications', {
    data: { name: named('Other'), forward_auth: { sites: [`https://${host}`] } },
  });
  expect(taken.status()).toBe(409);
});

for (const scripts of [true, false]) {
  test.describe(scripts ? 'with scripts' : 'with scripts off', () => {
    test.use({ javaScriptEnabled: scripts });

    test('an invitation opens a site behind a reverse proxy', async ({ site, visitor: { page, watch } }) => {
      const proxy = await ReverseProxy.start(site.url);
      try {
        const group = await site.group(named('Potters'));
        const data = { name: named('Wiki'), groups: [group.id], forward_auth: { sites: [proxy.url] } };
        const created = await site.api.post('/api/v1/admin/applications', { data });
        expect(created.status(), await created.text()).toBe(201);
        const invite = await site.invite({ groups: [group.id] });
        const ada = someone('Adaeze Okonkwo');
        await page.goto(`${proxy.url}/page?a=b`);
        await expect(page.getByText(`To continue to ${data.name}`)).toBeVisible();
        await page.getByRole('link', { name: 'Sign up with it' }).click();
        await page.getByLabel('Invite code').fill(invite.code!);
        await page.getByRole('button', { name: 'Continue' }).click();
        await fillSignUp(page, ada);
        await page.getByRole('button', { name: /^Join / }).click();
        await expect(page.getByRole('heading')).toHaveText('The wiki');
        await expect(page).toHaveURL(`${proxy.url}/page?a=b`);
        await expect(page.locator('dd')).toHaveText([ada.username, ada.email, ada.name, group.name]);

        // Those whom the group no longer has are told so, and can use another account.
        const removed = await site.api.post(`/api/v1/admin/groups/${group.id}/members/remove`, {
          data: { accounts: [ada.username] },
        });
        expect(removed.ok(), await removed.text()).toBe(true);
        await watch.during(403, async () => {
          await expect(async () => {
            await page.goto(`${proxy.url}/page`);
            await expect(page.getByRole('heading')).toContainText('You can’t open', { timeout: 500 });
          }).toPass();
          if (scripts) await expectAccessible(page, 'refused on a site');
          await page.getByRole('link', { name: 'Use another account' }).click();
          await expect(page).toHaveURL(new RegExp(`^${site.url}/forward-auth/enter`));
          await expect(page.getByRole('button', { name: 'Use another account' })).toBeVisible();
        });
      } finally {
        proxy.stop();
      }
    });
  });
}

test('a member signs in to an application that a certified library connects', async ({ site, visitor: { page } }) => {
  const invite = await site.invite();
  const ada = someone('Adaeze Okonkwo');
  await site.signUp(invite, ada);
  const group = await site.group(named('Editors'), [ada.username]);
  const application = await site.application(named('Chat'), CALLBACK);
  const party = await RelyingParty.start(site, application);
  try {
    const { url, checks } = await party.request({ login_hint: ada.email });
    await page.goto(url);
    await expect(page.getByText(`To continue to ${application.name}`)).toBeVisible();
    await signIn(page, ada);
    await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
    const back = new URL(page.url());
    const tokens = await client.authorizationCodeGrant(party.config, back, checks);
    const claims = tokens.claims();
    expect(claims).toMatchObject({ preferred_username: ada.username, email: ada.email, groups: [group.name], roles: ['user'] });
    const sub = claims?.sub ?? '';
    expect(await client.fetchUserInfo(party.config, tokens.access_token, sub)).toMatchObject({ name: ada.name });
    expect(await client.tokenIntrospection(party.config, tokens.access_token)).toMatchObject({ active: true, sub });
    const refreshed = await client.refreshTokenGrant(party.config, tokens.refresh_token ?? '');
    await client.tokenRevocation(party.config, refreshed.refresh_token ?? '');
    expect(await client.tokenIntrospection(party.config, refreshed.access_token)).toEqual({ active: false });
    // The code is spent.
    await expect(client.authorizationCodeGrant(party.config, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' });

    // Signed in, nothing is asked any more; and without asking.
    const silent = await party.request({ prompt: 'none' });
    await page.goto(silent.url);
    const again = await client.authorizationCodeGrant(party.config, new URL(page.url()), silent.checks);
    expect(again.claims()?.sub).toBe(sub);

    const logout = client.buildEndSessionUrl(party.config, {
      id_token_hint: again.id_token ?? '',
      post_logout_redirect_uri: party.callback.replace('/cb', '/bye'),
    });
    await page.goto(logout.href);
    await expect(page).toHaveURL(/\/bye$/);
    await page.goto(silent.url);
    expect(new URL(page.url()).searchParams.get('error')).toBe('login_required');
  } finally {
    party.stop();
  }
});

for (const scripts of [true, false]) {
  test.describe(scripts ? 'on a device' : 'on a device, with scripts off', () => {
    test.use({ javaScriptEnabled: scripts });

    test('a member enters the code that a device shows', async ({ site, visitor: { page, watch } }) => {
      const ada = someone('Adaeze Okonkwo');
      await site.signUp(await site.invite(), ada);
      const television = await site.application(named('Television'), { device_flow: true, redirect_uris: [] });
      const party = await RelyingParty.start(site, television);
      const { config } = party;
      try {
        const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid profile email' });
        await page.goto(begun.verification_uri);
        await signIn(page, ada);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in on a device');
        const field = page.getByLabel('Code');
        await field.fill('BCDF-GHJK');
        await watch.during(422, () => page.getByRole('button', { name: 'Continue' }).click());
        await expect(field).toHaveAttribute('aria-invalid', 'true');
        await expect(field).toHaveValue('BCDF-GHJK');

        // As it is typed by hand.
        await field.fill(begun.user_code.toLowerCase().replace('-', ''));
        await page.getByRole('button', { name: 'Continue' }).click();
        const main = page.getByRole('main');
        await expect(main.getByRole('list', { name: 'What it learns' })).toContainText(ada.email);
        await expect(main).toContainText(begun.user_code);
        await page.getByRole('button', { name: 'Allow', exact: true }).click();
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('The device is signed in');
        const tokens = await client.pollDeviceAuthorizationGrant(config, begun);
        expect(tokens.claims()).toMatchObject({ preferred_username: ada.username });

        // The address with the code, which a phone scans, decides nothing by itself.
        const other = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
        await page.goto(other.verification_uri_complete!);
        await page.getByRole('button', { name: 'Don’t allow' }).click();
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('The device is not signed in');
        await expect(client.pollDeviceAuthorizationGrant(config, other)).rejects.toMatchObject({ error: 'access_denied' });
      } finally {
        party.stop();
      }
    });
  });
}

test('an application of others asks before it learns who somebody is', async ({ site, visitor: { page } }) => {
  const ada = someone('Adaeze Okonkwo');
  await site.signUp(await site.invite(), ada);
  const application = await site.application(named('Forum'), { ...CALLBACK, consent: true });
  const party = await RelyingParty.start(site, application);
  try {
    const { url, checks } = await party.request();
    await page.goto(url);
    await signIn(page, ada);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Sign in to ${application.name}?`);
    await expect(page.getByRole('list', { name: 'What it learns' })).toContainText(ada.email);
    await page.getByRole('button', { name: 'Don’t allow' }).click();
    await expect(page).toHaveURL(/error=access_denied/);
    await page.goto(url);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
    const tokens = await client.authorizationCodeGrant(party.config, new URL(page.url()), checks);
    expect(tokens.claims()?.['email']).toBe(ada.email);
  } finally {
    party.stop();
  }
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('an invitation leads into the application', async ({ site, visitor: { page } }) => {
    const invite = await site.invite();
    const application = await site.application(named('Wiki'), CALLBACK);
    const party = await RelyingParty.start(site, application);
    try {
      const { url, checks } = await party.request();
      await page.goto(url);
      await page.getByRole('link', { name: 'Sign up with it' }).click();
      await page.getByLabel('Invite code').fill(invite.code);
      await page.getByRole('button', { name: 'Continue' }).click();
      const lena = someone('Lena Brandt');
      await fillSignUp(page, lena);
      await page.getByRole('button', { name: /^Join/ }).click();
      await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
      const tokens = await client.authorizationCodeGrant(party.config, new URL(page.url()), checks);
      expect(tokens.claims()?.['preferred_username']).toBe(lena.username);
    } finally {
      party.stop();
    }
  });
});
