//! Groups, and who is in them. A group's permissions are names separated by spaces. A membership that has ended is kept
//! until it is deleted, and counts no more from `ends_at`. It names the redemption that began it, if one did.

crate::migration!(
    "m0021_groups",
    [
        "CREATE TABLE groups (
        id {uuid} NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        name_folded {exact} NOT NULL CONSTRAINT groups_name_key UNIQUE,
        description TEXT,
        permissions TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        updated_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE TABLE memberships (
        group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE RESTRICT,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        is_manager {boolean} NOT NULL,
        ends_at {bigint},
        redemption_id {uuid} REFERENCES redemptions (id) ON DELETE RESTRICT,
        created_at {bigint} NOT NULL,
        PRIMARY KEY (group_id, account_id)
    ) {table_options}",
        "CREATE INDEX memberships_joined ON memberships (group_id, created_at, account_id)",
        "CREATE INDEX memberships_account ON memberships (account_id)",
        "CREATE INDEX memberships_redemption ON memberships (redemption_id) WHERE redemption_id IS NOT NULL",
        "CREATE INDEX memberships_managers ON memberships (account_id, group_id) WHERE is_manager",
        "CREATE INDEX memberships_ends ON memberships (ends_at) WHERE ends_at IS NOT NULL",
    ]
);
