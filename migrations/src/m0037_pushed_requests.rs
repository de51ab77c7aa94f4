//! Pushed authorization requests (RFC 9126). Their address is random, and only its hash is stored. A browser opens a request
//! once; until what it gets is decided, the request is kept, and then deleted.

crate::migration!(
    "m0037_pushed_requests",
    [
        "ALTER TABLE applications ADD COLUMN require_pushed_requests {boolean} NOT NULL DEFAULT FALSE",
        "CREATE TABLE oidc_pushed_requests (
        uri_hash {bytes} NOT NULL PRIMARY KEY,
        application_id {uuid} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
        parameters TEXT NOT NULL,
        expires_at {bigint} NOT NULL,
        opened_at {bigint}
    ) {table_options}",
        "CREATE INDEX oidc_pushed_requests_waiting ON oidc_pushed_requests (application_id, expires_at) WHERE opened_at IS NULL",
        "CREATE INDEX oidc_pushed_requests_expires ON oidc_pushed_requests (expires_at)",
    ]
);
