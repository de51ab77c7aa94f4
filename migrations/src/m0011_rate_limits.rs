//! Counters of failed attempts, shared by all processes on PostgreSQL. The counted address or account is stored as a
//! keyed hash.

crate::migration!(
    "m0011_rate_limits",
    [
        "CREATE TABLE rate_limits (
        bucket {bytes} NOT NULL PRIMARY KEY,
        window_start {bigint} NOT NULL,
        failures {bigint} NOT NULL
    ) {table_options}",
        "CREATE INDEX rate_limits_window ON rate_limits (window_start)",
    ]
);
