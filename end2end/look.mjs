import { chromium } from 'playwright-core';
const [,, script] = process.argv;
const { default: run } = await import(script);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync'] });
export async function at(width, height, scheme, mobile=false) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, hasTouch: mobile, isMobile: mobile, deviceScaleFactor: 1, permissions: ['clipboard-read','clipboard-write'] });
  const page = await context.newPage();
  await page.goto('http://127.0.0.1:4100/login');
  await page.getByLabel('E-mail or username').fill('ngozi');
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/admin/);
  return page;
}
await run(at);
await browser.close();
