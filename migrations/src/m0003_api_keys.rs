//! API keys. Only the hash of a key is stored.

crate::migration!(
    "m0003_api_keys",
    [
        "CREATE TABLE api_keys (
        id {uuid} NOT NULL PRIMARY KEY,
        key_hash {bytes} NOT NULL UNIQUE,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        scope TEXT NOT NULL CHECK (scope IN ('full', 'read')),
        hint TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        expires_at {bigint},
        last_used_at {bigint},
        revoked_at {bigint}
    ) {table_options}",
        "CREATE INDEX api_keys_account ON api_keys (account_id, created_at)",
    ]
);
