import { type Page, expect } from '@playwright/test';

import { Program, python } from './program.ts';
import { ask, cookies } from './raw.ts';

/** What Open WebUI knows of somebody. */
export type Profile = { name: string; email: string; role: string; groups: string[] };

/** Starts Open WebUI at an address, with settings as they are written in docs/connect/open-webui.md. */
export async function startOpenWebUi(address: string, settings: string): Promise<Program> {
  const folder = Program.folder('open-webui');
  const variables = Object.fromEntries(settings.split('\n').map((line) => /^([A-Z_]+)=(.*)$/.exec(line)!.slice(1)));
  const command = python('open-webui', 'bin/open-webui');
  return Program.start(
    folder,
    [command, 'serve', '--host', '127.0.0.1', '--port', new URL(address).port],
    `${address}/health`,
    {
      ...variables,
      // Without language models, of which this is no test.
      USE_SLIM_DOCKER: 'true',
      OFFLINE_MODE: 'true',
      HF_HUB_OFFLINE: '1',
      ENABLE_VERSION_UPDATE_CHECK: 'false',
      RAG_EMBEDDING_ENGINE: 'openai',
      WEBUI_SECRET_KEY: 'of this test alone',
      DATA_DIR: folder,
    },
  );
}

/** The session at Open WebUI, which is at this address, of the one who is signed in to it. */
export async function token(page: Page, address: string): Promise<string | undefined> {
  return (await page.context().cookies(address)).find(({ name }) => name === 'token')?.value;
}

/** What a request to Open WebUI needs, of the one who is signed in to it: their session, and the cookies of the browser. */
export async function signedIn(page: Page, address: string): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await token(page, address)}`, cookie: await cookies(page.context(), address) };
}

/**
 * Waits until Open WebUI has signed somebody in, and asks it who that is. Not by `page.request`, which keeps the cookies of
 * the answers in the browser: Open WebUI answers with its session in a cookie that scripts can't read, and its page of the
 * sign-in, which is to take the session from the cookie, would find none.
 */
export async function profileAt(page: Page, address: string): Promise<Profile> {
  await expect.poll(() => token(page, address), 'signed in to Open WebUI').toBeDefined();
  const headers = await signedIn(page, address);
  const get = async (path: string) => {
    const { status, text } = await ask(address + path, { headers });
    expect(status, text).toBe(200);
    return JSON.parse(text);
  };
  const { name, email, role } = await get('/api/v1/auths/');
  const groups: { name: string }[] = await get('/api/v1/users/groups');
  return { name, email, role, groups: groups.map(({ name }) => name).sort() };
}
