//! The one-time setup link for the first owner: one row. Only the hash of its token is stored.

crate::migration!(
    "m0004_setup_links",
    ["CREATE TABLE setup_links (
        id {bigint} NOT NULL PRIMARY KEY CHECK (id = 1),
        token_hash {bytes} NOT NULL,
        created_at {bigint} NOT NULL,
        expires_at {bigint} NOT NULL,
        consumed_at {bigint}
    ) {table_options}",]
);
