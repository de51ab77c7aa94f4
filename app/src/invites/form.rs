//! The fields of an invite, as the dialogs that create and edit one show them.

use std::time::Duration;

use domain::accounts::Role;
use domain::groups::GroupRef;
use domain::invites::{Invite, InviteDraft, SUGGESTED_EXPIRES_IN_HOURS, SUGGESTED_MAX_USES};
use domain::{Code, Failure, Patch, Timestamp};
use leptos::prelude::*;

use super::text;
use crate::memberships::GroupPicker;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Choice, Icon, IconName, SelectField, TextField, Wrong, browser, full};

/// When it expires. Numbers are hours from now.
const EXPIRES: &[(&str, &str)] = &[
    (NONE, text::NEVER),
    ("24", text::IN_1_DAY),
    ("168", text::IN_7_DAYS),
    ("720", text::IN_30_DAYS),
    (HOURS, text::HOURS),
    (DATE, text::DATE),
];
/// Its maximum uses.
const MAX_USES: &[(&str, &str)] =
    &[(NONE, text::UNLIMITED), ("1", "1"), ("10", "10"), ("50", "50"), (OTHER, text::OTHER)];

/// Neither an end nor a limit.
pub(super) const NONE: &str = "";
/// A date of one's own.
pub(super) const DATE: &str = "date";
const HOURS: &str = "hours";
const OTHER: &str = "other";

/// What was typed.
#[derive(Clone, Copy)]
pub(super) struct InviteForm {
    /// Whether the invite exists already.
    exists: bool,
    label: RwSignal<String>,
    code: RwSignal<String>,
    role: RwSignal<String>,
    groups: RwSignal<Vec<GroupRef>>,
    max_uses: RwSignal<String>,
    other_max_uses: RwSignal<String>,
    starts_at: InstantInput,
    expires: RwSignal<String>,
    hours: RwSignal<String>,
    expires_at: InstantInput,
}

impl InviteForm {
    /// The form of a new invite, as it is suggested.
    pub(super) fn suggested(groups: Vec<GroupRef>) -> Self {
        Self {
            exists: false,
            label: RwSignal::default(),
            code: RwSignal::default(),
            role: RwSignal::new(Role::User.as_str().to_owned()),
            groups: RwSignal::new(groups),
            max_uses: RwSignal::new(SUGGESTED_MAX_USES.to_string()),
            other_max_uses: RwSignal::new("25".to_owned()),
            starts_at: InstantInput::new(None),
            expires: RwSignal::new(SUGGESTED_EXPIRES_IN_HOURS.to_string()),
            hours: RwSignal::new("48".to_owned()),
            expires_at: InstantInput::new(None),
        }
    }

    /// The form of an invite as it is.
    pub(super) fn of(invite: &Invite) -> Self {
        let terms = &invite.terms;
        let max_uses = terms.max_uses.map(|uses| uses.to_string()).unwrap_or_default();
        let offered = MAX_USES.iter().any(|(value, _)| *value == max_uses);
        Self {
            exists: true,
            label: RwSignal::new(terms.label.as_ref().map(|label| label.as_str().to_owned()).unwrap_or_default()),
            role: RwSignal::new(terms.role.as_str().to_owned()),
            groups: RwSignal::new(invite.group_refs.clone()),
            max_uses: RwSignal::new(if offered { max_uses.clone() } else { OTHER.to_owned() }),
            other_max_uses: RwSignal::new(max_uses),
            starts_at: InstantInput::new(terms.starts_at),
            expires: RwSignal::new(if terms.expires_at.is_some() { DATE } else { NONE }.to_owned()),
            expires_at: InstantInput::new(terms.expires_at),
            ..Self::suggested(Vec::new())
        }
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
            NONE => Patch::Clear,
            OTHER => Patch::Set(number("max_uses", &self.other_max_uses.get_untracked())?),
            uses => Patch::Set(number("max_uses", uses)?),
        };
        Ok(draft)
    }

    /// The end that is chosen. For the browser alone: it depends on the present instant.
    fn end(self) -> Option<Timestamp> {
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

/// An instant that may have been touched. The field shows it to the minute, so sending back what was shown could move
/// it: an instant that nobody touched is kept.
#[derive(Clone, Copy)]
struct InstantInput {
    typed: RwSignal<String>,
    shown: StoredValue<String>,
}

impl InstantInput {
    fn new(at: Option<Timestamp>) -> Self {
        let shown = at.map(browser::to_input).unwrap_or_default();
        Self { typed: RwSignal::new(shown.clone()), shown: StoredValue::new(shown) }
    }

    fn is_empty(self) -> bool {
        self.typed.with_untracked(String::is_empty)
    }

    fn read(self, field: &str) -> Result<Patch<String>, ServerFnError> {
        let typed = self.typed.get_untracked();
        if self.shown.with_value(|shown| *shown == typed) {
            return Ok(Patch::Keep);
        }
        Ok(instant(field, &typed)?.map(Timestamp::to_rfc3339).into())
    }
}

/// A wrong field that the browser finds.
pub(super) fn wrong_field(field: &str, message: &str) -> ServerFnError {
    ServerFnError(Failure::field(Code::Invalid, field, message))
}

/// A number as typed.
pub(super) fn number(field: &str, text: &str) -> Result<i64, ServerFnError> {
    text.trim().parse().map_err(|_| wrong_field(field, text::NOT_A_NUMBER))
}

/// An instant as typed; `None` if nothing was.
pub(super) fn instant(field: &str, text: &str) -> Result<Option<Timestamp>, ServerFnError> {
    if text.is_empty() {
        return Ok(None);
    }
    browser::from_input(text).map(Some).ok_or_else(|| wrong_field(field, text::NOT_A_DATE))
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

/// The fields.
#[component]
pub(super) fn InviteFields(
    /// What is typed into them.
    form: InviteForm,
    /// What the form was refused for.
    wrong: Wrong,
) -> impl IntoView {
    view! {
        <TextField
            id="invite-label"
            name="label"
            label=text::NAME
            value=form.label
            wrong
            optional=true
            autofocus=true
            placeholder=text::NAME_EXAMPLE
            help=text::NAME_HELP
        />
        <div class="field-group">
            <Choice name="expires" legend=text::EXPIRES options=EXPIRES value=form.expires />
            {move || {
                (form.expires.with(|expires| expires == HOURS))
                    .then(|| {
                        view! {
                            <TextField
                                id="invite-hours"
                                name="expires_in_hours"
                                label=text::HOURS_FROM_NOW
                                value=form.hours
                                wrong
                                kind="number"
                                class="input input-num"
                                min="1"
                                max="8760"
                                help=text::HOURS_HELP
                            />
                        }.into_any()
                    })
            }}
            {move || {
                (form.expires.with(|expires| expires == DATE))
                    .then(|| {
                        view! {
                            <TextField
                                id="invite-expires"
                                name="expires_at"
                                label=text::EXPIRY_DATE
                                value=form.expires_at.typed
                                wrong
                                kind="datetime-local"
                                help=text::TIME_ZONE_HELP
                            />
                        }.into_any()
                    })
            }}
            <EndPreview words=move || form.end().and_then(|end| preview(Some(end))) />
        </div>
        <div class="field-group">
            <Choice name="max-uses" legend=text::MAX_USES options=MAX_USES value=form.max_uses />
            {move || {
                (form.max_uses.with(|uses| uses == OTHER))
                    .then(|| {
                        view! {
                            <TextField
                                id="invite-max-uses"
                                name="max_uses"
                                label=text::NUMBER_OF_USES
                                value=form.other_max_uses
                                wrong
                                kind="number"
                                class="input input-num"
                                min="1"
                            />
                        }.into_any()
                    })
            }}
        </div>
        {if form.exists {
            view! {
                <div class="fields-2">
                    <RoleAndStart form wrong />
                </div>
                <GroupPicker id="invite-group" value=form.groups wrong />
            }
                .into_any()
        } else {
            view! { <MoreOptions form wrong /> }.into_any()
        }}
    }
}

/// What most new invites do without.
#[component]
fn MoreOptions(form: InviteForm, wrong: Wrong) -> impl IntoView {
    // Groups that are chosen already are shown.
    let more = RwSignal::new(form.groups.with_untracked(|groups| !groups.is_empty()));
    // A wrong field must not hide in the folded part.
    Effect::new(move || {
        let folded = ["code", "role", "groups", "starts_at"];
        if wrong.with(|wrong| wrong.as_ref().is_some_and(|fault| folded.iter().any(|field| fault.of(field).is_some())))
        {
            more.set(true);
        }
    });
    view! {
        <details
            class="more fold"
            prop:open=move || more.get()
            on:toggle=move |event| {
                let details: web_sys::HtmlDetailsElement = event_target(&event);
                more.set(details.open());
                if details.open() {
                    // On a low screen what opens would be below the fold.
                    details.scroll_into_view();
                }
            }
        >
            <summary>
                <Icon name=IconName::Right />
                {text::MORE_OPTIONS}
                <span class="card-note">{text::MORE_OPTIONS_NOTE}</span>
            </summary>
            <div class="fold-body">
                <TextField
                    id="invite-code"
                    name="code"
                    label=text::CODE
                    value=form.code
                    wrong
                    optional=true
                    class="input input-mono"
                    placeholder=text::CODE_EXAMPLE
                    help=text::CODE_HELP
                />
                <div class="fields-2">
                    <RoleAndStart form wrong />
                </div>
                <GroupPicker id="invite-group" value=form.groups wrong />
            </div>
        </details>
    }
}

#[component]
fn RoleAndStart(form: InviteForm, wrong: Wrong) -> impl IntoView {
    let roles = Role::ALL.into_iter().filter(|role| role.can_be_granted());
    view! {
        <SelectField
            id="invite-role"
            name="role"
            label=text::ROLE
            options=roles.map(|role| (role.as_str(), role.title())).collect()
            value=form.role
            wrong
        />
        <TextField
            id="invite-starts"
            name="starts_at"
            label=text::STARTS
            value=form.starts_at.typed
            wrong
            optional=true
            kind="datetime-local"
            help=text::STARTS_HELP
        />
    }
}
