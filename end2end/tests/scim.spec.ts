import { expect, open, someone, test } from '../support/fixtures.ts';
import { ScimService } from '../support/scim-service.ts';

test('an application is told who may enter, and its page shows what it knows, lacks and refused', async ({ site, owner: { page } }) => {
  test.setTimeout(90_000);
  const service = await ScimService.start();
  try {
    const invite = await site.invite();
    const [ada, grace] = [someone('Adaeze Okonkwo'), someone('Graça Figueiredo')];
    const accounts = [await site.signUp(invite, ada), await site.signUp(invite, grace)];
    const group = await site.group(`Editors ${ada.username}`, accounts);
    const name = `Chat ${ada.username}`;

    await open(page, '/admin/applications');
    await page.getByRole('button', { name: 'Create application' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New application' });
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByRole('radio', { name: 'Members of groups' }).check();
    await dialog.getByRole('searchbox').fill(group.name);
    await dialog.getByRole('checkbox', { name: group.name }).check();
    await dialog.getByRole('checkbox', { name: /^OpenID Connect/ }).uncheck();
    await dialog.getByRole('checkbox', { name: /^SCIM/ }).check();
    await dialog.getByLabel('SCIM address').fill(service.url);
    await dialog.getByLabel('SCIM token').fill(service.token);
    await dialog.getByRole('checkbox', { name: /^Tell it of groups/ }).check();
    await dialog.getByRole('button', { name: 'Create application' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);

    const section = page.getByRole('region', { name: 'Accounts in the application' });
    /** The section after it was read again, once it says this. */
    const says = async (words: string) => {
      await expect(async () => {
        await page.reload();
        await expect(section).toContainText(words, { timeout: 1_000 });
      }).toPass();
    };
    await says('2 accounts, 1 group');
    expect(service.user(ada.username)).toMatchObject({ active: true });
    expect(service.resources.Groups).toMatchObject([{ displayName: group.name }]);

    // Suspended here is inactive there.
    await site.suspend(accounts[0]!);
    await expect.poll(() => service.user(ada.username)?.active, { timeout: 20_000 }).toBe(false);
    await site.suspend(accounts[0]!, 'restore');
    await expect.poll(() => service.user(ada.username)?.active, { timeout: 20_000 }).toBe(true);

    // What somebody changed there is found, and put right.
    service.user(grace.username)!.active = false;
    await open(page, page.url());
    await section.getByRole('button', { name: 'Compare accounts' }).click();
    const differences = section.getByRole('list', { name: 'Differences' });
    await expect(differences.getByRole('listitem')).toHaveCount(1);
    await expect(differences).toContainText(grace.username);
    await section.getByRole('button', { name: 'Synchronise accounts' }).click();
    await expect.poll(() => service.user(grace.username)?.active, { timeout: 20_000 }).toBe(true);
    await section.getByRole('button', { name: 'Compare accounts' }).click();
    await expect(differences.getByRole('listitem')).toHaveCount(0);

    // While it does not answer, what it has to be told waits, and the page says why.
    service.failing = 503;
    await site.suspend(accounts[1]!);
    await says('The chat is being updated.');
  } finally {
    service.stop();
  }
});
