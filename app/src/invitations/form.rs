//! The form that sends invitations, as typed.

use domain::accounts::Role;
use domain::groups::GroupRef;
use domain::ids::{InviteId, MailingId};
use domain::invitations::{InvitationsDraft, MailingMode};
use domain::invites::InviteDraft;
use domain::{Code, Failure, Patch};
use leptos::prelude::*;

use super::text;
use crate::server_fn_error::ServerFnError;
use crate::ui::{InstantInput, browser};

/// No end, and no invite whose terms are taken over.
pub(super) const NONE: &str = "";
/// A date of one's own.
pub(super) const DATE: &str = "date";
/// What is known of recipients can't be changed by them.
pub(super) const LOCKED: &str = "locked";
/// They may change it.
pub(super) const OPEN: &str = "open";
/// The hours after which an invite expires, as it is suggested.
const SUGGESTED_HOURS: &str = "336";

/// What was typed.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// The id of the mailing: sent twice, it is made once.
    id: StoredValue<Option<MailingId>>,
    /// The recipients: addresses, or CSV.
    pub(super) text: RwSignal<String>,
    /// A [`MailingMode`].
    pub(super) mode: RwSignal<String>,
    /// The invite whose terms each gets, or [`NONE`] for new terms.
    pub(super) like: RwSignal<String>,
    /// The invite whose link all get.
    pub(super) invite: RwSignal<String>,
    pub(super) label: RwSignal<String>,
    pub(super) role: RwSignal<String>,
    pub(super) groups: RwSignal<Vec<GroupRef>>,
    /// [`NONE`], [`DATE`], or hours from now.
    pub(super) expires: RwSignal<String>,
    pub(super) expires_at: InstantInput,
    /// [`LOCKED`] or [`OPEN`].
    pub(super) known: RwSignal<String>,
    pub(super) message: RwSignal<String>,
    pub(super) reminder: RwSignal<bool>,
    /// Whether lines that can't be used are left out.
    pub(super) skip_errors: RwSignal<bool>,
}

impl Form {
    /// An empty form, in which `invite` is chosen. It can be the one link for all only if it `is_active`.
    pub(super) fn new(invite: Option<InviteId>, is_active: bool) -> Self {
        let chosen = invite.map(|id| id.to_string()).unwrap_or_default();
        Self {
            id: StoredValue::new(None),
            text: RwSignal::default(),
            mode: RwSignal::new(MailingMode::OwnLinks.as_str().to_owned()),
            like: RwSignal::new(chosen.clone()),
            invite: RwSignal::new(if is_active { chosen } else { NONE.to_owned() }),
            label: RwSignal::default(),
            role: RwSignal::new(Role::User.as_str().to_owned()),
            groups: RwSignal::default(),
            expires: RwSignal::new(SUGGESTED_HOURS.to_owned()),
            expires_at: InstantInput::new(None, false),
            known: RwSignal::new(OPEN.to_owned()),
            message: RwSignal::default(),
            reminder: RwSignal::new(false),
            skip_errors: RwSignal::new(false),
        }
    }

    /// Whether all get the same link.
    pub(super) fn is_one_link(self) -> bool {
        self.mode.with(|mode| mode == MailingMode::OneLink.as_str())
    }

    /// Tracks everything that decides who gets a message.
    pub(super) fn track_recipients(self) {
        for signal in [self.text, self.mode, self.like, self.invite, self.known] {
            signal.track();
        }
    }

    /// The draft, or what can't even be sent.
    pub(super) fn draft(self) -> Result<InvitationsDraft, ServerFnError> {
        let is_one_link = untrack(|| self.is_one_link());
        let chosen = if is_one_link { self.invite } else { self.like }.get_untracked();
        let invite = chosen.parse::<InviteId>().ok();
        if is_one_link && invite.is_none() {
            return Err(wrong_field("invite", text::NO_INVITE_CHOSEN));
        }
        let terms = if invite.is_some() { None } else { Some(self.terms()?) };
        let mode = if is_one_link { MailingMode::OneLink } else { MailingMode::OwnLinks };
        Ok(InvitationsDraft {
            invite,
            terms,
            text: self.text.get_untracked(),
            message: self.message.get_untracked(),
            locked: !is_one_link && self.known.with_untracked(|known| known == LOCKED),
            reminder: self.reminder.get_untracked(),
            skip_errors: self.skip_errors.get_untracked(),
            ..InvitationsDraft::new(self.id(), mode)
        })
    }

    /// The id of the mailing, which is made once. For the browser alone.
    fn id(self) -> MailingId {
        let id = self.id.get_value().unwrap_or_else(|| MailingId(browser::fresh_uuid()));
        self.id.set_value(Some(id));
        id
    }

    fn terms(self) -> Result<InviteDraft, ServerFnError> {
        let groups = self.groups.with_untracked(|groups| groups.iter().map(|group| group.id.to_string()).collect());
        let mut draft = InviteDraft {
            label: Patch::Set(self.label.get_untracked()),
            role: Patch::Set(self.role.get_untracked()),
            groups: Patch::Set(groups),
            ..InviteDraft::default()
        };
        match self.expires.get_untracked().as_str() {
            NONE => draft.expires_at = Patch::Clear,
            DATE if self.expires_at.is_empty() => return Err(wrong_field("expires_at", text::NOT_A_DATE)),
            DATE => draft.expires_at = self.expires_at.read("expires_at")?,
            // The others are numbers.
            hours => draft.expires_in_hours = hours.parse().map_or(Patch::Keep, Patch::Set),
        }
        Ok(draft)
    }
}

fn wrong_field(field: &str, message: &str) -> ServerFnError {
    ServerFnError(Failure::field(Code::Invalid, field, message))
}
