// Weighs the browser bundle as it is sent, in brotli at its best: what the dashboard's first page downloads, and what
// each page adds when it is opened from the page on which staff start; and the help on the sign-up page. Fails if one is
// more than it may be.
//
// usage: node size.mjs DIST

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { BESIDE_START, FIRST, HELP, HELP_MOST, KIB, OWN, PROGRAM, START, openedFirst, sent } from './bounds.mjs';

const dist = process.argv[2];
const weighed = new Map();

function weigh(name) {
  if (!weighed.has(name)) weighed.set(name, sent(readFileSync(join(dist, name))) / KIB);
  return weighed.get(name);
}

const sum = (names) => names.reduce((total, name) => total + weigh(name), 0);
const parts = Object.entries(JSON.parse(readFileSync(join(dist, 'parts.json'), 'utf8')));
const kib = (figure) => `${figure.toFixed(1).padStart(6)} KiB`;
const files = Object.fromEntries(parts);
/** What is there already when a part is opened: the page on which staff start; for that page, another one. */
const before = (part) => files[part === START ? BESIDE_START : START];

for (const name of PROGRAM) console.log(`    ${name.padEnd(20)} ${kib(weigh(name))}`);
const broken = [];
for (const [part, of] of parts) {
  const own = sum(of.filter((name) => !before(part).includes(name)));
  const first = openedFirst(part) ? sum([...PROGRAM, ...of]) : 0;
  console.log(`    ${part.padEnd(20)} ${kib(own)}${first === 0 ? '' : `, opened first ${kib(first)}`}, ${of.length} files`);
  if (own > OWN) broken.push(`The part "${part}" is ${kib(own).trim()}; it may be ${OWN} KiB.`);
  if (first > FIRST) broken.push(`Opened first, the page "${part}" downloads ${kib(first).trim()}; it may be ${FIRST} KiB.`);
}
const help = sum(HELP);
console.log(`    ${'help'.padEnd(20)} ${kib(help)}, on the sign-up page`);
if (help > HELP_MOST) broken.push(`The help on the sign-up page is ${kib(help).trim()}; it may be ${HELP_MOST} KiB.`);
for (const words of broken) console.error(`*** ${words}`);
if (broken.length > 0) {
  console.error('*** docs/performance.md says what the bundle is made of, and what has made it smaller before.');
  process.exit(1);
}
