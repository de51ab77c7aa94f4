//! What a directory that feeds accounts in calls them, and groups: its identifiers, and the names of accounts that are no
//! usernames. The rows of groups go with them; those of accounts are deleted with what else is personal, because a deleted
//! account keeps its row.

crate::migration!(
    "m0041_directory",
    [
        "CREATE TABLE directory_accounts (
        account_id {uuid} NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE RESTRICT,
        external_id {exact} CONSTRAINT directory_accounts_external_id_key UNIQUE,
        user_name TEXT,
        user_name_folded {exact} CONSTRAINT directory_accounts_user_name_key UNIQUE,
        CHECK ((user_name IS NULL) = (user_name_folded IS NULL))
    ) {table_options}",
        "CREATE TABLE directory_groups (
        group_id {uuid} NOT NULL PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
        external_id {exact} NOT NULL CONSTRAINT directory_groups_external_id_key UNIQUE
    ) {table_options}",
    ]
);
