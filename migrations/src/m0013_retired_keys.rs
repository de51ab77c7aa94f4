//! By what deleted codes are recognised whose hash was made under a data key that is no longer in use. What is needed of
//! such a key is sealed under the present one.

crate::migration!(
    "m0013_retired_keys",
    ["CREATE TABLE retired_keys (
        key_id {bytes} NOT NULL PRIMARY KEY,
        lookup_sealed {bytes} NOT NULL,
        retired_at {bigint} NOT NULL
    ) {table_options}",]
);
