//! Reminders of ends that are near: accounts and memberships have the end that was told, so that an end which is moved is told
//! again. The first two indexes find what is to be told, the last one the managers of a group.

crate::migration!(
    "m0042_reminders",
    [
        "ALTER TABLE accounts ADD COLUMN reminded_of {bigint}",
        "ALTER TABLE memberships ADD COLUMN reminded_of {bigint}",
        "CREATE INDEX accounts_to_remind ON accounts (ends_at)
        WHERE deleted_at IS NULL AND suspended_at IS NULL AND ends_at IS NOT NULL
            AND (reminded_of IS NULL OR reminded_of <> ends_at)",
        "CREATE INDEX memberships_to_remind ON memberships (ends_at, group_id, account_id)
        WHERE ends_at IS NOT NULL AND (reminded_of IS NULL OR reminded_of <> ends_at)",
        "CREATE INDEX memberships_managers_of ON memberships (group_id, created_at, account_id) WHERE is_manager",
    ]
);
