//! Applications: who may enter each, and how it is connected by OpenID Connect. Lists of addresses are separated by spaces,
//! which no address contains. Secrets are random, and only their hash is stored. `subject_salt` is
//! what pairwise identifiers are derived from.

crate::migration!(
    "m0031_applications",
    [
        "CREATE TABLE applications (
        id {uuid} NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        name_folded {exact} NOT NULL CONSTRAINT applications_name_key UNIQUE,
        description TEXT,
        url TEXT,
        is_open {boolean} NOT NULL,
        client_type TEXT CHECK (client_type IN ('confidential', 'public')),
        redirect_uris TEXT NOT NULL,
        post_logout_redirect_uris TEXT NOT NULL,
        pkce {boolean} NOT NULL,
        consent {boolean} NOT NULL,
        signing TEXT NOT NULL CHECK (signing IN ('RS256', 'ES256', 'EdDSA')),
        subject TEXT NOT NULL CHECK (subject IN ('public', 'pairwise')),
        subject_salt {bytes} NOT NULL,
        created_at {bigint} NOT NULL,
        updated_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE TABLE application_groups (
        application_id {uuid} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
        group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE RESTRICT,
        PRIMARY KEY (application_id, group_id)
    ) {table_options}",
        "CREATE INDEX application_groups_group ON application_groups (group_id)",
        "CREATE TABLE client_secrets (
        secret_hash {bytes} NOT NULL PRIMARY KEY,
        application_id {uuid} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
        hint TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        expires_at {bigint}
    ) {table_options}",
        "CREATE INDEX client_secrets_application ON client_secrets (application_id)",
    ]
);
