//! Verification of e-mail addresses. `accounts.email_verified_at` is when the address was verified; `activate_by` is when an
//! account lapses whose address is not yet, and is null for all others. Of such an account `email_folded`, which is unique,
//! has the id, so that it keeps the address from nobody; `activations` has the address that it claims, which others may
//! claim as well. `email_changes` has the addresses that accounts want to have, until they are confirmed. Of the links only
//! the hashes of their tokens are stored, once they were sent.

crate::migration!(
    "m0051_verification",
    [
        "ALTER TABLE accounts ADD COLUMN email_verified_at {bigint}",
        "ALTER TABLE accounts ADD COLUMN activate_by {bigint}",
        "DROP INDEX accounts_pending",
        "CREATE INDEX accounts_pending ON accounts (created_at, id)
        WHERE deleted_at IS NULL AND suspended_at IS NULL AND approved_at IS NULL AND activate_by IS NULL",
        "CREATE INDEX accounts_unverified ON accounts (created_at, id)
        WHERE deleted_at IS NULL AND suspended_at IS NULL AND activate_by IS NOT NULL",
        "CREATE INDEX accounts_to_lapse ON accounts (activate_by)
        WHERE deleted_at IS NULL AND suspended_at IS NULL AND activate_by IS NOT NULL",
        "CREATE TABLE activations (
        account_id {uuid} NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
        email_folded {exact} NOT NULL,
        created_at {bigint} NOT NULL,
        token_hash {bytes} UNIQUE,
        expires_at {bigint},
        CHECK ((token_hash IS NULL) = (expires_at IS NULL))
    ) {table_options}",
        "CREATE INDEX activations_email ON activations (email_folded, created_at)",
        "CREATE TABLE email_changes (
        account_id {uuid} NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
        email TEXT NOT NULL,
        email_folded {exact} NOT NULL,
        created_at {bigint} NOT NULL,
        token_hash {bytes} UNIQUE,
        expires_at {bigint} NOT NULL
    ) {table_options}",
        "CREATE INDEX email_changes_expires ON email_changes (expires_at)",
        "ALTER TABLE settings ADD COLUMN verify_email {boolean} NOT NULL DEFAULT FALSE",
        "ALTER TABLE invites ADD COLUMN verify_email {boolean} NOT NULL DEFAULT FALSE",
    ]
);
