import { existsSync } from 'node:fs';

import { defineConfig, devices } from '@playwright/test';

/** Debian's Chromium. The one that cannot open a window needs half the processor time. */
const chromium = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

/** As root Chromium only runs without its sandbox. The other flags disable background network requests. */
const launchOptions = {
  executablePath: process.env.LATCHKEY_CHROMIUM ?? chromium,
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export default defineConfig({
  testDir: 'tests',
  outputDir: 'output/results',
  forbidOnly: !!process.env.CI,
  fullyParallel: false,
  workers: 2,
  // On two busy cores a browser is late now and then. What passes the second time is printed as flaky, and is to be mended.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    launchOptions,
    locale: 'en-GB',
    timezoneId: 'Europe/Lisbon',
    screenshot: 'only-on-failure',
    // A recording takes a tenth of the time of a test.
    trace: 'on-first-retry',
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'], viewport: { width: 1280, height: 900 } } },
    {
      name: 'phone',
      use: { ...devices['Pixel 7'], viewport: { width: 360, height: 740 } },
      testIgnore: /(hydration|mails|many|views)\.spec\.ts/,
    },
  ],
});
