import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/** The pictures of the docs: taken by `make screenshots`, and no test. */
export default defineConfig({ ...base, testDir: 'pictures', outputDir: 'output/pictures', projects: [{ name: 'pictures' }] });
