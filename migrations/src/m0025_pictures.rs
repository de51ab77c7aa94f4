//! Pictures of accounts. `accounts.picture` is the time at which the picture was set, so that no list needs another query;
//! `account_pictures` has the picture of that time.

crate::migration!(
    "m0025_pictures",
    [
        "ALTER TABLE accounts ADD COLUMN picture {bigint}",
        "CREATE TABLE account_pictures (
        account_id {uuid} NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
        bytes {bytes} NOT NULL CHECK (length(bytes) BETWEEN 1 AND 524288),
        created_at {bigint} NOT NULL
    ) {table_options}",
    ]
);
