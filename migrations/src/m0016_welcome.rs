//! Settings: what members are shown after they sign up, and which registration mode comes back after it was closed.

crate::migration!(
    "m0016_welcome",
    [
        "ALTER TABLE settings ADD COLUMN welcome_text TEXT",
        "ALTER TABLE settings ADD COLUMN welcome_url TEXT",
        "ALTER TABLE settings ADD COLUMN welcome_label TEXT",
        "ALTER TABLE settings ADD COLUMN mode_before_closing TEXT CHECK (mode_before_closing IN ('open', 'invite_only'))",
    ]
);
