// Empties the functions of a WebAssembly module that the dashboard never calls, and no linker can know: pointers to them
// stand beside those to functions that it does call. A tenth of the program hangs on them. Should one be called after all,
// it traps, and the browser tests, which run every page of a bundle that went through here, fail.
//
// - `hydrate_async`: called from `leptos::mount::hydrate_lazy` alone; `hydrate_body` is what takes the page over.
// - `hydrate_from_template`: for `template!`, which no page uses.
// - `generate_routes`: the server's list of routes.
//
// usage: node trim.mjs MODULE     writes it back

import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { without } from './wasm.mjs';

const UNUSED = /hydrate_async|hydrate_from_template|generate_routes/;

/** The module without what is never called. */
export function trimmed(bytes) {
  return without(bytes, UNUSED).bytes;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [module] = process.argv.slice(2);
  const { bytes, count } = without(readFileSync(module), UNUSED);
  if (count === 0) throw new Error(`${module} has none of the functions that trim.mjs empties. Has Leptos renamed them?`);
  writeFileSync(module, bytes);
}
