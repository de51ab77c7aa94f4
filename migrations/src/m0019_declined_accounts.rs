//! Declined accounts are listed and counted without reading the rows of suspended ones.

crate::migration!(
    "m0019_declined_accounts",
    [
        "CREATE INDEX accounts_declined ON accounts (created_at, id) WHERE suspended_at IS NOT NULL AND approved_at IS NULL"
    ]
);
