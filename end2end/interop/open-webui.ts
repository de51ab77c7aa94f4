import { Program, python } from './program.ts';

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
