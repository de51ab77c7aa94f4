import { expect, fillSignUp, open, someone, test, unfold } from '../support/fixtures.ts';
import { expectAccessible } from '../support/axe.ts';
import { setUp } from '../support/setup.ts';

test('addresses of a domain sign up without a code, and others are told that they need one', async ({
  fresh,
  visitor: { page: owner, watch: watching },
  newcomer: { page: guest, watch },
}, about) => {
  await setUp(owner, fresh);
  await open(owner, fresh.url + '/admin/settings');
  await owner.getByRole('radio', { name: /^Open/ }).check();
  await owner.getByRole('radio', { name: /^Refused/ }).check();
  await expect(owner.locator('.signup-preview')).toContainText('A code is needed, unless an invite admits the address');
  await owner.screenshot({ path: `output/screenshots/open-settings-${about.project.name}.png`, fullPage: true });
  await owner.getByRole('button', { name: 'Save settings' }).click();
  await expect(owner.getByRole('status')).toContainText('Settings saved');

  await open(owner, fresh.url + '/admin/invites?new=1');
  const dialog = owner.getByRole('dialog', { name: 'New invite' });
  await dialog.getByLabel(/^Name/).fill('Students');
  await unfold(dialog, 'Who can use it');
  const needless = dialog.getByRole('checkbox', { name: /^No code needed/ });
  await needless.check();
  await watching.during(422, () => dialog.getByRole('button', { name: 'Create invite' }).click());
  await expect(dialog).toContainText('Enter the domains whose addresses sign up without the code.');
  await dialog.getByLabel(/^E-mail domains/).fill('school.example');
  await expectAccessible(owner, 'an invite without code');
  await owner.screenshot({ path: `output/screenshots/open-invite-${about.project.name}.png` });
  await dialog.getByRole('button', { name: 'Create invite' }).click();
  await expect(dialog).toBeHidden();
  await owner.getByRole('row').filter({ hasText: 'Students' }).getByRole('link', { name: 'Students' }).click();
  await expect(owner.getByRole('region', { name: 'Details' })).toContainText('No code needed');

  await guest.goto(fresh.url + '/signup');
  await expect(guest.getByRole('main')).toContainText('You need an invite code, unless your e-mail address');
  const other = someone('Lena Meyer');
  await fillSignUp(guest, other);
  await watch.during(422, () => guest.getByRole('button', { name: /^Join / }).click());
  await expect(guest.getByLabel('Invite code')).toHaveAccessibleDescription(/With this e-mail address you need an invite code/);
  await expect(guest.getByLabel('E-mail')).toHaveValue(other.email);
  await guest.screenshot({ path: `output/screenshots/open-refused-${about.project.name}.png`, fullPage: true });
  const student = someone('Mateo Quispe');
  await fillSignUp(guest, { ...student, email: `${student.username}@school.example` });
  await guest.getByRole('button', { name: /^Join / }).click();
  await expect(guest).toHaveURL(/\/me$/);
  await expect(guest.getByRole('main')).not.toContainText('approve');
  await owner.reload();
  await expect(owner.getByRole('main')).toContainText(student.name);
});
