//! Device authorization (RFC 8628): codes of devices and of their members, of which only hashes are stored; a request is decided
//! when `decided_at` is set, and was allowed if it has a grant. Claims of applications from attributes of accounts, as JSON.

crate::migration!(
    "m0039_device_and_claims",
    [
        "ALTER TABLE applications ADD COLUMN device_flow {boolean} NOT NULL DEFAULT FALSE",
        "ALTER TABLE applications ADD COLUMN claims TEXT",
        "CREATE TABLE oidc_device_codes (
        device_code_hash {bytes} NOT NULL PRIMARY KEY,
        user_code_hash {bytes} NOT NULL CONSTRAINT oidc_device_codes_user_code_key UNIQUE,
        application_id {uuid} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
        scope TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        expires_at {bigint} NOT NULL,
        interval_seconds {bigint} NOT NULL,
        polled_at {bigint},
        decided_at {bigint},
        grant_id {uuid} REFERENCES oidc_grants (id) ON DELETE CASCADE,
        used_at {bigint}
    ) {table_options}",
        "CREATE INDEX oidc_device_codes_application ON oidc_device_codes (application_id, expires_at)",
        "CREATE INDEX oidc_device_codes_grant ON oidc_device_codes (grant_id) WHERE grant_id IS NOT NULL",
        "CREATE INDEX oidc_device_codes_expires ON oidc_device_codes (expires_at)",
    ]
);
