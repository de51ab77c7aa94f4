import { OWNER, PASSWORD, SITE, expect, fillSignUp, go, newInvite, someone, test, waitForHydration } from '../support/fixtures.ts';

// The main path, from an empty folder: the owner sets up the site, creates an invite and copies its link; a visitor signs
// up with it; the owner sees the redemption.
test('an invite is created, shared, redeemed and listed', async ({ fresh, visitor, newcomer }) => {
  const { page } = visitor;
  const guest = someone();

  await test.step('set up', async () => {
    await page.goto(await fresh.run(['setup-link']));
    await page.getByLabel('Site name').fill(SITE);
    await page.getByLabel(/^Your name/).fill(OWNER.name);
    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel('Username').fill(OWNER.username);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create owner account' }).click();
    await expect(page).toHaveURL(`${fresh.url}/admin`);
    await waitForHydration(page);
  });

  const link = await test.step('create an invite and copy its link', async () => {
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: fresh.url });
    const dialog = await newInvite(page);
    await dialog.getByLabel(/^Name/).fill('Open evening');
    await dialog.getByRole('button', { name: 'Create invite' }).click();
    await expect(page.getByRole('status')).toContainText(/copied/i);
    await expect(dialog).toBeHidden();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.startsWith(`${fresh.url}/inv/`), copied).toBe(true);
    return copied;
  });

  await test.step('sign up with the link', async () => {
    const { page } = newcomer;
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('body')).toContainText(`${OWNER.name} invites you to ${SITE}`);
    await fillSignUp(page, guest);
    await page.getByRole('button', { name: `Join ${SITE}` }).click();
    await expect(page).toHaveURL(`${fresh.url}/me`);
    await expect(page.getByRole('main')).toContainText(guest.name);
  });

  await test.step('see the redemption', async () => {
    await go(page, 'Redemptions');
    await expect(page).toHaveURL(/\/admin\/redemptions$/);
    const row = page.getByRole('row').filter({ hasText: guest.name });
    await expect(row).toContainText('Open evening');
    await expect(row).toHaveCount(1);
  });
});
