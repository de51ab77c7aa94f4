//! Where signing in to an application starts, if that is not its address.

crate::migration!("m0036_sign_in_url", ["ALTER TABLE applications ADD COLUMN sign_in_url TEXT"]);
