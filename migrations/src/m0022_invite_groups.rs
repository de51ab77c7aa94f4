//! The groups that invites grant. `group_ids` has them with the invite, separated by spaces, so that no list and no sign-up
//! needs another query; the table finds the invites of a group, and keeps a group from being deleted under an invite.

crate::migration!(
    "m0022_invite_groups",
    [
        "ALTER TABLE invites ADD COLUMN group_ids TEXT NOT NULL DEFAULT ''",
        "CREATE TABLE invite_groups (
        group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE RESTRICT,
        invite_id {uuid} NOT NULL REFERENCES invites (id) ON DELETE RESTRICT,
        PRIMARY KEY (group_id, invite_id)
    ) {table_options}",
        "CREATE INDEX invite_groups_invite ON invite_groups (invite_id)",
    ]
);
