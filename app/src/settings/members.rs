//! Invites of members: whether they may invite, and the limits.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::Patch;
use domain::access::{Permission, Permissions};
use domain::invites::{LifetimeDays, MemberLimits, QuotaPeriod, QuotaSize, UsesLimit};
use domain::settings::SettingsDraft;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::text;
use crate::ui::{self, Deferred, Drawn, SelectField, TextField, Wrong, drawing};

/// The limits as typed. What is empty is no limit.
#[derive(Clone, Copy)]
pub(super) struct LimitFields {
    quota: RwSignal<String>,
    period: RwSignal<String>,
    max_uses: RwSignal<String>,
    max_days: RwSignal<String>,
    min_age: RwSignal<String>,
}

impl LimitFields {
    pub(super) fn new(limits: &MemberLimits) -> Self {
        let field = |number: Option<u32>| RwSignal::new(number.map(|number| number.to_string()).unwrap_or_default());
        Self {
            quota: field(limits.quota.map(QuotaSize::get)),
            period: RwSignal::new(limits.quota_period.as_str().to_owned()),
            max_uses: field(limits.max_uses.map(UsesLimit::get)),
            max_days: field(limits.max_days.map(LifetimeDays::get)),
            min_age: field(Some(limits.min_account_age.get())),
        }
    }

    /// The draft with them.
    pub(super) fn fill(self, draft: SettingsDraft) -> SettingsDraft {
        // What is no number is outside of every bound, so that it is refused together with everything else that is wrong.
        let number = |text: &str| text.parse::<i64>().unwrap_or(-1);
        let limit = |typed: RwSignal<String>| {
            typed.with_untracked(|text| match text.trim() {
                "" => Patch::Clear,
                text => Patch::Set(number(text)),
            })
        };
        SettingsDraft {
            member_invite_quota: limit(self.quota),
            member_invite_quota_period: Some(self.period.get_untracked()),
            member_invite_max_uses: limit(self.max_uses),
            member_invite_max_days: limit(self.max_days),
            member_invite_min_account_age: Some(self.min_age.with_untracked(|text| number(text.trim()))),
            ..draft
        }
    }
}

/// A part of the browser's program of its own, which is downloaded once the page is there.
#[wasm_split(member_limits, fallible, preload(preload_limits))]
fn draw(fields: LimitFields, permissions: RwSignal<Permissions>, held: Permissions, wrong: Wrong) -> Drawn {
    Ok(view! { <Fields fields permissions held wrong /> }.into_any())
}

/// The fields of the section.
#[component]
pub(super) fn MemberInvites(
    fields: LimitFields,
    /// The permissions of every member, of which the switch changes one.
    permissions: RwSignal<Permissions>,
    /// The permissions of the viewer, who gives no others.
    held: Permissions,
    wrong: Wrong,
) -> impl IntoView {
    let draw = drawing(move || draw(fields, permissions, held, wrong));
    view! { <Deferred load=|| Box::pin(preload_limits()) draw class="stack" /> }
}

#[component]
fn Fields(fields: LimitFields, permissions: RwSignal<Permissions>, held: Permissions, wrong: Wrong) -> impl IntoView {
    let may = move || permissions.with(|permissions| permissions.contains(Permission::InvitesCreate));
    let fixed = !held.contains(Permission::InvitesCreate) && !permissions.with_untracked(|_| may());
    let switch = move |event| {
        let on = event_target_checked(&event);
        permissions.update(|permissions| {
            if on {
                permissions.insert(Permission::InvitesCreate);
            } else {
                permissions.remove(Permission::InvitesCreate);
            }
        });
    };
    let periods = vec![
        (QuotaPeriod::Day.as_str(), text::PER_DAY),
        (QuotaPeriod::Week.as_str(), text::PER_WEEK),
        (QuotaPeriod::Month.as_str(), text::PER_MONTH),
    ];
    let number = move |id: &'static str,
                       name: &'static str,
                       label: &'static str,
                       value,
                       bounds: (&'static str, &'static str),
                       help| {
        view! {
            <TextField
                id
                name
                label
                value
                wrong
                kind="number"
                class="input input-num"
                min=bounds.0
                max=bounds.1
                help
            />
        }
        .into_any()
    };
    view! {
        <label class="check">
            <input
                type="checkbox"
                role="switch"
                id="settings-members-may-invite"
                disabled=fixed
                checked=permissions.with_untracked(|permissions| permissions.contains(Permission::InvitesCreate))
                prop:checked=may
                on:change=switch
            />
            <span>
                {text::MEMBERS_MAY_INVITE}
                <small>{text::MEMBERS_MAY_INVITE_ABOUT}</small>
            </span>
        </label>
        <p class="help">{text::LIMITS_ABOUT}</p>
        <div class="fields-2">
            {number(
                "settings-member-quota",
                "member_invite_quota",
                text::QUOTA,
                fields.quota,
                ("1", "1000"),
                text::QUOTA_HELP,
            )}
            <SelectField
                id="settings-member-period"
                name="member_invite_quota_period"
                label=text::QUOTA_PERIOD
                options=periods.into_iter().map(ui::fixed).collect()
                value=fields.period
                wrong
            />
            {number(
                "settings-member-uses",
                "member_invite_max_uses",
                text::MEMBER_USES,
                fields.max_uses,
                ("1", "1000000"),
                text::MEMBER_USES_HELP,
            )}
            {number(
                "settings-member-days",
                "member_invite_max_days",
                text::MEMBER_DAYS,
                fields.max_days,
                ("1", "3650"),
                text::MEMBER_DAYS_HELP,
            )}
            {number(
                "settings-member-age",
                "member_invite_min_account_age",
                text::MEMBER_AGE,
                fields.min_age,
                ("0", "3650"),
                text::MEMBER_AGE_HELP,
            )}
        </div>
    }
}
