//! Invites. Constraints of the table ensure that an invite is not used more often than its maximum, and that the
//! encrypted code of a deleted invite is removed.

crate::migration!(
    "m0007_invites",
    [
        "CREATE TABLE invites (
        id {uuid} NOT NULL PRIMARY KEY,
        code_hash {bytes} NOT NULL CONSTRAINT invites_code_key UNIQUE,
        code_sealed {bytes},
        code_kind TEXT NOT NULL CHECK (code_kind IN ('random', 'own')),
        label TEXT,
        label_folded {exact},
        role TEXT NOT NULL CHECK (role IN ('user', 'moderator')),
        max_uses {bigint} CHECK (max_uses >= 1),
        used {bigint} NOT NULL,
        starts_at {bigint},
        expires_at {bigint},
        paused_at {bigint},
        deleted_at {bigint},
        created_by {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        created_at {bigint} NOT NULL,
        updated_at {bigint} NOT NULL,
        CHECK (used >= 0 AND (max_uses IS NULL OR used <= max_uses)),
        CHECK ((deleted_at IS NULL) = (code_sealed IS NOT NULL))
    ) {table_options}",
        "CREATE INDEX invites_created ON invites (created_at, id) WHERE deleted_at IS NULL",
        "CREATE INDEX invites_expires ON invites (COALESCE(expires_at, 9223372036854775807), id) WHERE deleted_at IS NULL",
        "CREATE INDEX invites_used ON invites (used, id) WHERE deleted_at IS NULL",
        "CREATE INDEX invites_deleted ON invites (created_at, id) WHERE deleted_at IS NOT NULL",
        "CREATE INDEX invites_paused ON invites (created_at, id) WHERE deleted_at IS NULL AND paused_at IS NOT NULL",
        "CREATE INDEX invites_open ON invites (COALESCE(expires_at, 9223372036854775807), id)
        WHERE deleted_at IS NULL AND paused_at IS NULL AND (max_uses IS NULL OR used < max_uses)",
        "CREATE INDEX invites_label ON invites (label_folded)",
        "CREATE INDEX invites_author ON invites (created_by)",
    ]
);
