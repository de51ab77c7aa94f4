import { type Locator, type Page } from '@playwright/test';

import { PASSWORD } from '../people.ts';
import { SECTIONS, signIn, unfold } from '../visitor.ts';
import { ARABIC, ASKED, GERMAN, type Sample } from './sample.ts';
import { type Stage } from './stage.ts';

/** The site that a view is on: the demonstration and more, one with nothing in it, one that is closed, one that is not set up. */
export type On = 'sample' | 'empty' | 'closed' | 'new';

/** Who looks at it. */
export type Who = 'owner' | 'member' | 'pending' | 'unverified' | 'anyone';

/** A page or a dialog, in one of its states. */
export type View = {
  /** Names the test, and the pictures. */
  name: string;
  /**
   * What it shows: a page of the dashboard by its route (`/admin/invites/:id`), a public page by the function that draws it
   * (`login::login`), a dialog by its id (`#new-invite`).
   */
  shows: `/${string}` | `${string}::${string}` | `#${string}`;
  /** The site; `sample` if nothing is said. */
  on?: On;
  /** Who looks; the owner if nothing is said. */
  by?: Who;
  /** The path, and that of the page that opens a dialog. */
  path: string | ((sample: Sample, stage: Stage) => string | Promise<string>);
  /** The status of the page, if it is not 200. */
  status?: number;
  /** What is done on the page before it is looked at. */
  act?: (page: Page) => Promise<void>;
  /** Whether a script of a public page answers that. */
  helped?: boolean;
  /** Whether it is a step of the sign-up form before the last, which has no script. */
  unhelped?: boolean;
  /** A dialog: the controls that open it, used one after the other by keyboard. */
  opens?: (page: Page) => Locator[];
  /** What is done in the dialog before it is looked at. */
  fill?: (dialog: Locator) => Promise<void>;
  /** The status of the answer to that, if it is refused. */
  refused?: number;
};

/** Whether a view is a dialog, which needs the dashboard's script. */
export function isDialog({ shows }: View): boolean {
  return shows.startsWith('#');
}

/** Whether a view is a public page, which needs no script. */
export function isPublic({ shows }: View): boolean {
  return shows.includes('::');
}

/** Whether a view can be read without scripts: every page can, but what a script changes on it is not there. */
export function readsWithoutScripts(view: View): boolean {
  return isPublic(view) ? !view.helped : !isDialog(view) && !view.act;
}

const button = (name: string | RegExp) => (page: Page) => [page.getByRole('main').getByRole('button', { name, exact: true }).first()];

/** The menu of what the page is about, and an item of it. */
const item = (name: string) => (page: Page) => {
  const main = page.getByRole('main');
  return [main.getByRole('button', { name: /^More for/ }).first(), main.locator('.menu:popover-open').getByRole('button', { name, exact: true })];
};

const boxes = (page: Page, count: number) =>
  [...Array(count).keys()].map((place) => page.getByRole('checkbox', { name: /^Select: / }).nth(place));

/** Some rows, and what is done with them. */
const selected = (name: string, count = 2) => (page: Page) => [
  ...boxes(page, count),
  page.getByRole('toolbar', { name: 'Selected rows' }).getByRole('button', { name }),
];

const select = (count: number) => async (page: Page) => {
  for (const box of boxes(page, count)) await box.check();
};

/** Makes a reset link for the member whose page it is. */
async function makeResetLink(page: Page): Promise<void> {
  for (const control of item('Create reset link…')(page)) await control.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create reset link' }).click();
  await page.getByLabel('Reset link', { exact: true }).waitFor();
}

/** Answers what the first step of a flow has to be told. */
async function fillStep(page: Page, motto: string): Promise<void> {
  await page.locator('[id="attributes.motto"]').fill(motto);
  await page.getByLabel('Mon').check();
  await page.getByLabel('Tue').check();
  await page.getByRole('button', { name: 'Next' }).click();
}

/** Opens the preview of a flow with one choice. */
async function previewFlow(page: Page): Promise<void> {
  await preview(page, [
    ['welcome_text', 'Bring an **apron**.'],
    ['verify_email', 'yes'],
    ['step', 'About you'],
    ...[['field', 'plan'], ['label', 'Plan'], ['type', 'choice'], ['required', 'yes'], ['choices', 'solo\nteam, With others']],
    ...[['rule', ''], ['approval', 'yes'], ['after', '/me/invites'], ['when_field', 'plan'], ['test', 'is'], ['value', 'team']],
  ]);
  await page.getByText('This is a preview.').waitFor();
}

/** Posts what is typed for a preview, as the editor does. */
async function preview(page: Page, typed: string[][]): Promise<void> {
  await page.evaluate((document_) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: '/admin/flows/preview' });
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'document', value: document_ }));
    document.body.append(form);
    form.requestSubmit();
  }, JSON.stringify(typed));
}

const invite = (which: keyof Sample['invites'], below = '/admin/invites') => (of: Sample) => `${below}/${of.invites[which].id}`;
const code = (which: keyof Sample['invites']) => (of: Sample) => `/inv/${of.invites[which].code}`;
const member = (which: keyof Sample['accounts']) => (of: Sample) => `/admin/members/${of.accounts[which]}`;
const group = (which: keyof Sample['groups']) => (of: Sample) => `/admin/groups/${of.groups[which].id}`;
const application = (which: keyof Sample['applications']) => (of: Sample) => `/admin/applications/${of.applications[which].id}`;
const webhook = (which: keyof Sample['webhooks']) => (of: Sample) => `/admin/webhooks/${of.webhooks[which].id}`;

const flow = (which: keyof Sample['flows']) => (of: Sample) => `/admin/flows/${of.flows[which].id}`;

const mailing = (which: 'own' | 'one', query = '') => (of: Sample) => `/admin/invitations/${of.mailings[which]}${query}`;

/** Public pages. */
const PUBLIC: View[] = [
  { name: 'login', shows: 'login::login', by: 'anyone', path: '/login' },
  { name: 'login-application', shows: 'login::login', by: 'anyone', path: (of) => `/login?next=${encodeURIComponent(of.authorize(of.applications.long))}` },
  { name: 'login-long', shows: 'login::login', on: 'empty', by: 'anyone', path: '/login' },
  { name: 'login-declined', shows: 'login::login', by: 'anyone', path: '/login', status: 401, act: async (page) => {
    await page.getByLabel('E-mail or username').fill('nobody');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
  } },
  { name: 'login-terms', shows: 'terms::asked_terms', by: 'anyone', path: '/login', act: async (page) => {
    await signIn(page, ASKED);
    await page.getByRole('button', { name: 'Accept and continue' }).waitFor();
  } },
  { name: 'signup', shows: 'form::sign_up', by: 'anyone', path: '/signup' },
  { name: 'signup-wrong', shows: 'form::sign_up', by: 'anyone', path: '/signup', status: 422, act: async (page) => {
    await page.getByLabel('E-mail').fill('ngozi@brambleyard');
    await page.getByLabel('Username').fill('n');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: /^Join / }).click();
    // The page that the server sends: the help says the rest on the one before, too.
    await page.getByText('Enter it again').waitFor();
  } },
  { name: 'signup-helped', shows: 'form::sign_up', by: 'anyone', path: code('open'), helped: true, act: async (page) => {
    await page.locator('form > [role=status]').waitFor({ state: 'attached' });
    await page.getByLabel('Username').fill('n');
    await page.getByLabel('Password', { exact: true }).fill('password1234');
    await page.locator('#password-strength').waitFor();
    await page.locator('#username-error').waitFor();
  } },
  { name: 'signup-invited', shows: 'form::sign_up', by: 'anyone', path: code('open') },
  { name: 'signup-all', shows: 'form::sign_up', by: 'anyone', path: code('all') },
  { name: 'signup-long', shows: 'form::sign_up', by: 'anyone', path: code('long') },
  { name: 'signup-asks', shows: 'form::sign_up', by: 'anyone', path: code('asks') },
  { name: 'signup-step', shows: 'form::sign_up', unhelped: true, by: 'anyone', path: code('steps') },
  { name: 'signup-step-wrong', shows: 'form::sign_up', unhelped: true, by: 'anyone', path: code('steps'), status: 422, act: async (page) => {
    await page.locator('[id="attributes.motto"]').fill(GERMAN);
    // Browsers do not count boxes.
    await page.getByLabel('Mon').check();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  } },
  { name: 'signup-last-step', shows: 'form::sign_up', by: 'anyone', path: code('steps'), act: async (page) => {
    await fillStep(page, 'yes');
    await page.getByRole('button', { name: 'Back' }).waitFor();
  } },
  { name: 'signup-refused', shows: 'refused::refused', by: 'anyone', path: code('steps'), status: 403, act: async (page) => {
    await fillStep(page, 'no');
    await page.getByRole('button', { name: 'Change your answers' }).waitFor();
  } },
  { name: 'flow-preview', shows: 'form::sign_up', path: '/signup/asked', helped: true, act: previewFlow },
  { name: 'flow-preview-end', shows: 'previewed::previewed', path: '/signup/asked', helped: true, act: async (page) => {
    await previewFlow(page);
    await page.getByRole('radio', { name: 'With others' }).check();
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'End of the preview' }).waitFor();
  } },
  { name: 'flow-preview-wrong', shows: 'previewed::not_previewed', path: '/signup/asked', status: 422, act: async (page) => {
    const fields = ['first', 'second'].flatMap((key) => [['field', key], ['label', ''], ['type', 'choice']]);
    await preview(page, [['step', 'x'.repeat(81)], ...fields]);
    await page.getByText('Step 1, field 2').first().waitFor();
  } },
  { name: 'signup-code', shows: 'unavailable::ask_for_code', on: 'empty', by: 'anyone', path: '/signup' },
  { name: 'signup-unknown', shows: 'unavailable::unknown_code', by: 'anyone', path: '/inv/NoSuchCode23', status: 404 },
  { name: 'signup-paused', shows: 'unavailable::unavailable', by: 'anyone', path: code('paused'), status: 410 },
  { name: 'signup-used-up', shows: 'unavailable::unavailable', by: 'anyone', path: code('usedUp'), status: 410 },
  { name: 'signup-asked', shows: 'renewal::requested', by: 'anyone', path: '/signup/asked' },
  { name: 'signup-scheduled', shows: 'unavailable::unavailable', by: 'anyone', path: code('scheduled'), status: 410 },
  { name: 'signup-closed', shows: 'closed::closed', on: 'closed', by: 'anyone', path: '/signup', status: 403 },
  { name: 'signup-signed-in', shows: 'closed::signed_in', by: 'member', path: '/signup' },
  { name: 'join', shows: 'join::join', by: 'owner', path: code('groups') },
  { name: 'join-done', shows: 'join::join', by: 'member', path: code('groups') },
  { name: 'join-ask', shows: 'join::join', by: 'member', path: code('all') },
  { name: 'continue', shows: 'onward::onward', by: 'member', path: '/continue' },
  { name: 'setup', shows: 'setup::setup', on: 'new', by: 'anyone', path: (_, stage) => stage.setupLink() },
  { name: 'setup-wrong', shows: 'setup::setup', on: 'new', by: 'anyone', path: (_, stage) => stage.setupLink(), status: 422, act: async (page) => {
    await page.getByLabel('Site name').fill('Brambleyard Makers');
    await page.getByLabel('E-mail').fill('ngozi@brambleyard');
    await page.getByLabel('Username').fill('n');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Create owner account' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  } },
  { name: 'setup-without-link', shows: 'setup::no_setup', on: 'new', by: 'anyone', path: '/setup' },
  { name: 'login-changed', shows: 'login::login', by: 'anyone', path: '/login?changed=1' },
  { name: 'forgot', shows: 'password_resets::forgot', by: 'anyone', path: '/forgot' },
  { name: 'forgot-wrong', shows: 'password_resets::forgot', by: 'anyone', path: '/forgot', status: 422, act: async (page) => {
    await page.getByLabel('E-mail or username').fill('ngozi@brambleyard');
    await page.getByRole('button', { name: 'Send link' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  } },
  { name: 'forgot-sent', shows: 'password_resets::forgot_sent', by: 'anyone', path: '/forgot?sent=1' },
  { name: 'forgot-without-mail', shows: 'password_resets::forgot_without_mail', on: 'empty', by: 'anyone', path: '/forgot' },
  { name: 'reset', shows: 'password_resets::reset', by: 'anyone', path: (of) => of.resetLink() },
  { name: 'reset-wrong', shows: 'password_resets::reset', by: 'anyone', path: (of) => of.resetLink(), status: 422, act: async (page) => {
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  } },
  { name: 'reset-unknown', shows: 'password_resets::no_reset', by: 'anyone', path: '/reset/no-such-token', status: 404 },
  { name: 'verify-email', shows: 'verification::verify_email', by: 'unverified', path: '/verify-email' },
  { name: 'verify-email-sent', shows: 'verification::verify_email', by: 'unverified', path: '/verify-email?sent=1' },
  { name: 'verify-email-wrong', shows: 'verification::verify_email', by: 'unverified', path: '/verify-email', status: 422, act: async (page) => {
    await page.getByText('Use another address', { exact: true }).click();
    await page.getByLabel('E-mail', { exact: true }).fill('ngozi@brambleyard');
    await page.getByRole('button', { name: 'Change address' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  } },
  { name: 'activate', shows: 'verification::activate', by: 'anyone', path: (of) => of.links.activate },
  { name: 'activate-new', shows: 'verification::activate', by: 'anyone', path: (of) => `${of.links.activate}?new=1` },
  { name: 'activate-wrong', shows: 'verification::activate', by: 'anyone', path: (of) => of.links.activate, status: 422, act: async (page) => {
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Activate account' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  } },
  { name: 'activate-unknown', shows: 'verification::no_activation', by: 'anyone', path: '/activate/no-such-token', status: 404 },
  { name: 'activate-taken', shows: 'verification::address_taken', by: 'anyone', path: (of) => of.links.taken, status: 409, act: async (page) => {
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Activate account' }).click();
    await page.getByRole('heading', { name: 'This address has an account already' }).waitFor();
  } },
  { name: 'confirm-email', shows: 'verification::confirm_email', by: 'anyone', path: (of) => of.links.confirm },
  { name: 'confirm-email-unknown', shows: 'verification::no_confirmation', by: 'anyone', path: '/confirm-email/no-such-token', status: 404 },
  { name: 'email-confirmed', shows: 'verification::email_confirmed', by: 'anyone', path: '/confirm-email' },
  { name: 'stop', shows: 'invitations::stop', by: 'anyone', path: (of) => of.mailings.stop },
  { name: 'stopped', shows: 'invitations::stopped', by: 'anyone', path: (of) => of.mailings.stop, act: async (page) => {
    await page.getByRole('button', { name: 'Stop invitations' }).click();
    await page.getByRole('heading', { name: 'Invitations stopped' }).waitFor();
  } },
  { name: 'stop-unknown', shows: 'invitations::no_stop', by: 'anyone', path: '/invitations/stop/no-such-token', status: 404 },
  { name: 'missing', shows: 'trouble::trouble', by: 'anyone', path: '/no-such-page', status: 404 },
  { name: 'api-docs', shows: 'api_docs::api_docs', by: 'anyone', path: '/api/docs' },
  { name: 'application-consent', shows: 'applications::ask', by: 'member', path: (of) => of.authorize(of.applications.long) },
  { name: 'application-not-admitted', shows: 'applications::blocked', by: 'member', path: (of) => of.authorize(of.applications.closed), status: 403 },
  { name: 'application-pending', shows: 'applications::blocked', by: 'pending', path: (of) => of.authorize(of.applications.chat), status: 403 },
  { name: 'application-leaving', shows: 'applications::leaving', by: 'member', path: (of) => of.authorize(of.applications.long), act: async (page) => {
    await page.getByRole('button', { name: 'Don’t allow' }).click({ noWaitAfter: true });
    await page.getByRole('link', { name: 'Continue' }).waitFor();
  } },
  { name: 'application-posting', shows: 'applications::form_post', by: 'member', path: (of) => of.authorize(of.applications.chat, { response_mode: 'form_post' }) },
  { name: 'application-unknown', shows: 'trouble::trouble', by: 'anyone', path: '/oidc/authorize?client_id=x', status: 400 },
  { name: 'application-sign-out', shows: 'applications::sign_out', by: 'member', path: (of) => `/oidc/logout?client_id=${of.applications.long.id}` },
  { name: 'application-signed-out', shows: 'applications::signed_out', by: 'anyone', path: '/oidc/logout' },
  { name: 'application-not-completed', shows: 'applications::not_completed', by: 'anyone', path: '/forward-auth/lost?site=photos.example.org', status: 403 },
  { name: 'device', shows: 'device::enter', by: 'member', path: '/device' },
  { name: 'device-wrong', shows: 'device::enter', by: 'member', path: '/device?user_code=BCDF-GHJK', status: 422 },
  { name: 'device-ask', shows: 'device::ask', by: 'member', path: (of) => of.device() },
  { name: 'device-refused', shows: 'device::decided', by: 'member', path: (of) => of.device(), act: async (page) => {
    await page.getByRole('button', { name: 'Don’t allow' }).click();
    await page.getByRole('link', { name: 'Go to your account' }).waitFor();
  } },
];

/** Pages of staff. */
const STAFF: View[] = [
  { name: 'overview', shows: '/admin', path: '/admin' },
  { name: 'overview-empty', shows: '/admin', on: 'empty', path: '/admin' },
  { name: 'overview-closed', shows: '/admin', on: 'closed', path: '/admin' },
  { name: 'invites', shows: '/admin/invites', path: '/admin/invites' },
  { name: 'invites-empty', shows: '/admin/invites', on: 'empty', path: '/admin/invites' },
  { name: 'invites-none', shows: '/admin/invites', path: '/admin/invites?q=nothing-is-called-so' },
  { name: 'invites-one', shows: '/admin/invites', path: '/admin/invites?q=Flyer' },
  { name: 'invites-selected', shows: '/admin/invites', path: '/admin/invites', act: select(3) },
  { name: 'invite', shows: '/admin/invites/:id', path: invite('open') },
  { name: 'invite-long', shows: '/admin/invites/:id', path: invite('long') },
  { name: 'invite-arabic', shows: '/admin/invites/:id', path: invite('arabic') },
  { name: 'invite-all', shows: '/admin/invites/:id', path: invite('all') },
  { name: 'invite-paused', shows: '/admin/invites/:id', path: invite('paused') },
  { name: 'invite-requests', shows: '/admin/invites/:id', path: invite('paused') },
  { name: 'invite-deleted', shows: '/admin/invites/:id', path: invite('deleted') },
  { name: 'invitations', shows: '/admin/invitations', path: '/admin/invitations' },
  { name: 'invitations-empty', shows: '/admin/invitations', on: 'closed', path: '/admin/invitations' },
  { name: 'invitations-off', shows: '/admin/invitations', on: 'empty', path: '/admin/invitations' },
  { name: 'new-invitations', shows: '/admin/invitations/new', path: (of) => `/admin/invitations/new?invite=${of.invites.groups.id}` },
  { name: 'new-invitations-terms', shows: '/admin/invitations/new', path: '/admin/invitations/new', act: async (page) => {
    const csv = `email,name,username,team\nada@example.org,${GERMAN},ada,Clay\nwen@example.org,${ARABIC.slice(0, 60)},wen,${GERMAN}\nnobody,,,\n`;
    await page.getByLabel('Names and addresses').fill(csv);
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('table', { name: 'Entries that can’t be read' }).waitFor();
  } },
  { name: 'new-invitations-off', shows: '/admin/invitations/new', on: 'empty', path: '/admin/invitations/new' },
  { name: 'mailing', shows: '/admin/invitations/:id', path: mailing('own') },
  { name: 'mailing-open', shows: '/admin/invitations/:id', path: mailing('own', '?status=bounced'), act: async (page) => {
    await page.getByText('Details').first().click();
  } },
  { name: 'mailing-none', shows: '/admin/invitations/:id', path: mailing('one', '?status=revoked') },
  { name: 'mailing-absent', shows: '/admin/invitations/:id', path: '/admin/invitations/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77', status: 404 },
  { name: 'redemptions', shows: '/admin/redemptions', path: '/admin/redemptions' },
  { name: 'redemptions-empty', shows: '/admin/redemptions', on: 'empty', path: '/admin/redemptions' },
  { name: 'redemptions-of-one', shows: '/admin/redemptions', path: (of) => `/admin/redemptions?invite=${of.invites.long.id}` },
  { name: 'members', shows: '/admin/members', path: '/admin/members' },
  { name: 'members-one', shows: '/admin/members', on: 'empty', path: '/admin/members' },
  { name: 'members-none', shows: '/admin/members', path: (of) => `/admin/members?status=suspended&role=admin&group=${of.groups.potters.id}` },
  { name: 'members-narrowed', shows: '/admin/members', path: (of) => `/admin/members?q=a&role=user&group=${of.groups.potters.id}` },
  { name: 'members-selected', shows: '/admin/members', path: '/admin/members?status=pending', act: select(2) },
  { name: 'member', shows: '/admin/members/:id', path: member('moderator') },
  { name: 'member-long', shows: '/admin/members/:id', path: member('long') },
  { name: 'member-pending', shows: '/admin/members/:id', path: member('pending') },
  { name: 'members-unverified', shows: '/admin/members', path: '/admin/members?status=unverified' },
  { name: 'member-unverified', shows: '/admin/members/:id', path: member('unverified') },
  { name: 'member-declined', shows: '/admin/members/:id', path: member('declined') },
  { name: 'member-suspended', shows: '/admin/members/:id', path: member('suspended') },
  { name: 'member-ended', shows: '/admin/members/:id', path: member('ended') },
  { name: 'member-reset-link', shows: '/admin/members/:id', path: member('long'), act: makeResetLink },
  { name: 'member-absent', shows: '/admin/members/:id', path: '/admin/members/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77', status: 404 },
  { name: 'groups', shows: '/admin/groups', path: '/admin/groups' },
  { name: 'groups-empty', shows: '/admin/groups', on: 'empty', path: '/admin/groups' },
  { name: 'groups-none', shows: '/admin/groups', path: '/admin/groups?q=no-group-is-called-so' },
  { name: 'group', shows: '/admin/groups/:id', path: group('potters') },
  { name: 'group-long', shows: '/admin/groups/:id', path: group('long') },
  { name: 'group-empty', shows: '/admin/groups/:id', path: group('empty') },
  { name: 'group-selected', shows: '/admin/groups/:id', path: group('potters'), act: select(2) },
  { name: 'applications', shows: '/admin/applications', path: '/admin/applications' },
  { name: 'applications-empty', shows: '/admin/applications', on: 'empty', path: '/admin/applications' },
  { name: 'application', shows: '/admin/applications/:id', path: application('chat') },
  { name: 'application-long', shows: '/admin/applications/:id', path: application('long') },
  { name: 'application-site', shows: '/admin/applications/:id', path: application('site') },
  { name: 'application-site-open', shows: '/admin/applications/:id', path: application('site'), act: async (page) => {
    await page.getByRole('main').getByText('nginx', { exact: true }).click();
  } },
  { name: 'webhooks', shows: '/admin/webhooks', path: '/admin/webhooks' },
  { name: 'webhooks-empty', shows: '/admin/webhooks', on: 'empty', path: '/admin/webhooks' },
  { name: 'webhook', shows: '/admin/webhooks/:id', path: webhook('failing') },
  { name: 'webhook-open', shows: '/admin/webhooks/:id', path: webhook('failing'), act: async (page) => {
    await page.getByText('Details').first().click();
  } },
  { name: 'webhook-idle', shows: '/admin/webhooks/:id', path: webhook('idle') },
  { name: 'audit', shows: '/admin/audit', path: '/admin/audit' },
  { name: 'audit-none', shows: '/admin/audit', path: '/admin/audit?until=2020-01-01' },
  { name: 'settings', shows: '/admin/settings', path: '/admin/settings' },
  { name: 'settings-long', shows: '/admin/settings', on: 'empty', path: '/admin/settings' },
  { name: 'mail', shows: '/admin/mail', path: '/admin/mail' },
  { name: 'mail-open', shows: '/admin/mail', path: '/admin/mail?status=failed', act: async (page) => {
    await page.getByText('Details').first().click();
  } },
  { name: 'mail-none', shows: '/admin/mail', path: '/admin/mail?status=queued' },
  { name: 'mail-off', shows: '/admin/mail', on: 'empty', path: '/admin/mail' },
  { name: 'mail-fixed', shows: '/admin/mail', on: 'closed', path: '/admin/mail' },
  { name: 'mail-failing', shows: '/admin/mail', on: 'closed', path: '/admin/mail', act: async (page) => {
    await page.getByRole('main').getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('E-mail can’t be sent').waitFor();
  } },
  { name: 'flows', shows: '/admin/flows', path: '/admin/flows' },
  { name: 'flows-default', shows: '/admin/flows', on: 'empty', path: '/admin/flows' },
  { name: 'flow', shows: '/admin/flows/:id', path: flow('course') },
  { name: 'flow-open', shows: '/admin/flows/:id', path: flow('course'), act: async (page) => {
    await page.getByRole('button', { name: /^Have you thrown before/, expanded: false }).click();
    await page.getByLabel('Choices').waitFor();
    await page.getByRole('button', { name: /^When .* refuse/, expanded: false }).click();
    await page.getByRole('button', { name: 'Add condition' }).waitFor();
  } },
  { name: 'flow-long', shows: '/admin/flows/:id', path: flow('long') },
  { name: 'flow-new', shows: '/admin/flows/:id', path: '/admin/flows/new' },
  { name: 'flow-absent', shows: '/admin/flows/:id', path: '/admin/flows/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77', status: 404 },
  { name: 'import-flow', shows: '/admin/flows/import', path: '/admin/flows/import' },
  { name: 'import-flow-wrong', shows: '/admin/flows/import', path: '/admin/flows/import', act: async (page) => {
    await page.getByLabel('YAML or JSON').fill(`name: ${GERMAN.slice(0, 90)}\nsteps:\n  - fields:\n      - {key: Über, type: menu}\n`);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Line 4:').first().waitFor();
  } },
  { name: 'terms', shows: '/admin/terms', path: '/admin/terms' },
  { name: 'terms-empty', shows: '/admin/terms', on: 'empty', path: '/admin/terms' },
  { name: 'terms-one', shows: '/admin/terms/:id', path: (of) => `/admin/terms/${of.terms.id}` },
  { name: 'terms-absent', shows: '/admin/terms/:id', path: '/admin/terms/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77', status: 404 },
  { name: 'staff-missing', shows: '/admin/*any', path: '/admin/no-such-page', status: 404 },
];

/** Pages of members. */
const MEMBERS: View[] = [
  { name: 'home', shows: '/me', by: 'member', path: '/me' },
  { name: 'home-of-owner', shows: '/me', path: '/me' },
  { name: 'home-pending', shows: '/me', by: 'pending', path: '/me' },
  { name: 'own-invites', shows: '/me/invites', path: '/me/invites' },
  { name: 'own-invites-empty', shows: '/me/invites', by: 'member', path: '/me/invites' },
  { name: 'own-invite', shows: '/me/invites/:id', path: invite('open', '/me/invites') },
  { name: 'account', shows: '/me/account', path: '/me/account' },
  { name: 'account-of-member', shows: '/me/account', by: 'member', path: '/me/account' },
  { name: 'member-missing', shows: '/me/*any', by: 'member', path: '/me/no-such-page', status: 404 },
];

/** Dialogs. */
const DIALOGS: View[] = [
  { name: 'search', shows: '#search-dialog', path: '/admin', opens: (page) => [page.getByRole('button', { name: /^Search or jump/ })], fill: async (dialog) => {
    await dialog.getByRole('combobox').fill('a');
    await dialog.getByRole('option').first().waitFor();
  } },
  { name: 'shortcuts', shows: '#keys-help', path: '/admin', opens: (page) => [
    page.getByRole('button', { name: /^Account menu/ }),
    page.getByRole('button', { name: /^Keyboard shortcuts/ }),
  ] },
  { name: 'new-invite', shows: '#new-invite', path: '/admin/invites', opens: (page) => [
    page.getByRole('link', { name: 'Create invite' }).filter({ visible: true }).first(),
  ] },
  { name: 'new-invite-open', shows: '#new-invite', path: '/admin/invites', opens: (page) => [
    page.getByRole('link', { name: 'Create invite' }).filter({ visible: true }).first(),
  ], fill: async (dialog) => {
    for (const section of SECTIONS) await unfold(dialog, section);
  } },
  { name: 'new-invite-of-member', shows: '#new-invite', by: 'member', path: '/me/invites', opens: (page) => [
    page.getByRole('main').getByRole('link', { name: 'Create invite' }).first(),
  ] },
  { name: 'edit-invite', shows: '#change-invite', path: invite('all'), opens: button('Edit'), fill: async (dialog) => {
    for (const section of SECTIONS) await unfold(dialog, section);
  } },
  { name: 'extend-invite', shows: '#change-invite', path: invite('long'), opens: item('Extend…') },
  { name: 'duplicate-invite', shows: '#change-invite', path: invite('groups'), opens: item('Duplicate…') },
  { name: 'raise-limit', shows: '#change-invite', path: invite('usedUp'), opens: item('Raise the limit…') },
  { name: 'delete-invite', shows: '#confirm', path: invite('long'), opens: item('Delete…') },
  { name: 'invites-pause', shows: '#bulk-invites', path: '/admin/invites', opens: selected('Pause') },
  { name: 'invites-extend', shows: '#bulk-invites', path: '/admin/invites', opens: selected('Extend') },
  { name: 'invites-delete', shows: '#bulk-invites', path: '/admin/invites', opens: selected('Delete') },
  { name: 'new-member', shows: '#new-member', path: '/admin/members', opens: button('Create member') },
  { name: 'filter-members', shows: '#filter', path: '/admin/members', opens: button('Filter') },
  { name: 'end-members', shows: '#set-ends', path: '/admin/members', opens: selected('Set end') },
  { name: 'end-memberships', shows: '#set-ends', path: group('potters'), opens: selected('Set end') },
  { name: 'add-to-groups', shows: '#add-to-groups', path: '/admin/members', opens: selected('Add to groups') },
  { name: 'add-to-groups-of-member', shows: '#add-to-groups', path: member('long'), opens: button('Add to groups') },
  { name: 'approve-members', shows: '#decide', path: '/admin/members?status=pending', opens: selected('Approve…') },
  { name: 'decline-member', shows: '#decide', path: member('pending'), opens: button('Decline…') },
  { name: 'edit-member', shows: '#edit-member', path: member('long'), opens: button('Edit') },
  { name: 'edit-attributes', shows: '#edit-attributes', path: member('long'), opens: button('Edit attributes') },
  { name: 'picture', shows: '#picture', path: member('moderator'), opens: button('Change picture') },
  { name: 'make-owner', shows: '#make-owner', path: member('moderator'), opens: item('Make owner…') },
  { name: 'resend-invitations', shows: '#confirm', path: mailing('own'), opens: button('Resend to all who have not joined…') },
  { name: 'revoke-invitation', shows: '#confirm', path: mailing('own'), opens: item('Revoke…') },
  { name: 'suspend-member', shows: '#confirm', path: member('long'), opens: button('Suspend…') },
  { name: 'make-reset-link', shows: '#confirm', path: member('long'), opens: item('Create reset link…') },
  { name: 'mark-member-verified', shows: '#confirm', path: member('unverified'), opens: button('Mark as verified…') },
  { name: 'delete-member', shows: '#confirm', path: member('long'), opens: item('Delete…') },
  { name: 'new-group', shows: '#new-group', path: '/admin/groups', opens: button('Create group') },
  { name: 'edit-group', shows: '#edit-group', path: group('long'), opens: button('Edit') },
  { name: 'add-members', shows: '#add-members', path: group('long'), opens: button('Add members') },
  { name: 'remove-members', shows: '#remove-members', path: group('long'), opens: button('Remove members') },
  { name: 'delete-group', shows: '#confirm', path: group('long'), opens: button('Delete…') },
  { name: 'remove-from-group', shows: '#confirm', path: group('potters'), opens: selected('Remove from group…') },
  { name: 'new-application', shows: '#new-application', path: '/admin/applications', opens: button('Create application'), fill: async (dialog) => {
    await dialog.getByLabel('Template').selectOption('Immich');
    await dialog.getByRole('radio', { name: 'Members of groups' }).check();
    for (const connection of [/^Forward-auth/, /^SCIM/]) await dialog.getByRole('checkbox', { name: connection }).check();
    await dialog.locator('summary').click();
  } },
  { name: 'edit-application', shows: '#edit-application', path: application('long'), opens: button('Edit') },
  { name: 'picture-of-application', shows: '#picture', path: application('long'), opens: button('Add picture') },
  { name: 'new-client-secret', shows: '#confirm', path: application('long'), opens: button('New secret…') },
  { name: 'delete-application', shows: '#confirm', path: application('long'), opens: button('Delete…') },
  { name: 'new-webhook', shows: '#new-webhook', path: '/admin/webhooks', opens: button('Create webhook'), fill: async (dialog) => {
    await dialog.getByRole('radio', { name: 'Some' }).check();
  } },
  { name: 'edit-webhook', shows: '#edit-webhook', path: webhook('failing'), opens: button('Edit') },
  { name: 'delete-webhook', shows: '#confirm', path: webhook('failing'), opens: button('Delete…') },
  { name: 'delete-flow', shows: '#delete-flow', path: flow('course'), opens: button('Delete…') },
  { name: 'new-terms', shows: '#new-terms', path: '/admin/terms', opens: button('Create terms') },
  { name: 'edit-terms', shows: '#edit-terms', path: (of) => `/admin/terms/${of.terms.id}`, opens: button('Edit'), fill: async (dialog) => {
    await dialog.getByLabel('Text', { exact: true }).fill('**Be kind**, and shut the kiln.');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('Be kind', { exact: true }).waitFor();
  } },
  { name: 'delete-terms', shows: '#confirm', path: (of) => `/admin/terms/${of.terms.id}`, opens: button('Delete…') },
  { name: 'set-up-mail', shows: '#mail-settings', on: 'empty', path: '/admin/mail', opens: button('Set up e-mail') },
  { name: 'set-up-mail-wrong', shows: '#mail-settings', on: 'empty', path: '/admin/mail', refused: 422, opens: button('Set up e-mail'), fill: async (dialog) => {
    await dialog.getByLabel('Server', { exact: true }).fill('mail server');
    await dialog.getByLabel('Port').fill('0');
    await dialog.getByLabel('Password').fill('a password without a user name');
    await dialog.getByLabel('From address').fill('noreply');
    await dialog.getByLabel('From name').fill('x'.repeat(61));
    await dialog.getByRole('button', { name: 'Turn on e-mail' }).click();
    await dialog.locator('[aria-invalid=true]').first().waitFor();
  } },
  { name: 'edit-mail', shows: '#mail-settings', path: '/admin/mail', opens: button('Edit') },
  { name: 'turn-off-mail', shows: '#confirm', path: '/admin/mail', opens: button('Turn off…') },
  { name: 'new-key', shows: '#new-key', path: '/me/account', opens: button('Create API key'), fill: async (dialog) => {
    await dialog.getByText('Custom', { exact: true }).click();
  } },
  { name: 'revoke-key', shows: '#confirm', path: '/me/account', opens: button(/^Revoke/) },
  { name: 'change-login', shows: '#login', by: 'member', path: '/me/account', opens: button(/username/i) },
  { name: 'sign-out-others', shows: '#confirm', path: '/me/account', opens: button('Sign out other sessions') },
];

/** Every page and dialog, in the states that look different. A new one is a row here: a test says which are missing. */
export const VIEWS: View[] = [...PUBLIC, ...STAFF, ...MEMBERS, ...DIALOGS];
