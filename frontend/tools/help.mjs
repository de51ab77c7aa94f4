// Finishes what wasm-bindgen made of the help on the sign-up page: one script, which begins when the page is idle, and its
// program.
//
// usage: node help.mjs FOLDER_OF_WASM_BINDGEN STAGING_FOLDER [--release]

import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { optimised } from './optimise.mjs';
import { nameless } from './wasm.mjs';

const [made, staging, kind] = process.argv.slice(2);
const release = kind === '--release';
const start = join(dirname(fileURLToPath(import.meta.url)), '../../help/start.js');

copyFileSync(start, join(made, 'start.js'));
const program = readFileSync(join(made, 'help_bg.wasm'));
writeFileSync(join(staging, 'help_bg.wasm'), release ? await optimised(nameless(program)) : program);
execFileSync(
  'esbuild',
  [
    join(made, 'start.js'),
    `--outfile=${join(staging, 'help.js')}`,
    '--bundle',
    '--format=esm',
    '--log-level=warning',
    ...(release ? ['--minify'] : []),
  ],
  { stdio: 'inherit' },
);
