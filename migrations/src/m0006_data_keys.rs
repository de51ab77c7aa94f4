//! The registered data key: its id and a check value, never the key itself.

crate::migration!(
    "m0006_data_keys",
    ["CREATE TABLE data_keys (
        slot {bigint} NOT NULL PRIMARY KEY CHECK (slot = 1),
        key_id {bytes} NOT NULL,
        check_value {bytes} NOT NULL,
        created_at {bigint} NOT NULL
    ) {table_options}",]
);
