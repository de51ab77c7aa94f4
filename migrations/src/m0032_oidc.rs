//! The OpenID Connect provider. A grant is what one sign-in gave to an application; a code and tokens belong to one, and end
//! with it. Codes and tokens are random, and only their hash is stored. Private keys are encrypted with the data key.

crate::migration!(
    "m0032_oidc",
    [
        "CREATE TABLE signing_keys (
        id {uuid} NOT NULL PRIMARY KEY,
        algorithm TEXT NOT NULL CHECK (algorithm IN ('RS256', 'ES256', 'EdDSA')),
        public_jwk TEXT NOT NULL,
        private_sealed {bytes} NOT NULL,
        created_at {bigint} NOT NULL,
        active_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE TABLE oidc_grants (
        id {uuid} NOT NULL PRIMARY KEY,
        application_id {uuid} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        session_id {uuid} NOT NULL,
        scope TEXT NOT NULL,
        nonce TEXT,
        signed_in_at {bigint} NOT NULL,
        auth_epoch {bigint} NOT NULL,
        created_at {bigint} NOT NULL,
        revoked_at {bigint}
    ) {table_options}",
        "CREATE INDEX oidc_grants_account ON oidc_grants (account_id)",
        "CREATE INDEX oidc_grants_application ON oidc_grants (application_id)",
        "CREATE INDEX oidc_grants_created ON oidc_grants (created_at)",
        "CREATE TABLE oidc_codes (
        code_hash {bytes} NOT NULL PRIMARY KEY,
        grant_id {uuid} NOT NULL REFERENCES oidc_grants (id) ON DELETE CASCADE,
        redirect_uri TEXT NOT NULL,
        code_challenge TEXT,
        expires_at {bigint} NOT NULL,
        used_at {bigint}
    ) {table_options}",
        "CREATE INDEX oidc_codes_grant ON oidc_codes (grant_id)",
        "CREATE INDEX oidc_codes_expires ON oidc_codes (expires_at)",
        "CREATE TABLE oidc_tokens (
        token_hash {bytes} NOT NULL PRIMARY KEY,
        grant_id {uuid} NOT NULL REFERENCES oidc_grants (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
        scope TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        expires_at {bigint} NOT NULL,
        used_at {bigint}
    ) {table_options}",
        "CREATE INDEX oidc_tokens_grant ON oidc_tokens (grant_id)",
        "CREATE INDEX oidc_tokens_expires ON oidc_tokens (expires_at)",
        "CREATE TABLE oidc_consents (
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        application_id {uuid} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
        scope TEXT NOT NULL,
        given_at {bigint} NOT NULL,
        PRIMARY KEY (account_id, application_id)
    ) {table_options}",
        "CREATE INDEX oidc_consents_application ON oidc_consents (application_id)",
    ]
);
