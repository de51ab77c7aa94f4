//! Permissions have names. The settings have those of members and moderators, and the scope of an API key can list some.
//! SQLite changes a CHECK by making the table anew.

crate::migration!(
    "m0020_permissions",
    [
        "ALTER TABLE settings ADD COLUMN user_permissions TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE settings ADD COLUMN moderator_permissions TEXT NOT NULL DEFAULT 'invites.create invites.create_multi \
            invites.view invites.view_codes invites.manage_all redemptions.view accounts.view accounts.manage \
            approvals.decide'",
        "CREATE TABLE api_keys_with_permissions (
        id {uuid} NOT NULL PRIMARY KEY,
        key_hash {bytes} NOT NULL UNIQUE,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        scope TEXT NOT NULL,
        hint TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        expires_at {bigint},
        last_used_at {bigint},
        revoked_at {bigint}
    ) {table_options}",
        "INSERT INTO api_keys_with_permissions (id, key_hash, account_id, name, scope, hint, created_at, expires_at,
            last_used_at, revoked_at)
        SELECT id, key_hash, account_id, name, scope, hint, created_at, expires_at, last_used_at, revoked_at
        FROM api_keys",
        "DROP TABLE api_keys",
        "ALTER TABLE api_keys_with_permissions RENAME TO api_keys",
        "CREATE INDEX api_keys_account ON api_keys (account_id, created_at)",
    ]
);
