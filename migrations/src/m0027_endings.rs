//! What a worker ended: accounts whose end has passed, once. The audit log has changes that nobody asked for, made by the
//! system; SQLite changes a CHECK by making the table anew.

crate::migration!(
    "m0027_endings",
    [
        "ALTER TABLE accounts ADD COLUMN ended_at {bigint}",
        "CREATE INDEX accounts_to_end ON accounts (ends_at)
        WHERE deleted_at IS NULL AND suspended_at IS NULL AND ends_at IS NOT NULL AND ended_at IS NULL",
        "CREATE TABLE audit_log_with_system (
        id {uuid} NOT NULL PRIMARY KEY,
        created_at {bigint} NOT NULL,
        actor_kind TEXT NOT NULL CHECK (actor_kind IN ('session', 'api_key', 'operator', 'visitor', 'system')),
        actor_id {uuid},
        action TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_id {uuid},
        client_ip TEXT,
        detail TEXT NOT NULL
    ) {table_options}",
        "INSERT INTO audit_log_with_system (id, created_at, actor_kind, actor_id, action, subject_kind, subject_id,
            client_ip, detail)
        SELECT id, created_at, actor_kind, actor_id, action, subject_kind, subject_id, client_ip, detail FROM audit_log",
        "DROP TABLE audit_log",
        "ALTER TABLE audit_log_with_system RENAME TO audit_log",
        "CREATE INDEX audit_log_created ON audit_log (created_at, id)",
        "CREATE INDEX audit_log_by_account ON audit_log (actor_id) WHERE client_ip IS NOT NULL AND actor_id IS NOT NULL",
        "CREATE INDEX audit_log_by_visitor ON audit_log (subject_id) WHERE client_ip IS NOT NULL AND actor_kind = 'visitor'",
    ]
);
