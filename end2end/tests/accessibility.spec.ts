import { expectAccessible } from '../support/axe.ts';
import { newInvite, open, test, waitForHydration } from '../support/fixtures.ts';
import { createSampleData } from '../support/pages.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('every page', async ({ site, visitor, owner }) => {
      test.setTimeout(180_000);
      const { pages } = await createSampleData(site);
      for (const { name, path, by, status } of pages) {
        await test.step(name, async () => {
          const { page, watch } = by === 'owner' ? owner : visitor;
          if (status) await watch.during(status, () => page.goto(path));
          else if (by === 'owner') await open(page, path);
          else await page.goto(path);
          await expectAccessible(page, name);
        });
      }
    });

    test('setting up', async ({ fresh, visitor: { page, watch } }) => {
      await page.goto(await fresh.run(['setup-link']));
      await expectAccessible(page, 'setup');
      await page.getByLabel('Site name').fill('Brambleyard Makers');
      await page.getByLabel('E-mail').fill('ngozi@brambleyard');
      await page.getByLabel('Username').fill('n');
      await page.getByLabel('Password', { exact: true }).fill('short');
      await watch.during(422, () => page.getByRole('button', { name: 'Create owner account' }).click());
      await expectAccessible(page, 'setup, wrong');
    });

    test('dialogs', async ({ site, owner: { page } }) => {
      const invite = await site.invite({ label: 'Dialogs' });
      await open(page, '/admin/invites');
      await newInvite(page);
      await expectAccessible(page, 'new invite');
      await page.keyboard.press('Escape');

      await page.goto(`/admin/invites/${invite.id}`);
      await waitForHydration(page);
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await expectAccessible(page, 'edit');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^More for/ }).click();
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page.getByRole('dialog').waitFor();
      await expectAccessible(page, 'delete');
    });
  });
}
