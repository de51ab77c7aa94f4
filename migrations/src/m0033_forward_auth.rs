//! Forward-auth: a reverse proxy in front of an application asks who is signed in. `authority` is host and port as browsers send
//! them; a site belongs to one application. What a browser has on a site belongs to the session that it has here, and ends with
//! it. Codes and tokens are random, and only their hash is stored.

crate::migration!(
    "m0033_forward_auth",
    [
        "ALTER TABLE applications ADD COLUMN forward_auth TEXT",
        "CREATE TABLE application_sites (
        authority {exact} NOT NULL PRIMARY KEY,
        application_id {uuid} NOT NULL REFERENCES applications (id) ON DELETE CASCADE
    ) {table_options}",
        "CREATE INDEX application_sites_application ON application_sites (application_id)",
        "CREATE TABLE site_codes (
        code_hash {bytes} NOT NULL PRIMARY KEY,
        authority {exact} NOT NULL REFERENCES application_sites (authority) ON DELETE CASCADE,
        session_id {uuid} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        browser_hash {bytes} NOT NULL,
        target TEXT NOT NULL,
        expires_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE INDEX site_codes_authority ON site_codes (authority)",
        "CREATE INDEX site_codes_session ON site_codes (session_id)",
        "CREATE INDEX site_codes_expires ON site_codes (expires_at)",
        "CREATE TABLE site_tokens (
        token_hash {bytes} NOT NULL PRIMARY KEY,
        authority {exact} NOT NULL REFERENCES application_sites (authority) ON DELETE CASCADE,
        session_id {uuid} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        created_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE INDEX site_tokens_authority ON site_tokens (authority)",
        "CREATE INDEX site_tokens_session ON site_tokens (session_id)",
    ]
);
