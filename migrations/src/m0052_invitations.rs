//! Invitations by mail. A mailing is what staff send at once; an invitation is one of its recipients, with what is known of
//! them and what became of it. A worker makes the invites and the mails (`prepared_at`), so that a mailing is written at once
//! however many recipients it has. `sent_at`, `failed_at` and `last_answer` are those of the mail, kept after it is deleted
//! from the outbox.
//!
//! `attributes` and `terms` are JSON; `invites.person` is, too: what is known of the person that an invite is for.
//! `invites.mailed_at` is when an invite was first sent by mail, so that redeeming one that was not costs nothing more.
//! `mail_stops` has those who want no more invitations, as keyed hashes of their addresses.

crate::migration!(
    "m0052_invitations",
    [
        "ALTER TABLE invites ADD COLUMN person TEXT",
        "ALTER TABLE invites ADD COLUMN mailed_at {bigint}",
        "CREATE TABLE mailings (
        id {uuid} NOT NULL PRIMARY KEY,
        created_by {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        via TEXT NOT NULL CHECK (via IN ('session', 'api_key', 'operator')),
        mode TEXT NOT NULL CHECK (mode IN ('own_links', 'one_link')),
        invite_id {uuid} REFERENCES invites (id) ON DELETE RESTRICT,
        terms TEXT,
        locked {boolean} NOT NULL,
        message TEXT,
        language TEXT NOT NULL DEFAULT 'en',
        reminder {boolean} NOT NULL,
        digest {bytes} NOT NULL,
        total {bigint} NOT NULL,
        created_at {bigint} NOT NULL,
        finished_at {bigint},
        stopped_why TEXT,
        CHECK ((mode = 'one_link') = (invite_id IS NOT NULL)),
        CHECK ((mode = 'own_links') = (terms IS NOT NULL))
    ) {table_options}",
        "CREATE INDEX mailings_all ON mailings (created_at, id)",
        "CREATE INDEX mailings_author ON mailings (created_by, created_at, id)",
        "CREATE INDEX mailings_open ON mailings (created_at, id) WHERE finished_at IS NULL",
        "CREATE TABLE invitations (
        id {uuid} NOT NULL PRIMARY KEY,
        mailing_id {uuid} NOT NULL REFERENCES mailings (id) ON DELETE RESTRICT,
        author_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        email TEXT NOT NULL,
        email_folded {exact} NOT NULL,
        address_hash {bytes} NOT NULL,
        name TEXT,
        username TEXT,
        attributes TEXT,
        invite_id {uuid} REFERENCES invites (id) ON DELETE RESTRICT,
        mail_id {uuid},
        created_at {bigint} NOT NULL,
        prepared_at {bigint},
        sent_at {bigint},
        failed_at {bigint},
        last_answer TEXT,
        opened_at {bigint},
        joined_at {bigint},
        account_id {uuid} REFERENCES accounts (id) ON DELETE RESTRICT,
        revoked_at {bigint},
        stopped_at {bigint},
        remind_at {bigint},
        reminded_at {bigint},
        UNIQUE (mailing_id, email_folded)
    ) {table_options}",
        "CREATE INDEX invitations_mailing ON invitations (mailing_id, created_at, id)",
        "CREATE INDEX invitations_all ON invitations (created_at, id)",
        "CREATE INDEX invitations_author ON invitations (author_id, created_at, id)",
        "CREATE INDEX invitations_email ON invitations (email_folded)",
        "CREATE INDEX invitations_address ON invitations (address_hash)",
        "CREATE INDEX invitations_invite ON invitations (invite_id) WHERE invite_id IS NOT NULL",
        "CREATE INDEX invitations_account ON invitations (account_id) WHERE account_id IS NOT NULL",
        "CREATE INDEX invitations_to_prepare ON invitations (mailing_id, created_at, id)
            WHERE prepared_at IS NULL AND failed_at IS NULL AND joined_at IS NULL AND revoked_at IS NULL AND stopped_at IS NULL",
        "CREATE INDEX invitations_failed ON invitations (mail_id) WHERE failed_at IS NOT NULL",
        "CREATE INDEX invitations_waiting ON invitations (mail_id)
            WHERE mail_id IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL",
        "CREATE INDEX invitations_to_remind ON invitations (remind_at) WHERE remind_at IS NOT NULL",
        "CREATE TABLE mail_stops (
        address_hash {bytes} NOT NULL PRIMARY KEY,
        created_at {bigint} NOT NULL
    ) {table_options}",
    ]
);
