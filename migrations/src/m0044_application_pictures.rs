//! Pictures of applications, in one table with those of accounts: the id of a picture is that of what it shows.
//! `applications.picture` is the time at which the picture was set, as in accounts.

crate::migration!(
    "m0044_application_pictures",
    [
        "CREATE TABLE pictures (
        owner_id {uuid} NOT NULL PRIMARY KEY,
        bytes {bytes} NOT NULL CHECK (length(bytes) BETWEEN 1 AND 524288),
        created_at {bigint} NOT NULL
    ) {table_options}",
        "INSERT INTO pictures (owner_id, bytes, created_at) SELECT account_id, bytes, created_at FROM account_pictures",
        "DROP TABLE account_pictures",
        "ALTER TABLE applications ADD COLUMN picture {bigint}",
    ]
);
