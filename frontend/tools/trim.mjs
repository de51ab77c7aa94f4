// Empties the functions of a WebAssembly module that nothing in a browser calls, but no linker can know that, because
// pointers to them stand beside those to functions that are called:
//
// - those by which Leptos hydrates a view in several steps. Only `leptos::mount::hydrate_lazy` leads to them, and the
//   dashboard calls `hydrate_body`. They are a tenth of the program;
// - those that list the routes, which only the server asks for.
//
// A name alone would not do: of functions that are alike to the byte, the compiler keeps one under one of their names. So
// only long ones go: each of these writes down the type of its own view or its own path, which nothing else does. Should one
// be called after all, it traps, and the browser tests, which open every page from every other in bundles that went through
// here, fail.
//
// usage: node trim.mjs MODULE     writes it back

import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { without } from './wasm.mjs';

/** Their names (of the first kind the `async` bodies, in the older and the newer way of writing them). */
const UNUSED = /hydrate_async(?:28_\$u7b\$\$u7b\$closure|0)|into_any_nested_route15generate_routes/;
/** What is shorter, in bytes, stays. */
const LEAST = 256;

/** The module without what is never called. */
export function trimmed(bytes) {
  return without(bytes, UNUSED, LEAST);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [module] = process.argv.slice(2);
  writeFileSync(module, trimmed(readFileSync(module)));
}
