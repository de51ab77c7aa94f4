//! Back-channel logout: which applications know of which sessions, so that they are told when one ends. An application that is
//! told is a target of the outbox, and forgets its sessions with it. A session is not referred to by a key: what it was known to
//! may outlast it for a moment.
//! Public keys of applications are a JWK Set (`private_key_jwt`); the ids of their assertions are kept while one could come
//! again.

crate::migration!(
    "m0038_backchannel_logout",
    [
        "ALTER TABLE applications ADD COLUMN backchannel_logout_uri TEXT",
        "ALTER TABLE applications ADD COLUMN logout_target_id {uuid}",
        "CREATE UNIQUE INDEX applications_logout_target ON applications (logout_target_id) WHERE logout_target_id IS NOT NULL",
        "ALTER TABLE applications ADD COLUMN jwks TEXT",
        "CREATE TABLE oidc_sessions (
        session_id {uuid} NOT NULL,
        target_id {uuid} NOT NULL REFERENCES outbox_targets (id) ON DELETE CASCADE,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        PRIMARY KEY (session_id, target_id)
    ) {table_options}",
        "CREATE INDEX oidc_sessions_target ON oidc_sessions (target_id)",
        "CREATE INDEX oidc_sessions_account ON oidc_sessions (account_id)",
        "CREATE TABLE oidc_assertions (
        assertion_hash {bytes} NOT NULL PRIMARY KEY,
        expires_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE INDEX oidc_assertions_expires ON oidc_assertions (expires_at)",
    ]
);
