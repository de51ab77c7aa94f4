//! Limits of the invites of members, and which invites count against the quota of their author: `counted_at` is when one was
//! taken from it. Deleting an invite keeps it.

crate::migration!(
    "m0029_member_limits",
    [
        "ALTER TABLE settings ADD COLUMN member_invite_quota {bigint} DEFAULT 5
            CHECK (member_invite_quota BETWEEN 1 AND 1000)",
        "ALTER TABLE settings ADD COLUMN member_invite_quota_period TEXT NOT NULL DEFAULT 'week'
            CHECK (member_invite_quota_period IN ('day', 'week', 'month'))",
        "ALTER TABLE settings ADD COLUMN member_invite_max_uses {bigint} DEFAULT 5
            CHECK (member_invite_max_uses BETWEEN 1 AND 1000000)",
        "ALTER TABLE settings ADD COLUMN member_invite_max_days {bigint} DEFAULT 30
            CHECK (member_invite_max_days BETWEEN 1 AND 3650)",
        "ALTER TABLE settings ADD COLUMN member_invite_min_account_age {bigint} NOT NULL DEFAULT 0
            CHECK (member_invite_min_account_age BETWEEN 0 AND 3650)",
        "ALTER TABLE invites ADD COLUMN counted_at {bigint}",
        "CREATE INDEX invites_counted ON invites (created_by, counted_at) WHERE counted_at IS NOT NULL",
        "CREATE INDEX invites_own ON invites (created_by, created_at, id)",
        "DROP INDEX invites_author",
    ]
);
