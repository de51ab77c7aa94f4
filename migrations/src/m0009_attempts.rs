//! Successful sign-up attempts, so that a request that is sent twice creates one account. Kept for a day.

crate::migration!(
    "m0009_attempts",
    [
        "CREATE TABLE attempts (
        key_hash {bytes} NOT NULL PRIMARY KEY,
        fingerprint {bytes} NOT NULL,
        account_id {uuid} NOT NULL,
        created_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE INDEX attempts_created ON attempts (created_at)",
    ]
);
