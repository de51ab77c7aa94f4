// Weighs the browser bundle as it is sent, in brotli at its best: what the dashboard's first page downloads, and what
// each page adds to what all of them share. Fails if either is more than it may be.
//
// usage: node size.mjs DIST

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** Scripts, programs and style of the page that is opened first, in KiB. */
const FIRST = 300;
/** What a page needs that not every page does, in KiB. */
const OWN = 60;

/** Pages that do not meet these bounds yet, with the sizes in KiB that they may not exceed until they do. Never raise one. */
const EXCEPTIONS = {
  invite: { first: 305, own: 60 },
  invites: { first: 320, own: 70 },
  overview: { first: 314, own: 64 },
};

const dist = process.argv[2];
const weighed = new Map();

function weigh(name) {
  if (!weighed.has(name)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
    weighed.set(name, brotliCompressSync(readFileSync(join(dist, name)), { params }).length / 1024);
  }
  return weighed.get(name);
}

const sum = (names) => names.reduce((total, name) => total + weigh(name), 0);
const pages = Object.entries(JSON.parse(readFileSync(join(dist, 'parts.json'), 'utf8')));
const shared = pages[0][1].filter((name) => pages.every(([, files]) => files.includes(name)));
const program = ['latchkey.js', 'latchkey_bg.wasm', 'latchkey.css', ...shared];
const kib = (figure) => `${figure.toFixed(1).padStart(6)} KiB`;

for (const name of program) console.log(`    ${name.padEnd(20)} ${kib(weigh(name))}`);
const broken = [];
for (const [page, files] of pages) {
  const own = sum(files.filter((name) => !shared.includes(name)));
  const first = sum(program) + own;
  const met = own <= OWN && first <= FIRST;
  console.log(`    ${page.padEnd(20)} ${kib(own)}, opened first ${kib(first)}${met ? '' : `  (goal: ${OWN}, first ${FIRST})`}`);
  const bound = EXCEPTIONS[page] ?? { first: FIRST, own: OWN };
  if (own > bound.own) broken.push(`The part of the page "${page}" is ${kib(own).trim()}; it may be ${bound.own} KiB.`);
  if (first > bound.first) broken.push(`Opened first, the page "${page}" downloads ${kib(first).trim()}; it may be ${bound.first} KiB.`);
}
for (const words of broken) console.error(`*** ${words}`);
if (broken.length > 0) {
  console.error('*** docs/performance.md says what the bundle is made of, and what has made it smaller before.');
  process.exit(1);
}
