//! Requests for a new link of an invite, made by people with a link that lets no one in any more: an address that nobody has
//! verified, and perhaps a note. `author_id` is who created the invite, so that the requests of an author are read from an
//! index. `told_at` is when the author was told of it by mail, if they were. Rows are deleted with the invite, with the account that has the address, and a while after the answer.

crate::migration!(
    "m0050_invite_requests",
    [
        "CREATE TABLE invite_requests (
        id {uuid} NOT NULL PRIMARY KEY,
        invite_id {uuid} NOT NULL REFERENCES invites (id) ON DELETE RESTRICT,
        author_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        email TEXT NOT NULL,
        email_folded {exact} NOT NULL,
        note TEXT,
        created_at {bigint} NOT NULL,
        decided_at {bigint},
        decided_by {uuid} REFERENCES accounts (id) ON DELETE RESTRICT,
        granted_invite_id {uuid} REFERENCES invites (id) ON DELETE RESTRICT,
        told_at {bigint},
        CHECK (granted_invite_id IS NULL OR decided_at IS NOT NULL)
    ) {table_options}",
        "CREATE UNIQUE INDEX invite_requests_once ON invite_requests (invite_id, email_folded) WHERE decided_at IS NULL",
        "CREATE INDEX invite_requests_latest ON invite_requests (invite_id, email_folded, created_at)",
        "CREATE INDEX invite_requests_email ON invite_requests (email_folded)",
        "CREATE INDEX invite_requests_invite ON invite_requests (invite_id, created_at, id) WHERE decided_at IS NULL",
        "CREATE INDEX invite_requests_all ON invite_requests (created_at, id)",
        "CREATE INDEX invite_requests_open ON invite_requests (created_at, id) WHERE decided_at IS NULL",
        "CREATE INDEX invite_requests_author ON invite_requests (author_id, created_at, id)",
        "CREATE INDEX invite_requests_author_open ON invite_requests (author_id, created_at, id) WHERE decided_at IS NULL",
        "CREATE INDEX invite_requests_told ON invite_requests (invite_id, told_at) WHERE told_at IS NOT NULL",
        "CREATE INDEX invite_requests_decided ON invite_requests (decided_at) WHERE decided_at IS NOT NULL",
    ]
);
