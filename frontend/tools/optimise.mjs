// Makes a program smaller, of which less is sent then.

import { ranked } from './wasm.mjs';

/**
 * As `wasm-opt --flatten --rereloop -Os`, which takes longer to start than to do this. Not -Oz: files get smaller, what is
 * sent larger. The control flow that LLVM wrote is written anew first: what is sent becomes a hundredth smaller.
 */
export async function optimised(bytes) {
  const { default: binaryen } = await import('binaryen');
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(1);
  const optimise = (module) => {
    module.runPasses(['flatten', 'rereloop']);
    module.optimize();
  };
  return alike(await change(bytes, optimise));
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
