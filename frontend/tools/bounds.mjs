// How large the browser's program may be, and what that is measured on.

import { brotliCompressSync, constants } from 'node:zlib';

/** Bytes. */
export const KIB = 1024;
/** Scripts, programs and style of the page that is opened first, in KiB as sent, in brotli at its best. */
export const FIRST = 300;
/** What a page or a dialog needs when it is opened from the page on which staff start, in the same. */
export const OWN = 60;
/** The page on which staff start; and the page from which that one is opened. */
export const [START, BESIDE_START] = ['overview', 'invites'];

/** What every page downloads beside its part. */
export const PROGRAM = ['latchkey.js', 'latchkey_bg.wasm', 'latchkey.css'];

/** The help on the sign-up page, … */
export const HELP = ['help.js', 'help_bg.wasm'];
/** … and how large it may be, in the same. */
export const HELP_MOST = 60;

/** Parts of no page: they are downloaded when what they contain is first opened. */
const OPENED_LATER = [
  'application_form',
  'ends_form',
  'flow_delete',
  'flow_rules',
  'flow_steps',
  'group_acts',
  'group_forms',
  'invitation_form',
  'invite_acts',
  'invite_bulk',
  'invite_forms',
  'invite_sections',
  'key_form',
  'login_form',
  'mail_form',
  'member_acts',
  'member_bulk',
  'member_decisions',
  'member_filter',
  'member_limits',
  'member_forms',
  'permissions',
  'own_answers',
  'picture_form',
  'requests',
  'scim',
  'search',
  'terms_form',
  'webhook_form',
];

/** Whether a part is a page, which may be the first to be opened. */
export function openedFirst(part) {
  return !OPENED_LATER.includes(part);
}

/** How many bytes are sent for a file. */
export function sent(content) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return brotliCompressSync(content, { params }).length;
}
