import { type Page, expect } from '@playwright/test';

import { Program, python } from './program.ts';

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

/** The session at Open WebUI, which is at this address, of whoever is signed in to it. */
export async function token(page: Page, address: string): Promise<string | undefined> {
  return (await page.context().cookies(address)).find(({ name }) => name === 'token')?.value;
}

/** Waits until Open WebUI has signed somebody in, and asks it, with the cookies of the browser, who that is. */
export async function profileAt(page: Page, address: string): Promise<Profile> {
  await expect.poll(() => token(page, address), 'signed in to Open WebUI').toBeDefined();
  const headers = { authorization: `Bearer ${await token(page, address)}` };
  const ask = async (path: string) => {
    const answer = await page.request.get(`${address}${path}`, { headers });
    expect(answer.status(), await answer.text()).toBe(200);
    return answer.json();
  };
  const { name, email, role } = await ask('/api/v1/auths/');
  const groups: { name: string }[] = await ask('/api/v1/users/groups');
  return { name, email, role, groups: groups.map(({ name }) => name).sort() };
}
