// Which files of wasm-split-cli become one. It makes a file for each set of parts that share something, some hundreds, of
// which most are small. A file costs a request, and compresses worse alone; but what is joined is downloaded by every part
// that needs some of it. The files are planned here so that the parts that come closest to their bounds become smallest.

import { BESIDE_START, FIRST, KIB, OWN, START, openedFirst } from './bounds.mjs';

/** What a file costs each part that loads it besides its content, in bytes as sent: its imports and its beginning. */
const FILE = 450;
/** How much more a byte matters for a part that is closer to a bound: e times as much for each 1/steep of it. Where a search
 * ends depends on that, and on a few bytes of the program, by some KiB: several are made, each of them with one steep after the
 * other, and the best one counts. */
export const SEARCHES = [[60, 150], [100], [40, 80, 160], [200]];
/** A change that makes less of a difference is none, so that the search ends. */
const LEAST = 1e-4;
/**
 * The files to make: each with the parts that load it, and what it is made of.
 *
 * - parts: all parts, each { part, bytes }: what it alone needs, in bytes as sent;
 * - shared: what several need, each { file, parts, bytes };
 * - program: what every page downloads beside its part, in bytes as sent;
 * - searches: those of SEARCHES to make.
 *
 * Begins with every file by itself; then moves files, and joins what has come together, while that makes it better.
 */
export function plan(parts, shared, program, searches) {
  const found = searches.map((steeps) => {
    const search = new Search(parts, shared, program);
    for (const steep of steeps) {
      search.aim(steep);
      while (search.move() || search.join());
    }
    return search;
  });
  const search = found.reduce((best, other) => (other.closest() < best.closest() ? other : best));
  return search.groups
    .filter(({ members }) => members.size > 0)
    .map(({ members, needs }) => ({
      parts: parts.filter((_, at) => needs[at] > 0).map(({ part }) => part),
      of: [...members].map(({ file }) => file),
    }));
}

class Search {
  constructor(parts, shared, program) {
    const names = parts.map(({ part }) => part);
    this.start = names.indexOf(START);
    this.besideStart = names.indexOf(BESIDE_START);
    this.firstBound = FIRST * KIB - program;
    this.first = names.map(openedFirst);
    // What each part downloads: all of it, and what is not there with the page on which staff start.
    this.loads = parts.map(({ bytes }) => ({ all: bytes, later: bytes }));
    this.members = shared.map(({ file, parts: of, bytes }) => ({ file, parts: of.map((part) => names.indexOf(part)), bytes }));
    this.groups = this.members.map((member) => {
      const group = { members: new Set(), needs: names.map(() => 0), bytes: FILE };
      put(group, member, 1);
      return group;
    });
    for (const group of this.groups) this.count(group, 1);
  }

  /** Begins to weigh anew. */
  aim(steep) {
    this.steep = steep;
    this.badness = this.weigh();
  }

  /** Adds what a group's file is for the parts that load it, or takes it away. */
  count({ members, needs, bytes }, sign) {
    if (members.size === 0) return;
    for (const [at, needed] of needs.entries()) {
      if (needed === 0) continue;
      this.loads[at].all += sign * bytes;
      if (needs[at === this.start ? this.besideStart : this.start] === 0) this.loads[at].later += sign * bytes;
    }
  }

  /** How close the closest part is to its bound: 1 is at it. */
  closest() {
    return Math.max(...this.loads.map(({ all, later }, at) => Math.max(this.first[at] ? all / this.firstBound : 0, later / (OWN * KIB))));
  }

  /** How bad it is: the closer the largest are to their bounds, the worse. */
  weigh() {
    const closeness = (bytes, bound) => Math.exp(this.steep * (bytes / bound - 1));
    return this.loads.reduce(
      (sum, { all, later }, at) => sum + (this.first[at] ? closeness(all, this.firstBound) : 0) + closeness(later, OWN * KIB),
      0,
    );
  }

  /** Puts each file where it is best. Says whether any was better elsewhere. */
  move() {
    const before = this.badness;
    for (const member of this.members) {
      const from = this.groups.find(({ members }) => members.has(member));
      this.change(from, member, -1);
      let best = { badness: this.badness, to: from };
      for (const to of this.groups) {
        if (to === from) continue;
        this.change(to, member, 1);
        const badness = this.weigh();
        if (badness < best.badness * (1 - LEAST)) best = { badness, to };
        this.change(to, member, -1);
      }
      this.change(best.to, member, 1);
      this.badness = best.badness;
    }
    return this.badness < before;
  }

  /** Joins two groups where that is better. Says whether any were joined. */
  join() {
    const before = this.badness;
    for (const [at, one] of this.groups.entries()) {
      for (const other of this.groups.slice(at + 1)) {
        if (one.members.size === 0 || other.members.size === 0) continue;
        const moved = [...other.members];
        this.count(one, -1);
        this.count(other, -1);
        for (const member of moved) put(one, member, 1);
        this.count(one, 1);
        const badness = this.weigh();
        if (badness < this.badness * (1 - LEAST)) {
          for (const member of moved) put(other, member, -1);
          this.badness = badness;
        } else {
          this.count(one, -1);
          for (const member of moved) put(one, member, -1);
          this.count(one, 1);
          this.count(other, 1);
        }
      }
    }
    return this.badness < before;
  }

  /** Puts a file into a group, or takes it out. */
  change(group, member, sign) {
    this.count(group, -1);
    put(group, member, sign);
    this.count(group, 1);
  }
}

function put(group, member, sign) {
  if (sign > 0) group.members.add(member);
  else group.members.delete(member);
  group.bytes += sign * member.bytes;
  for (const at of member.parts) group.needs[at] += sign;
}
