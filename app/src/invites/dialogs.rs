//! The dialogs that create and change invites. Their forms are a part of the browser's program, downloaded when a dialog is
//! opened: they are larger than the pages that open them.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::groups::GroupRef;
use domain::invites::{Allowance, Invite};
use domain::text::isolated;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::actions::Acts;
use super::bounds::Bounds;
use super::create::CreateForm;
use super::edit::EditForm;
use super::extend::ExtendForm;
use super::form::InviteForm;
use super::limit::LimitForm;
use super::{doing, text};
use crate::ui::{Acting, Deferred, Dialog, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that leads to one of these forms, or to an act.
pub const PREFETCH: &str = "invite-forms";

/// A form, and what it needs.
enum Form {
    Create { groups: Vec<GroupRef>, bounds: Option<Allowance>, close: Callback<()>, created: Callback<()> },
    Change { how: Change, invite: Box<Invite>, bounds: Option<Allowance>, close: Callback<()>, acting: Acting },
}

/// The changes that have a form.
#[derive(Clone, Copy)]
enum Change {
    Edit,
    Extend,
    RaiseLimit,
    Duplicate,
}

#[wasm_split(invite_forms, fallible, preload(preload_forms))]
fn draw(form: Form) -> Drawn {
    Ok(match form {
        Form::Create { groups, bounds, close, created } => {
            let form = InviteForm::suggested(groups, bounds);
            view! { <CreateForm id="new-invite" form close created /> }.into_any()
        }
        Form::Change { how, invite, bounds, close, acting } => {
            let invite = *invite;
            match how {
                Change::Edit => view! { <EditForm invite bounds close acting /> }.into_any(),
                Change::Extend => view! { <ExtendForm invite bounds close acting /> }.into_any(),
                Change::Duplicate => {
                    let form = InviteForm::copy_of(&invite, bounds);
                    view! { <CreateForm id="duplicate-invite" form close created=acting.changed /> }.into_any()
                }
                Change::RaiseLimit => view! { <LimitForm invite bounds close acting /> }.into_any(),
            }
        }
    })
}

/// Downloads the forms unless they are there.
fn load_forms() -> Download {
    Box::pin(preload_forms())
}

/// Downloads the forms and the acts unless they are there.
pub fn load_acts() -> Download {
    Box::pin(async {
        preload_forms().await?;
        doing::load_acts().await
    })
}

/// The dialog that creates an invite.
#[component]
pub fn CreateDialog(
    /// Whether it is open.
    open: Signal<bool>,
    /// Called when it shall be closed.
    close: Callback<()>,
    /// Called when there is a new invite.
    created: Callback<()>,
    /// The groups that are chosen when it opens.
    #[prop(default = RwSignal::new(Vec::new()))]
    groups: RwSignal<Vec<GroupRef>>,
) -> impl IntoView {
    let bounds = use_context::<Bounds>();
    let draw = move || {
        let groups = groups.get_untracked();
        let bounds = Bounds::of(bounds, &groups);
        let form = Form::Create { groups, bounds, close, created };
        draw(form)
    };
    view! {
        <Dialog id="new-invite" open close title=text::NEW>
            <Deferred load=load_forms draw=drawing(draw) />
        </Dialog>
    }
}

/// The dialogs that the actions on an invite open. Once on a page.
#[component]
pub fn ActDialogs(
    /// The page's actions.
    acts: Acts,
) -> impl IntoView {
    let dialog = move |id, title, of, how| view! { <ChangeDialog id title of how acting=acts.acting /> };
    view! {
        {dialog("edit-invite", text::edit_title as fn(&str) -> String, acts.editing, Change::Edit)}
        {dialog("extend-invite", text::extend_title, acts.extending, Change::Extend)}
        {dialog("raise-limit", text::raise_limit_title, acts.raising, Change::RaiseLimit)}
        {dialog("duplicate-invite", text::duplicate_title, acts.duplicating, Change::Duplicate)}
    }
}

/// A dialog about one invite, open while there is one.
#[component]
fn ChangeDialog(
    /// Names the dialog among the page's ids.
    id: &'static str,
    /// Its title, for the title of the invite.
    title: fn(&str) -> String,
    /// The invite.
    of: RwSignal<Option<Invite>>,
    /// Which form it has.
    how: Change,
    /// How the page acts.
    acting: Acting,
) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let bounds = use_context::<Bounds>();
    let title = Signal::derive(move || {
        of.with(|invite| invite.as_ref().map(|invite| title(&isolated(invite.title()))).unwrap_or_default())
    });
    view! {
        <Dialog id open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked()
                .map(|invite| {
                    let draw = move || {
                        let invite = Box::new(invite.clone());
                        let bounds = Bounds::of(bounds, &invite.group_refs);
                        let form = Form::Change { how, invite, bounds, close, acting };
                        draw(form)
                    };
                    view! { <Deferred load=load_forms draw=drawing(draw) /> }
                })}
        </Dialog>
    }
}
