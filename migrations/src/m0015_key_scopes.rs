//! API keys that read invite codes are apart from those that only read. SQLite changes a CHECK by making the table anew.

crate::migration!(
    "m0015_key_scopes",
    [
        "CREATE TABLE api_keys_with_scopes (
        id {uuid} NOT NULL PRIMARY KEY,
        key_hash {bytes} NOT NULL UNIQUE,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        scope TEXT NOT NULL CHECK (scope IN ('full', 'read', 'read_codes')),
        hint TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        expires_at {bigint},
        last_used_at {bigint},
        revoked_at {bigint}
    ) {table_options}",
        "INSERT INTO api_keys_with_scopes (id, key_hash, account_id, name, scope, hint, created_at, expires_at,
            last_used_at, revoked_at)
        SELECT id, key_hash, account_id, name, scope, hint, created_at, expires_at, last_used_at, revoked_at
        FROM api_keys",
        "DROP TABLE api_keys",
        "ALTER TABLE api_keys_with_scopes RENAME TO api_keys",
        "CREATE INDEX api_keys_account ON api_keys (account_id, created_at)",
    ]
);
