// Threads that make programs smaller, beside each other: binaryen uses one core.

import { once } from 'node:events';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

import { optimised } from './optimise.mjs';

/** Some threads. Each does one program after the other. */
export class Optimisers {
  constructor(count) {
    this.idle = Array.from({ length: count }, () => new Worker(new URL(import.meta.url)));
    this.all = [...this.idle];
    this.waiting = [];
  }

  /** The optimised program, made by the first thread that is free. */
  async optimised(bytes) {
    const worker = this.idle.pop() ?? (await new Promise((free) => this.waiting.push(free)));
    worker.postMessage(bytes);
    // Fails if the thread does, and then so does the build.
    const [made] = await once(worker, 'message');
    const next = this.waiting.shift();
    if (next) next(worker);
    else this.idle.push(worker);
    return Buffer.from(made);
  }

  /** Ends the threads. */
  async end() {
    await Promise.all(this.all.map((worker) => worker.terminate()));
  }
}

if (!isMainThread) {
  parentPort.on('message', async (bytes) => parentPort.postMessage(await optimised(Buffer.from(bytes))));
}
