//! The index by which the next message of a target is found. Its order is not that of the primary key: while most messages
//! wait, as after a burst, PostgreSQL would read that from its beginning for each of them, past all that were delivered.

crate::migration!(
    "m0047_outbox_next",
    [
        "DROP INDEX outbox_waiting",
        "CREATE INDEX outbox_next ON outbox (target_id, (seq + 0)) WHERE delivered_at IS NULL AND dead_at IS NULL",
    ]
);
