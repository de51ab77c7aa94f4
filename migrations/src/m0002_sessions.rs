//! Browser sessions. Only the hash of a session token is stored.

crate::migration!(
    "m0002_sessions",
    [
        "CREATE TABLE sessions (
        id {uuid} NOT NULL PRIMARY KEY,
        token_hash {bytes} NOT NULL UNIQUE,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        user_agent TEXT,
        created_at {bigint} NOT NULL,
        last_seen_at {bigint} NOT NULL,
        expires_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE INDEX sessions_account ON sessions (account_id, created_at)",
        "CREATE INDEX sessions_expires ON sessions (expires_at)",
    ]
);
