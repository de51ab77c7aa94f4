//! The audit log: originator, action, subject, time and client of each change. A row is written in the transaction of
//! its change.

crate::migration!(
    "m0010_audit_log",
    [
        "CREATE TABLE audit_log (
        id {uuid} NOT NULL PRIMARY KEY,
        created_at {bigint} NOT NULL,
        actor_kind TEXT NOT NULL CHECK (actor_kind IN ('session', 'api_key', 'operator', 'visitor')),
        actor_id {uuid},
        action TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_id {uuid},
        client_ip TEXT,
        detail TEXT NOT NULL
    ) {table_options}",
        "CREATE INDEX audit_log_created ON audit_log (created_at, id)",
    ]
);
