//! Accounts: names, roles, status and password hashes.

crate::migration!(
    "m0001_accounts",
    [
        "CREATE TABLE accounts (
        id {uuid} NOT NULL PRIMARY KEY,
        email TEXT NOT NULL,
        email_folded {exact} NOT NULL CONSTRAINT accounts_email_key UNIQUE,
        username TEXT NOT NULL,
        username_folded {exact} NOT NULL CONSTRAINT accounts_username_key UNIQUE,
        name TEXT,
        role TEXT NOT NULL CHECK (role IN ('user', 'moderator', 'admin', 'owner')),
        password_hash TEXT NOT NULL,
        created_at {bigint} NOT NULL,
        updated_at {bigint} NOT NULL,
        last_active_at {bigint},
        suspended_at {bigint},
        approved_at {bigint}
    ) {table_options}",
        "CREATE INDEX accounts_created ON accounts (created_at, id)",
        "CREATE INDEX accounts_suspended ON accounts (created_at, id) WHERE suspended_at IS NOT NULL",
        "CREATE INDEX accounts_pending ON accounts (created_at, id) WHERE approved_at IS NULL AND suspended_at IS NULL",
        "CREATE INDEX accounts_owners ON accounts (created_at) WHERE role = 'owner'",
    ]
);
