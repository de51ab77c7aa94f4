//! Who decided about an account that was pending approval, and what they wrote to the person. The use of an invite by an
//! account that was declined is released: it is no longer counted in `invites.used`.

crate::migration!(
    "m0026_approvals",
    [
        "ALTER TABLE accounts ADD COLUMN decided_by {uuid} REFERENCES accounts (id) ON DELETE RESTRICT",
        "ALTER TABLE accounts ADD COLUMN decision_note TEXT",
        "ALTER TABLE redemptions ADD COLUMN released_at {bigint}",
    ]
);
