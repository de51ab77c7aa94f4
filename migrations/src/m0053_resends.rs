//! How often invitations were sent again: when last, since when their number is counted, and the number. Each recipient gets few.

crate::migration!(
    "m0053_resends",
    [
        "ALTER TABLE invitations ADD COLUMN resent_at {bigint}",
        "ALTER TABLE invitations ADD COLUMN resends_since {bigint}",
        "ALTER TABLE invitations ADD COLUMN resends {bigint} NOT NULL DEFAULT 0",
    ]
);
