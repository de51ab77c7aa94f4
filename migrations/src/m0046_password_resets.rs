//! Links that reset the password of an account, one for each at most. Only the hash of the token is stored. `made_by` is
//! the member of staff who made it; null for one that was made on the command line. Rows of links that were used or
//! replaced, or whose account changed, are deleted at once.

crate::migration!(
    "m0046_password_resets",
    [
        "CREATE TABLE reset_links (
        account_id {uuid} NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
        token_hash {bytes} NOT NULL UNIQUE,
        created_at {bigint} NOT NULL,
        expires_at {bigint} NOT NULL,
        made_by {uuid} REFERENCES accounts (id) ON DELETE CASCADE
    ) {table_options}",
        "CREATE INDEX reset_links_expires ON reset_links (expires_at)",
        "CREATE INDEX reset_links_made_by ON reset_links (made_by)",
    ]
);
