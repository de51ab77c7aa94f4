import { type Page } from '@playwright/test';

/** Takes a picture for docs/connect/, if pictures are wanted. Look at it before you commit it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env['LATCHKEY_INTEROP_PICTURES']) return;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.screenshot({ path: `../docs/images/connect-${name}.png`, animations: 'disabled', caret: 'hide' });
}
