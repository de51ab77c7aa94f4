//! The dialogs that create and change invites. Their forms are a part of the browser's program, downloaded when a dialog is
//! opened: they are larger than the pages that open them.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::groups::GroupRef;
use domain::invites::{Allowance, Invite};
use domain::text::isolated;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::actions::{Acts, Change};
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

/// The id of the dialog that creates an invite.
const CREATE_DIALOG: &str = "new-invite";

/// The id of the dialog in which one is changed.
pub(super) const CHANGE_DIALOG: &str = "change-invite";

/// A form, and what it needs.
enum Form {
    Create { groups: Vec<GroupRef>, bounds: Option<Allowance>, close: Callback<()>, created: Callback<()> },
    Change { how: Change, invite: Box<Invite>, bounds: Option<Allowance>, close: Callback<()>, acting: Acting },
}

#[wasm_split(invite_forms, fallible, preload(preload_forms))]
fn draw(form: Form) -> Drawn {
    Ok(match form {
        Form::Create { groups, bounds, close, created } => {
            let form = InviteForm::suggested(groups, bounds);
            view! { <CreateForm id=CREATE_DIALOG form close created /> }.into_any()
        }
        Form::Change { how, invite, bounds, close, acting } => {
            let invite = *invite;
            match how {
                Change::Edit => view! { <EditForm invite bounds close acting /> }.into_any(),
                Change::Extend => view! { <ExtendForm invite bounds close acting /> }.into_any(),
                Change::Duplicate => {
                    let form = InviteForm::copy_of(&invite, bounds);
                    view! { <CreateForm id=CHANGE_DIALOG form close created=acting.changed /> }.into_any()
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
        <Dialog id=CREATE_DIALOG open close title=text::NEW>
            <Deferred load=load_forms draw=drawing(draw) />
        </Dialog>
    }
}

/// The dialog in which an invite is changed, open while there is one. Once on a page.
#[component]
pub fn ChangeDialog(
    /// The page's actions.
    acts: Acts,
) -> impl IntoView {
    let Acts { acting, changing: of, .. } = acts;
    let close = Callback::new(move |()| of.set(None));
    let bounds = use_context::<Bounds>();
    let title = Signal::derive(move || {
        of.with(|of| of.as_ref().map(|(how, invite)| how.title(&isolated(invite.title()))).unwrap_or_default())
    });
    view! {
        <Dialog id=CHANGE_DIALOG open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked()
                .map(|(how, invite)| {
                    let draw = move || {
                        let invite = Box::new(invite.clone());
                        let bounds = Bounds::of(bounds, &invite.group_refs);
                        draw(Form::Change { how, invite, bounds, close, acting })
                    };
                    view! { <Deferred load=load_forms draw=drawing(draw) /> }
                })}
        </Dialog>
    }
}
