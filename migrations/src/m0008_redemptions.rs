//! Redemptions. Invites and accounts with redemptions cannot be deleted.

crate::migration!(
    "m0008_redemptions",
    [
        "CREATE TABLE redemptions (
        id {uuid} NOT NULL PRIMARY KEY,
        invite_id {uuid} NOT NULL REFERENCES invites (id) ON DELETE RESTRICT,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        kind TEXT NOT NULL CHECK (kind IN ('new')),
        created_at {bigint} NOT NULL,
        CONSTRAINT redemptions_once UNIQUE (invite_id, account_id)
    ) {table_options}",
        "CREATE INDEX redemptions_created ON redemptions (created_at, id)",
        "CREATE INDEX redemptions_invite ON redemptions (invite_id, created_at, id)",
        "CREATE INDEX redemptions_account ON redemptions (account_id, created_at, id)",
    ]
);
