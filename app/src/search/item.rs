//! Results, and what choosing one does.

use std::sync::Arc;

use domain::accounts::AccountRow;
use domain::groups::GroupRef;
use domain::invites::{Invite, InviteStatus};
use domain::redemptions::Redemption;
use domain::text::{Label, isolated};
use domain::viewer::Viewer;

use super::recent::Recent;
use super::text;
use crate::ui::{IconName, url};
use crate::{accounts, invites, pages};

/// One result.
#[derive(Clone)]
pub(super) struct Item {
    pub icon: IconName,
    pub title: String,
    pub detail: Option<String>,
    /// What Enter does, in a word.
    pub verb: &'static str,
    pub does: Does,
}

/// What choosing a result does.
#[derive(Clone)]
pub(super) enum Does {
    /// Opens a page.
    Open {
        href: String,
        /// Its title among the recent ones; `None` for what is not kept there.
        recent: Option<String>,
    },
    /// Acts at once, or asks first.
    Run(Arc<dyn Fn() + Send + Sync>),
}

/// Results under a heading.
#[derive(Clone)]
pub(super) struct Group {
    pub title: &'static str,
    pub items: Vec<Item>,
}

impl Item {
    /// An act.
    pub fn act(icon: IconName, title: String, verb: &'static str, run: impl Fn() + Send + Sync + 'static) -> Self {
        Self { icon, title, detail: None, verb, does: Does::Run(Arc::new(run)) }
    }

    /// A page that was opened before.
    pub fn again(recent: Recent) -> Self {
        let Recent { href, title } = recent;
        let icon = match href.split(['/', '?']).nth(2) {
            Some("invites") => IconName::Invites,
            Some("members") => IconName::Members,
            Some("groups") => IconName::Groups,
            Some("redemptions") => IconName::Redemptions,
            Some("settings") => IconName::Settings,
            Some("account") => IconName::User,
            Some("docs") => IconName::Info,
            _ => IconName::Overview,
        };
        let does = Does::Open { href, recent: Some(title.clone()) };
        Self { icon, title, detail: None, verb: text::OPEN, does }
    }

    /// What tells it from the others.
    pub fn key(&self) -> &str {
        match &self.does {
            Does::Open { href, .. } => href,
            Does::Run(_) => &self.title,
        }
    }

    /// An invite. While registration is closed, none lets anyone in.
    pub fn invite(invite: &Invite, closed: bool) -> Self {
        let status = match invite.status {
            InviteStatus::Active if closed => text::ON_HOLD,
            status => status.title(),
        };
        let href = format!("/admin/invites/{}", invite.id);
        let recent = recent_title(invite.terms.label.as_ref());
        Self {
            icon: IconName::Invites,
            title: invite.title().to_owned(),
            detail: Some(text::invite(status, invite.used, invite.terms.max_uses)),
            verb: text::OPEN,
            does: Does::Open { href, recent: Some(recent) },
        }
    }

    /// A member.
    pub fn member(row: &AccountRow) -> Self {
        let account = &row.account;
        let title = account.display_name().to_owned();
        let href = format!("/admin/members/{}", account.id);
        Self {
            icon: IconName::User,
            detail: Some(text::member(account.username.as_str(), account.role.title(), account.status.title())),
            verb: text::OPEN,
            does: Does::Open { href, recent: Some(title.clone()) },
            title,
        }
    }

    /// A group.
    pub fn group(group: &GroupRef) -> Self {
        let title = group.name.to_string();
        let href = format!("{}/{}", pages::GROUPS.path, group.id);
        Self {
            icon: IconName::Groups,
            detail: None,
            verb: text::OPEN,
            does: Does::Open { href, recent: Some(title.clone()) },
            title,
        }
    }

    /// A redemption. It leads to those of the same invite.
    pub fn redemption(redemption: &Redemption) -> Self {
        let invite = isolated(redemption.invite.title());
        let title = redemption.account.display_name().to_owned();
        let href = format!("/admin/redemptions?invite={}", redemption.invite.id);
        let recent = text::redemptions_of(&isolated(&recent_title(redemption.invite.label.as_ref())));
        let does = Does::Open { href, recent: Some(recent) };
        let detail = Some(text::signed_up_with(&invite));
        Self { icon: IconName::Redemptions, title, detail, verb: text::OPEN, does }
    }
}

/// The title of an invite among the recent ones, which the browser keeps: one without a name is called by its code, which is
/// a secret.
fn recent_title(label: Option<&Label>) -> String {
    label.map_or(text::UNNAMED_INVITE, Label::as_str).to_owned()
}

/// What can be done to an invite at once, each with its verb.
pub(super) fn acts_on_invite(acts: invites::Acts, invite: &Invite) -> Vec<Item> {
    if invite.status == InviteStatus::Deleted {
        return Vec::new();
    }
    let title = isolated(invite.title());
    let item = |icon, title: String, verb, act: fn(invites::Acts, &Invite)| {
        let invite = invite.clone();
        Item::act(icon, title, verb, move || act(acts, &invite))
    };
    let copy = item(IconName::Link, text::copy_link_of(&title), text::COPY_LINK, invites::Acts::copy_link);
    let other = if invite.paused_at.is_some() {
        item(IconName::Play, text::act_on_invite(text::RESUME, &title), text::RESUME, invites::Acts::resume)
    } else {
        item(IconName::Pause, text::act_on_invite(text::PAUSE, &title), text::PAUSE, invites::Acts::pause)
    };
    vec![copy, other]
}

/// What the viewer can do to a member, each with its verb.
pub(super) fn acts_on_member(acts: accounts::Acts, row: &AccountRow) -> Vec<Item> {
    let name = isolated(row.account.display_name());
    let item = |act: accounts::Act| {
        let row = row.clone();
        Item::act(act.icon, text::act_on_member(act.label, &name), act.label, move || act.run(acts, &row))
    };
    accounts::acts_on(row).into_iter().map(item).collect()
}

/// The lists, searched for what was typed: the dialog shows a few results only.
pub(super) fn lists(viewer: &Viewer, typed: &str) -> Vec<Item> {
    let item = |page: pages::Page, icon, title: String| {
        let href = url::with_query(page.path, &[("q", Some(typed.to_owned()))]);
        let does = Does::Open { href, recent: None };
        page.is_open_to(viewer.permissions).then_some(Item { icon, title, detail: None, verb: text::OPEN, does })
    };
    let invites = item(pages::INVITES, IconName::Search, text::search_invites_for(typed));
    let members = item(pages::MEMBERS, IconName::Search, text::search_members_for(typed));
    invites.into_iter().chain(members).collect()
}
