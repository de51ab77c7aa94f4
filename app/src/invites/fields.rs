//! The fields of the dialogs that create and edit an invite: for whom, its name, its end, its uses. What most invites do
//! without is in sections that unfold.
// A form is a set of signals, which are indexes.
#![allow(clippy::large_types_passed_by_value)]

use leptos::prelude::*;

use super::bounds::lifetimes;
use super::form::{DATE, EndPreview, HOURS, InviteForm, MANY, NONE, ONE, OTHER, preview};
use super::sections::DeferredSections;
use super::text;
use crate::ui::{Choice, TextField, Wrong};

/// For whom it is.
const KINDS: &[(&str, &str)] = &[(ONE, text::ONE_PERSON), (MANY, text::MANY_PEOPLE)];
/// When it expires. Numbers are hours from now.
const EXPIRES: &[(&str, &str)] = &[
    (NONE, text::NEVER),
    ("24", text::IN_1_DAY),
    ("168", text::IN_7_DAYS),
    ("720", text::IN_30_DAYS),
    (HOURS, text::HOURS),
    (DATE, text::DATE),
];
/// Its maximum uses, for many people.
const MAX_USES: &[(&str, &str)] = &[(NONE, text::UNLIMITED), ("10", "10"), ("50", "50"), (OTHER, text::OTHER)];

/// The one e-mail address. Beside the choice of one person, or among the sections of an invite for many that had one.
#[component]
pub(super) fn EmailField(form: InviteForm, wrong: Wrong) -> impl IntoView {
    view! {
        <TextField
            id="invite-email"
            name="email"
            label=text::EMAIL
            value=form.email
            wrong
            kind="email"
            optional=true
            help=text::EMAIL_HELP
        />
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
    let most = form.bounds.and_then(|bounds| bounds.max_uses);
    let expires = lifetimes(form.bounds, EXPIRES, NONE);
    view! {
        {(most != Some(1) || form.exists)
            .then(|| view! { <Choice name="kind" legend=text::FOR_WHOM options=KINDS value=form.kind /> }.into_any())}
        {move || {
            (form.kind.with(|kind| kind == ONE))
                .then(|| view! { <EmailField form wrong /> }.into_any())
        }}
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
            <Choice name="expires" legend=text::EXPIRES options=expires value=form.expires />
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
            {form
                .bounds
                .and_then(|bounds| bounds.max_days)
                .map(|days| view! { <p class="help">{text::longest(days)}</p> }.into_any())}
            <EndPreview words=move || form.end().and_then(|end| preview(Some(end))) />
        </div>
        {move || {
            (form.kind.with(|kind| kind == MANY)).then(|| view! { <MaxUses form wrong /> }.into_any())
        }}
        <div class="folds">
            {form.exists.then(|| view! { <p class="help">{text::FROM_NOW_ON}</p> }.into_any())}
            <DeferredSections form wrong />
        </div>
    }
}

#[component]
fn MaxUses(form: InviteForm, wrong: Wrong) -> impl IntoView {
    let most = form.bounds.and_then(|bounds| bounds.max_uses);
    let fits =
        |value: &str| most.is_none_or(|most| value != NONE && value.parse::<u32>().map_or(true, |uses| uses <= most));
    let offered: Vec<_> = MAX_USES.iter().copied().filter(|(value, _)| fits(value)).collect();
    // With one choice there is none.
    let chosen = offered.len() == 1;
    view! {
        <div class="field-group">
            {(!chosen)
                .then(|| {
                    view! { <Choice name="max-uses" legend=text::MAX_USES options=offered value=form.max_uses /> }.into_any()
                })}
            {move || {
                (form.max_uses.with(|uses| uses == OTHER))
                    .then(|| {
                        view! {
                            <TextField
                                id="invite-max-uses"
                                name="max_uses"
                                label=if chosen { text::MAX_USES } else { text::NUMBER_OF_USES }
                                value=form.other_max_uses
                                wrong
                                kind="number"
                                class="input input-num"
                                min="1"
                            />
                        }.into_any()
                    })
            }}
            {most.map(|most| view! { <p class="help">{text::most_uses(most)}</p> }.into_any())}
        </div>
    }
}
