//! The pages of the dashboard: their paths, and the permission that each needs.
//!
//! This is not access control: the use cases check permissions on every call.

use std::fmt::Display;

use domain::access::{Permission, Permissions};
use domain::ids::{AccountId, ApplicationId, FlowId, InviteId, TermsId};
use domain::pictures::{PictureOwner, PictureVersion};
use domain::viewer::Viewer;

use crate::url;

/// A page, and the pages below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its path.
    pub path: &'static str,
    /// The permission to open it; `None` for the viewer's own pages.
    pub needs: Option<Permission>,
}

/// The overview.
pub const OVERVIEW: Page = Page { path: "/admin", needs: Some(Permission::RedemptionsView) };
/// The list of invites.
pub const INVITES: Page = Page { path: "/admin/invites", needs: Some(Permission::InvitesView) };
/// The list of mailings, which bring invites to addresses. The list of invites leads there.
pub const INVITATIONS: Page = Page { path: "/admin/invitations", needs: Some(Permission::InvitesView) };
/// The list of redemptions.
pub const REDEMPTIONS: Page = Page { path: "/admin/redemptions", needs: Some(Permission::RedemptionsView) };
/// The list of members.
pub const MEMBERS: Page = Page { path: "/admin/members", needs: Some(Permission::AccountsView) };
/// The list of groups. Also for those who have no permission and manage a group: the server shows them that one.
pub const GROUPS: Page = Page { path: "/admin/groups", needs: None };
/// The list of applications.
pub const APPLICATIONS: Page = Page { path: "/admin/applications", needs: Some(Permission::ApplicationsManage) };
/// The list of webhooks.
pub const WEBHOOKS: Page = Page { path: "/admin/webhooks", needs: Some(Permission::WebhooksManage) };
/// The audit log.
pub const AUDIT: Page = Page { path: "/admin/audit", needs: Some(Permission::AuditView) };
/// The settings.
pub const SETTINGS: Page = Page { path: "/admin/settings", needs: Some(Permission::SettingsView) };
/// The mail server and its messages. The settings lead there.
pub const MAIL: Page = Page { path: "/admin/mail", needs: Some(Permission::SettingsView) };
/// The list of flows of the sign-up page. The settings lead there.
pub const FLOWS: Page = Page { path: "/admin/flows", needs: Some(Permission::SettingsView) };
/// The list of terms that people accept. The list of flows leads there.
pub const TERMS: Page = Page { path: "/admin/terms", needs: Some(Permission::SettingsView) };
/// The page on which a flow is created.
pub const NEW_FLOW: &str = "/admin/flows/new";
/// The page on which a flow is imported.
pub const IMPORT_FLOW: &str = "/admin/flows/import";
/// The page on which invitations are sent.
pub const NEW_INVITATIONS: &str = "/admin/invitations/new";
/// The member's start page.
pub const HOME: Page = Page { path: "/me", needs: None };
/// The viewer's own invites. For those who may invite; others are told that they may not.
pub const OWN_INVITES: Page = Page { path: "/me/invites", needs: None };
/// The viewer's account.
pub const ACCOUNT: Page = Page { path: "/me/account", needs: None };

/// The page of a member.
#[must_use]
pub fn member(id: AccountId) -> String {
    format!("{}/{id}", MEMBERS.path)
}

/// The page of an invite.
#[must_use]
pub fn invite(id: InviteId) -> String {
    format!("{}/{id}", INVITES.path)
}

/// The page on which invitations are sent; `invite` is chosen there, if there is one.
#[must_use]
pub fn new_invitations(invite: Option<InviteId>) -> String {
    url::with_query(NEW_INVITATIONS, &[("invite", invite.map(|id| id.to_string()))])
}

/// The page of a flow.
#[must_use]
pub fn flow(id: FlowId) -> String {
    format!("{}/{id}", FLOWS.path)
}

/// The page of terms.
#[must_use]
pub fn terms(id: TermsId) -> String {
    format!("{}/{id}", TERMS.path)
}

/// The page of an application.
#[must_use]
pub fn application(id: ApplicationId) -> String {
    format!("{}/{id}", APPLICATIONS.path)
}

/// The audit log of the thing with this id.
#[must_use]
pub fn audit_of(id: impl Display) -> String {
    format!("{}?subject={id}", AUDIT.path)
}

/// The picture that an account or an application has since `version`.
#[must_use]
pub fn picture(of: PictureOwner, version: PictureVersion) -> String {
    format!("/pictures/{}/{version}", of.id())
}

/// Where the viewer's own picture is sent to.
pub const OWN_PICTURE: &str = "/me/picture";

/// Where the editor of flows sends a flow to be shown as a sign-up page.
pub const FLOW_PREVIEW: &str = "/admin/flows/preview";

/// Where staff send the picture of a member or an application to.
#[must_use]
pub fn picture_of(owner: PictureOwner) -> String {
    let page = match owner {
        PictureOwner::Account(id) => member(id),
        PictureOwner::Application(id) => application(id),
    };
    format!("{page}/picture")
}

/// The pages of staff, in the order of the navigation.
pub const STAFF: [Page; 8] = [OVERVIEW, INVITES, REDEMPTIONS, MEMBERS, APPLICATIONS, WEBHOOKS, AUDIT, SETTINGS];

impl Page {
    /// Whether an account with these permissions may open it.
    #[must_use]
    pub fn is_open_to(self, permissions: Permissions) -> bool {
        self.needs.is_none_or(|needs| permissions.contains(needs))
    }
}

/// Whether the viewer may invite people by e-mail: several at once with another permission, which the server asks for.
#[must_use]
pub fn invites_by_mail(viewer: &Viewer) -> bool {
    viewer.may(Permission::InvitesCreate) && INVITATIONS.is_open_to(viewer.permissions)
}

/// Whether the viewer sees invitations that were sent by e-mail: their own, or those of everyone.
#[must_use]
pub fn sees_invitations(viewer: &Viewer) -> bool {
    (viewer.may(Permission::InvitesCreate) || viewer.may(Permission::InvitesManageAll))
        && INVITATIONS.is_open_to(viewer.permissions)
}

/// Whether a page is offered to the viewer.
#[must_use]
pub fn is_offered(page: Page, viewer: &Viewer) -> bool {
    match page {
        GROUPS => viewer.sees_groups(),
        OWN_INVITES => viewer.is_led_to_own_invites(),
        page if page == INVITATIONS => sees_invitations(viewer),
        page => page.is_open_to(viewer.permissions),
    }
}

/// The page on which an account with these permissions starts.
#[must_use]
pub fn start(permissions: Permissions) -> Page {
    STAFF.into_iter().find(|page| page.is_open_to(permissions)).unwrap_or(HOME)
}

/// Whether a page below `/admin` may be opened. One that does not exist may by all staff.
#[must_use]
pub fn may_open(path: &str, permissions: Permissions) -> bool {
    let path = path.trim_end_matches('/');
    let is_of = |page: &Page| match path.strip_prefix(page.path) {
        Some("") => true,
        // The overview has no pages below it: they are the others.
        Some(rest) => page.path != OVERVIEW.path && rest.starts_with(['/', '.']),
        None => false,
    };
    match STAFF.iter().chain([&GROUPS, &MAIL, &INVITATIONS, &FLOWS, &TERMS]).find(|page| is_of(page)) {
        Some(page) => page.is_open_to(permissions),
        None => start(permissions) != HOME,
    }
}

#[cfg(test)]
mod tests {
    use domain::access::RolePermissions;
    use domain::accounts::Role;

    use super::*;

    #[test]
    fn staff_start_in_the_dashboard() {
        let roles = RolePermissions::default();
        assert_eq!(Role::ALL.map(|role| start(roles.of(role)).path), ["/me", "/admin", "/admin", "/admin"]);
        assert_eq!(start(Permission::SettingsView.into()), SETTINGS);
    }

    #[test]
    fn staff_are_those_who_may_open_a_page_of_staff() {
        assert_eq!(STAFF.iter().filter_map(|page| page.needs).collect::<Permissions>(), domain::access::STAFF);
    }

    #[test]
    fn a_page_opens_with_its_permission_alone() {
        let may = |path, permission: Permission| may_open(path, permission.into());
        assert!(may("/admin/invites", Permission::InvitesView));
        assert!(may("/admin/invites/018f", Permission::InvitesView));
        assert!(may("/admin/invitations/new", Permission::InvitesView));
        assert!(!may("/admin/invitations/new", Permission::RedemptionsView));
        assert!(may("/admin/redemptions.csv", Permission::RedemptionsView));
        assert!(may("/admin/audit.csv", Permission::AuditView));
        assert!(may("/admin/", Permission::RedemptionsView));
        assert!(may_open("/admin/groups/018f", Permissions::empty()));
        assert!(!may("/admin", Permission::InvitesView));
        assert!(!may("/admin/invites", Permission::RedemptionsView));
        assert!(!may("/admin/settings", Permission::AccountsView));
        assert!(may("/admin/mail", Permission::SettingsView));
        assert!(!may("/admin/mail", Permission::AccountsView));
        assert!(may("/admin/flows/new", Permission::SettingsView));
        assert!(!may("/admin/flows/import", Permission::InvitesView));
        assert!(!may("/admin/terms", Permission::InvitesView));
        assert!(may("/admin/nothing", Permission::AccountsView), "it is not found");
        assert!(!may_open("/admin/nothing", Permissions::empty()));
    }
}
