//! Lookup keys of earlier data keys, with which the codes of deleted invites were hashed. They are encrypted with the
//! current data key.

crate::migration!(
    "m0013_retired_keys",
    ["CREATE TABLE retired_keys (
        key_id {bytes} NOT NULL PRIMARY KEY,
        lookup_sealed {bytes} NOT NULL,
        retired_at {bigint} NOT NULL
    ) {table_options}",]
);
