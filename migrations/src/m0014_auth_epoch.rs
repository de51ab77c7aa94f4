//! How often an account's password, suspension or role changed. What was verified before such a change begins no session
//! after it.

crate::migration!("m0014_auth_epoch", ["ALTER TABLE accounts ADD COLUMN auth_epoch {bigint} NOT NULL DEFAULT 0"]);
