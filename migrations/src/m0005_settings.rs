//! Settings: one row, inserted by this migration.

crate::migration!(
    "m0005_settings",
    [
        "CREATE TABLE settings (
        id {bigint} NOT NULL PRIMARY KEY CHECK (id = 1),
        site_name TEXT NOT NULL,
        registration_mode TEXT NOT NULL CHECK (registration_mode IN ('open', 'invite_only', 'closed')),
        default_role TEXT NOT NULL CHECK (default_role IN ('pending', 'user')),
        code_length {bigint} NOT NULL CHECK (code_length BETWEEN 12 AND 64),
        max_uses_ceiling {bigint} NOT NULL CHECK (max_uses_ceiling BETWEEN 1 AND 1000000),
        updated_at {bigint} NOT NULL
    ) {table_options}",
        "INSERT INTO settings VALUES (1, 'Latchkey', 'invite_only', 'pending', 12, 5000, 0)",
    ]
);
