//! Authorisation: every REST operation and every server function is listed in a table here with the permission that it
//! needs. Each is called with everything but that permission, which is refused, and with nothing but it, which is allowed.
//! One that is missing from the tables fails the test, so that nothing new is accessible by accident. `scim` does the same for the
//! operations of the SCIM service.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Permission, Permissions, grantable, to_names};
use domain::accounts::Role;
use domain::keys::KeyScope;
use image::ImageFormat;
use serde_json::{Value, json};

use crate::harness::call::Call;
use crate::harness::people::sign_up;
use crate::harness::scim::ScimService;
use crate::harness::{PASSWORD, Person, TestApp, until};
use crate::openapi::{fill, operations};
use crate::pictures::picture;

mod scim;

/// Operations without authentication.
const PUBLIC_OPERATIONS: [&str; 3] = ["lookup_invite", "openapi", "sign_up"];

/// The permissions of which a call needs one.
type Needs = &'static [Permission];

/// What it takes to see every group.
const SEES_GROUPS: Needs = &[Permission::AccountsView, Permission::GroupsManage];

/// Operations that need an API key, and the permission that each needs: for an invite of somebody else, and a group that
/// somebody else manages.
const OPERATIONS: [(&str, Needs); 102] = [
    ("add_group_members", &[Permission::GroupsManage]),
    ("approve_account", &[Permission::ApprovalsDecide]),
    // By the list; each invite then needs what it needs alone.
    ("change_invites", &[Permission::InvitesView]),
    ("create_account", &[Permission::AccountsManage]),
    ("compare_scim", &[Permission::ApplicationsManage]),
    ("create_application", &[Permission::ApplicationsManage]),
    ("create_group", &[Permission::GroupsManage]),
    ("create_invite", &[Permission::InvitesCreate]),
    ("decide_accounts", &[Permission::ApprovalsDecide]),
    ("decline_account", &[Permission::ApprovalsDecide]),
    ("delete_account", &[Permission::AccountsManage]),
    ("delete_account_picture", &[Permission::AccountsManage]),
    ("delete_application", &[Permission::ApplicationsManage]),
    ("delete_application_picture", &[Permission::ApplicationsManage]),
    ("delete_group", &[Permission::GroupsManage]),
    ("delete_invite", &[Permission::InvitesManageAll]),
    ("dismiss_invite_request", &[Permission::InvitesManageAll]),
    ("dismiss_join_request", &[Permission::InvitesManageAll]),
    ("export_accounts", &[Permission::AccountsView]),
    ("export_audit_log", &[Permission::AuditView]),
    ("get_account", &[Permission::AccountsView]),
    ("get_account_picture", &[Permission::AccountsView]),
    ("get_application", &[Permission::ApplicationsManage]),
    ("get_application_picture", &[Permission::ApplicationsManage]),
    ("get_scim_state", &[Permission::ApplicationsManage]),
    ("get_group", SEES_GROUPS),
    ("create_flow", &[Permission::SettingsChange]),
    ("create_terms", &[Permission::SettingsChange]),
    ("delete_flow", &[Permission::SettingsChange]),
    ("delete_terms", &[Permission::SettingsChange]),
    ("export_flow", &[Permission::SettingsView]),
    ("get_flow", &[Permission::SettingsView]),
    ("get_flow_version", &[Permission::SettingsView]),
    ("get_terms", &[Permission::SettingsView]),
    ("import_flow", &[Permission::SettingsChange]),
    ("list_accepted_terms", &[Permission::AccountsView]),
    ("list_flow_versions", &[Permission::SettingsView]),
    ("list_flows", &[Permission::SettingsView]),
    ("list_terms", &[Permission::SettingsView]),
    ("list_terms_versions", &[Permission::SettingsView]),
    ("make_flow_default", &[Permission::SettingsChange]),
    ("save_flow", &[Permission::SettingsChange]),
    ("update_terms", &[Permission::SettingsChange]),
    ("get_invite", &[Permission::InvitesView]),
    ("get_mailing", &[Permission::InvitesManageAll]),
    ("get_own_invite_limits", &[Permission::InvitesCreate]),
    ("get_settings", &[Permission::SettingsView]),
    ("grant_join_request", &[Permission::InvitesManageAll]),
    ("list_account_groups", &[Permission::AccountsView]),
    ("list_accounts", &[Permission::AccountsView]),
    ("list_applications", &[Permission::ApplicationsManage]),
    ("list_scim_deliveries", &[Permission::ApplicationsManage]),
    ("list_audit_log", &[Permission::AuditView]),
    ("list_group_invites", &[Permission::GroupsManage]),
    ("list_group_members", SEES_GROUPS),
    ("list_groups", SEES_GROUPS),
    // With the first alone it lists those of the caller's own invites.
    ("list_invite_requests", &[Permission::InvitesCreate, Permission::InvitesManageAll]),
    // With the first alone they list what the caller sent.
    ("list_invitations", &[Permission::InvitesCreate, Permission::InvitesManageAll]),
    ("list_mailings", &[Permission::InvitesCreate, Permission::InvitesManageAll]),
    ("list_invites", &[Permission::InvitesView]),
    ("list_join_requests", &[Permission::InvitesManageAll]),
    ("list_own_invites", &[Permission::InvitesCreate]),
    ("list_redemptions", &[Permission::RedemptionsView]),
    ("make_reset_link", &[Permission::PasswordsReset]),
    ("pause_invite", &[Permission::InvitesManageAll]),
    ("remove_group_members", &[Permission::GroupsManage]),
    ("restore_account", &[Permission::AccountsManage]),
    ("revoke_invitation", &[Permission::InvitesManageAll]),
    ("resume_invite", &[Permission::InvitesManageAll]),
    ("set_account_ends", &[Permission::AccountsManage]),
    ("set_group_member_ends", &[Permission::GroupsManage]),
    ("set_account_picture", &[Permission::AccountsManage]),
    ("set_application_picture", &[Permission::ApplicationsManage]),
    ("suspend_account", &[Permission::AccountsManage]),
    ("resend_activation", &[Permission::AccountsManage]),
    ("retry_scim_delivery", &[Permission::ApplicationsManage]),
    ("rotate_client_secret", &[Permission::ApplicationsManage]),
    ("synchronise_scim", &[Permission::ApplicationsManage]),
    ("update_account", &[Permission::AccountsManage]),
    ("verify_account", &[Permission::AccountsManage]),
    ("update_application", &[Permission::ApplicationsManage]),
    ("update_group", &[Permission::GroupsManage]),
    ("update_invite", &[Permission::InvitesManageAll]),
    ("update_settings", &[Permission::SettingsChange]),
    ("create_webhook", &[Permission::WebhooksManage]),
    ("delete_webhook", &[Permission::WebhooksManage]),
    ("get_webhook", &[Permission::WebhooksManage]),
    ("list_webhook_deliveries", &[Permission::WebhooksManage]),
    ("list_webhooks", &[Permission::WebhooksManage]),
    ("pause_webhook", &[Permission::WebhooksManage]),
    ("ping_webhook", &[Permission::WebhooksManage]),
    ("resume_webhook", &[Permission::WebhooksManage]),
    ("retry_webhook_delivery", &[Permission::WebhooksManage]),
    ("rotate_webhook_secret", &[Permission::WebhooksManage]),
    ("update_webhook", &[Permission::WebhooksManage]),
    ("delete_mail_settings", &[Permission::AdminsManage]),
    ("get_mail", &[Permission::SettingsView]),
    ("get_mail_settings", &[Permission::SettingsView]),
    ("list_mails", &[Permission::SettingsView]),
    ("resend_mail", &[Permission::SettingsChange]),
    ("send_test_mail", &[Permission::SettingsChange]),
    ("set_mail_settings", &[Permission::AdminsManage]),
];

/// What it takes to invite several people at once; for one the first is enough
/// (`service/src/invitations/tests/edges.rs::one_person_is_invited_without_the_permission_to_invite_several`).
const INVITES_SEVERAL: Needs = &[Permission::InvitesCreate, Permission::InvitesCreateMulti];
/// What it takes to have invites made for those whom somebody else invited.
const RESENDS: Needs = &[Permission::InvitesManageAll, Permission::InvitesCreate];

/// Operations that need several permissions, each of them: for an invite of somebody else, like which one is created.
const OPERATIONS_OF_SEVERAL: [(&str, Needs); 6] = [
    ("list_flow_invites", &[Permission::SettingsView, Permission::InvitesView]),
    ("copy_mail_link", &[Permission::SettingsView, Permission::PasswordsReset]),
    ("grant_invite_request", &[Permission::InvitesManageAll, Permission::InvitesCreate]),
    // Those of somebody else, which have no invite yet: one is made.
    ("resend_invitation", RESENDS),
    ("resend_mailing", RESENDS),
    ("send_invitations", INVITES_SEVERAL),
];

/// Server functions that need several permissions, each of them.
const FUNCTIONS_OF_SEVERAL: [(&str, Needs); 4] = [
    ("invitations/preview", INVITES_SEVERAL),
    ("invitations/resend", RESENDS),
    ("invitations/resend-all", RESENDS),
    ("invitations/send", INVITES_SEVERAL),
];

/// Operations on what is the caller's own, and the permission that each needs. For what is somebody else's they answer 404.
const OWN_OPERATIONS: [(&str, Needs); 1] = [("list_own_invite_redemptions", &[Permission::InvitesCreate])];

/// Operations that need an API key and no permission, for its own account.
const OPERATIONS_OF_EVERYBODY: [&str; 2] = ["ask_to_join", "join_invite"];

/// Server functions, and the permission that each needs: for an invite of somebody else, and a group that somebody else
/// manages.
const FUNCTIONS: [(&str, Needs); 95] = [
    ("accounts/browse", &[Permission::AccountsView]),
    ("accounts/create", &[Permission::AccountsManage]),
    ("accounts/decide", &[Permission::ApprovalsDecide]),
    ("accounts/decide-all", &[Permission::ApprovalsDecide]),
    ("accounts/delete", &[Permission::AccountsManage]),
    ("accounts/get", &[Permission::AccountsView]),
    ("accounts/list", &[Permission::AccountsView]),
    ("accounts/make-reset-link", &[Permission::PasswordsReset]),
    ("accounts/mark-verified", &[Permission::AccountsManage]),
    ("accounts/resend-activation", &[Permission::AccountsManage]),
    ("accounts/restore", &[Permission::AccountsManage]),
    ("accounts/set-ends", &[Permission::AccountsManage]),
    ("accounts/suspend", &[Permission::AccountsManage]),
    ("accounts/undo-decision", &[Permission::ApprovalsDecide]),
    ("accounts/update", &[Permission::AccountsManage]),
    ("applications/create", &[Permission::ApplicationsManage]),
    ("applications/delete", &[Permission::ApplicationsManage]),
    ("applications/get", &[Permission::ApplicationsManage]),
    ("applications/list", &[Permission::ApplicationsManage]),
    ("applications/rotate-secret", &[Permission::ApplicationsManage]),
    ("applications/update", &[Permission::ApplicationsManage]),
    ("audit/list", &[Permission::AuditView]),
    ("flows/choices", &[Permission::InvitesView]),
    ("flows/delete", &[Permission::SettingsChange]),
    ("flows/import", &[Permission::SettingsChange]),
    ("flows/list", &[Permission::SettingsView]),
    ("flows/make-default", &[Permission::SettingsChange]),
    ("flows/open", &[Permission::SettingsView]),
    ("flows/save", &[Permission::SettingsChange]),
    ("groups/add-members", &[Permission::GroupsManage]),
    // Also for those who manage the group: they do not see who else there is.
    ("groups/candidates", &[Permission::AccountsView]),
    ("groups/create", &[Permission::GroupsManage]),
    ("groups/delete", &[Permission::GroupsManage]),
    ("groups/deletion", &[Permission::GroupsManage]),
    ("groups/find", SEES_GROUPS),
    ("groups/get", SEES_GROUPS),
    ("groups/list", SEES_GROUPS),
    ("groups/members", SEES_GROUPS),
    ("groups/remove-members", &[Permission::GroupsManage]),
    ("groups/set-ends", &[Permission::GroupsManage]),
    ("groups/update", &[Permission::GroupsManage]),
    ("invitations/list", &[Permission::InvitesCreate, Permission::InvitesManageAll]),
    ("invitations/mailing", &[Permission::InvitesManageAll]),
    ("invitations/mailings", &[Permission::InvitesCreate, Permission::InvitesManageAll]),
    ("invitations/revoke", &[Permission::InvitesManageAll]),
    ("invites/allowance", &[Permission::InvitesCreate]),
    ("invites/browse", &[Permission::InvitesView]),
    ("invites/change-all", &[Permission::InvitesView]),
    ("invites/count-changes", &[Permission::InvitesView]),
    ("invites/create", &[Permission::InvitesCreate]),
    ("invites/delete", &[Permission::InvitesManageAll]),
    ("invites/extend", &[Permission::InvitesManageAll]),
    ("invites/get", &[Permission::InvitesView]),
    ("invites/list", &[Permission::InvitesView]),
    ("invites/own", &[Permission::InvitesCreate]),
    ("invites/pause", &[Permission::InvitesManageAll]),
    ("invites/resume", &[Permission::InvitesManageAll]),
    ("invites/update", &[Permission::InvitesManageAll]),
    ("keys/create", &[Permission::ApiKeysCreate]),
    ("mail/configure", &[Permission::AdminsManage]),
    ("mail/get", &[Permission::SettingsView]),
    ("mail/list", &[Permission::SettingsView]),
    ("mail/resend", &[Permission::SettingsChange]),
    ("mail/test", &[Permission::SettingsChange]),
    ("mail/turn-off", &[Permission::AdminsManage]),
    ("mail/view", &[Permission::SettingsView]),
    ("overview/get", &[Permission::RedemptionsView]),
    ("redemptions/count", &[Permission::RedemptionsView]),
    ("redemptions/invites", &[Permission::InvitesView]),
    ("redemptions/list", &[Permission::RedemptionsView]),
    ("requests/list", &[Permission::InvitesManageAll]),
    ("scim/compare", &[Permission::ApplicationsManage]),
    ("scim/deliveries", &[Permission::ApplicationsManage]),
    ("scim/retry", &[Permission::ApplicationsManage]),
    ("scim/state", &[Permission::ApplicationsManage]),
    ("scim/synchronise", &[Permission::ApplicationsManage]),
    ("settings/get", &[Permission::SettingsView]),
    ("settings/reopen", &[Permission::SettingsChange]),
    ("settings/update", &[Permission::SettingsChange]),
    ("terms/create", &[Permission::SettingsChange]),
    ("terms/delete", &[Permission::SettingsChange]),
    ("terms/list", &[Permission::SettingsView]),
    ("terms/open", &[Permission::SettingsView]),
    ("terms/update", &[Permission::SettingsChange]),
    ("webhooks/create", &[Permission::WebhooksManage]),
    ("webhooks/delete", &[Permission::WebhooksManage]),
    ("webhooks/deliveries", &[Permission::WebhooksManage]),
    ("webhooks/get", &[Permission::WebhooksManage]),
    ("webhooks/list", &[Permission::WebhooksManage]),
    ("webhooks/pause", &[Permission::WebhooksManage]),
    ("webhooks/ping", &[Permission::WebhooksManage]),
    ("webhooks/resume", &[Permission::WebhooksManage]),
    ("webhooks/retry", &[Permission::WebhooksManage]),
    ("webhooks/rotate-secret", &[Permission::WebhooksManage]),
    ("webhooks/update", &[Permission::WebhooksManage]),
];

/// Server functions that every signed-in user may call, for their own data; with the status for a member who names an
/// object of another account.
const OWN_FUNCTIONS: [(&str, u16); 21] = [
    // For owners alone.
    ("accounts/transfer-ownership", 403),
    // Besides reading the list of mails it needs what its link needs.
    ("mail/link", 403),
    ("groups/choices", 200),
    ("invitations/mail-is-on", 200),
    ("invites/applications", 200),
    // A member without the permission to invite.
    ("invites/guests", 403),
    ("invites/preview", 200),
    ("keys/list", 200),
    ("keys/revoke", 404),
    ("me/answers", 200),
    ("me/cancel-email-change", 200),
    ("me/change-login", 200),
    ("me/change-password", 200),
    ("me/home", 200),
    ("me/rename", 200),
    ("me/viewer", 200),
    ("requests/newest", 200),
    ("sessions/list", 200),
    ("sessions/revoke", 404),
    ("sessions/revoke-others", 200),
    // It knows nothing but what is sent.
    ("terms/preview", 200),
];

/// An installation with an invite of the owner, and objects to act on.
struct Fixture {
    app: TestApp,
    owner: Person,
    invite: Value,
    group: Value,
    application: Value,
    webhook: Value,
    /// The id of a delivery that was given up.
    delivery: String,
    /// The same, of one to the application.
    scim_delivery: String,
    /// The id of a mail that was given up.
    mail: String,
    /// The same of one with a link that resets a password, of an account with fewer permissions.
    reset_mail: String,
    somebody: Person,
    /// Invites whose groups members may join, and may ask to be added to.
    joinable: Value,
    askable: Value,
    /// The id of a request of `somebody`.
    request: String,
    /// The id of a request for a new link.
    invite_request: String,
    /// The ids of a mailing and of its invitation.
    mailing: String,
    invitation: String,
    /// A flow that nothing uses, and the id of the default flow, which stays the default.
    flow: Value,
    default_flow: String,
    /// Terms that no flow asks for.
    terms: Value,
}

/// The id of the default flow, and another flow.
async fn flows(app: &TestApp, key: &str) -> (String, Value) {
    let flows = app.get("/api/v1/admin/flows").bearer(key).send().await.expect(200).json();
    let default_flow = flows["items"][0]["id"].as_str().unwrap().to_owned();
    let draft = json!({ "flow": { "name": "Course" } });
    let flow = app.post("/api/v1/admin/flows").bearer(key).json(&draft).send().await.expect(201).json();
    (default_flow, flow)
}

impl Fixture {
    async fn create() -> Self {
        let app = TestApp::sqlite().await;
        let owner = app.person("ines", Role::Owner).await;
        let key = app.key_of(&owner).await;
        let invite = app.invite(&key, &json!({ "label": "Course", "expires_in_hours": 24 })).await;
        let draft = json!({ "name": "Course" });
        let group = app.post("/api/v1/admin/groups").bearer(&key).json(&draft).send().await.expect(201).json();
        let (default_flow, flow) = flows(&app, &key).await;
        let draft = json!({ "name": "Course", "text": "Be there." });
        let terms = app.post("/api/v1/admin/terms").bearer(&key).json(&draft).send().await.expect(201).json();
        let scim = ScimService::start().await.draft();
        let oidc = json!({ "redirect_uris": ["https://chat.example.org/cb"] });
        let draft = json!({ "name": "Forum", "oidc": oidc, "scim": scim });
        let application = app.post("/api/v1/admin/applications").bearer(&key).json(&draft).send().await;
        let application = application.expect(201).json();
        let draft = json!({ "name": "Chat", "url": "https://chat.example.org/hook" });
        let webhook = app.post("/api/v1/admin/webhooks").bearer(&key).json(&draft).send().await.expect(201).json();
        let path = format!("/api/v1/admin/webhooks/{}", webhook["id"].as_str().unwrap());
        app.post(&format!("{path}/ping")).bearer(&key).send().await.expect(204);
        let settings = app.call("PUT", "/api/v1/admin/mail/settings").bearer(&key).json(&mail_settings());
        settings.send().await.expect(200);
        let mail = app.post("/api/v1/admin/mail/test").bearer(&key).send().await.expect(202).json();
        let mail = mail["id"].as_str().unwrap().to_owned();
        app.database.execute("UPDATE outbox SET attempts = 12, dead_at = created_at").await;
        let deliveries = app.get(&format!("{path}/deliveries")).bearer(&key).send().await.expect(200).json();
        let delivery = deliveries["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/admin/applications/{}/scim/deliveries", application["id"].as_str().unwrap());
        let deliveries = app.get(&path).bearer(&key).send().await.expect(200).json();
        let scim_delivery = deliveries["items"][0]["id"].as_str().unwrap().to_owned();
        let somebody = app.person("somebody", Role::User).await;
        app.post("/forgot").form(&[("login", "somebody")]).send().await.expect(303);
        let reset_mail = async || {
            let mails = app.get("/api/v1/admin/mails").bearer(&key).send().await.expect(200).json();
            let found =
                mails["items"].as_array().unwrap().iter().find(|mail| mail["kind"] == "password_reset").cloned();
            found.map(|mail| mail["id"].as_str().unwrap().to_owned())
        };
        until("the link is queued", async || reset_mail().await.is_some()).await;
        let reset_mail = reset_mail().await.unwrap();
        app.database
            .execute("UPDATE outbox SET attempts = 12, dead_at = created_at WHERE event = 'password_reset'")
            .await;
        let application_path = format!("applications/{}", application["id"].as_str().unwrap());
        for of in [format!("accounts/{}", somebody.id), application_path] {
            let path = format!("/api/v1/admin/{of}/picture");
            app.call("PUT", &path).bearer(&key).body("image/png", picture(ImageFormat::Png)).send().await.expect(204);
        }
        let groups = async |name: &str| {
            let group = app.post("/api/v1/admin/groups").bearer(&key).json(&json!({ "name": name })).send().await;
            vec![group.expect(201).json()["id"].clone()]
        };
        let joinable = app.invite(&key, &json!({ "groups": groups("Weavers").await })).await;
        let closed = json!({ "groups": groups("Smiths").await, "existing_members": false });
        let askable = app.invite(&key, &closed).await;
        let ask = format!("/api/v1/invites/{}/ask", askable["code"].as_str().unwrap());
        app.post(&ask).bearer(&app.key_of(&somebody).await).send().await.expect(204);
        let requests = format!("/api/v1/admin/invites/{}/join-requests", askable["id"].as_str().unwrap());
        let requests = app.get(&requests).bearer(&key).send().await.expect(200).json();
        let request = requests["items"][0]["id"].as_str().unwrap().to_owned();
        let over = app.invite(&key, &json!({})).await;
        let pause = format!("/api/v1/admin/invites/{}/pause", over["id"].as_str().unwrap());
        app.post(&pause).bearer(&key).send().await.expect(200);
        let asked = [("code", over["code"].as_str().unwrap()), ("email", "mateo@postbox.example")];
        app.post("/signup/ask").form(&asked).send().await.expect(303);
        let first_request = async || {
            let requests = app.get("/api/v1/admin/invite-requests").bearer(&key).send().await.expect(200).json();
            requests["items"][0]["id"].as_str().map(str::to_owned)
        };
        until("the request is stored", async || first_request().await.is_some()).await;
        let invite_request = first_request().await.unwrap();
        let new = json!({ "terms": {}, "recipients": [{ "email": "guest@example.org" }] });
        let sent = app.post("/api/v1/admin/invitations").bearer(&key).json(&new).send().await.expect(201).json();
        let mailing = sent["id"].as_str().unwrap().to_owned();
        let sent = app.get("/api/v1/admin/invitations").bearer(&key).send().await.expect(200).json();
        let invitation = sent["items"][0]["id"].as_str().unwrap().to_owned();
        Self {
            app,
            owner,
            invite,
            group,
            application,
            webhook,
            delivery,
            scim_delivery,
            mail,
            reset_mail,
            somebody,
            joinable,
            askable,
            request,
            invite_request,
            mailing,
            invitation,
            flow,
            default_flow,
            terms,
        }
    }

    /// Before a call: `somebody` is pending approval if it is a decision, unverified if a link is sent again, both of which are
    /// about nobody else, and active otherwise;
    /// and the request for a new link waits for an answer. The invitation was sent.
    async fn await_decision(&self, call: &str) {
        let open = "UPDATE invite_requests SET decided_at = NULL, decided_by = NULL, granted_invite_id = NULL";
        self.app.database.execute(open).await;
        let invitation = "UPDATE invitations SET prepared_at = 1, sent_at = 1, failed_at = NULL, revoked_at = NULL,
            resent_at = NULL, resends_since = NULL";
        self.app.database.execute(invitation).await;
        let is_decision = matches!(call, "approve_account" | "decline_account" | "accounts/decide");
        let approved_at = if is_decision { "NULL" } else { "created_at" };
        // Only to an account whose address is not verified a link is sent.
        let waits = matches!(call, "resend_activation" | "accounts/resend-activation");
        let activate_by = if waits { "created_at + 1000000000000" } else { "NULL" };
        let set = format!(
            "UPDATE accounts SET approved_at = {approved_at}, suspended_at = NULL, activate_by = {activate_by}"
        );
        self.app.database.execute(&format!("{set} WHERE username = 'somebody'")).await;
    }

    /// A member with these permissions, which a group grants.
    async fn with(&self, username: &str, permissions: Permissions) -> Person {
        let person = self.app.person(username, Role::User).await;
        self.grant(username, permissions).await;
        person
    }

    /// Puts a member into a group that grants these permissions.
    async fn grant(&self, username: &str, permissions: Permissions) {
        let names = to_names(permissions);
        let group = format!(
            "INSERT INTO groups (id, name, name_folded, permissions, created_at, updated_at)
             VALUES (randomblob(16), '{username}', '{username}', '{names}', 0, 0);
             INSERT INTO memberships (group_id, account_id, is_manager, created_at)
             SELECT groups.id, accounts.id, 0, 0 FROM groups, accounts
             WHERE groups.name = '{username}' AND accounts.username = '{username}'"
        );
        self.app.database.execute(&group).await;
    }

    /// A member with every permission but those of which a call needs one, and one member for each with nothing else.
    async fn without_and_with_only(&self, needs: Needs, part: usize) -> (Person, Vec<(Permission, Person)>) {
        let names = needs.iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join("-");
        let name = |kind: &str, number: usize| {
            let short: String =
                names.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())).to_string();
            format!("{kind}{part}{number}.{short}")
        };
        let without = grantable() - needs.iter().copied().collect::<Permissions>();
        let without = self.with(&name("no", 0), without).await;
        let mut only = Vec::new();
        for (number, permission) in needs.iter().enumerate() {
            only.push((*permission, self.with(&name("only", number), (*permission).into()).await));
        }
        (without, only)
    }

    /// The id in the path of an operation.
    fn id_in(&self, path: &str) -> String {
        let id = if path.ends_with("/make-default") {
            return self.default_flow.clone();
        } else if path.contains("/flows/{") {
            &self.flow["id"]
        } else if path.contains("/terms/{") {
            &self.terms["id"]
        } else if path.contains("/applications/{") {
            &self.application["id"]
        } else if path.contains("/webhooks/{") {
            &self.webhook["id"]
        } else if path.contains("/webhook-deliveries/{") {
            return self.delivery.clone();
        } else if path.contains("/scim-deliveries/{") {
            return self.scim_delivery.clone();
        } else if path.ends_with("/link") && path.contains("/mails/{") {
            return self.reset_mail.clone();
        } else if path.contains("/mails/{") {
            return self.mail.clone();
        } else if path.contains("/groups/{") {
            &self.group["id"]
        } else if path.contains("/accounts/{") {
            return self.somebody.id.to_string();
        } else if path.contains("/invitations/{") {
            return self.invitation.clone();
        } else if path.contains("/mailings/{") {
            return self.mailing.clone();
        } else if path.contains("/invite-requests/{") {
            return self.invite_request.clone();
        } else if path.contains("/join-requests/{") {
            return self.request.clone();
        } else if path.ends_with("/join") {
            &self.joinable["code"]
        } else if path.ends_with("/ask") {
            &self.askable["code"]
        } else if path.contains("{code}") {
            &self.invite["code"]
        } else {
            &self.invite["id"]
        };
        id.as_str().unwrap().to_owned()
    }
}

/// The calls of a table by what they need. What deletes comes in the second part, so that the others find their object.
fn by_needs<'a>(table: &[(&'a str, Needs)]) -> Vec<(usize, Needs, Vec<&'a str>)> {
    let mut parts = BTreeMap::new();
    for (call, needs) in table {
        // Accounts and applications last: they have a picture to delete.
        let is_last = ["delete_account", "accounts/delete", "delete_application"].contains(call);
        let deletes = call.contains("delete") || *call == "mail/turn-off";
        let part = usize::from(deletes) + usize::from(is_last);
        parts.entry((part, *needs)).or_insert_with(Vec::new).push(*call);
    }
    parts.into_iter().map(|((part, needs), calls)| (part, needs, calls)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rest_operation_needs_its_permission_and_no_other() {
    let fixture = Fixture::create().await;
    let document = serde_json::to_value(server::api::openapi()).unwrap();
    let operations = operations(&document);
    let known: BTreeSet<&str> = OPERATIONS
        .into_iter()
        .chain(OWN_OPERATIONS)
        .chain(OPERATIONS_OF_SEVERAL)
        .map(|(id, _)| id)
        .chain(PUBLIC_OPERATIONS)
        .chain(OPERATIONS_OF_EVERYBODY)
        .collect();
    let found: BTreeSet<&str> = operations.iter().map(|(.., about)| about["operationId"].as_str().unwrap()).collect();
    assert_eq!(found, known, "every operation is in exactly one table");

    let call = async |wanted: &str, key: Option<&str>, cookie: Option<&str>| {
        let (path, method, about) =
            operations.iter().find(|(.., about)| about["operationId"].as_str() == Some(wanted)).unwrap();
        let mut call = fixture.app.call(method, &fill(path, &fixture.id_in(path)));
        if let Some(key) = key {
            call = call.bearer(key);
        }
        if let Some(cookie) = cookie {
            call = call.cookie(cookie);
        }
        if wanted == "sign_up" {
            call = call.json(&sign_up(&fixture.invite["code"], "mateo"));
        } else if wanted == "create_invite" {
            call = call.json(&json!({ "max_uses": 1 }));
        } else if wanted == "send_invitations" {
            let two = json!([{ "email": "a@example.org" }, { "email": "b@example.org" }]);
            call = call.json(&json!({ "terms": {}, "recipients": two }));
        } else if about["requestBody"].is_object() {
            call = with_body(call, &document, about);
        }
        call.send().await
    };
    for (.., about) in &operations {
        let id = about["operationId"].as_str().unwrap();
        let is_public = PUBLIC_OPERATIONS.contains(&id);
        assert_eq!(about["security"].to_string().contains("bearer"), !is_public, "{id}");
        if is_public {
            assert!(call(id, None, None).await.status.is_success(), "{id} is for everyone");
        } else {
            call(id, None, None).await.problem(401, "unauthenticated");
        }
    }
    // First: others cancel the mail whose link is copied.
    for (at, (id, needs)) in OPERATIONS_OF_SEVERAL.into_iter().enumerate() {
        for (number, lacking) in needs.iter().enumerate() {
            let permissions = grantable() - Permissions::from(*lacking);
            let without = fixture.with(&format!("lacking{at}-{number}"), permissions).await;
            fixture.await_decision(id).await;
            call(id, Some(&fixture.app.key_of(&without).await), None).await.problem(403, "forbidden");
        }
        let with = fixture.with(&format!("several{at}"), needs.iter().copied().collect()).await;
        fixture.await_decision(id).await;
        let allowed = call(id, Some(&fixture.app.key_of(&with).await), None).await;
        assert!(allowed.status.is_success(), "{id}: {}", allowed.text());
    }
    let member = fixture.app.person("member", Role::User).await;
    let (cookie, full) = (fixture.app.cookie_of(&member).await, fixture.app.key_of(&member).await);
    let reading = fixture.app.scoped_key_of(&member, KeyScope::READ).await;
    for id in OPERATIONS_OF_EVERYBODY {
        call(id, None, Some(&cookie)).await.problem(401, "unauthenticated");
        call(id, Some(&reading), None).await.problem(403, "forbidden");
        assert!(call(id, Some(&full), None).await.status.is_success(), "{id} is for every account");
    }
    for (part, needs, ids) in by_needs(&OPERATIONS) {
        let (without, only) = fixture.without_and_with_only(needs, part).await;
        let without = fixture.app.key_of(&without).await;
        for id in &ids {
            call(id, Some(&without), None).await.problem(403, "forbidden");
        }
        for (permission, person) in only {
            let (key, cookie) = (fixture.app.key_of(&person).await, fixture.app.cookie_of(&person).await);
            for id in &ids {
                // A session cookie is not an API key.
                call(id, None, Some(&cookie)).await.problem(401, "unauthenticated");
                fixture.await_decision(id).await;
                let allowed = call(id, Some(&key), None).await;
                assert!(allowed.status.is_success(), "{id} with {permission}: {}", allowed.text());
            }
        }
    }
    for (part, needs, ids) in by_needs(&OWN_OPERATIONS) {
        let (without, only) = fixture.without_and_with_only(needs, part + 10).await;
        let without = fixture.app.key_of(&without).await;
        for id in &ids {
            call(id, Some(&without), None).await.problem(403, "forbidden");
            for (_, person) in &only {
                call(id, Some(&fixture.app.key_of(person).await), None).await.problem(404, "not_found");
            }
        }
    }
    fixture.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_has_the_permissions_of_its_account_that_its_scope_includes() {
    let fixture = Fixture::create().await;
    let list = async |key: &str| fixture.app.get("/api/v1/admin/invites").bearer(key).send().await;
    let only = KeyScope::Only(Permission::InvitesView.into());
    let staff = fixture.with("staff", Permission::InvitesView | Permission::RedemptionsView).await;
    let member = fixture.app.person("member", Role::User).await;
    list(&fixture.app.scoped_key_of(&staff, only).await).await.expect(200);
    list(&fixture.app.scoped_key_of(&member, only).await).await.problem(403, "forbidden");
    let other = fixture.app.scoped_key_of(&staff, KeyScope::Only(Permission::RedemptionsView.into())).await;
    list(&other).await.problem(403, "forbidden");
    // What the account gets or loses later counts with the next request.
    let key = fixture.app.scoped_key_of(&member, only).await;
    fixture.grant("member", Permission::InvitesView.into()).await;
    list(&key).await.expect(200);
    fixture.app.database.execute("DELETE FROM memberships").await;
    list(&key).await.problem(403, "forbidden");
    fixture.app.close().await;
}

/// The call with the example of its body, or with a picture.
fn with_body<'a>(call: Call<'a>, document: &Value, about: &Value) -> Call<'a> {
    let content = &about["requestBody"]["content"];
    if content["image/png"].is_object() {
        return call.body("image/png", picture(ImageFormat::Png));
    }
    if content["application/yaml"].is_object() {
        return call.body("application/yaml", "name: Imported\n");
    }
    let schema = content["application/json"]["schema"]["$ref"].as_str().unwrap();
    call.json(&document.pointer(schema.strip_prefix('#').unwrap()).unwrap()["example"])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_may_call_every_operation() {
    let fixture = Fixture::create().await;
    let key = fixture.app.key_of(&fixture.owner).await;
    let document = serde_json::to_value(server::api::openapi()).unwrap();
    for (path, method, about) in operations(&document) {
        let id = about["operationId"].as_str().unwrap();
        if id.starts_with("delete_") || PUBLIC_OPERATIONS.contains(&id) {
            continue;
        }
        let mut call = fixture.app.call(&method, &fill(&path, &fixture.id_in(&path))).bearer(&key);
        if about["requestBody"].is_object() {
            call = with_body(call, &document, &about);
        }
        fixture.await_decision(id).await;
        let answer = call.send().await;
        assert!(answer.status.is_success(), "{id}: {}", answer.text());
    }
    fixture.app.close().await;
}

/// Settings of mail for a server that is not there: nothing is sent in these tests.
fn mail_settings() -> Value {
    json!({ "host": "smtp.example.org", "from": "join@example.org" })
}

/// Arguments of a server function that are valid except for the permission.
fn arguments(function: &str, fixture: &Fixture) -> Value {
    let (invite, group, account) = (&fixture.invite["id"], &fixture.group["id"], json!(fixture.somebody.id));
    match function {
        "applications/create" => json!({ "draft": { "name": "Wiki" } }),
        "applications/delete"
        | "applications/get"
        | "applications/rotate-secret"
        | "scim/compare"
        | "scim/state"
        | "scim/synchronise" => json!({ "id": fixture.application["id"] }),
        "scim/deliveries" => json!({ "id": fixture.application["id"], "query": {} }),
        "scim/retry" => json!({ "id": fixture.scim_delivery }),
        "applications/update" => json!({ "id": fixture.application["id"], "draft": {} }),
        "webhooks/create" => json!({ "draft": { "name": "Bot", "url": "https://bot.example.org/hook" } }),
        "webhooks/delete"
        | "webhooks/get"
        | "webhooks/pause"
        | "webhooks/ping"
        | "webhooks/resume"
        | "webhooks/rotate-secret" => json!({ "id": fixture.webhook["id"] }),
        "webhooks/update" => json!({ "id": fixture.webhook["id"], "draft": {} }),
        "webhooks/deliveries" => json!({ "id": fixture.webhook["id"], "query": {} }),
        "webhooks/retry" => json!({ "id": fixture.delivery }),
        "invites/browse" | "accounts/browse" | "accounts/list" | "audit/list" | "applications/list" | "groups/list"
        | "invites/list" | "mail/list" | "redemptions/list" | "webhooks/list" => {
            json!({ "query": {} })
        }
        "mail/configure" => json!({ "draft": mail_settings() }),
        "mail/get" | "mail/link" | "mail/resend" => json!({ "id": fixture.mail }),
        "groups/find" => json!({ "q": "course", "limit": 5 }),
        "groups/choices" => json!({ "q": "" }),
        "groups/candidates" => json!({ "id": group, "q": "somebody" }),
        "groups/create" => json!({ "draft": { "name": "Potters" } }),
        "groups/get" | "groups/deletion" | "groups/delete" => json!({ "id": group }),
        "groups/update" => json!({ "id": group, "draft": {} }),
        "groups/members" => json!({ "id": group, "query": {} }),
        "groups/add-members" | "groups/remove-members" => json!({ "id": group, "draft": { "accounts": ["somebody"] } }),
        "accounts/decide" => json!({ "id": account, "decision": "decline", "note": "Sorry" }),
        "accounts/undo-decision" => json!({ "id": account, "decision": "decline" }),
        "groups/set-ends" => json!({ "id": group, "draft": { "accounts": ["somebody"], "ends_at": null } }),
        "accounts/set-ends" => json!({ "draft": { "accounts": [account], "ends_at": null } }),
        "accounts/decide-all" => json!({ "draft": { "accounts": [account], "decision": "approve" } }),
        "accounts/delete"
        | "accounts/get"
        | "accounts/make-reset-link"
        | "accounts/mark-verified"
        | "accounts/resend-activation"
        | "accounts/restore"
        | "accounts/suspend"
        | "keys/revoke"
        | "sessions/revoke" => json!({ "id": account }),
        "flows/import" => json!({ "text": "name: Imported", "dry_run": true }),
        "flows/save" => {
            json!({ "id": fixture.flow["id"], "typed": [["name", "Saved"]], "edited_version": null, "start_again": false })
        }
        "flows/open" | "flows/delete" => json!({ "id": fixture.flow["id"] }),
        "flows/make-default" => json!({ "id": fixture.default_flow }),
        "terms/create" => json!({ "draft": { "name": "Evening rules", "text": "Be kind." } }),
        "terms/update" => json!({ "id": fixture.terms["id"], "draft": {} }),
        "terms/open" | "terms/delete" => json!({ "id": fixture.terms["id"] }),
        "terms/preview" => json!({ "text": "**Be kind.**" }),
        "invitations/list" => json!({ "query": {} }),
        "invitations/mailing" => json!({ "id": fixture.mailing }),
        "invitations/resend-all" => json!({ "mailing": fixture.mailing }),
        "invitations/resend" => json!({ "id": fixture.invitation, "fresh": false }),
        "invitations/revoke" => json!({ "id": fixture.invitation }),
        "invitations/preview" | "invitations/send" => json!({ "draft": {
            "id": "0199f0a7-8a43-7d0e-9d6a-3f0e6c1b2a78", "mode": "own_links", "terms": {}, "text": "a@example.org\nb@example.org",
        } }),
        "invites/change-all" => json!({ "draft": { "action": "pause", "ids": [invite] } }),
        "invites/count-changes" => json!({ "draft": { "action": "delete", "matching": {} } }),
        "invites/preview" => json!({ "welcome_text": "**Hello**" }),
        "invites/create" => json!({ "draft": { "max_uses": 1 } }),
        "accounts/create" => {
            json!({ "draft": { "email": "new@example.org", "username": "new", "password": PASSWORD } })
        }
        "accounts/update" => json!({ "id": account, "draft": {} }),
        "accounts/transfer-ownership" => json!({ "id": account, "password": PASSWORD }),
        "settings/update" => json!({ "draft": {} }),
        "invitations/mailings" | "invites/own" => json!({ "paging": {} }),
        "invites/guests" => json!({ "id": invite, "paging": {} }),
        "invites/delete" | "invites/get" | "invites/pause" | "invites/resume" => json!({ "id": invite }),
        "invites/extend" => json!({ "id": invite, "expires_at": "2099-01-01T00:00:00Z" }),
        "invites/update" => json!({ "id": invite, "draft": { "label": "Course", "max_uses": null } }),
        "keys/create" => json!({ "name": "Backup", "scope": "full", "lifetime": "Month" }),
        "me/change-login" => {
            json!({ "change": { "current": PASSWORD, "username": "renamed", "email": "renamed@example.org" } })
        }
        "me/change-password" => json!({ "change": { "current": PASSWORD, "new": "eleven dry umbrellas in Braga" } }),
        "me/rename" => json!({ "name": "Somebody" }),
        "redemptions/count" | "requests/list" => json!({ "invite": invite }),
        "redemptions/invites" => json!({ "chosen": invite }),
        _ => json!({}),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_needs_its_permission_and_no_other() {
    let fixture = Fixture::create().await;
    let known: BTreeSet<String> = FUNCTIONS
        .map(|(function, _)| function)
        .into_iter()
        .chain(FUNCTIONS_OF_SEVERAL.map(|(function, _)| function))
        .chain(OWN_FUNCTIONS.map(|(function, _)| function))
        .map(|function| format!("/_fn/{function}"))
        .collect();
    let registered: BTreeSet<String> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(registered, known, "every server function is in exactly one table");
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, "POST", "{path}: a link on another site could call a GET");
    }

    let call = |function: &str, cookie: Option<&str>| {
        let mut call = fixture.app.post(&format!("/_fn/{function}")).json(&arguments(function, &fixture));
        if let Some(cookie) = cookie {
            call = call.cookie(cookie);
        }
        call.send()
    };
    // First: others turn mail off.
    for (row, (function, needs)) in FUNCTIONS_OF_SEVERAL.into_iter().enumerate() {
        assert_eq!(call(function, None).await.expect(401).json()["code"], "unauthenticated", "{function}");
        for (number, lacking) in needs.iter().enumerate() {
            let permissions = grantable() - Permissions::from(*lacking);
            let without = fixture.with(&format!("lacking{row}{number}"), permissions).await;
            fixture.await_decision(function).await;
            let refused = call(function, Some(&fixture.app.cookie_of(&without).await)).await.expect(403).json();
            assert_eq!(refused["code"], "forbidden", "{function} without {lacking}");
        }
        let with = fixture.with(&format!("several{row}"), needs.iter().copied().collect()).await;
        fixture.await_decision(function).await;
        let allowed = call(function, Some(&fixture.app.cookie_of(&with).await)).await;
        assert!(allowed.status.is_success(), "{function}: {}", allowed.text());
    }
    for (part, needs, functions) in by_needs(&FUNCTIONS) {
        let (without, only) = fixture.without_and_with_only(needs, part).await;
        let without = fixture.app.cookie_of(&without).await;
        for function in &functions {
            let refused = call(function, None).await.expect(401).json();
            assert_eq!(refused["code"], "unauthenticated", "{function}");
            let refused = call(function, Some(&without)).await;
            assert_eq!(refused.status.as_u16(), 403, "{function} without {needs:?}: {}", refused.text());
            assert_eq!(refused.json()["code"], "forbidden", "{function}");
        }
        for (permission, person) in only {
            let cookie = fixture.app.cookie_of(&person).await;
            for function in &functions {
                fixture.await_decision(function).await;
                let allowed = call(function, Some(&cookie)).await;
                assert!(allowed.status.is_success(), "{function} with {permission}: {}", allowed.text());
            }
        }
    }
    for (function, status) in OWN_FUNCTIONS {
        assert_eq!(call(function, None).await.expect(401).json()["code"], "unauthenticated", "{function}");
        let member = fixture.app.person(&function.replace('/', "-"), Role::User).await;
        let cookie = fixture.app.cookie_of(&member).await;
        let answer = call(function, Some(&cookie)).await;
        assert_eq!(answer.status.as_u16(), status, "{function}: {}", answer.text());
    }
    fixture.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_pending_approval_has_no_permissions() {
    let fixture = Fixture::create().await;
    let pending = fixture.with("pending", grantable()).await;
    fixture.app.database.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'pending'").await;
    let cookie = fixture.app.cookie_of(&pending).await;
    for (function, _) in FUNCTIONS {
        let call = fixture.app.post(&format!("/_fn/{function}")).json(&arguments(function, &fixture)).cookie(&cookie);
        assert_eq!(call.send().await.status.as_u16(), 403, "{function}");
    }
    fixture.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_not_accepted_by_server_functions_and_pages() {
    let fixture = Fixture::create().await;
    let key = fixture.app.key_of(&fixture.owner).await;
    fixture.app.post("/_fn/invites/list").bearer(&key).json(&json!({ "query": {} })).send().await.expect(401);
    let page = fixture.app.get("/admin/invites").bearer(&key).send().await;
    assert_eq!(page.redirect(), "/login?next=%2Fadmin%2Finvites");
    fixture.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_redirect_unauthorised_visitors() {
    let fixture = Fixture::create().await;
    let invite = format!("/admin/invites/{}", fixture.invite["id"].as_str().unwrap());
    let somebody = format!("/admin/members/{}", fixture.somebody.id);
    let member = fixture.app.cookie_of(&fixture.somebody).await;
    for path in [
        "/admin",
        "/admin/invites",
        &invite,
        "/admin/redemptions",
        "/admin/members",
        "/admin/accounts",
        &somebody,
        "/admin/settings",
        "/admin/mail",
        "/admin/flows",
        "/admin/flows/new",
        "/admin/flows/import",
        "/admin/terms",
        "/admin/redemptions.csv",
        "/admin/members.csv",
        "/admin/audit",
        "/admin/audit.csv",
    ] {
        let visitor = fixture.app.get(path).send().await;
        assert!(visitor.redirect().starts_with("/login?next=%2Fadmin"), "{path}");
        assert_eq!(fixture.app.get(path).cookie(&member).send().await.redirect(), "/me", "{path}");
    }
    for path in ["/me", "/me/account", "/me/invites"] {
        assert!(fixture.app.get(path).send().await.redirect().starts_with("/login?next=%2Fme"), "{path}");
        let page = fixture.app.get(path).cookie(&member).send().await.expect(200);
        assert!(!page.text().contains(fixture.invite["code"].as_str().unwrap()), "{path}");
    }
    let owner = fixture.app.cookie_of(&fixture.owner).await;
    for path in [
        "/admin",
        "/admin/invites",
        &invite,
        "/admin/redemptions",
        "/admin/members",
        "/admin/accounts",
        &somebody,
        "/admin/settings",
        "/admin/mail",
        "/admin/flows",
        "/admin/flows/new",
        "/admin/flows/import",
        "/admin/terms",
        "/admin/audit",
    ] {
        fixture.app.get(path).cookie(&owner).send().await.expect(200);
    }
    fixture.app.close().await;
}
