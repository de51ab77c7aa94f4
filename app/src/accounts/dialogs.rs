//! The dialogs of members. Their forms are a part of the browser's program, downloaded when a dialog is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::accounts::{Account, AccountQuery};
use domain::attributes::Attribute;
use domain::ids::AccountId;
use domain::text::isolated;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::actions::{Acts, Deciding};
use super::decide::DecideForm;
use super::form::{AttributesForm, CreateForm, EditForm, OwnerForm};
use super::narrow::NarrowForm;
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, FreshSecret, SecretOnce, drawing};

/// The value of `data-prefetch` on a control that leads to one of these forms.
pub const PREFETCH: &str = "member-forms";

/// The same on one that leads to a decision.
pub const DECISIONS_PREFETCH: &str = "member-decisions";

/// A form, and what it needs.
#[derive(Clone)]
enum Form {
    Create { close: Callback<()>, created: Callback<Account> },
    Edit { account: Box<Account>, close: Callback<()>, saved: Callback<Account> },
    Attributes { of: AccountId, attributes: Vec<Attribute>, close: Callback<()>, saved: Callback<()> },
}

#[wasm_split(member_forms, fallible, preload(preload_forms))]
fn draw(form: Form) -> Drawn {
    Ok(match form {
        Form::Create { close, created } => view! { <CreateForm close created /> }.into_any(),
        Form::Edit { account, close, saved } => view! { <EditForm account=*account close saved /> }.into_any(),
        Form::Attributes { of, attributes, close, saved } => {
            view! { <AttributesForm of attributes close saved /> }.into_any()
        }
    })
}

/// A decision, and what its form needs; or what came of one.
#[derive(Clone)]
enum Decide {
    Approval { deciding: Deciding, acts: Acts, close: Callback<()>, decided: Callback<()> },
    Owner { account: Box<Account>, close: Callback<()>, saved: Callback<()> },
    ResetLink { made: RwSignal<Option<FreshSecret>> },
}

/// A part of its own, because its forms have a text of several lines or nothing but a password.
#[wasm_split(member_decisions, fallible, preload(preload_decisions))]
fn draw_decision(form: Decide) -> Drawn {
    Ok(match form {
        Decide::Approval { deciding, acts, close, decided } => {
            view! { <DecideForm deciding acts close decided /> }.into_any()
        }
        Decide::Owner { account, close, saved } => view! { <OwnerForm account=*account close saved /> }.into_any(),
        Decide::ResetLink { made } => view! { <SecretOnce made /> }.into_any(),
    })
}

/// Downloads the forms of decisions unless they are there.
pub fn load_decisions() -> Download {
    Box::pin(preload_decisions())
}

fn deferred_decision(form: Decide) -> AnyView {
    let draw = drawing(move || draw_decision(form.clone()));
    view! { <Deferred load=load_decisions draw /> }.into_any()
}

/// A part of its own, because the filters read groups and no other form of members does.
#[wasm_split(member_filter, fallible, preload(preload_filter))]
fn draw_filter(asked: Memo<AccountQuery>, close: Callback<()>) -> Drawn {
    Ok(view! { <NarrowForm asked close /> }.into_any())
}

/// Downloads the filters unless they are there.
fn load_filter() -> Download {
    Box::pin(preload_filter())
}

/// Downloads the forms unless they are there.
pub fn load_forms() -> Download {
    Box::pin(preload_forms())
}

fn deferred(form: Form) -> AnyView {
    let draw = drawing(move || draw(form.clone()));
    view! { <Deferred load=load_forms draw /> }.into_any()
}

/// The dialog that creates an account.
#[component]
pub(super) fn CreateDialog(open: RwSignal<bool>, created: Callback<Account>) -> impl IntoView {
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog id="new-member" open=open close title=text::NEW_MEMBER.to_owned()>
            {deferred(Form::Create { close, created })}
        </Dialog>
    }
}

/// The dialog that approves or declines accounts with a message, open while there are some.
#[component]
pub(super) fn DecideDialog(of: RwSignal<Option<Deciding>>, acts: Acts, decided: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let title = Signal::derive(move || of.with(|of| of.as_ref().map(text::decide_title).unwrap_or_default()));
    view! {
        <Dialog id="decide" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|deciding| deferred_decision(Decide::Approval { deciding, acts, close, decided }))}
        </Dialog>
    }
}

/// The dialog that narrows the list.
#[component]
pub(super) fn NarrowDialog(open: RwSignal<bool>, asked: Memo<AccountQuery>) -> impl IntoView {
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog id="filter" open=open close title=text::FILTER_MEMBERS.to_owned() small=true>
            {
                let draw = drawing(move || draw_filter(asked, close));
                view! { <Deferred load=load_filter draw /> }.into_any()
            }
        </Dialog>
    }
}

/// The dialog that changes an account, open while there is one.
#[component]
pub(super) fn EditDialog(of: RwSignal<Option<Account>>, saved: Callback<Account>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let form = move |account| deferred(Form::Edit { account: Box::new(account), close, saved });
    view! { <OfAccount id="edit-member" of title=text::edit_title form=Callback::new(form) close /> }
}

/// The dialog that changes the attributes of an account, open while there is one.
#[component]
pub(super) fn AttributesDialog(
    of: RwSignal<Option<(AccountId, Vec<Attribute>)>>,
    saved: Callback<()>,
) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    view! {
        <Dialog
            id="edit-attributes"
            open=Signal::derive(move || of.with(Option::is_some))
            close
            title=text::EDIT_ATTRIBUTES.to_owned()
        >
            {of.get_untracked().map(|(of, attributes)| deferred(Form::Attributes { of, attributes, close, saved }))}
        </Dialog>
    }
}

/// The dialog that makes an account the owner, open while there is one.
#[component]
pub(super) fn OwnerDialog(of: RwSignal<Option<Account>>, saved: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let form = move |account| deferred_decision(Decide::Owner { account: Box::new(account), close, saved });
    view! { <OfAccount id="make-owner" of title=text::make_owner_title form=Callback::new(form) close /> }
}

/// The reset link that was just made, until the viewer takes it away.
#[component]
pub(super) fn ResetLinkOnce(made: RwSignal<Option<FreshSecret>>) -> impl IntoView {
    move || {
        made.with(Option::is_some).then(|| {
            let draw = drawing(move || draw_decision(Decide::ResetLink { made }));
            view! { <Deferred load=load_decisions draw class="stack" unseen=true /> }.into_any()
        })
    }
}

#[component]
fn OfAccount(
    id: &'static str,
    of: RwSignal<Option<Account>>,
    title: fn(&str) -> String,
    form: Callback<Account, AnyView>,
    close: Callback<()>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        of.with(|account| account.as_ref().map(|account| title(&isolated(account.display_name()))).unwrap_or_default())
    });
    view! {
        <Dialog id open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|account| form.run(account))}
        </Dialog>
    }
}
