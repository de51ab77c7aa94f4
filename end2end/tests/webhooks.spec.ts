import { Webhook } from 'standardwebhooks';

import { expectAccessible } from '../support/axe.ts';
import { expect, go, open, someone, test } from '../support/fixtures.ts';
import { Receiver } from '../support/receiver.ts';

/** A name that no other test has. */
function named(name: string): string {
  return `${name} ${someone(name).username}`;
}

test('a webhook is created, tested, and its deliveries are seen', async ({ site, owner: { page, watch } }) => {
  const receiver = await Receiver.start();
  try {
    const name = named('Chat bot');
    await open(page, '/admin');
    await go(page, 'Webhooks');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Webhooks');
    await page.getByRole('button', { name: 'Create webhook' }).click();
    const dialog = page.getByRole('dialog', { name: 'New webhook' });
    await watch.during(422, async () => {
      await dialog.getByRole('button', { name: 'Create webhook' }).click();
      await expect(dialog.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    });
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByLabel('Address').fill(receiver.url);
    await dialog.getByRole('radio', { name: 'Some' }).check();
    await dialog.getByRole('checkbox', { name: 'Invite created' }).check();
    await expectAccessible(page, 'create webhook');
    await dialog.getByRole('button', { name: 'Create webhook' }).click();

    // The secret is shown once.
    const once = page.getByRole('status').filter({ hasText: 'Signing secret of' });
    const secret = await once.getByRole('textbox', { name: 'Signing secret' }).inputValue();
    await once.getByRole('link', { name: 'Show the webhook' }).click();
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(main.getByText('Nothing here')).toBeVisible();

    await main.getByRole('button', { name: 'Send a test event' }).click();
    await expect.poll(() => receiver.received.length).toBe(1);
    await site.invite({ label: named('Announced') });
    await expect.poll(() => receiver.received.length).toBe(2);
    // The library of another language finds the signature right.
    for (const { headers, body } of receiver.received) new Webhook(secret).verify(body, headers);
    expect(receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual(['ping', 'invite.created']);
    const rows = main.locator('tbody').getByRole('row');
    await expect(async () => {
      await main.getByRole('button', { name: 'Refresh' }).click();
      await expect(rows.filter({ hasText: 'Delivered' })).toHaveCount(2, { timeout: 1_000 });
    }).toPass();
    await rows.filter({ hasText: 'Test event' }).getByText('Details').click();
    await expect(rows.filter({ hasText: 'Test event' }).getByText('"type":"ping"')).toBeVisible();
    await expectAccessible(page, 'webhook');

    // What the receiver refuses waits, and can be tried again at once.
    receiver.status = 503;
    await main.getByRole('button', { name: 'Send a test event' }).click();
    await expect.poll(() => receiver.received.length).toBeGreaterThan(2);
    await expect(async () => {
      await main.getByRole('button', { name: 'Refresh' }).click();
      await expect(rows.filter({ hasText: 'Retrying' })).toHaveCount(1, { timeout: 1_000 });
    }).toPass();
    await expect(main.getByText('Failing')).toBeVisible();
    receiver.status = 204;
    await rows.filter({ hasText: 'Retrying' }).getByRole('button', { name: 'Retry Test event' }).click();
    await expect(async () => {
      await main.getByRole('button', { name: 'Refresh' }).click();
      await expect(rows.filter({ hasText: 'Delivered' })).toHaveCount(3, { timeout: 1_000 });
    }).toPass();

    await main.getByRole('button', { name: 'Pause' }).click();
    await expect(main.getByText('Paused')).toBeVisible();
    await main.getByRole('button', { name: 'Resume' }).click();
    await expect(main.getByRole('button', { name: 'Pause' })).toBeVisible();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete webhook' }).click();
    await expect(page).toHaveURL(/\/admin\/webhooks$/);
    await expect(page.getByRole('link', { name })).toHaveCount(0);
  } finally {
    receiver.stop();
  }
});
