//! What the list of invites counts by status, without looking at rows that are not counted. The other statuses have an
//! index already.

crate::migration!(
    "m0017_invite_counts",
    [
        "CREATE INDEX invites_used_up ON invites (COALESCE(expires_at, 9223372036854775807), id)
        WHERE deleted_at IS NULL AND used >= max_uses",
        "CREATE INDEX invites_paused_expires ON invites (COALESCE(expires_at, 9223372036854775807), id)
        WHERE deleted_at IS NULL AND paused_at IS NOT NULL",
        "CREATE INDEX invites_scheduled ON invites (starts_at, id)
        WHERE deleted_at IS NULL AND paused_at IS NULL AND starts_at IS NOT NULL",
    ]
);
