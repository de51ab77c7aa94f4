//! The dialog that sets ends. Its form is a part of the browser's program, downloaded when the dialog is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::Timestamp;
use domain::groups::GroupRef;
use domain::ids::AccountId;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::EndsForm;
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that leads to the form.
pub const PREFETCH: &str = "ends-form";

/// Whose end is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndsOf {
    /// That of accounts that are selected.
    Accounts(Vec<AccountId>),
    /// That of memberships of a group that are selected.
    Memberships(GroupRef, Vec<AccountId>),
    /// That of one membership.
    Membership(OneMembership),
}

/// One membership whose end is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneMembership {
    /// The group.
    pub group: GroupRef,
    /// The member.
    pub account: AccountId,
    /// The name of the member, isolated.
    pub name: String,
    /// The present end.
    pub ends_at: Option<Timestamp>,
}

#[wasm_split(ends_form, fallible, preload(preload_form))]
fn draw(of: EndsOf, close: Callback<()>, set: Callback<EndsOf>) -> Drawn {
    Ok(view! { <EndsForm of close set /> }.into_any())
}

/// Downloads the form unless it is there.
pub fn load_form() -> Download {
    Box::pin(preload_form())
}

/// The dialog, open while there is something whose end is set.
#[component]
pub fn EndsDialog(
    /// Whose end is set.
    of: RwSignal<Option<EndsOf>>,
    /// Called with the same when it was set.
    set: Callback<EndsOf>,
) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    view! {
        <Dialog
            id="set-ends"
            open=Signal::derive(move || of.with(Option::is_some))
            close
            title=text::SET_END.to_owned()
            small=true
        >
            {of
                .get_untracked()
                .map(|of| {
                    let draw = drawing(move || draw(of.clone(), close, set));
                    view! { <Deferred load=load_form draw /> }.into_any()
                })}
        </Dialog>
    }
}
