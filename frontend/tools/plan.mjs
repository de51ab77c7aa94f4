// Which files of wasm-split-cli become one. It makes a file for each set of parts that share something, some hundreds, of
// which most are small. A file costs a request, and compresses worse alone; but what is joined is downloaded by every part
// that needs some of it. The files are planned here so that the parts that come closest to their bounds become smallest.

import { BESIDE_START, FIRST, KIB, START, openedFirst } from './bounds.mjs';

/** What a part must not come close to, in bytes as sent. With its bound here, what is opened first would be larger than it may be. */
const OWN_AIM = 62 * KIB;
/** What a file costs each part that loads it besides its content, in bytes as sent: its imports and its beginning. */
export const FILE = 450;
/** How much more a byte matters for a part that is closer to a bound: e times as much for each 1/steep of it. The first search
 * has one steep after the other; … */
const STEEPS = [60, 150];
/** … and what it found is taken apart in a few places and searched again, with one of these and the last of those in turn. Where a
 * search ends depends on a few bytes of the program, by some KiB; what is not better is undone. */
const STEEPS_AGAIN = [40, 60, 80, 100];
/** How many places that are, at least and at most. */
const PLACES = [3, 8];
/** A change that makes less of a difference is none, so that the search ends. */
const LEAST = 1e-4;

/**
 * The files to make: each with the parts that load it, and what it is made of.
 *
 * - parts: all parts, each { part, bytes }: what it alone needs, in bytes as sent;
 * - shared: what several need, each { file, parts, bytes };
 * - program: what every page downloads beside its part, in bytes as sent;
 * - rounds: how often what was found is searched again.
 *
 * Begins with every file by itself; then moves files, and joins what has come together, while that makes it better.
 */
export function plan(parts, shared, program, rounds) {
  const search = new Search(parts, shared, program);
  for (const steep of STEEPS) search.search(steep, search.files);
  const random = randomNumbers();
  for (let round = 0; round < rounds; round += 1) search.again(STEEPS_AGAIN[round % STEEPS_AGAIN.length], random);
  return search.groups.map(({ members, needs }) => ({
    parts: parts.filter((_, at) => needs[at] > 0).map(({ part }) => part),
    of: members.map(({ file }) => file),
  }));
}

/** Numbers from 0 to 1, the same on every machine, so that the same program is always divided alike (Numerical Recipes). */
function randomNumbers() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

class Search {
  constructor(parts, shared, program) {
    const names = parts.map(({ part }) => part);
    this.start = names.indexOf(START);
    this.besideStart = names.indexOf(BESIDE_START);
    this.firstBound = FIRST * KIB - program;
    this.first = names.map(openedFirst);
    // What each part downloads: all of it, and what is not there with the page on which staff start.
    this.all = Float64Array.from(parts, ({ bytes }) => bytes);
    this.later = this.all.slice();
    this.files = shared.map(({ file, parts: of, bytes }) =>
      group([{ file }], Int16Array.from(names, (part) => Number(of.includes(part))), FILE + bytes),
    );
    // How bad it is with each part, opened first and later.
    this.firsts = new Float64Array(names.length);
    this.laters = new Float64Array(names.length);
    // The search in which each part was last looked at, so that `try` looks at none twice.
    this.looked = new Float64Array(names.length);
    this.looks = 0;
    this.scratch = { needs: new Int16Array(names.length), bytes: 0 };
    this.groups = [];
    this.replace([], this.files);
  }

  /** Moves these files, and joins groups, until that makes nothing better. */
  search(steep, files) {
    this.aim(steep);
    while (this.move(files) || this.join());
  }

  /** Takes some groups apart, and searches again. What is not better is undone. */
  again(steep, random) {
    const before = { groups: [...this.groups], all: this.all.slice(), later: this.later.slice() };
    const was = this.worth();
    const joined = this.groups.filter(({ members }) => members.length > 1);
    if (joined.length === 0) return;
    const [least, most] = PLACES;
    const places = Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () => Math.floor(random() * joined.length));
    const apart = [...new Set(places)].map((place) => joined[place]);
    const filesOf = (groups) => this.files.filter(({ members: [file] }) => groups.some(({ members }) => members.includes(file)));
    for (const group of apart) this.replace([group], filesOf([group]));
    this.search(steep, filesOf(apart));
    this.search(STEEPS.at(-1), this.files);
    if (this.worth() >= was) Object.assign(this, before);
  }

  /** Weighs with another steep. */
  aim(steep) {
    this.steep = steep;
    this.first.forEach((_, at) => this.weigh(at));
  }

  /** Keeps how bad it is with a part. */
  weigh(at) {
    this.firsts[at] = this.first[at] ? this.ofFirst(at, 0) : 0;
    this.laters[at] = this.ofLater(at, 0);
  }

  /** How bad it is with a page that downloads this much more when it is opened first: the closer to the bound, the worse. */
  ofFirst(at, more) {
    return Math.exp(this.steep * ((this.all[at] + more) / this.firstBound - 1));
  }

  /** The same of a part that is opened later. */
  ofLater(at, more) {
    return Math.exp(this.steep * ((this.later[at] + more) / OWN_AIM - 1));
  }

  /** How bad it is as a whole, as it is aimed at. */
  sum() {
    let sum = 0;
    for (let at = 0; at < this.first.length; at += 1) sum += this.firsts[at] + this.laters[at];
    return sum;
  }

  /** How bad it is as a whole: mostly what the parts weigh that are closest to their bounds. */
  worth() {
    this.aim(STEEPS.at(-1));
    return this.sum();
  }

  /** How much worse it would be with `after` in place of `before`. */
  try(before, after) {
    let worse = 0;
    this.looks += 1;
    // What comes after is made of what was before, and needed by the same parts.
    for (const { neededBy } of before) {
      for (const at of neededBy) {
        if (this.looked[at] === this.looks) continue;
        this.looked[at] = this.looks;
        const all = this.loaded(after, at) - this.loaded(before, at);
        const later = this.loadedLater(after, at) - this.loadedLater(before, at);
        if (all !== 0 && this.first[at]) worse += this.ofFirst(at, all) - this.firsts[at];
        if (later !== 0) worse += this.ofLater(at, later) - this.laters[at];
      }
    }
    return worse;
  }

  /** What two would be together, as far as `try` asks, until this is called again: there are too many tries for a new one each time. */
  asJoined(one, other) {
    const { needs } = this.scratch;
    for (let at = 0; at < needs.length; at += 1) needs[at] = one.needs[at] + other.needs[at];
    this.scratch.bytes = one.bytes + other.bytes - FILE;
    return this.scratch;
  }

  /** Puts groups in place of others. */
  replace(before, after) {
    for (let at = 0; at < this.first.length; at += 1) {
      this.all[at] += this.loaded(after, at) - this.loaded(before, at);
      this.later[at] += this.loadedLater(after, at) - this.loadedLater(before, at);
      if (this.steep) this.weigh(at);
    }
    // Each in the place of one before it, because the order decides where a search ends.
    const places = before.map((group) => this.groups.indexOf(group));
    places.forEach((place, at) => (this.groups[place] = after[at]));
    this.groups = [...this.groups.filter(Boolean), ...after.slice(before.length)];
  }

  /** What a part downloads of some groups. */
  loaded(groups, at) {
    let sum = 0;
    for (let one = 0; one < groups.length; one += 1) if (groups[one].needs[at] > 0) sum += groups[one].bytes;
    return sum;
  }

  /** The same of what is not there with the page on which staff start. */
  loadedLater(groups, at) {
    const there = at === this.start ? this.besideStart : this.start;
    let sum = 0;
    for (let one = 0; one < groups.length; one += 1) {
      const { needs, bytes } = groups[one];
      if (needs[at] > 0 && needs[there] === 0) sum += bytes;
    }
    return sum;
  }

  /** How much less bad a change has to make it. */
  least() {
    return -LEAST * this.sum();
  }

  /** Puts each of these files where it is best. Says whether any was better elsewhere. */
  move(files) {
    let moved = false;
    for (const file of files) {
      const [member] = file.members;
      const from = this.groups.find(({ members }) => members.includes(member));
      const rest = from.members.length > 1 ? [without(from, file)] : [];
      let least = this.least();
      let best;
      const look = (to, before, after) => {
        const worse = this.try(before, after);
        if (worse >= least) return;
        least = worse;
        best = { to };
      };
      if (rest.length > 0) look(undefined, [from], [file, ...rest]);
      for (const to of this.groups) if (to !== from) look(to, [to, from], [this.asJoined(to, file), ...rest]);
      if (!best) continue;
      if (best.to) this.replace([best.to, from], [joined(best.to, file), ...rest]);
      else this.replace([from], [...rest, file]);
      moved = true;
    }
    return moved;
  }

  /** Joins two groups where that is better. Says whether any were joined. */
  join() {
    let joins = false;
    let least = this.least();
    for (let at = 0; at < this.groups.length; at += 1) {
      for (let other = at + 1; other < this.groups.length; other += 1) {
        const before = [this.groups[at], this.groups[other]];
        if (this.try(before, [this.asJoined(...before)]) >= least) continue;
        this.replace(before, [joined(...before)]);
        least = this.least();
        joins = true;
        // Another group is in its place.
        other -= 1;
      }
    }
    return joins;
  }
}

/** What becomes one file: what it is made of, how often each part needs something of it, and its size. */
function group(members, needs, bytes) {
  const neededBy = [];
  for (let at = 0; at < needs.length; at += 1) if (needs[at] > 0) neededBy.push(at);
  return { members, needs, neededBy, bytes };
}

function joined(one, other) {
  const needs = one.needs.slice();
  for (const at of other.neededBy) needs[at] += other.needs[at];
  return group([...one.members, ...other.members], needs, one.bytes + other.bytes - FILE);
}

function without(whole, file) {
  const needs = whole.needs.slice();
  for (const at of file.neededBy) needs[at] -= file.needs[at];
  return group(whole.members.filter((member) => member !== file.members[0]), needs, whole.bytes - file.bytes + FILE);
}
