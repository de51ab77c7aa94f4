import { type Page } from '@playwright/test';

import { isMarked, mark } from '../support/dashboard.ts';
import { expect, go, newInvite, open, test } from '../support/fixtures.ts';

// Leaving by the browser's Back and Forward asks when something that was typed is not saved.

/** As the browser's button does: not waiting for a page, because none may come. */
async function back(page: Page, entries = -1): Promise<void> {
  await page.evaluate((entries) => history.go(entries), entries);
}

test('a form is not lost by going back or forward unless one says so', async ({ owner: { page } }) => {
  await open(page, '/admin/invites');
  await mark(page);
  await go(page, 'Settings');
  await go(page, 'Members');
  // Nothing is typed: nothing is asked.
  await back(page);
  await expect(page).toHaveURL(/\/admin\/settings$/);
  const name = page.getByLabel('Site name', { exact: true });
  await name.fill('Not saved');
  const question = page.getByRole('dialog', { name: 'Discard changes?' });

  for (const entries of [-1, 1]) {
    await back(page, entries);
    await expect(question).toBeVisible();
    await expect(page).toHaveURL(/\/admin\/settings$/);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(name).toHaveValue('Not saved');
  }

  await back(page);
  await question.getByRole('button', { name: 'Discard changes' }).click();
  await expect(page).toHaveURL(/\/admin\/invites$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Invites' })).toBeVisible();
  // The history is as it was: forward is where one came from.
  await back(page, 1);
  await expect(page).toHaveURL(/\/admin\/settings$/);
  await expect(name).not.toHaveValue('Not saved');
  await back(page, 1);
  await expect(page).toHaveURL(/\/admin\/members$/);
  expect(await isMarked(page)).toBe(true);
});

test('a dialog is not lost by going back', async ({ owner: { page } }) => {
  await open(page, '/admin/invites');
  const dialog = await newInvite(page);
  await dialog.getByLabel(/^Name/).fill('Not saved');
  await back(page);
  const question = page.getByRole('dialog', { name: 'Discard changes?' });
  await expect(question).toBeVisible();
  await expect(page).toHaveURL(/new=1/);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByLabel(/^Name/)).toHaveValue('Not saved');
  await back(page);
  await question.getByRole('button', { name: 'Discard changes' }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/admin\/invites$/);

  // Saved or left, it is asked for no more.
  await newInvite(page);
  await dialog.getByLabel(/^Name/).fill('Saved');
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  await go(page, 'Members');
  await back(page);
  await expect(page).toHaveURL(/\/admin\/invites$/);
});
