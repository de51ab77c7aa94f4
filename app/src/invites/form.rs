//! The fields of an invite, as the dialogs that create and edit one show them.

use std::time::Duration;

use domain::accounts::{EmailDomain, Role};
use domain::groups::GroupRef;
use domain::invites::{
    AccessEnd, Allowance, Ends, EndsDraft, Invite, InviteDraft, SUGGESTED_EXPIRES_IN_HOURS, SUGGESTED_MAX_USES,
};
use domain::text::ApplicationName;
use domain::web::Destination;
use domain::{Code, Failure, Patch, Timestamp};
use leptos::prelude::*;

use super::text;
use crate::attributes::AttributeRow;
use crate::server_fn_error::ServerFnError;
use crate::ui::{InstantInput, browser, full};

/// Neither an end nor a limit.
pub(super) const NONE: &str = "";
/// A date of one's own.
pub(super) const DATE: &str = "date";
pub(super) const HOURS: &str = "hours";
pub(super) const OTHER: &str = "other";
/// For one person.
pub(super) const ONE: &str = "one";
/// For many people.
pub(super) const MANY: &str = "many";
/// Access that ends after days.
pub(super) const DAYS: &str = "days";
/// The uses that are offered for many people. The first is no limit.
pub(super) const OFFERED_USES: [&str; 3] = [NONE, "10", "50"];

/// What was typed.
#[derive(Clone, Copy)]
pub(super) struct InviteForm {
    /// Whether the invite exists already.
    pub(super) exists: bool,
    /// Whether it was for one address already, so that this can be changed also where it is for many people.
    pub(super) had_email: bool,
    /// What the viewer may create; nothing more is offered.
    pub(super) bounds: Option<Allowance>,
    /// [`ONE`] or [`MANY`].
    pub(super) kind: RwSignal<String>,
    pub(super) email: RwSignal<String>,
    pub(super) label: RwSignal<String>,
    pub(super) code: RwSignal<String>,
    pub(super) role: RwSignal<String>,
    pub(super) groups: RwSignal<Vec<GroupRef>>,
    pub(super) max_uses: RwSignal<String>,
    pub(super) other_max_uses: RwSignal<String>,
    pub(super) starts_at: InstantInput,
    pub(super) expires: RwSignal<String>,
    pub(super) hours: RwSignal<String>,
    pub(super) expires_at: InstantInput,
    /// Separated by anything but letters, digits, dots and dashes.
    pub(super) domains: RwSignal<String>,
    pub(super) existing_members: RwSignal<bool>,
    pub(super) approval: RwSignal<bool>,
    /// What ends: [`NONE`] or a [`domain::invites::AccessOf`].
    pub(super) ends_of: RwSignal<String>,
    /// [`DAYS`] or [`DATE`].
    pub(super) ends_when: RwSignal<String>,
    pub(super) ends_days: RwSignal<String>,
    pub(super) ends_at: InstantInput,
    /// The id of a flow, or [`NONE`] for the default flow.
    pub(super) flow: RwSignal<String>,
    pub(super) welcome_text: RwSignal<String>,
    pub(super) attributes: RwSignal<Vec<AttributeRow>>,
    pub(super) show_uses_left: RwSignal<bool>,
    pub(super) without_code: RwSignal<bool>,
    pub(super) verify_email: RwSignal<bool>,
    /// [`NONE`], the path of an application, or [`OTHER`].
    pub(super) goes_on: RwSignal<String>,
    /// The application that an invite leads to already.
    pub(super) application: RwSignal<Option<ApplicationName>>,
    /// Another address.
    pub(super) after: RwSignal<String>,
}

impl InviteForm {
    /// The form of a new invite, as it is suggested.
    pub(super) fn suggested(groups: Vec<GroupRef>, bounds: Option<Allowance>) -> Self {
        let most = bounds.and_then(|bounds| bounds.max_uses);
        let hours = bounds.and_then(|bounds| bounds.max_days).map(|days| days.saturating_mul(24));
        let fits = hours.is_none_or(|hours| hours >= SUGGESTED_EXPIRES_IN_HOURS.into());
        let suggested = SUGGESTED_MAX_USES.to_string();
        Self {
            exists: false,
            had_email: false,
            bounds,
            kind: RwSignal::new(if most == Some(1) { ONE } else { MANY }.to_owned()),
            email: RwSignal::default(),
            label: RwSignal::default(),
            code: RwSignal::default(),
            role: RwSignal::new(Role::User.as_str().to_owned()),
            groups: RwSignal::new(groups),
            max_uses: RwSignal::new(if most.is_none_or(|most| most >= SUGGESTED_MAX_USES) {
                suggested
            } else {
                OTHER.to_owned()
            }),
            other_max_uses: RwSignal::new(most.map_or(25, |most| most.min(25)).to_string()),
            starts_at: InstantInput::new(None, false),
            expires: RwSignal::new(if fits { SUGGESTED_EXPIRES_IN_HOURS.to_string() } else { HOURS.to_owned() }),
            hours: RwSignal::new(hours.map_or(48, |hours| hours.min(48)).to_string()),
            expires_at: InstantInput::new(None, false),
            domains: RwSignal::default(),
            existing_members: RwSignal::new(true),
            approval: RwSignal::new(false),
            ends_of: RwSignal::default(),
            ends_when: RwSignal::new(DAYS.to_owned()),
            ends_days: RwSignal::new("30".to_owned()),
            ends_at: InstantInput::new(None, false),
            flow: RwSignal::default(),
            welcome_text: RwSignal::default(),
            attributes: RwSignal::default(),
            show_uses_left: RwSignal::new(true),
            without_code: RwSignal::new(false),
            verify_email: RwSignal::new(false),
            goes_on: RwSignal::default(),
            application: RwSignal::default(),
            after: RwSignal::default(),
        }
    }

    /// The form of a new invite like another one, with a code of its own. A start or an end that has passed is left out, and so
    /// is an application that no longer exists.
    pub(super) fn copy_of(invite: &Invite, bounds: Option<Allowance>) -> Self {
        let now = browser::now();
        let mut copy = Invite { terms: invite.terms.clone().duplicated(now), ..invite.clone() };
        let leads_to_application = copy.terms.after.as_ref().is_some_and(|after| after.application().is_some());
        if leads_to_application && copy.application.is_none() {
            copy.terms.after = None;
        }
        let over = copy.terms.expires_at.is_some_and(|at| at <= now);
        let form = Self { exists: false, ..Self::filled(&copy, false, bounds) };
        if over {
            let suggested = Self::suggested(Vec::new(), bounds);
            return Self { expires: suggested.expires, expires_at: suggested.expires_at, ..form };
        }
        form
    }

    /// The form of an invite as it is.
    pub(super) fn of(invite: &Invite, bounds: Option<Allowance>) -> Self {
        Self::filled(invite, true, bounds)
    }

    fn filled(invite: &Invite, exists: bool, bounds: Option<Allowance>) -> Self {
        let terms = &invite.terms;
        let max_uses = terms.max_uses.map(|uses| uses.to_string()).unwrap_or_default();
        let offered = OFFERED_USES.contains(&max_uses.as_str())
            && bounds
                .and_then(|bounds| bounds.max_uses)
                .is_none_or(|most| terms.max_uses.is_none_or(|uses| uses <= most));
        let application = invite.application.clone();
        let text = |text: Option<&str>| RwSignal::new(text.unwrap_or_default().to_owned());
        let domains = terms.email_domains.iter().map(EmailDomain::as_str).collect::<Vec<_>>().join(", ");
        let (ends_when, ends_days, ends_at) = match terms.ends.map(|ends| ends.when) {
            None => (DAYS, 30, None),
            Some(AccessEnd::AfterDays(days)) => (DAYS, days, None),
            Some(AccessEnd::At(at)) => (DATE, 30, Some(at)),
        };
        Self {
            exists,
            had_email: terms.email.is_some(),
            kind: RwSignal::new(if terms.max_uses == Some(1) { ONE } else { MANY }.to_owned()),
            email: text(terms.email.as_ref().map(domain::accounts::Email::as_str)),
            domains: RwSignal::new(domains),
            existing_members: RwSignal::new(terms.existing_members),
            approval: RwSignal::new(terms.approval),
            ends_of: text(terms.ends.map(|Ends { of, .. }| of.as_str())),
            ends_when: RwSignal::new(ends_when.to_owned()),
            ends_days: RwSignal::new(ends_days.to_string()),
            ends_at: InstantInput::new(ends_at, false),
            flow: RwSignal::new(terms.flow.map(|flow| flow.to_string()).unwrap_or_default()),
            welcome_text: text(terms.welcome_text.as_ref().map(domain::text::WelcomeText::as_str)),
            attributes: RwSignal::new(terms.attributes.iter().map(AttributeRow::of_invite).collect()),
            show_uses_left: RwSignal::new(terms.show_uses_left),
            without_code: RwSignal::new(terms.without_code),
            verify_email: RwSignal::new(terms.verify_email),
            goes_on: text(terms.after.as_ref().map(|after| if application.is_some() { after.as_str() } else { OTHER })),
            after: text(terms.after.as_ref().filter(|_| application.is_none()).map(Destination::as_str)),
            application: RwSignal::new(application),
            label: RwSignal::new(terms.label.as_ref().map(|label| label.as_str().to_owned()).unwrap_or_default()),
            role: RwSignal::new(terms.role.as_str().to_owned()),
            groups: RwSignal::new(invite.group_refs.clone()),
            max_uses: RwSignal::new(if offered { max_uses.clone() } else { OTHER.to_owned() }),
            other_max_uses: RwSignal::new(max_uses),
            starts_at: InstantInput::new(terms.starts_at, exists),
            expires: RwSignal::new(if terms.expires_at.is_some() { DATE } else { NONE }.to_owned()),
            expires_at: InstantInput::new(terms.expires_at, exists),
            ..Self::suggested(Vec::new(), bounds)
        }
    }

    /// Tracks everything that is typed.
    pub(super) fn track(self) {
        let texts = [
            self.kind,
            self.email,
            self.label,
            self.role,
            self.max_uses,
            self.other_max_uses,
            self.starts_at.typed,
            self.expires,
            self.hours,
            self.expires_at.typed,
            self.domains,
            self.ends_of,
            self.ends_when,
            self.ends_days,
            self.ends_at.typed,
            self.flow,
            self.welcome_text,
            self.goes_on,
            self.after,
        ];
        texts.iter().for_each(Track::track);
        let ticks = [self.existing_members, self.approval, self.show_uses_left, self.without_code, self.verify_email];
        ticks.iter().for_each(Track::track);
        self.groups.track();
        self.attributes.with(|rows| rows.iter().for_each(|row| row.track()));
    }

    /// The draft, or what is no number or no instant and so can't even be sent.
    pub(super) fn draft(self) -> Result<InviteDraft, ServerFnError> {
        let mut draft = InviteDraft {
            code: if self.exists { Patch::Keep } else { Patch::Set(self.code.get_untracked()) },
            label: Patch::Set(self.label.get_untracked()),
            role: Patch::Set(self.role.get_untracked()),
            groups: Patch::Set(
                self.groups.with_untracked(|groups| groups.iter().map(|group| group.id.to_string()).collect()),
            ),
            starts_at: self.starts_at.read("starts_at")?,
            email: if self.is_for_one() || self.had_email {
                Patch::Set(self.email.get_untracked())
            } else {
                Patch::Clear
            },
            email_domains: Patch::Set(self.domains.with_untracked(|typed| split(typed))),
            approval: Patch::Set(self.approval.get_untracked()),
            attributes: Patch::Set(
                self.attributes.with_untracked(|rows| rows.iter().filter_map(|row| row.for_invite()).collect()),
            ),
            // Of a new one it is not said unless it is chosen: some who create invites cannot choose it.
            flow_id: match self.flow.get_untracked() {
                flow if flow == NONE && !self.exists => Patch::Keep,
                flow if flow == NONE => Patch::Clear,
                flow => Patch::Set(flow),
            },
            welcome_text: Patch::Set(self.welcome_text.get_untracked()),
            after: Patch::Set(match self.goes_on.get_untracked() {
                goes_on if goes_on == OTHER => self.after.get_untracked(),
                path => path,
            }),
            ends: self.ends()?,
            existing_members: Patch::Set(self.existing_members.get_untracked()),
            show_uses_left: Patch::Set(self.show_uses_left.get_untracked()),
            verify_email: Patch::Set(self.verify_email.get_untracked()),
            // For one person it is not asked about.
            without_code: if self.kind.with_untracked(|kind| kind == MANY) {
                Patch::Set(self.without_code.get_untracked())
            } else {
                Patch::Keep
            },
            ..InviteDraft::default()
        };
        match self.expires.get_untracked().as_str() {
            NONE => draft.expires_at = Patch::Clear,
            DATE => {
                draft.expires_at = self.expires_at.read("expires_at")?;
                if self.expires_at.is_empty() {
                    return Err(wrong_field("expires_at", text::NO_EXPIRY_DATE));
                }
            }
            HOURS => draft.expires_in_hours = Patch::Set(number("expires_in_hours", &self.hours.get_untracked())?),
            hours => draft.expires_in_hours = Patch::Set(number("expires_in_hours", hours)?),
        }
        draft.max_uses = match self.max_uses.get_untracked().as_str() {
            _ if self.is_for_one() => Patch::Set(1),
            NONE => Patch::Clear,
            OTHER => Patch::Set(number("max_uses", &self.other_max_uses.get_untracked())?),
            uses => Patch::Set(number("max_uses", uses)?),
        };
        Ok(draft)
    }

    /// Whether it is for one person.
    pub(super) fn is_for_one(self) -> bool {
        self.kind.with_untracked(|kind| kind == ONE)
    }

    /// Whether it is for some addresses only, which are verified whatever is chosen.
    pub(super) fn is_for_addresses(self) -> bool {
        let has_email = self.had_email || self.kind.with(|kind| kind == ONE);
        let is_typed = |text: RwSignal<String>| text.with(|text| !text.trim().is_empty());
        is_typed(self.domains) || has_email && is_typed(self.email)
    }

    fn ends(self) -> Result<Patch<EndsDraft>, ServerFnError> {
        let of = self.ends_of.get_untracked();
        if of == NONE {
            return Ok(Patch::Clear);
        }
        if self.ends_when.with_untracked(|when| when == DAYS) {
            let days = number("ends", &self.ends_days.get_untracked())?;
            return Ok(Patch::Set(EndsDraft { of, after_days: Some(days), at: None }));
        }
        match self.ends_at.read("ends")? {
            Patch::Set(at) => Ok(Patch::Set(EndsDraft { of, after_days: None, at: Some(at) })),
            _ => Err(wrong_field("ends", text::NOT_A_DATE)),
        }
    }

    /// The end that is chosen. For the browser alone: it depends on the present instant.
    pub(super) fn end(self) -> Option<Timestamp> {
        let hours =
            |text: String| text.trim().parse().ok().map(|hours| browser::now().plus(Duration::from_hours(hours)));
        match self.expires.get().as_str() {
            NONE => None,
            DATE => browser::from_input(&self.expires_at.typed.get()),
            HOURS => hours(self.hours.get()),
            chosen => hours(chosen.to_owned()),
        }
    }
}

/// The words of a list as typed.
fn split(typed: &str) -> Vec<String> {
    typed.split([' ', ',', ';', '\n', '\t']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A wrong field that the browser finds.
pub(super) fn wrong_field(field: &str, message: &str) -> ServerFnError {
    ServerFnError(Failure::field(Code::Invalid, field, message))
}

/// A number as typed.
pub(super) fn number(field: &str, text: &str) -> Result<i64, ServerFnError> {
    text.trim().parse().map_err(|_| wrong_field(field, text::NOT_A_NUMBER))
}

/// `Expires Saturday 5 Dec 2026, 14:00`, in the reader's zone. For the browser alone.
pub(super) fn expires_words(at: Option<Timestamp>) -> String {
    at.map_or_else(|| text::NEVER_EXPIRES.to_owned(), |at| text::expires(&full(at)))
}

/// The words about an end that is chosen: nothing about one that has passed. For the browser alone.
pub(super) fn preview(end: Option<Timestamp>) -> Option<String> {
    end.is_none_or(|end| end > browser::now()).then(|| expires_words(end))
}

/// The end that is chosen, in words, as it changes; empty until the browser has taken over.
#[component]
pub(super) fn EndPreview<F>(
    /// The words, or nothing to say.
    words: F,
) -> impl IntoView
where
    F: Fn() -> Option<String> + Send + Sync + 'static,
{
    let shown = RwSignal::new(None);
    Effect::new(move || shown.set(words()));
    view! {
        <p class="help preview" aria-live="polite">
            {move || shown.get()}
        </p>
    }
}
