//! Flows of the sign-up page, and terms that people accept. A version of either never changes; `flows.version` and
//! `terms.version` are the numbers of the present ones. `flow_groups` and `flow_terms` have what the present version of a flow
//! names, so that neither is deleted under it; they are emptied when the flow is deleted. `terms.asks_accepted` and
//! `terms.asks_all` are the newest versions that ask members. One flow is the default: the one of invites that name none.

crate::migration!(
    "m0054_flows",
    [
        "CREATE TABLE flows (
        id {uuid} NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        name_folded {exact} NOT NULL,
        version {bigint} NOT NULL CHECK (version >= 1),
        min_version {bigint} NOT NULL DEFAULT 1 CHECK (min_version BETWEEN 1 AND version),
        is_default {boolean} NOT NULL DEFAULT FALSE,
        created_at {bigint} NOT NULL,
        deleted_at {bigint},
        CHECK (deleted_at IS NULL OR NOT is_default)
    ) {table_options}",
        "CREATE UNIQUE INDEX flows_name ON flows (name_folded) WHERE deleted_at IS NULL",
        "CREATE UNIQUE INDEX flows_default ON flows (is_default) WHERE is_default",
        "CREATE TABLE flow_versions (
        id {uuid} NOT NULL PRIMARY KEY,
        flow_id {uuid} NOT NULL REFERENCES flows (id) ON DELETE RESTRICT,
        number {bigint} NOT NULL CHECK (number >= 1),
        definition TEXT NOT NULL,
        saved_by {uuid} REFERENCES accounts (id) ON DELETE RESTRICT,
        saved_at {bigint} NOT NULL,
        UNIQUE (flow_id, number)
    ) {table_options}",
        "CREATE TABLE terms (
        id {uuid} NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        name_folded {exact} NOT NULL,
        version {bigint} NOT NULL CHECK (version >= 1),
        asks_accepted {bigint},
        asks_all {bigint},
        created_at {bigint} NOT NULL,
        deleted_at {bigint}
    ) {table_options}",
        "CREATE UNIQUE INDEX terms_name ON terms (name_folded) WHERE deleted_at IS NULL",
        "CREATE INDEX terms_asking ON terms (name_folded)
            WHERE deleted_at IS NULL AND (asks_accepted IS NOT NULL OR asks_all IS NOT NULL)",
        "CREATE TABLE terms_versions (
        terms_id {uuid} NOT NULL REFERENCES terms (id) ON DELETE RESTRICT,
        number {bigint} NOT NULL CHECK (number >= 1),
        text TEXT NOT NULL,
        ask TEXT NOT NULL CHECK (ask IN ('nobody', 'accepted', 'all')),
        published_by {uuid} REFERENCES accounts (id) ON DELETE RESTRICT,
        published_at {bigint} NOT NULL,
        PRIMARY KEY (terms_id, number)
    ) {table_options}",
        "CREATE TABLE terms_acceptances (
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        terms_id {uuid} NOT NULL,
        number {bigint} NOT NULL,
        accepted_at {bigint} NOT NULL,
        PRIMARY KEY (account_id, terms_id, number),
        FOREIGN KEY (terms_id, number) REFERENCES terms_versions (terms_id, number) ON DELETE RESTRICT
    ) {table_options}",
        "CREATE INDEX terms_acceptances_terms ON terms_acceptances (terms_id, number, account_id)",
        "CREATE TABLE flow_groups (
        flow_id {uuid} NOT NULL REFERENCES flows (id) ON DELETE RESTRICT,
        group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE RESTRICT,
        PRIMARY KEY (flow_id, group_id)
    ) {table_options}",
        "CREATE INDEX flow_groups_group ON flow_groups (group_id)",
        "CREATE TABLE flow_terms (
        flow_id {uuid} NOT NULL REFERENCES flows (id) ON DELETE RESTRICT,
        terms_id {uuid} NOT NULL REFERENCES terms (id) ON DELETE RESTRICT,
        PRIMARY KEY (flow_id, terms_id)
    ) {table_options}",
        "CREATE INDEX flow_terms_terms ON flow_terms (terms_id)",
        "INSERT INTO flows (id, name, name_folded, version, min_version, is_default, created_at)
            VALUES ({random_uuid}, 'Default', 'default', 1, 1, TRUE, {now})",
        "INSERT INTO flow_versions (id, flow_id, number, definition, saved_at)
            SELECT {random_uuid}, id, 1,
                '{\"name\":\"Default\",\"verify_email\":false,\"approval\":false,\"welcome_text\":null,\"after\":null,\"terms\":[],\"steps\":[{\"title\":null,\"fields\":[]}],\"rules\":[]}',
                created_at FROM flows",
        "ALTER TABLE invites ADD COLUMN flow_id {uuid} REFERENCES flows (id) ON DELETE RESTRICT",
        "CREATE INDEX invites_flow ON invites (flow_id, created_at, id) WHERE flow_id IS NOT NULL",
        "ALTER TABLE accounts ADD COLUMN flow_version_id {uuid} REFERENCES flow_versions (id) ON DELETE RESTRICT",
        "ALTER TABLE accounts ADD COLUMN withheld_groups TEXT",
    ]
);
