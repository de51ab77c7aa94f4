// Makes a program smaller, of which less is sent then.

import { dataOf, ranked } from './wasm.mjs';

/**
 * As `wasm-opt --flatten --rereloop -Oz -Oz`, which takes longer to start than to do this. The control flow that LLVM wrote is
 * written anew first: what is sent becomes a hundredth smaller, and with it -Oz makes less to send than -Os. A second -Oz
 * makes it a hundredth smaller again, a third does not.
 */
export async function optimised(bytes) {
  const { default: binaryen } = await import('binaryen');
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  const optimise = (module) => {
    module.runPasses(['flatten', 'rereloop']);
    module.optimize();
    module.optimize();
  };
  return alike(await change(unplaced(bytes), optimise));
}

/** The name of a source of a dependency or of the standard library; newer compilers end it with a zero, which is counted. */
const FOREIGN = /^(?:\/rustc\/[0-9a-f]{40}\/library|[\w-]+-\d+\.\d+\.\d+)\/[\w.\/+-]+\.rs\0?$/;
/** What a panic says instead of it, … */
const SOMEWHERE = 'a dependency';
/** … and what it knows of a place: the address and the length of the name of the source, the line and the column, each in four bytes. */
const PLACE = 16;
/** The line and the column of somewhere. Not 0: binaryen leaves zeros out of the data, and writes where it goes on instead. */
const NOWHERE = [1, 1];
/** Lines and columns are no larger, in those sources. */
const MOST = [30_000, 300];

/**
 * The module without the places in dependencies and in the standard library at which it may panic: they are alike then, and
 * next to nothing is sent of them. Places in our own sources stay, and with them those of what is called there and panics for
 * its caller. (The bundle with debug assertions keeps all.)
 */
function unplaced(bytes) {
  const changed = Buffer.from(bytes);
  const segments = dataOf(changed);
  const names = new Map();
  const nameAt = (address, length) => {
    const segment = segments.find(({ start, content }) => address >= start && address + length <= start + content.length);
    return segment?.content.subarray(address - segment.start, address - segment.start + length);
  };
  const places = segments.flatMap(({ start, content }) => {
    const found = [];
    for (let at = (4 - (start % 4)) % 4; at + PLACE <= content.length; at += 4) {
      const [address, length, line, column] = [0, 4, 8, 12].map((part) => content.readUInt32LE(at + part));
      if (length > 300 || line === 0 || line > MOST[0] || column === 0 || column > MOST[1]) continue;
      const name = nameAt(address, length);
      if (name === undefined || !FOREIGN.test(name.toString('latin1'))) continue;
      names.set(address, name);
      found.push({ content, at });
    }
    return found;
  });
  // One name stays, which has room for the words.
  const [address, name] = [...names].find(([, one]) => one.length > SOMEWHERE.length) ?? [];
  if (name === undefined) return changed;
  const words = name.at(-1) === 0 ? `${SOMEWHERE}\0` : SOMEWHERE;
  for (const one of names.values()) one.fill(0);
  name.write(words, 'latin1');
  for (const { content, at } of places) {
    [address, words.length, ...NOWHERE].forEach((part, index) => content.writeUInt32LE(part, at + 4 * index));
  }
  return changed;
}

/**
 * The module with functions beside others that are like them: what is sent of it is a thirtieth smaller. And without what says
 * by which compiler it was made and for which features, which no browser reads.
 */
function alike(bytes) {
  const passes = ['reorder-functions-by-name', 'strip-producers', 'strip-target-features'];
  return change(ranked(bytes), (module) => module.runPasses(passes));
}

/** The module after a change by binaryen, which leaves out the names. */
async function change(bytes, by) {
  const { default: binaryen } = await import('binaryen');
  const { Features } = binaryen;
  const module = binaryen.readBinary(bytes);
  // A module that was merged no longer says what it uses.
  module.setFeatures(
    Features.BulkMemory |
      Features.BulkMemoryOpt |
      Features.CallIndirectOverlong |
      Features.Multivalue |
      Features.MutableGlobals |
      Features.NontrappingFPToInt |
      Features.ReferenceTypes |
      Features.SignExt,
  );
  by(module);
  const changed = module.emitBinary();
  module.dispose();
  return Buffer.from(changed);
}
