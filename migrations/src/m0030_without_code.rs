//! Open registration by rule: invites by which addresses of their domains sign up without the code; and a default role that
//! refuses everyone else. A CHECK cannot be changed in place, so the column is made anew.

crate::migration!(
    "m0030_without_code",
    [
        "ALTER TABLE invites ADD COLUMN without_code {boolean} NOT NULL DEFAULT FALSE",
        "CREATE INDEX invites_without_code ON invites (created_at, id) WHERE without_code AND deleted_at IS NULL",
        "ALTER TABLE settings ADD COLUMN new_default_role TEXT NOT NULL DEFAULT 'pending'
            CHECK (new_default_role IN ('pending', 'user', 'refused'))",
        "UPDATE settings SET new_default_role = default_role",
        "ALTER TABLE settings DROP COLUMN default_role",
        "ALTER TABLE settings RENAME COLUMN new_default_role TO default_role",
    ]
);
