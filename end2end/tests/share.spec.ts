import { expect, open, test } from '../support/fixtures.ts';

/** Gives the browser a function that shares, which records what it was asked to and answers as a program would. */
function canShare(outcome: 'shared' | 'closed' | 'refused'): void {
  const shared: unknown[] = [];
  const share = (data: unknown) => {
    shared.push(data);
    if (outcome === 'shared') return Promise.resolve();
    return Promise.reject(new DOMException('', outcome === 'closed' ? 'AbortError' : 'NotAllowedError'));
  };
  Object.defineProperty(Navigator.prototype, 'share', { configurable: true, value: share });
  Object.assign(window, { shared });
}

for (const outcome of ['shared', 'closed', 'refused'] as const) {
  test(`an invite link is shared where the browser can: ${outcome}`, async ({ site, owner: { page } }) => {
    const invite = await site.invite({ label: `Internal name ${process.pid}` });
    await page.addInitScript(canShare, outcome);
    await open(page, `/admin/invites/${invite.id}`);
    await page.getByRole('button', { name: /^Share/ }).click();
    // The name is for staff alone.
    await expect.poll(() => page.evaluate(() => (window as unknown as { shared: unknown[] }).shared)).toEqual([{ url: invite.url }]);
    const copied = page.getByRole('status').filter({ hasText: 'Link copied' });
    await expect(copied).toHaveCount(outcome === 'refused' ? 1 : 0);
  });
}

test('there is no button where the browser cannot share', async ({ site, owner: { page } }) => {
  const invite = await site.invite();
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'share'));
  await open(page, `/admin/invites/${invite.id}`);
  await expect(page.getByRole('button', { name: /^Copy link/ }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Share/ })).toHaveCount(0);
});
