import { type Page } from '@playwright/test';

import { PASSWORD, someone } from './fixtures.ts';
import { type Latchkey } from './latchkey.ts';

/** Sets up a site of its own, because its settings are changed, and signs the owner in. Returns an API key of theirs. */
export async function setUp(page: Page, fresh: Latchkey, owner = someone('Ngozi'), siteName = 'Brambleyard'): Promise<string> {
  await page.goto(await fresh.run(['setup-link']));
  await page.getByLabel('Site name').fill(siteName);
  await page.getByLabel(/^Your name/).fill(owner.name);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Username').fill(owner.username);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create owner account' }).click();
  await page.waitForURL(/\/admin$/);
  return fresh.run(['key', 'create', '--account', owner.username]);
}
