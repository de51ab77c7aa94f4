//! The form that sets ends: on a date, or never.

use domain::Patch;
use domain::accounts::AccountEndsDraft;
use domain::groups::MembershipEndsDraft;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{EndsOf, OneMembership, api, text};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Choice, DialogFoot, FormError, IconName, InstantInput, Sending, TextField, Toasts};

/// An end on a date, or none.
const DATE: &str = "date";
const NEVER: &str = "never";
const WHEN: &[(&str, &str)] = &[(DATE, text::ON_A_DATE), (NEVER, text::NEVER)];

#[component]
pub(super) fn EndsForm(of: EndsOf, close: Callback<()>, set: Callback<EndsOf>) -> impl IntoView {
    let toasts = Toasts::expect();
    let present = match &of {
        EndsOf::Membership(one) => one.ends_at,
        EndsOf::Accounts(_) | EndsOf::Memberships(..) => None,
    };
    let about = text::about(&of);
    let help = if matches!(of, EndsOf::Accounts(_)) { text::ACCOUNT_END_HELP } else { text::MEMBERSHIP_END_HELP };
    let when = RwSignal::new(DATE.to_owned());
    let ends_at = InstantInput::new(present, false);
    let sending = Sending::new("set-ends");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let (asked, answered) = (of.clone(), of.clone());
        let read = move || {
            if when.with_untracked(|when| when == NEVER) {
                return Ok(Patch::Clear);
            }
            // What is half typed is nothing: it is not taken for never.
            Ok(Patch::Set(ends_at.read("ends_at")?.value().unwrap_or_default()))
        };
        let done = move |said: String| {
            close.try_run(());
            toasts.done(said);
            set.try_run(answered);
        };
        sending.send(&event, read, move |ends_at| set_end(asked, ends_at), done);
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <p class="soft">{about}</p>
                <Choice name="when" legend=text::ENDS options=WHEN value=when autofocus=true />
                {move || {
                    when.with(|when| when == DATE)
                        .then(|| {
                            view! {
                                <TextField
                                    id="set-ends-at"
                                    name="ends_at"
                                    label=text::END_DATE
                                    value=ends_at.typed
                                    wrong
                                    kind="datetime-local"
                                    help=help
                                />
                            }.into_any()
                        })
                }}
                <FormError wrong />
            </div>
            <DialogFoot verb=text::SET_END icon=IconName::Check busy close />
        </form>
    }
}

/// Sets the end, and returns what is said about it.
async fn set_end(of: EndsOf, ends_at: Patch<String>) -> Result<String, ServerFnError> {
    let (group, accounts) = match &of {
        EndsOf::Accounts(accounts) => {
            let draft = AccountEndsDraft { accounts: accounts.clone(), ends_at };
            return Ok(text::account_ends_set(api::set_account_ends(draft).await?));
        }
        EndsOf::Memberships(group, accounts) => (group.id, accounts.as_slice()),
        EndsOf::Membership(OneMembership { group, account, .. }) => (group.id, std::slice::from_ref(account)),
    };
    let accounts = accounts.iter().map(ToString::to_string).collect();
    let outcome = api::set_member_ends(group, MembershipEndsDraft { accounts, ends_at }).await?;
    Ok(text::member_ends_set(&of, &outcome))
}
