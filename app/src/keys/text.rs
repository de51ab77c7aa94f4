//! The texts of API keys.

use domain::access::Permissions;
use domain::keys::KeyScope;

use crate::access::title;

// The list.

pub(super) const KEYS: &str = "API keys";
pub(super) const KEYS_NOTE: &str = "For scripts. A key has your permissions, or some of them.";
/// Opens the dialog; also its button.
pub(super) const CREATE: &str = "Create API key";
pub(super) const NO_KEYS: &str = "No API keys yet. Create one when a script needs it.";

/// What a key may do, and a separator; nothing where it may do everything.
pub(super) fn scope_note(scope: KeyScope) -> String {
    match scope {
        KeyScope::Full => String::new(),
        scope if scope == KeyScope::READ => "read only · ".to_owned(),
        scope if scope == KeyScope::read_codes() => "read only, with invite codes · ".to_owned(),
        KeyScope::Only(permissions) => format!("{} · ", list(permissions)),
    }
}

/// The names of some permissions.
fn list(permissions: Permissions) -> String {
    // In the middle of a sentence; `API` stays as it is.
    let name = |permission| {
        let (first, rest) = title(permission).split_at(1);
        first.to_lowercase() + rest
    };
    permissions.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// An instant follows.
pub(super) const LAST_USED_BEFORE: &str = "last used ";
pub(super) const NEVER_USED: &str = "never used";
/// An instant follows.
pub(super) const EXPIRES_BEFORE: &str = "expires ";
pub(super) const NEVER_EXPIRES: &str = "never expires";
pub(super) const REVOKE: &str = "Revoke";

/// The accessible name of [`REVOKE`].
pub(super) fn revoke_label(name: &str) -> String {
    format!("Revoke {name}")
}

// The question before a key is revoked.

pub(super) fn revoke_title(name: &str) -> String {
    format!("Revoke “{name}”?")
}

pub(super) const REVOKE_TEXT: &str =
    "Scripts that use this key stop working at once. A revoked key can’t be restored; create a new one instead.";
pub(super) const REVOKE_KEY: &str = "Revoke key";

/// A toast.
pub(super) fn revoked(name: &str) -> String {
    format!("Revoked “{name}”")
}

// The dialog that creates a key.

pub(super) const NAME: &str = "Name";
pub(super) const NAME_EXAMPLE: &str = "Nightly import";
pub(super) const SCOPE: &str = "Permissions";
pub(super) const SCOPE_FULL: &str = "Full access";
pub(super) const SCOPE_READ: &str = "Read only";
pub(super) const SCOPE_READ_CODES: &str = "Read only, with invite codes";
pub(super) const SCOPE_CUSTOM: &str = "Custom";
pub(super) const SCOPE_CUSTOM_LEGEND: &str = "What the key may do";

/// The choices complete it: “Expires in 30 days”.
pub(super) const EXPIRES: &str = "Expires";
pub(super) const EXPIRES_MONTH: &str = "In 30 days";
pub(super) const EXPIRES_YEAR: &str = "In 1 year";
pub(super) const EXPIRES_NEVER: &str = "Never";

// The new key.

/// Emphasised; [`COPY_NOW`] follows.
pub(super) fn created(name: &str) -> String {
    format!("“{name}” was created.")
}

pub(super) const COPY_NOW: &str = "Copy the key now: it can’t be shown again, because only its hash is stored.";
/// The accessible name of the field with the key.
pub(super) const NEW_KEY: &str = "New API key";
pub(super) const COPY_KEY: &str = "Copy key";
/// A toast.
pub(super) const KEY_COPIED: &str = "Key copied";
pub(super) const HIDE_KEY: &str = "Hide key";
