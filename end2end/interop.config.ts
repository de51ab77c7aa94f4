import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/** Latchkey beside programs of others, run by `make interop`. One after the other: they are heavier than the tests. */
export default defineConfig({
  ...base,
  testDir: 'interop',
  outputDir: 'output/interop',
  workers: 1,
  timeout: 120_000,
  projects: [{ name: 'interop', use: { ...base.projects![0]!.use } }],
});
