//! Failed tries, counted together by all processes on PostgreSQL. Whom a row counts is a keyed hash.

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
