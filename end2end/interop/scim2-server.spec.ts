import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { OWNER, type Person, expect, someone, test as base } from '../support/fixtures.ts';
import { freePort } from '../support/latchkey.ts';
import { type Application, type Site } from '../support/site.ts';
import { Program, python } from './program.ts';
import { Scim } from './scim.ts';

const TOKEN = 'the-token-of-scim2-server';

/** How long a change here takes until it is there. */
const SECONDS = { timeout: 10_000 };

/** scim2-server, and an application that is connected to it. */
type Connected = { there: Scim; application: Application; program: Program };

const test = base.extend<{ takesPatch: boolean; connected: Connected }>({
  takesPatch: [true, { option: true }],
  connected: async ({ site, takesPatch }, use) => {
    const folder = Program.folder('scim2-server');
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const command = [python('scim2-server', 'bin/scim2-server'), '--port', port, '--bearer-token', TOKEN] as [string, ...string[]];
    const start = (...more: string[]) => Program.start(folder, [...command, ...more], `${url}/ServiceProviderConfig`);
    let program = await start();
    const there = new Scim(url, TOKEN);
    if (!takesPatch) {
      // The same server, which says that it takes PUT alone.
      const config = { ...(await there.get('ServiceProviderConfig')), patch: { supported: false }, bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 } };
      const file = join(Program.folder('scim2-config'), 'config.json');
      writeFileSync(file, JSON.stringify(config));
      await program.stop();
      program = await Program.start(Program.folder('scim2-server'), [...command, '--service-provider-config', file], `${url}/ServiceProviderConfig`);
    }
    const application = await connect(site, url);
    await expect.poll(async () => (await there.user(OWNER.username))?.active, SECONDS).toBe(true);
    await use({ there, application, program });
    await site.api.delete(`/api/v1/admin/applications/${application.id}`);
    await program.stop();
  },
});

async function connect(site: Site, url: string): Promise<Application> {
  const scim = { url, token: TOKEN, groups: true };
  const answer = await site.api.post('/api/v1/admin/applications', { data: { name: someone('Directory').username, scim } });
  expect(answer.status(), await answer.text()).toBe(201);
  return answer.json();
}

/** A member, and the id of their account. */
async function member(site: Site, groups: string[] = []): Promise<Person & { id: string }> {
  const person = someone();
  await site.signUp(await site.invite({ groups }), person);
  return { ...person, id: await site.accountOf(person) };
}

/** What a comparison says. */
async function compare(site: Site, { id }: Application): Promise<{ name: string; difference: string; fields: string[] }[]> {
  const answer = await site.api.post(`/api/v1/admin/applications/${id}/scim/compare`);
  expect(answer.status(), await answer.text()).toBe(200);
  const { differences, complete } = await answer.json();
  expect(complete).toBe(true);
  return differences;
}

for (const takesPatch of [true, false]) {
  test.describe(takesPatch ? 'by PATCH' : 'by PUT', () => {
    test.use({ takesPatch });

    test('accounts and groups are there, and follow those here', async ({ site, connected: { there, application } }) => {
      const potters = await site.group(someone('Potters').username);
      const lena = await member(site, [potters.id]);
      await expect.poll(() => there.members(potters.name), SECONDS).toEqual([lena.username]);
      expect(await there.user(lena.username)).toMatchObject({
        externalId: lena.id,
        displayName: lena.name,
        name: { formatted: lena.name },
        emails: [{ value: lena.email, primary: true }],
        active: true,
      });

      const renamed = { name: 'Léna "the potter" O’Brien', email: `new-${lena.email}` };
      await site.edit(lena.id, renamed);
      await expect.poll(async () => (await there.user(lena.username))?.displayName, SECONDS).toBe(renamed.name);
      expect((await there.user(lena.username))?.emails).toMatchObject([{ value: renamed.email }]);

      await site.suspend(lena.id);
      await expect.poll(async () => (await there.user(lena.username))?.active, SECONDS).toBe(false);
      await site.suspend(lena.id, 'restore');
      await expect.poll(async () => (await there.user(lena.username))?.active, SECONDS).toBe(true);

      const mateo = await member(site, [potters.id]);
      await expect.poll(async () => (await there.members(potters.name)).length, SECONDS).toBe(2);
      await site.leave(potters, [lena.id]);
      await expect.poll(() => there.members(potters.name), SECONDS).toEqual([mateo.username]);
      await site.deleteAccount(mateo.id);
      await expect.poll(async () => (await there.user(mateo.username))?.active, SECONDS).toBe(false);
      expect(await compare(site, application)).toEqual([]);
    });

    test('what was changed there is shown, and put right when staff want it', async ({ site, connected: { there, application } }) => {
      const lena = await member(site);
      await expect.poll(async () => (await there.user(lena.username))?.active, SECONDS).toBe(true);
      const user = (await there.user(lena.username))!;
      await there.send('PUT', `Users/${user.id}`, { ...user, displayName: 'Somebody else' });
      const stranger = someone();
      await there.create(stranger.username);
      const differences = await compare(site, application);
      expect(differences).toContainEqual(expect.objectContaining({ name: lena.username, fields: ['displayName'] }));
      expect(differences).toContainEqual(expect.objectContaining({ name: stranger.username, difference: 'only_there' }));
      await site.api.post(`/api/v1/admin/applications/${application.id}/scim/synchronise`);
      await expect.poll(async () => (await there.user(lena.username))?.displayName, SECONDS).toBe(lena.name);
      expect((await compare(site, application)).map(({ difference }) => difference)).toEqual(['only_there']);
      // Gone there, it is created again.
      await there.send('DELETE', `Users/${user.id}`);
      await site.api.post(`/api/v1/admin/applications/${application.id}/scim/synchronise`);
      await expect.poll(async () => (await there.user(lena.username))?.active, SECONDS).toBe(true);
    });

    test('an account of the same name is adopted only where staff chose that', async ({ site, connected: { there, application } }) => {
      const lena = someone();
      await there.create(lena.username);
      await site.signUp(await site.invite(), lena);
      const failed = async () => {
        const list = await site.api.get(`/api/v1/admin/applications/${application.id}/scim/deliveries?status=dead`);
        return (await list.json()).items.map(({ name }: { name: string }) => name);
      };
      await expect.poll(failed, SECONDS).toEqual([lena.username]);
      expect((await there.user(lena.username))?.externalId).toBeUndefined();
      await site.changeApplication(application, { scim: { adopt: true } });
      const id = await site.accountOf(lena);
      await expect.poll(async () => (await there.user(lena.username))?.externalId, SECONDS).toBe(id);
    });

    test('accounts are deleted where staff chose that', async ({ site, connected: { there, application } }) => {
      const lena = await member(site);
      await expect.poll(async () => (await there.user(lena.username))?.active, SECONDS).toBe(true);
      await site.changeApplication(application, { scim: { on_removal: 'delete' } });
      await site.suspend(lena.id);
      await expect.poll(() => there.user(lena.username), SECONDS).toBeUndefined();
      await site.suspend(lena.id, 'restore');
      await expect.poll(async () => (await there.user(lena.username))?.active, SECONDS).toBe(true);
    });
  });
}

test('a token that the server does not accept is named', async ({ site, connected: { there, application } }) => {
  await site.changeApplication(application, { scim: { token: 'another-token' } });
  const lena = await member(site);
  const state = async () => (await (await site.api.get(`/api/v1/admin/applications/${application.id}/scim`)).json()).last_error;
  await expect.poll(state, SECONDS).toContain('refused the token');
  await site.changeApplication(application, { scim: { token: TOKEN } });
  await expect.poll(async () => (await there.user(lena.username))?.active, SECONDS).toBe(true);
});
