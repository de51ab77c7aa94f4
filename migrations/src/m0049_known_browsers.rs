//! The browsers that each account was signed in with, of which only the hash of what is in their cookie is stored, and
//! whether people are told when there is a new one.

crate::migration!(
    "m0049_known_browsers",
    [
        "CREATE TABLE known_browsers (
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        browser_hash {bytes} NOT NULL,
        created_at {bigint} NOT NULL,
        last_seen_at {bigint} NOT NULL,
        PRIMARY KEY (account_id, browser_hash)
    ) {table_options}",
        "CREATE INDEX known_browsers_seen ON known_browsers (last_seen_at)",
        "ALTER TABLE settings ADD COLUMN sign_in_alerts {boolean} NOT NULL DEFAULT TRUE",
    ]
);
