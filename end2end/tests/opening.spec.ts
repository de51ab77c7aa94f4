import { type Page } from '@playwright/test';
import * as client from 'openid-client';

import { expectAccessible } from '../support/axe.ts';
import { expect, fillSignUp, newInvite, open, signIn, someone, test, unfold } from '../support/fixtures.ts';
import { RelyingParty } from '../support/relying-party.ts';
import { type Application, type Site } from '../support/site.ts';

const CALLBACK = { redirect_uris: ['http://127.0.0.1/cb'] };

/** An application whose members are signed in where it says that signing in starts. */
async function connect(site: Site, name: string, use: (application: Application, party: RelyingParty) => Promise<void>): Promise<void> {
  const application = await site.application(`${name} ${someone(name).username}`, CALLBACK);
  const party = await RelyingParty.start(site, application);
  try {
    await site.changeApplication(application, { url: new URL('/', party.login).href, sign_in_url: party.login });
    await use(application, party);
  } finally {
    party.stop();
  }
}

/** Who the application says has come back to it. */
async function arrived(page: Page, party: RelyingParty): Promise<unknown> {
  await expect(page.getByRole('heading')).toHaveText('Signed in to the chat');
  const tokens = await client.authorizationCodeGrant(party.config, new URL(page.url()), party.begun!);
  return tokens.claims()?.['preferred_username'];
}

test('an invite made for an application leads into it, signed in', async ({ site, owner: { page }, visitor }) => {
  await connect(site, 'Chat', async (application, party) => {
    await open(page, '/admin/invites');
    const dialog = await newInvite(page);
    const label = `For the chat ${someone().username}`;
    await dialog.getByLabel(/^Name/).fill(label);
    const section = dialog.locator('summary').filter({ hasText: 'Afterwards' });
    await dialog.getByLabel(/^Where they go/).selectOption(application.name);
    await unfold(dialog, 'Afterwards');
    await expect(section).toContainText(application.name);
    await dialog.getByRole('button', { name: 'Create invite' }).click();
    await expect(dialog).toBeHidden();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole('link', { name: label }).click();
    await expect(page.getByRole('region', { name: 'Details' })).toContainText(application.name);
    await visitor.page.goto(link);
    await expect(visitor.page.getByText('Afterwards you continue to')).toContainText(application.name);
    await expectAccessible(visitor.page, 'an invite into an application');
    const lena = someone('Lena Brandt');
    await fillSignUp(visitor.page, lena);
    await visitor.page.getByRole('button', { name: /^Join/ }).click();
    expect(await arrived(visitor.page, party)).toBe(lena.username);

    // What was chosen stays chosen.
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const editing = page.getByRole('dialog');
    await unfold(editing, 'Afterwards');
    await expect(editing.getByLabel(/^Where they go/).locator('option:checked')).toHaveText(application.name);
  });
});

test('a member opens an application from the start page, signed in', async ({ site, visitor: { page } }) => {
  await connect(site, 'Forum', async (application, party) => {
    const ada = someone('Adaeze Okonkwo');
    await site.signUp(await site.invite(), ada);
    await page.goto('/login');
    await signIn(page, ada);
    await open(page, '/me');
    await page.getByRole('link', { name: application.name }).click();
    expect(await arrived(page, party)).toBe(ada.username);
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('an invite leads a new and an existing member into an application', async ({ site, visitor: { page } }) => {
    await connect(site, 'Wiki', async (application, party) => {
      const group = await site.group(`Editors ${someone().username}`);
      const after = `/open/${application.id}`;
      const lena = someone('Lena Brandt');
      await page.goto((await site.invite({ after })).url);
      await fillSignUp(page, lena);
      await page.getByRole('button', { name: /^Join/ }).click();
      expect(await arrived(page, party)).toBe(lena.username);

      await page.goto((await site.invite({ after, groups: [group.id] })).url);
      await page.getByRole('button', { name: 'Join group' }).click();
      expect(await arrived(page, party)).toBe(lena.username);
      // An invite that gives nothing more still leads there.
      await page.goto((await site.invite({ after })).url);
      await page.getByRole('link', { name: /^Continue to/ }).click();
      expect(await arrived(page, party)).toBe(lena.username);
    });
  });
});
