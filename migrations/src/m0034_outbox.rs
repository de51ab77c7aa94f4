//! The outbox: what is sent to other systems. A target is a place that things are sent to, in the order of `seq`; a process
//! leases it, and `fence` grows with each lease. `due_at` is null while nothing is sent to it.

crate::migration!(
    "m0034_outbox",
    [
        "CREATE TABLE outbox_targets (
        id {uuid} NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        due_at {bigint},
        lease_until {bigint} NOT NULL DEFAULT 0,
        fence {bigint} NOT NULL DEFAULT 0,
        failures {bigint} NOT NULL DEFAULT 0
    ) {table_options}",
        "CREATE TABLE outbox (
        seq {sequence},
        id {uuid} NOT NULL CONSTRAINT outbox_id_key UNIQUE,
        target_id {uuid} NOT NULL REFERENCES outbox_targets (id) ON DELETE CASCADE,
        account_id {uuid},
        event TEXT NOT NULL,
        payload TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        attempts {bigint} NOT NULL DEFAULT 0,
        attempted_at {bigint},
        delivered_at {bigint},
        dead_at {bigint},
        last_status {bigint},
        last_answer TEXT,
        CHECK (delivered_at IS NULL OR dead_at IS NULL)
    ) {table_options}",
        "CREATE INDEX outbox_waiting ON outbox (target_id, seq) WHERE delivered_at IS NULL AND dead_at IS NULL",
        "CREATE INDEX outbox_target ON outbox (target_id, seq)",
        "CREATE INDEX outbox_dead_of_target ON outbox (target_id, seq) WHERE dead_at IS NOT NULL",
        "CREATE INDEX outbox_delivered ON outbox (delivered_at) WHERE delivered_at IS NOT NULL",
        "CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL",
        "CREATE INDEX outbox_account ON outbox (account_id) WHERE account_id IS NOT NULL",
    ]
);
