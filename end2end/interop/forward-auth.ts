import { type Page } from '@playwright/test';

import { type Person, expect, fillSignUp, signIn, someone, test as base } from '../support/fixtures.ts';
import { freePort } from '../support/latchkey.ts';
import { type Application, type Group, type Site } from '../support/site.ts';
import { type Got, PlainApplication } from './plain-application.ts';
import { type Program } from './program.ts';
import { NAVIGATION, ask, askByLines, cookies } from './raw.ts';

/** A site behind the proxy: its application, and where that is. */
export type Behind = { origin: string; host: string; application: string };

/** What the proxy is to do: two sites that ask Latchkey, and one that asks although no application has it. */
export type Plan = { latchkey: string; wiki: Behind; blog: Behind; unknown: Behind };

/** Starts the proxy. */
export type StartProxy = (plan: Plan, port: number) => Promise<Program>;

/** Sites behind a proxy. */
type Sites = Plan & { proxy: Program; apps: PlainApplication[]; wikiApplication: Application };

/** The headers that say who is signed in. */
const IDENTITY = ['remote-user', 'remote-email', 'remote-name', 'remote-groups'] as const;

/** What a client sends to be taken for the owner, in every spelling that a program may read as one of the headers. */
const FORGED = {
  'Remote-User': 'ngozi',
  'remote-email': 'ngozi@brambleyard.example',
  'REMOTE-NAME': 'Ngozi',
  'Remote-Groups': 'editors',
  Remote_User: 'ngozi',
  Remote_Groups: 'editors',
};

/** The tests of forward-auth, which are the same for each proxy. */
export function testForwardAuth(name: string, scheme: 'http' | 'https', start: StartProxy): void {
  const test = base.extend<object, { sites: Sites }>({
    sites: [
      async ({ site }, use) => {
        const port = await freePort();
        const behind = async (label: string): Promise<[Behind, PlainApplication]> => {
          const app = await PlainApplication.start(label);
          const host = `${label}.localhost`;
          return [{ origin: `${scheme}://${host}:${port}`, host, application: app.url }, app];
        };
        const [[wiki, wikiApp], [blog, blogApp], [unknown, unknownApp]] = [await behind('wiki'), await behind('blog'), await behind('unknown')];
        const plan = { latchkey: site.url, wiki, blog, unknown };
        const wikiApplication = await site.siteApplication(someone('Wiki').username, [wiki.origin]);
        await site.siteApplication(someone('Blog').username, [blog.origin]);
        const proxy = await start(plan, port);
        const apps = [wikiApp, blogApp, unknownApp];
        await use({ ...plan, proxy, apps, wikiApplication });
        await proxy.stop();
        for (const app of apps) app.stop();
      },
      { scope: 'worker', timeout: 60_000 },
    ],
    ignoreHTTPSErrors: true,
  });

  /** What the application behind the proxy prints on the page. */
  const shown = async (page: Page): Promise<Got> => JSON.parse(await page.locator('body').innerText());

  /** Signs somebody in on a site, in this browser. */
  async function enter(page: Page, behind: Behind, person: Person, path = '/'): Promise<Got> {
    await page.goto(behind.origin + path);
    if (!page.url().startsWith(behind.origin)) await signIn(page, person);
    await page.waitForURL(behind.origin + path);
    return shown(page);
  }

  /** Somebody with an account, in a group whose name is hard to put into a header. */
  async function member(site: Site): Promise<{ person: Person; account: string; group: Group }> {
    const person = someone('Žofie Nováková 王小明');
    const account = await site.signUp(await site.invite(), person);
    const group = await site.group(`Écrivains, amis ${person.username}`, [person.username]);
    return { person, account, group };
  }

  const identity = ({ person, group }: { person: Person; group: Group }) => ({
    'remote-user': person.username,
    'remote-email': person.email,
    'remote-name': person.name,
    'remote-groups': group.name.replace(',', '%2C'),
  });

  test.describe(name, () => {
    test('a sign-in leads back to the page, and says who is signed in', async ({ site, sites: { wiki, apps }, page }) => {
      const somebody = await member(site);
      const path = '/notes/a%20b?page=2&q=%C3%BC+%26&next=https://evil.example/';
      await page.goto(wiki.origin + path);
      expect(new URL(page.url()).origin).toBe(site.url);
      await expect(page.getByText('To continue to wiki')).toBeVisible();
      const got = await enter(page, wiki, somebody.person, path);
      expect(got).toMatchObject({ application: 'wiki', method: 'GET', url: path, headers: identity(somebody) });
      // The way in is between browser, proxy and Latchkey: the application is never asked for it.
      expect(apps[0]!.got.filter(({ url }) => url.includes('.latchkey'))).toEqual([]);
      // Its cookie is no one else's.
      const [cookie] = (await page.context().cookies(wiki.origin)).filter(({ name }) => name.endsWith('latchkey-site'));
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: scheme === 'https', path: '/', domain: wiki.host });
      expect(cookie!.name).toBe(scheme === 'https' ? '__Host-latchkey-site' : 'latchkey-site');
    });

    test('an address may be long', async ({ site, sites: { wiki }, page }) => {
      const path = `/search?q=${'ein+%C3%BC+langes+Wort,'.repeat(120)}`;
      await enter(page, wiki, (await member(site)).person, path);
    });

    test('an invitation leads to the page', async ({ site, sites: { wiki }, page }) => {
      const invite = await site.invite();
      const lena = someone('Lena Brandt');
      await page.goto(`${wiki.origin}/welcome?from=mail`);
      await page.getByRole('link', { name: 'Sign up with it' }).click();
      await page.getByLabel('Invite code').fill(invite.code);
      await page.getByRole('button', { name: 'Continue' }).click();
      await fillSignUp(page, lena);
      await page.getByRole('button', { name: /^Join/ }).click();
      await page.waitForURL(`${wiki.origin}/welcome?from=mail`);
      expect((await shown(page)).headers).toMatchObject({ 'remote-user': lena.username, 'remote-name': lena.name });
    });

    test('only a page leads to the sign-in', async ({ site, sites: { wiki, apps }, page, context }) => {
      const before = apps[0]!.got.length;
      const picture = { accept: 'image/avif,image/webp,*/*;q=0.8', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
      for (const [path, asked] of [
        ['/logo.png', { headers: picture }],
        ['/api', { headers: { accept: '*/*', 'sec-fetch-mode': 'cors' } }],
        ['/api', { headers: { accept: 'application/json' } }],
        ['/save', { method: 'POST', headers: NAVIGATION, body: 'a=b' }],
        ['/logo.png', {}],
      ] as const) {
        const answer = await ask(wiki.origin + path, asked);
        expect([answer.status, answer.headers['location']], JSON.stringify(asked)).toEqual([401, undefined]);
      }
      const old = await ask(`${wiki.origin}/`, { headers: { accept: 'text/html' } });
      expect(old.status).toBe(302 + Number(old.status === 303));
      expect(old.headers['location']).toContain(`${site.url}/forward-auth/enter?`);
      expect(apps[0]!.got.length).toBe(before);

      await enter(page, wiki, (await member(site)).person);
      const answer = await ask(`${wiki.origin}/logo.png`, { headers: { ...picture, cookie: await cookies(context, wiki.origin) } });
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png']);
    });

    test('what a client says of itself never gets through', async ({ site, sites: { wiki, apps }, page, context }) => {
      const somebody = await member(site);
      await enter(page, wiki, somebody.person);
      const cookie = await cookies(context, wiki.origin);
      const signedIn = await ask(`${wiki.origin}/`, { headers: { ...FORGED, cookie } });
      expect(signedIn.status).toBe(200);
      const { headers } = JSON.parse(signedIn.text) as Got;
      expect(headers).toMatchObject(identity(somebody));
      expect(spelled(headers)).toEqual([...IDENTITY].sort());

      const before = apps[0]!.got.length;
      for (const cookie of ['', 'latchkey-site=forged; __Host-latchkey-site=forged']) {
        expect((await ask(`${wiki.origin}/`, { headers: { ...FORGED, cookie } })).status).toBe(401);
      }
      expect(apps[0]!.got.length).toBe(before);

      // Where everybody may read, nobody is anybody.
      for (const asked of ['', cookie]) {
        const open = await ask(`${wiki.origin}/public/page`, { headers: { ...FORGED, cookie: asked } });
        expect(open.status).toBe(200);
        expect(spelled((JSON.parse(open.text) as Got).headers)).toEqual([]);
      }
    });

    test('somebody who is in no group, or has no name, is not whom the client says', async ({ site, sites: { wiki }, page, context }) => {
      const person = someone('Ada');
      await site.signUp(await site.invite(), { ...person, name: '' });
      await enter(page, wiki, person);
      const answer = await ask(`${wiki.origin}/`, { headers: { ...FORGED, cookie: await cookies(context, wiki.origin) } });
      const { headers } = JSON.parse(answer.text) as Got;
      expect(headers['remote-user']).toBe(person.username);
      expect(headers['remote-name']).toBe(person.username);
      expect(headers['remote-groups'] ?? '').toBe('');
    });

    test('who may not enter is told so', async ({ site, sites: { wiki, unknown, wikiApplication, apps }, page, context }) => {
      const somebody = await member(site);
      await enter(page, wiki, somebody.person);
      await site.changeApplication(wikiApplication, { groups: [] });
      try {
        const cookie = await cookies(context, wiki.origin);
        await expect.poll(async () => (await ask(`${wiki.origin}/`, { headers: { cookie } })).status).not.toBe(200);
        const before = apps[0]!.got.length;
        const refused = await page.goto(`${wiki.origin}/notes`);
        expect(refused!.status()).toBe(403);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^You can’t open .?wiki/);
        expect(apps[0]!.got.length).toBe(before);
        // Somebody who comes for the first time is told here.
        const other = await (await page.context().browser()!.newContext({ ignoreHTTPSErrors: true })).newPage();
        await other.goto(`${wiki.origin}/notes`);
        await signIn(other, (await member(site)).person);
        await expect(other.getByRole('heading', { level: 1 })).toHaveText(/^You can’t open .?wiki/);
        await other.context().close();
      } finally {
        await site.changeApplication(wikiApplication, { groups: null });
      }
      const nowhere = await ask(`${unknown.origin}/`, { headers: NAVIGATION });
      expect([nowhere.status, nowhere.headers['location']]).toEqual([403, undefined]);
      expect(apps[2]!.got).toEqual([]);
    });

    test('a cookie of one site opens no other, whatever the client says', async ({ site, sites: { wiki, blog, apps }, page, context }) => {
      const somebody = await member(site);
      await enter(page, wiki, somebody.person);
      const cookie = await cookies(context, wiki.origin);
      const { host } = new URL(wiki.origin);
      const uri = '/.latchkey/enter?code=x';
      const before = apps[1]!.got.length;
      for (const forged of [
        {},
        { 'X-Forwarded-Host': host },
        { 'x-forwarded-host': host, 'X-Forwarded-Uri': '/', 'X-Forwarded-Method': 'GET', 'X-Forwarded-Proto': 'https' },
        { 'X-Original-URL': `${wiki.origin}/`, 'X-Forwarded-Server': host, 'X-Original-Host': host, 'X-Host': host },
        { 'X-Forwarded-Uri': '/public/page', 'X-Original-URI': '/public/page', 'X-Rewrite-URL': '/public/page' },
        { Forwarded: `host=${host}` },
        { Connection: 'X-Forwarded-Host, X-Forwarded-Uri', 'X-Forwarded-Host': host },
      ] as Record<string, string>[]) {
        const answer = await ask(`${blog.origin}/`, { headers: { accept: '*/*', cookie, ...forged } });
        expect(answer.status, JSON.stringify(forged)).toBe(401);
      }
      expect(apps[1]!.got.length).toBe(before);

      // On its own site, forged headers change nothing either.
      for (const forged of [{ 'X-Forwarded-Host': new URL(blog.origin).host }, { 'X-Forwarded-Uri': uri }] as Record<string, string>[]) {
        const answer = await ask(`${wiki.origin}/`, { headers: { accept: '*/*', cookie, ...forged } });
        expect(answer.status, JSON.stringify(forged)).toBe(200);
      }
      if (scheme === 'https') return;
      // A request can name one site in its first line and another in `Host`.
      const port = new URL(wiki.origin).port;
      const rest = ['Accept: */*', `Cookie: ${cookie}`, 'Connection: close'];
      for (const lines of [
        [`GET ${blog.origin}/ HTTP/1.1`, `Host: ${host}`, ...rest],
        [`GET / HTTP/1.1`, `Host: ${new URL(blog.origin).host}`, `Host: ${host}`, ...rest],
        [`GET / HTTP/1.1`, `Host: ${blog.host}`, `X-Forwarded-Host: ${host}`, ...rest],
        [`GET / HTTP/1.0`, `Host: ${new URL(blog.origin).host}`, `X-Forwarded-Host: ${host}`, ...rest],
      ]) {
        const answer = await askByLines(port, lines);
        expect(answer.split('\r\n')[0], lines.join('; ')).toMatch(/ (400|401|403|421) /);
        expect(apps[1]!.got.length, lines.join('; ')).toBe(before);
      }
    });

    test('the way in is for one browser, once', async ({ site, sites: { wiki, blog, apps }, page }) => {
      const { person } = await member(site);
      await page.goto(`${site.url}/login`);
      await signIn(page, person);
      await page.waitForURL((url) => url.pathname !== '/login');
      const begin = async () => {
        const begun = await ask(`${wiki.origin}/notes`, { headers: NAVIGATION });
        const cookie = String(begun.headers['set-cookie']).split(';')[0]!;
        const back = await page.request.get(String(begun.headers['location']), { maxRedirects: 0 });
        expect(back.headers()['location']).toContain(`${wiki.origin}/.latchkey/enter?code=`);
        return { cookie, url: back.headers()['location']! };
      };
      const [first, second] = [await begin(), await begin()];
      const arrive = (url: string, cookie?: string) => ask(url, { headers: { ...NAVIGATION, ...(cookie ? { cookie } : {}) } });
      // nginx shows the page of Latchkey that says so, others that of the answer.
      const isLost = async (url: string, cookie?: string) => {
        const { status, headers } = await arrive(url, cookie);
        return status === 403 || String(headers['location']).includes('/forward-auth/lost?');
      };
      // A link that somebody was sent does not sign them in as the one who sent it.
      expect(await isLost(first.url)).toBe(true);
      expect(await isLost(first.url, second.cookie)).toBe(true);
      expect(await isLost(first.url.replace(wiki.origin, blog.origin), first.cookie)).toBe(true);
      const arrived = await arrive(first.url, first.cookie);
      expect([302, 303]).toContain(arrived.status);
      expect(arrived.headers['location']).toBe(`${wiki.origin}/notes`);
      expect(await isLost(first.url, first.cookie)).toBe(true);
      expect(apps[0]!.got.filter(({ url }) => url.includes('.latchkey'))).toEqual([]);
    });

    if (scheme === 'https') {
      test('a cookie that another host of the domain could set does not count', async ({ site, sites: { wiki }, page, context }) => {
        const { person } = await member(site);
        await enter(page, wiki, person);
        const [cookie] = (await context.cookies(wiki.origin)).filter(({ name }) => name === '__Host-latchkey-site');
        const status = async (name: string) => {
          const headers = { accept: '*/*', cookie: `${name}=${cookie!.value}` };
          return (await ask(`${wiki.origin}/`, { headers })).status;
        };
        expect(await status('__Host-latchkey-site')).toBe(200);
        expect.soft(await status('latchkey-site')).toBe(401);

        const begun = await ask(`${wiki.origin}/notes`, { headers: NAVIGATION });
        const [, browser] = /^__Host-latchkey-browser=([^;]+)/.exec(String(begun.headers['set-cookie']))!;
        const back = await page.request.get(String(begun.headers['location']), { maxRedirects: 0 });
        const arrive = async (name: string) => {
          const headers = { ...NAVIGATION, cookie: `${name}=${browser}` };
          return (await ask(back.headers()['location']!, { headers })).status;
        };
        expect.soft(await arrive('latchkey-browser')).toBe(403);
        expect([302, 303]).toContain(await arrive('__Host-latchkey-browser'));
      });
    }

    test('a session that has ended here is out there within three seconds', async ({ site, sites: { wiki }, page, context }) => {
      for (const end of ['sign-out', 'suspension'] as const) {
        const { person, account } = await member(site);
        await enter(page, wiki, person);
        const cookie = await cookies(context, wiki.origin);
        const status = async () => (await ask(`${wiki.origin}/`, { headers: { accept: '*/*', cookie } })).status;
        expect(await status()).toBe(200);
        if (end === 'suspension') await site.suspend(account);
        else expect((await page.request.post(`${site.url}/logout`, { headers: { origin: site.url } })).ok()).toBe(true);
        await expect.poll(status, { timeout: 3_000, intervals: [100] }).toBe(401);
        await context.clearCookies();
      }
    });

    test('a WebSocket opens for members', async ({ site, sites: { wiki }, page }) => {
      const { person } = await member(site);
      const said = (origin: string) =>
        page.evaluate(
          (url) =>
            new Promise<string>((resolve) => {
              const socket = new WebSocket(url);
              socket.onmessage = ({ data }) => resolve(data);
              socket.onerror = () => resolve('refused');
            }),
          `${origin.replace(/^http/, 'ws')}/socket`,
        );
      await page.goto(`${wiki.origin}/public/page`);
      expect(await said(wiki.origin)).toBe('refused');
      await enter(page, wiki, person);
      expect(await said(wiki.origin)).toBe(person.username);
    });

    test('the body of a request arrives', async ({ site, sites: { wiki }, page }) => {
      const { person } = await member(site);
      await enter(page, wiki, person);
      const body = 'Zeile\n'.repeat(20_000);
      const got = await page.evaluate(async (body) => (await fetch('/save?x=1', { method: 'POST', body })).json(), body);
      expect(got).toMatchObject({ method: 'POST', url: '/save?x=1', headers: { 'remote-user': person.username } });
      expect(got.body).toBe(body);
    });
  });
}

/** The headers that some program would read as one that says who is signed in. */
function spelled(headers: Record<string, string>): string[] {
  const names = Object.keys(headers).filter((name) => /^remote[-_]/i.test(name));
  return names.sort();
}
