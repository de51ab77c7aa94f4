import { type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { PASSWORD, expect, fillSignUp, someone, test } from '../support/fixtures.ts';
import { type Invite, type Site } from '../support/site.ts';

// The sign-up page of a flow of several steps, with scripts and without.

const JOIN = { name: /^Join / };
const NEXT = { name: 'Next' };
const BACK = { name: 'Back' };

const STEPS = [
  {
    title: 'About you',
    fields: [
      { key: 'level', label: 'Experience', type: 'choice', required: true, choices: ['None', { value: 'some', label: 'A little' }, 'Much'] },
      { key: 'days', label: 'Days', type: 'choices', choices: ['Mon', 'Tue', 'Wed'], max: 2 },
      { key: 'about', label: 'About you', type: 'long_text', help: 'A few words.' },
    ],
  },
  {
    title: 'Your things',
    fields: [
      { key: 'size', label: 'Shoe size', type: 'number', min: 20, max: 60, required: true },
      { key: 'craft', label: 'Craft', type: 'choice', choices: ['Clay', 'Glass', 'Leather', 'Metal', 'Paper', 'Wood'] },
      { key: 'apron', label: 'Lend me an apron', type: 'checkbox' },
    ],
  },
  { title: 'Your account', fields: [{ key: 'born', label: 'Date of birth', type: 'date', max: '16 years ago' }] },
];
const RULES = [{ when: { field: 'level', is: 'Much' }, then: { refuse: 'This course is for beginners.' } }];

let count = 0;

/** An invite whose flow has three steps. */
async function stepped(site: Site, more: Record<string, unknown> = {}): Promise<Invite> {
  count += 1;
  const flow = await site.flow({ name: `Course ${process.pid} ${count}`, steps: STEPS, rules: RULES, ...more });
  return site.invite({ max_uses: 1, flow_id: flow.id });
}

const step = (page: Page, words: string) => page.getByRole('heading', { level: 2, name: words });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test.beforeEach(({ visitor: { watch } }) => {
      if (!javaScriptEnabled) watch.tolerate(/(latchkey|help)\.js: csp$/);
    });

    test('a visitor goes through the steps, back and forth, and signs up', async ({ site, visitor: { page, watch } }) => {
      const invite = await stepped(site);
      const guest = someone('Tamati Ngata');
      await page.goto(invite.url);
      await expect(step(page, 'Step 1 of 3 About you')).toBeVisible();
      await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0);
      await page.getByLabel('Mon').check();
      await page.getByLabel('Wed').check();
      await page.getByLabel('About you').fill('Two\nlines');
      await expect(page.getByLabel('About you')).toHaveAccessibleDescription('A few words.');

      await page.getByLabel('Much').check();
      await watch.during(403, () => page.getByRole('button', NEXT).click());
      await expect(page.getByRole('main')).toContainText('This course is for beginners.');
      await page.getByRole('button', { name: 'Change your answers' }).click();
      await expect(page.getByLabel('Much')).toBeChecked();
      await page.getByLabel('A little').check();
      await page.getByRole('button', NEXT).click();

      await expect(step(page, 'Step 2 of 3 Your things')).toBeVisible();
      await expect(page).toHaveTitle(/^Step 2 of 3/);
      await page.getByLabel('Craft').selectOption('Wood');
      await page.getByLabel('Lend me an apron').check();
      // The step before is opened although something is missing here.
      await page.getByRole('button', BACK).click();
      await expect(step(page, 'Step 1 of 3 About you')).toBeVisible();
      for (const box of ['A little', 'Mon', 'Wed']) await expect(page.getByLabel(box)).toBeChecked();
      await expect(page.getByLabel('Tue')).not.toBeChecked();
      await expect(page.getByLabel('About you')).toHaveValue('Two\nlines');
      await page.getByRole('button', NEXT).click();
      await expect(page.getByLabel('Craft')).toHaveValue('Wood');
      await expect(page.getByLabel('Lend me an apron')).toBeChecked();
      await page.getByLabel('Shoe size').fill('42');
      // Enter goes on.
      await page.getByLabel('Shoe size').press('Enter');

      await expect(step(page, 'Step 3 of 3 Your account')).toBeVisible();
      await fillSignUp(page, { ...guest, password: 'short' });
      await page.getByLabel('Date of birth').fill('2000-02-29');
      await watch.during(422, () => page.getByRole('button', JOIN).click());
      await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/At least 10 characters/);
      await expect(page.getByLabel('Date of birth')).toHaveValue('2000-02-29');
      await page.getByRole('button', BACK).click();
      await page.getByRole('button', NEXT).click();
      await expect(page.getByLabel('E-mail')).toHaveValue(guest.email);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      expect(await site.used(invite)).toBe(0);
      await page.getByRole('button', JOIN).click();
      await expect(page).toHaveURL(/\/me$/);
      expect(await site.used(invite)).toBe(1);
      // The dashboard shows it as a part of its own, which needs its script.
      if (!javaScriptEnabled) return;
      await page.goto('/me/account');
      const answers = page.getByRole('region', { name: 'Sign-up' });
      for (const answer of ['A little', 'Mon, Wed', '42', 'Wood', '2000-02-29']) await expect(answers).toContainText(answer);
    });

    test('terms are read and accepted, and a new version is asked about at sign-in', async ({ site, visitor: { page } }) => {
      count += 1;
      const name = `House rules ${process.pid} ${count}`;
      const terms = await site.terms(name, 'Sweep **up** after yourself.');
      const flow = await site.flow({ name: `Members ${process.pid} ${count}`, terms: [name] });
      const invite = await site.invite({ flow_id: flow.id });
      const guest = someone('Salme Tamm');
      await page.goto(invite.url);
      await expect(page.getByText('Sweep up after yourself.')).toBeHidden();
      await page.locator('summary', { hasText: name }).click();
      await expect(page.getByText('Sweep up after yourself.')).toBeVisible();
      await fillSignUp(page, guest);
      await page.getByRole('checkbox', { name }).check();
      await page.getByRole('button', JOIN).click();
      await expect(page).toHaveURL(/\/me$/);

      await site.publish(terms, 'Sweep up, and lock the door.');
      await page.context().clearCookies();
      await page.goto('/login?next=/me/account');
      await page.getByLabel('E-mail or username').fill(guest.username);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Accept the terms');
      if (javaScriptEnabled) await expectAccessible(page, 'the terms at sign-in');
      await page.getByRole('button', { name: 'Decline and sign out' }).click();
      await expect(page).toHaveURL(/\/login$/);
      await page.goto('/me');
      await expect(page).toHaveURL(/\/login/);

      await page.goto('/login?next=/me/account');
      await page.getByLabel('E-mail or username').fill(guest.username);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('checkbox', { name }).check();
      await page.getByRole('button', { name: 'Accept and continue' }).click();
      await expect(page).toHaveURL(/\/me\/account$/);
    });
  });
}

test('the steps are used by keyboard alone and have no violations', async ({ site, visitor: { page } }) => {
  const invite = await stepped(site);
  await page.goto(invite.url);
  await expectAccessible(page, 'the first step');
  await page.getByLabel('None').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('A little')).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Mon')).toBeFocused();
  await page.keyboard.press('Space');
  await page.getByRole('button', NEXT).focus();
  await page.keyboard.press('Enter');

  // Reading starts at the heading of the step.
  await expect(step(page, 'Step 2 of 3 Your things')).toBeFocused();
  await expectAccessible(page, 'the second step');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Shoe size')).toBeFocused();
  await page.keyboard.type('41');
  await page.keyboard.press('Enter');
  await expect(step(page, 'Step 3 of 3 Your account')).toBeFocused();
  await expectAccessible(page, 'the last step');
});

test('what is wrong is said at its field, which has the focus', async ({ site, visitor: { page, watch } }) => {
  const invite = await stepped(site);
  await page.goto(invite.url);
  await page.locator('form').evaluate((form: HTMLFormElement) => form.setAttribute('novalidate', ''));
  for (const day of ['Mon', 'Tue', 'Wed']) await page.getByLabel(day).check();
  await watch.during(422, () => page.getByRole('button', NEXT).click());
  await expect(page.getByRole('radiogroup', { name: 'Experience' })).toHaveAccessibleDescription('Choose one of these.');
  await expect(page.getByRole('group', { name: 'Days' })).toHaveAccessibleDescription(/Choose at most 2/);
  await expect(page.getByLabel('None')).toBeFocused();
  await expectAccessible(page, 'the first step with errors');
});

test('the help works on the last step, and other steps have no script', async ({ site, visitor: { page } }) => {
  const invite = await stepped(site);
  await page.goto(invite.url);
  await expect(page.locator('script')).toHaveCount(0);
  await page.getByLabel('None').check();
  await page.getByRole('button', NEXT).click();
  await page.getByLabel('Shoe size').fill('41');
  await page.getByRole('button', NEXT).click();
  await expect(page.locator('form > [role="status"]')).toBeAttached();
  await page.getByLabel('Username').fill('n');
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/^A username has 2 to 32 letters/);
  await page.getByLabel('Username').fill(someone('Ana Silva').username);
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/^2 to 32 letters/);
  await page.getByLabel('Date of birth').fill('2001-01-01');
  await expect(page.locator('form .error')).toHaveCount(0);
});
