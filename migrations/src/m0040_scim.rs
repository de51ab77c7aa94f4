//! SCIM: which applications are told who may enter, and what is known to be there. The id of a connection is that of its
//! application, and of its target in the outbox. Tokens are encrypted with the data key. `remote_id` is null for what is known
//! not to be there, and `digest` that of what was last brought about; null if that is not known. `outbox_least_failed` orders
//! the messages of targets that keep no order by their failed attempts.

crate::migration!(
    "m0040_scim",
    [
        "CREATE TABLE scim_connections (
        application_id {uuid} NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE RESTRICT,
        url TEXT NOT NULL,
        user_name TEXT NOT NULL CHECK (user_name IN ('username', 'email')),
        create_accounts {boolean} NOT NULL,
        groups {boolean} NOT NULL,
        on_removal TEXT NOT NULL CHECK (on_removal IN ('deactivate', 'delete')),
        adopt {boolean} NOT NULL,
        token_hint TEXT NOT NULL,
        token_sealed {bytes} NOT NULL,
        updated_at {bigint} NOT NULL,
        FOREIGN KEY (application_id) REFERENCES outbox_targets (id) ON DELETE RESTRICT
    ) {table_options}",
        "CREATE TABLE scim_resources (
        application_id {uuid} NOT NULL REFERENCES scim_connections (application_id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('account', 'group')),
        local_id {uuid} NOT NULL,
        remote_id {exact},
        digest {bytes},
        PRIMARY KEY (application_id, kind, local_id)
    ) {table_options}",
        "CREATE INDEX outbox_least_failed ON outbox (target_id, attempts, seq) WHERE delivered_at IS NULL AND dead_at IS NULL",
    ]
);
