/** Parts of no page: they are downloaded when what they contain is first opened. */
export const OPENED_LATER = [
  'group_acts',
  'group_forms',
  'invite_acts',
  'invite_bulk',
  'invite_forms',
  'invite_sections',
  'key_form',
  'login_form',
  'member_acts',
  'member_decisions',
  'member_filter',
  'member_forms',
  'permissions',
  'picture_form',
  'search',
];
