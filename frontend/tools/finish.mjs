// Finishes what Trunk built, in its staging folder. wasm-split-cli makes a file for every set of pages that share
// something, some hundreds; here fewer come of them (plan.mjs): one for each page, and some that several pages share.
// The script of wasm-bindgen and the parts' loader become one. parts.json says what each page is made of, beside the
// program itself: { "overview": ["s0.wasm", "overview.wasm"], … }
//
// usage: node finish.mjs STAGING_FOLDER PARTS_FOLDER [--release]

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { PROGRAM, sent } from './bounds.mjs';
import { Optimisers } from './optimisers.mjs';
import { FILE, plan } from './plan.mjs';
import { trimmed } from './trim.mjs';
import { closed, filling, importsOf, nameless, reexport, reimported, withoutNulls } from './wasm.mjs';

/** What is left of a file that wasm-split-cli made when it is optimised, of what is sent of it alone, … */
const OPTIMISED = 0.92;
/** … what it shares with every other, in bytes as sent: its imports; … */
const IMPORTS = 470;
/** … and what is left of its functions and data at least: what is sent of a few small ones alone is hardly more than the imports. */
const LEFT = 0.3;
/** How often the plan of the files is searched again for what ships. */
const ROUNDS = 12;
/** How many files are made beside each other. */
const AT_ONCE = availableParallelism();
/** What wasm-bindgen's output may use; what rustc and wasm-bindgen turn on by themselves, and every browser since 2021. */
const FEATURES = ['bulk-memory', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types', 'sign-ext', 'multivalue'].map(
  (name) => `--enable-${name}`,
);
/** How parts call the program, as they ship and while they are joined. */
const [MAIN, JOINING] = ['_', 'main'];

const run = promisify(execFile);
const [staging, folder, kind] = process.argv.slice(2);
const release = kind === '--release';
const { preamble, pages, chunks } = readLoader(readFileSync(join(folder, '__wasm_split.js'), 'utf8'));
/** What parts import from the program, in an order that is always the same. */
const imported = [...new Set([...pages, ...chunks].filter(({ file }) => file).flatMap(importedBy))].sort();
const scratch = mkdtempSync(join(tmpdir(), 'latchkey-parts-'));
const optimisers = new Optimisers(release ? AT_ONCE : 0);
try {
  if (release) {
    shorten(join(staging, 'latchkey_bg.wasm'), join(staging, 'latchkey.js'));
    await repack(join(staging, 'latchkey_bg.wasm'));
  }
  const files = await filesOf(pages, chunks);
  const manifest = Object.fromEntries(
    pages.map(({ page }) => [page, files.filter((file) => file.pages.includes(page)).map(({ name }) => name)]),
  );
  writeFileSync(join(staging, 'parts.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await bundle(preamble + writeLoader(files, manifest));
} finally {
  await optimisers.end();
  rmSync(scratch, { recursive: true, force: true });
}

/** What wasm-split-cli wrote: what its loader begins with, the file of each page, and what pages share. */
function readLoader(source) {
  const lines = source.split('\n');
  const start = lines.findIndex((line) => line.startsWith('/* ') || line.startsWith('export const __wasm_split_load_'));
  const preamble = lines.slice(0, start).join('\n');
  const rest = lines.slice(start).join('\n');
  const file = (body) => /new URL\("\.\/([\w.-]+)", import\.meta\.url\)/.exec(body)?.[1];
  const chunks = [...rest.matchAll(/^\/\* ([\w, ]+) \*\/\nconst __chunk_\d+ = makeLoad\(([^]*?), \[\]\);$/gm)].map(
    ([, names, body]) => ({ file: file(body), pages: names.split(', ') }),
  );
  const pages = [
    ...rest.matchAll(/^export const __wasm_split_load_(\w+) = wrapAsyncCb\(makeLoad\(([^]*?), \[[^\]]*\]\)\);$/gm),
  ].map(([, page, body]) => ({ page, file: file(body) }));
  const fetched = rest.split('new URL(').length - 1;
  const read = [...chunks, ...pages].filter(({ file }) => file).length;
  if (pages.length === 0 || fetched !== read || !preamble.includes('return sharedImports;')) {
    throw new Error(`wasm-split-cli writes its loader in another way than this script reads: ${read} of ${fetched} files.`);
  }
  return { preamble, pages: pages.sort((a, b) => (a.page < b.page ? -1 : 1)), chunks };
}

/** Writes the files of the bundle. Returns each with its name and the pages that load it. */
async function filesOf(pages, chunks) {
  const own = pages.filter(({ file }) => file);
  const parts = pages.map(({ page, file }) => ({ part: page, bytes: file ? OPTIMISED * sent(content(file)) : 0 }));
  const shared = chunks.map(({ file, pages: of }) => {
    const module = content(file);
    return { file, parts: of, bytes: Math.max(OPTIMISED * sent(module) - IMPORTS, LEFT * filling(module)) };
  });
  const program = await programSize();
  await each(own, ({ page, file }) => write(`${page}.wasm`, content(file)));
  if (release) {
    own.forEach(({ page }) => (parts.find(({ part }) => part === page).bytes = sizeOf(`${page}.wasm`)));
    // What is alike is smaller together: what the files of a first plan weigh corrects what the second goes by.
    await each(plan(parts, shared, program, 0), async ({ of }) => correct(shared, of, OPTIMISED * sent(await united(of))));
  }
  // Numbered, because the script names each file: their pages are in parts.json.
  const planned = plan(parts, shared, program, release ? ROUNDS : 0);
  const joined = planned.map(({ parts: of, ...file }, at) => ({ name: `s${at}.wasm`, pages: of, ...file }));
  await each(joined, async ({ name, of }) => write(name, await united(of)));
  return [...joined, ...own.map(({ page }) => ({ name: `${page}.wasm`, pages: [page] }))];
}

/** Does something with each, some at once. */
async function each(items, act) {
  const waiting = items.values();
  const work = async () => {
    for (const item of waiting) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** What every page downloads beside its part, as far as it is known before the script has the names of the files. */
async function programSize() {
  const scripts = PROGRAM.filter((name) => name.endsWith('.js'));
  const minified = await Promise.all(scripts.map((name) => run('esbuild', [join(staging, name), '--minify', '--log-level=error'])));
  const others = PROGRAM.filter((name) => !scripts.includes(name)).map(sizeOf);
  return [...minified.map(({ stdout }) => sent(Buffer.from(stdout))), ...others].reduce((sum, bytes) => sum + bytes, 0);
}

function sizeOf(name) {
  return sent(readFileSync(join(staging, name)));
}

/** Corrects the estimates of what a file is made of by what it weighs. */
function correct(shared, of, weighs) {
  const members = shared.filter(({ file }) => of.includes(file));
  const estimated = members.reduce((sum, { bytes }) => sum + bytes, 0);
  const factor = Math.max(0, weighs - FILE) / estimated;
  members.forEach((member) => (member.bytes *= factor));
}

/** A file that wasm-split-cli made, less what nobody needs. */
function content(file) {
  return nameless(trimmed(readFileSync(join(folder, file))));
}

/** Writes a file of the bundle, optimised where it ships. */
async function write(name, module) {
  const part = asPart(module);
  writeFileSync(join(staging, name), release ? await optimisers.optimised(part) : part);
}

/** The module as it ships: what it imports has short names, as each page loads some twenty files; and nobody imports from it. */
function asPart(module) {
  return reimported(closed(module), (_, name) => [MAIN, shortName(name)]);
}

/** The names of what a file imports. */
function importedBy({ file }) {
  return importsOf(readFileSync(join(folder, file))).map(({ name }) => name);
}

/** The short name of what parts import from the program. */
function shortName(name) {
  return imported.indexOf(name).toString(36);
}

/** One module of several files. */
async function united(of) {
  const modules = of.map(content);
  return modules.length === 1 ? modules[0] : merge(modules);
}

/** One module of several that know nothing of each other. */
async function merge(modules) {
  // Each imports the program's memory; joined as they are, they would be a module of many memories. So they are joined
  // to one that imports it once and hands it on.
  const beside = mkdtempSync(join(scratch, 'merge-'));
  const [hub, joined] = [join(beside, 'hub.wasm'), join(beside, 'joined.wasm')];
  writeFileSync(hub, reexport(modules.flatMap(importsOf), JOINING));
  const named = modules.flatMap((module, at) => {
    const path = join(beside, `${at}.wasm`);
    writeFileSync(path, module);
    return [path, `part${at}`];
  });
  await run('wasm-merge', [hub, '__wasm_split', ...named, '-o', joined, ...FEATURES]);
  return readFileSync(joined);
}

/**
 * Gives what the program imports from its script short names. wasm-bindgen ends each with sixteen random digits, which
 * no compression makes shorter, in both files.
 */
function shorten(program, script) {
  const bytes = readFileSync(program);
  const long = importsOf(bytes).map(({ name }) => name).filter((name) => /_[0-9a-f]{16}$/.test(name));
  const short = new Map(long.map((name, at) => [name, `_${at.toString(36)}`]));
  let replaced = 0;
  const source = readFileSync(script, 'utf8').replace(/\b\w+_[0-9a-f]{16}\b/g, (name) => {
    if (short.has(name)) replaced++;
    return short.get(name) ?? name;
  });
  if (short.size === 0 || replaced !== short.size) {
    throw new Error(`wasm-bindgen writes its imports in another way than this script reads: ${replaced} of ${short.size}.`);
  }
  writeFileSync(script, source);
  writeFileSync(program, reimported(bytes, (module, name) => [module, short.get(name) ?? name]));
}

/** The program itself, which Trunk has optimised once. */
async function repack(path) {
  writeFileSync(path, await optimisers.optimised(withoutNulls(readFileSync(path))));
}

/** The loader's end: what each page loads. */
function writeLoader(files, manifest) {
  const variable = (name) => `file_${name.replace(/\W/g, '_')}`;
  const fetches = files.map(
    ({ name }) => `const ${variable(name)} = makeLoad(() => {
  const response = fetch(new URL("./${name}", import.meta.url));
  response.catch(() => {});
  return (imports) => WebAssembly.instantiateStreaming(response, imports);
}, []);`,
  );
  const loads = Object.entries(manifest).map(
    ([page, names]) =>
      `export const __wasm_split_load_${page} = wrapAsyncCb(() => Promise.all([${names.map((name) => `${variable(name)}()`)}]));`,
  );
  return [...fetches, ...loads, ''].join('\n');
}

/** The two scripts import each other; they become one file that the browser asks for once. */
async function bundle(loader) {
  const script = join(staging, 'latchkey.js');
  const beside = join(staging, '__wasm_split.js');
  const handedOn = imported.map((name) => `${shortName(name)}: sharedImports.__wasm_split.${name}`);
  writeFileSync(
    beside,
    loader.replace('return sharedImports;', `return { ...sharedImports, ${MAIN}: { ${handedOn.join(', ')} } };`),
  );
  await run('esbuild', [
    script,
    `--outfile=${script}`,
    '--allow-overwrite',
    '--bundle',
    '--format=esm',
    '--log-level=warning',
    // wasm-bindgen names the loader once for each part.
    '--log-override:duplicate-object-key=silent',
    ...(release ? ['--minify'] : []),
  ]);
  rmSync(beside);
}
