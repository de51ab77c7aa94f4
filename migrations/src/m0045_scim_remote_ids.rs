//! What is known to be in an application is also found by the ids that the application gave. Some databases have the index
//! already: for some time `m0040_scim` created it.

crate::migration!(
    "m0045_scim_remote_ids",
    ["CREATE INDEX IF NOT EXISTS scim_resources_remote ON scim_resources (application_id, kind, remote_id)
        WHERE remote_id IS NOT NULL",]
);
