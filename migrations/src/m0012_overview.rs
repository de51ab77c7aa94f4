//! Data of the overview, with a cost that does not grow with the number of rows: counters per day, and indexes for the
//! invites that need attention.
//!
//! A row of `daily_counts` has the number of accounts and redemptions of one day (whole days since 1970, in UTC) or, as
//! day -1, of all days. It is updated in the transaction that creates what it counts. On PostgreSQL each day has
//! several rows (`shard`), so that two sign-ups seldom wait for the same row; the count is their sum.
//!
//! `invites_live` contains every column that is needed to count active invites, so that their rows need not be read.

crate::migration!(
    "m0012_overview",
    [
        "CREATE TABLE daily_counts (
        day {bigint} NOT NULL CHECK (day >= -1),
        shard {bigint} NOT NULL CHECK (shard BETWEEN 0 AND 15),
        accounts {bigint} NOT NULL CHECK (accounts >= 0),
        redemptions {bigint} NOT NULL CHECK (redemptions >= 0),
        PRIMARY KEY (day, shard)
    ) {table_options}",
        "INSERT INTO daily_counts (day, shard, accounts, redemptions)
        SELECT day, 0, SUM(accounts), SUM(redemptions) FROM (
            SELECT created_at / 86400000000 AS day, 1 AS accounts, 0 AS redemptions FROM accounts
            UNION ALL SELECT created_at / 86400000000, 0, 1 FROM redemptions
        ) AS made GROUP BY day",
        "INSERT INTO daily_counts (day, shard, accounts, redemptions)
        VALUES (-1, 0, (SELECT COUNT(*) FROM accounts), (SELECT COUNT(*) FROM redemptions))",
        "ALTER TABLE invites ADD COLUMN last_used_at {bigint}",
        "UPDATE invites SET last_used_at = (SELECT MAX(created_at) FROM redemptions WHERE invite_id = invites.id)
        WHERE used > 0",
        "CREATE INDEX invites_live ON invites (COALESCE(expires_at, 9223372036854775807), starts_at, expires_at)
        WHERE deleted_at IS NULL AND paused_at IS NULL AND (max_uses IS NULL OR used < max_uses)",
        "CREATE INDEX invites_filled ON invites (last_used_at, id)
        WHERE deleted_at IS NULL AND paused_at IS NULL AND max_uses > 1 AND used >= max_uses",
        "CREATE INDEX invites_unused ON invites (used, COALESCE(expires_at, 9223372036854775807), id)
        WHERE deleted_at IS NULL AND paused_at IS NULL AND used = 0",
    ]
);
