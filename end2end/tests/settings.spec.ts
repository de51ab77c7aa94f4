import { expect, open, test } from '../support/fixtures.ts';

test('settings are validated and saved', async ({ owner: { page, watch } }) => {
  await open(page, '/admin/settings');
  const length = page.getByLabel('Length of codes');
  await length.fill('3');
  await watch.during(422, async () => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(length).toHaveAccessibleDescription(/12 (to|and) 64/);
  });
  await expect(length).toHaveValue('3');
  await length.fill('20');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('Settings saved');
  await page.reload();
  await expect(page.getByLabel('Length of codes')).toHaveValue('20');
});

test('closed registration refuses sign-ups and shows it', async ({ site, owner: { page }, visitor }) => {
  const invite = await site.invite();
  await open(page, '/admin/settings');
  const save = async (mode: RegExp) => {
    await page.getByRole('radio', { name: mode }).check();
    // Waits for the response, because the toast of the previous save may still be shown.
    const saved = page.waitForResponse((response) => response.url().endsWith('/_fn/settings/update'));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect((await saved).status()).toBe(200);
    await expect(page.getByRole('status')).toContainText('Settings saved');
  };
  try {
    await save(/Closed/);
    await visitor.watch.during(403, () => visitor.page.goto(invite.url));
    await expect(visitor.page.getByRole('main')).toContainText(/closed/i);
  } finally {
    await save(/invite only/i);
  }
  await visitor.page.goto(invite.url);
  await expect(visitor.page.getByLabel('Invite key')).toHaveValue(invite.code);
});
