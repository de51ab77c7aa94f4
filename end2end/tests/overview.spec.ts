import { type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { EXPIRES, OWNER, SITE, type Visitor, expect, fillSignUp, open, signIn, someone, test, waitForHydration } from '../support/fixtures.ts';
import { type Latchkey } from '../support/latchkey.ts';

/** Fills the site with sample data of two months and signs in as the owner. */
async function openDemo({ page, context }: Visitor, latchkey: Latchkey): Promise<void> {
  await latchkey.run(['demo', '--password-stdin'], OWNER.password);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: latchkey.url });
  await page.goto(`${latchkey.url}/login`);
  await signIn(page, OWNER);
  await expect(page).toHaveURL(`${latchkey.url}/admin`);
  await waitForHydration(page);
}

function step(page: Page, name: RegExp) {
  return page.getByRole('region', { name: 'Get started' }).getByRole('listitem').filter({ hasText: name });
}

test('the checklist of a new site leads to the first redemption', async ({ fresh, visitor, newcomer }) => {
  const { page } = visitor;
  const guest = someone();
  await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: fresh.url });

  await page.goto(await fresh.run(['setup-link']));
  await page.getByLabel('Site name').fill(SITE);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Username').fill(OWNER.username);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Create owner account' }).click();
  await expect(page).toHaveURL(`${fresh.url}/admin`);
  await waitForHydration(page);

  // The site has a name; the next step is an invite.
  await expect(step(page, /Set the site name/)).toContainText('(done)');
  await expect(step(page, /Create an invite/)).toHaveAttribute('aria-current', 'step');
  await expectAccessible(page, 'first steps');
  await step(page, /Create an invite/).getByRole('link', { name: 'Create invite' }).click();
  const dialog = page.getByRole('dialog', { name: 'New invite' });
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(`${fresh.url}/admin`);
  await expect(step(page, /Create an invite/)).toContainText('(done)');
  await expect(step(page, /Send the link/)).toHaveAttribute('aria-current', 'step');

  await step(page, /Send the link/).getByRole('button', { name: 'Copy link' }).click();
  await expect(step(page, /Send the link/)).toContainText('(done)');
  await expect(step(page, /See who signs up/)).toHaveAttribute('aria-current', 'step');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.startsWith(`${fresh.url}/inv/`), link).toBe(true);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(step(page, /See who signs up/)).toBeVisible();

  await newcomer.page.goto(link);
  await fillSignUp(newcomer.page, guest);
  await newcomer.page.getByRole('button', { name: /^Join / }).click();
  await expect(newcomer.page).toHaveURL(`${fresh.url}/me`);

  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByRole('region', { name: 'Recent redemptions' })).toContainText(guest.name);
  await expect(page.getByRole('region', { name: 'Get started' })).toHaveCount(0);
  await expect(page.getByRole('figure')).toContainText('2 new accounts, 1 of them with an invite, in the last 30 days');
});

test('each item that needs attention has its next step', async ({ fresh, visitor }) => {
  const { page } = visitor;
  await openDemo(visitor, fresh);
  const needs = page.getByRole('region', { name: 'Needs attention' });
  const row = (title: string) => needs.getByRole('listitem').filter({ hasText: title });

  await row('Open evening').getByRole('button', { name: /^Extend/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Extend invite' }).click();
  await expect(page.getByRole('status')).toContainText(EXPIRES);
  await expect(row('Open evening')).toHaveCount(0);

  await row('Kiln course').getByRole('button', { name: /^Raise the limit/ }).click();
  await page.getByRole('dialog').getByLabel('Maximum uses').fill('8');
  await page.getByRole('dialog').getByRole('button', { name: 'Raise the limit' }).click();
  await expect(row('Kiln course')).toHaveCount(0);

  await row('Press and guests').getByRole('button', { name: /^Copy link/ }).click();
  await expect(page.getByRole('status')).toContainText('Link copied');
  await row('Press and guests').getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('button', { name: 'Delete…' }).filter({ visible: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete invite' }).click();
  await expect(row('Press and guests')).toHaveCount(0);
  await expectAccessible(page, 'overview');
});

test('the caption of the chart matches its table', async ({ fresh, visitor }) => {
  const { page } = visitor;
  await openDemo(visitor, fresh);
  const figure = page.getByRole('figure');
  const caption = await figure.locator('figcaption').textContent();
  const [, accounts, links] = caption!.match(/^(\d+) new accounts, (\d+) of them with an invite/)!.map(Number);
  await figure.getByText('Show as table').press('Enter');
  const rows = figure.getByRole('row');
  await expect(rows).toHaveCount(31);
  let sum = [0, 0];
  for (const cells of await rows.evaluateAll((rows) => rows.slice(1).map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent))))) {
    sum = [sum[0]! + cells[0]!, sum[1]! + cells[1]!];
  }
  expect(sum).toEqual([accounts, links]);
  await expectAccessible(page, 'chart and table');
});

test('the dialog opens on the current page, and closing it stays there', async ({ owner: { page } }) => {
  await open(page, '/admin?new=1');
  await expect(page.getByRole('dialog', { name: 'New invite' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).toHaveURL(/\/admin$/);
});
