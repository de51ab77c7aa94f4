import { type Page } from '@playwright/test';

import { OWNER, PASSWORD, SITE, expect, signIn, test } from '../support/fixtures.ts';

async function fill(page: Page): Promise<void> {
  await page.getByLabel('Site name').fill(SITE);
  await page.getByLabel(/^Your name/).fill(OWNER.name);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Username').fill(OWNER.username);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
}

test('the setup link creates the owner, once', async ({ fresh, visitor: { page, watch } }) => {
  const link = await fresh.run(['setup-link']);
  expect(link).toContain(`${fresh.url}/setup?token=`);

  await page.goto(link);
  await fill(page);
  await page.getByRole('button', { name: 'Create owner account' }).click();
  await expect(page).toHaveURL(`${fresh.url}/admin`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  await page.context().clearCookies();
  await watch.during(409, () => page.goto(link));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This site is already set up');

  await page.goto(`${fresh.url}/login`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(SITE);
  await signIn(page, OWNER);
  await expect(page).toHaveURL(`${fresh.url}/admin`);
});

test('errors are shown at the field, and the input is kept', async ({ fresh, visitor: { page, watch } }) => {
  await page.goto(await fresh.run(['setup-link']));
  await fill(page);
  await page.getByLabel('E-mail').fill('ngozi@brambleyard');
  await page.getByLabel('Password', { exact: true }).fill('password1234');
  await watch.during(422, () => page.getByRole('button', { name: 'Create owner account' }).click());
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/name@example\.org/);
  await expect(page.getByLabel('E-mail')).toHaveValue('ngozi@brambleyard');
  await expect(page.getByLabel('Site name')).toHaveValue(SITE);
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');

  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/very common password/);

  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create owner account' }).click();
  await expect(page).toHaveURL(`${fresh.url}/admin`);
});

test('setup is refused without the link', async ({ fresh, visitor: { page, watch } }) => {
  await watch.during(404, () => page.goto(`${fresh.url}/setup?token=not-the-token`));
  await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText('latchkey setup-link');
});
