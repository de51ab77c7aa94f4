import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';

/** Screenshots for the documentation, taken by `make screenshots`; not a test. */
export default defineConfig({ ...base, testDir: 'pictures', outputDir: 'output/pictures', projects: [{ name: 'pictures' }] });
