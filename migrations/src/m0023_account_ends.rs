//! Accounts can end and be deleted, and are listed by name, by last activity and by role.
//!
//! Of a deleted account the row stays with its id, because redemptions and invites refer to it: `email`, `username`, `name`
//! and the password are empty, and the folded columns, which are unique, have the id. Lists and searches leave it out.
//! `daily_counts.deleted` is counted in the rows of all days.
//!
//! The last three indexes find what else is erased with an account: its sign-up attempts and the addresses it was used from.
//!
//! `name_sort` has the name, or the username where there is none, without case and accents. The service computes it with
//! the words of the search, which is why these are computed again.

crate::migration!(
    "m0023_account_ends",
    [
        "ALTER TABLE accounts ADD COLUMN ends_at {bigint}",
        "ALTER TABLE accounts ADD COLUMN deleted_at {bigint}",
        "ALTER TABLE accounts ADD COLUMN name_sort {exact} NOT NULL DEFAULT ''",
        "ALTER TABLE daily_counts ADD COLUMN deleted {bigint} NOT NULL DEFAULT 0 CHECK (deleted >= 0)",
        "DELETE FROM search_index",
        "DROP INDEX accounts_created",
        "DROP INDEX accounts_suspended",
        "DROP INDEX accounts_pending",
        "DROP INDEX accounts_declined",
        "CREATE INDEX accounts_created ON accounts (created_at, id) WHERE deleted_at IS NULL",
        "CREATE INDEX accounts_name ON accounts (name_sort, id) WHERE deleted_at IS NULL",
        "CREATE INDEX accounts_active ON accounts (COALESCE(last_active_at, 0), id) WHERE deleted_at IS NULL",
        "CREATE INDEX accounts_staff ON accounts (created_at, id) WHERE deleted_at IS NULL AND role <> 'user'",
        "CREATE INDEX accounts_suspended ON accounts (created_at, id)
        WHERE deleted_at IS NULL AND suspended_at IS NOT NULL AND approved_at IS NOT NULL",
        "CREATE INDEX accounts_declined ON accounts (created_at, id)
        WHERE deleted_at IS NULL AND suspended_at IS NOT NULL AND approved_at IS NULL",
        "CREATE INDEX accounts_pending ON accounts (created_at, id)
        WHERE deleted_at IS NULL AND suspended_at IS NULL AND approved_at IS NULL",
        "CREATE INDEX accounts_ends ON accounts (ends_at, id)
        WHERE deleted_at IS NULL AND suspended_at IS NULL AND ends_at IS NOT NULL",
        "CREATE INDEX attempts_account ON attempts (account_id)",
        "CREATE INDEX audit_log_by_account ON audit_log (actor_id) WHERE client_ip IS NOT NULL AND actor_id IS NOT NULL",
        "CREATE INDEX audit_log_by_visitor ON audit_log (subject_id) WHERE client_ip IS NOT NULL AND actor_kind = 'visitor'",
    ]
);
