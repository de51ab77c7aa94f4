import { type Page, chromium } from '@playwright/test';

import config from '../playwright.config.ts';
import { OWNER, expect, open, signIn, test } from '../support/fixtures.ts';
import { Latchkey } from '../support/latchkey.ts';
import { Receiver } from '../support/receiver.ts';

/** Host name of the links in the pictures. The browser resolves it to this machine. */
const HOST = 'join.brambleyard.example';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

async function take(page: Page, name: string, viewport = DESKTOP): Promise<void> {
  await page.setViewportSize(viewport);
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `../docs/images/${name}.png`, animations: 'disabled', caret: 'hide' });
}

test('screenshots for the documentation', async () => {
  const latchkey = await Latchkey.start({
    LATCHKEY_PUBLIC_URL: `http://${HOST}`,
    LATCHKEY_INSECURE_HTTP: 'true',
    LATCHKEY_RATE_LIMITS: 'on',
  });
  const receiver = await Receiver.start();
  const launch = config.use!.launchOptions!;
  const browser = await chromium.launch({
    ...launch,
    args: [...launch.args!, `--host-resolver-rules=MAP ${HOST}:80 ${new URL(latchkey.url).host}`],
  });
  try {
    await latchkey.run(['demo', '--password-stdin'], OWNER.password);
    const context = await browser.newContext({
      baseURL: `http://${HOST}`,
      locale: config.use!.locale,
      timezoneId: config.use!.timezoneId,
      colorScheme: 'light',
    });
    await context.addInitScript(() => {
      const { instantiateStreaming } = WebAssembly;
      WebAssembly.instantiateStreaming = async (...args) => {
        const instance = await instantiateStreaming(...args);
        requestAnimationFrame(() => requestAnimationFrame(() => Object.assign(window, { hydrated: true })));
        return instance;
      };
    });
    const page = await context.newPage();
    await page.goto('/login');
    await signIn(page, OWNER);
    await page.waitForURL(/\/admin$/);

    await open(page, '/admin');
    await take(page, 'overview');
    await take(page, 'overview-phone', PHONE);
    await page.emulateMedia({ colorScheme: 'dark' });
    await take(page, 'overview-dark');
    await page.emulateMedia({ colorScheme: 'light' });

    await open(page, '/admin/invites');
    await take(page, 'invites');
    await take(page, 'invites-phone', PHONE);
    await page.setViewportSize(DESKTOP);
    await page.getByRole('link', { name: 'Create invite' }).filter({ visible: true }).first().click();
    await page.getByRole('dialog', { name: 'New invite' }).getByLabel('Name').waitFor();
    await take(page, 'new-invite');

    await open(page, '/admin/invites?q=open');
    await page.getByRole('link', { name: 'Open evening', exact: true }).click();
    await page.getByRole('heading', { name: 'Open evening', level: 1 }).waitFor();
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    await page.getByRole('table').waitFor();
    await take(page, 'invite');

    await open(page, '/admin/redemptions');
    await take(page, 'redemptions');
    await open(page, '/admin/members');
    await take(page, 'members');
    await open(page, '/admin/groups');
    await page.getByRole('link', { name: 'Potters', exact: true }).click();
    await page.getByRole('heading', { name: 'Potters', level: 1 }).waitFor();
    await page.getByRole('table').waitFor();
    await take(page, 'group');
    await open(page, '/admin/applications');
    await page.getByRole('table').waitFor();
    await take(page, 'applications');
    await page.getByRole('link', { name: 'Chat', exact: true }).click();
    await page.getByRole('heading', { name: 'Chat', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Connection' }).waitFor();
    await take(page, 'application');
    await open(page, '/admin/webhooks');
    await page.getByRole('button', { name: 'Create webhook' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Chat bot');
    await page.getByRole('dialog').getByLabel('Address').fill(receiver.url);
    await page.getByRole('dialog').getByRole('button', { name: 'Create webhook' }).click();
    await page.getByRole('link', { name: 'Show the webhook' }).click();
    await page.getByRole('button', { name: 'Send a test event' }).click();
    await expect.poll(() => receiver.received.length).toBe(1);
    receiver.status = 503;
    await page.getByRole('button', { name: 'Send a test event' }).click();
    await expect.poll(() => receiver.received.length).toBe(2);
    await expect(async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await expect(page.getByText('Retrying', { exact: true }).last()).toBeVisible({ timeout: 1_000 });
    }).toPass();
    // The address of a receiver is its own on every run.
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Address').fill('https://bot.brambleyard.example/latchkey');
    await page.getByRole('dialog').getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('https://bot.brambleyard.example/latchkey').waitFor();
    // The toast goes.
    await expect(page.getByText('Chat bot saved')).toHaveCount(0);
    await take(page, 'webhook');
    await open(page, '/admin/audit');
    await page.getByText('Details', { exact: true }).nth(1).click();
    await take(page, 'audit');
    await open(page, '/admin/flows');
    await page.getByRole('link', { name: 'Course registration', exact: true }).click();
    await page.getByRole('heading', { name: 'Course registration', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Rules' }).waitFor();
    await take(page, 'flow');
    await open(page, '/admin/invites?q=warsztaty');
    await page.getByRole('link', { name: /^Warsztaty/ }).click();
    await page.getByRole('heading', { name: /^Warsztaty/, level: 1 }).waitFor();
    const course = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    await open(page, '/me');
    await take(page, 'home');

    await context.clearCookies();
    await page.goto(link);
    await take(page, 'signup');
    await take(page, 'signup-phone', PHONE);
    await page.setViewportSize(DESKTOP);
    await page.goto(course);
    await take(page, 'signup-step');
  } finally {
    await browser.close();
    receiver.stop();
    await latchkey.stop();
  }
});
