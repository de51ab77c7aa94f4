// Makes a program smaller, of which less is sent then.

import { ranked } from './wasm.mjs';

/**
 * As `wasm-opt --flatten --rereloop -Oz`, which takes longer to start than to do this. The control flow that LLVM wrote is
 * written anew first: what is sent becomes a hundredth smaller, and with it -Oz makes less to send than -Os.
 */
export async function optimised(bytes) {
  const { default: binaryen } = await import('binaryen');
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  const optimise = (module) => {
    module.runPasses(['flatten', 'rereloop']);
    module.optimize();
  };
  return alike(await change(unplaced(bytes), optimise));
}

/**
 * What a panic says of where it happened: the end of the name of a source of a dependency or of the standard library. (Not its
 * beginning, before which the length of what it stands in may be.)
 */
const PLACES = /(?<=\/rustc\/[0-9a-f]{40}\/library|-\d+\.\d+\.\d+)\/[\w.\/+-]+?\.rs/g;

/** The module with spaces in their place: nobody here changes those sources, and the crate and the line are still said. */
function unplaced(bytes) {
  const text = bytes.toString('latin1');
  return Buffer.from(
    text.replace(PLACES, (place) => ' '.repeat(place.length)),
    'latin1',
  );
}

/** The module with functions beside others that are like them: what is sent of it is a thirtieth smaller. */
function alike(bytes) {
  return change(ranked(bytes), (module) => module.runPasses(['reorder-functions-by-name']));
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
