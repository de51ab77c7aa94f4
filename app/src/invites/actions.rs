//! What can be done to an invite: the same acts, wherever their buttons stand.

use std::sync::Arc;

use domain::invites::{Invite, InviteStatus};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::edit::EditDialog;
use super::extend::ExtendDialog;
use crate::fault::Fault;
use crate::ui::{Confirm, Icon, IconName, Question, Toasts, copy};

/// The acts of one page.
#[derive(Clone, Copy)]
pub struct Acts {
    toasts: Toasts,
    confirm: Confirm,
    /// Called when an invite has changed.
    changed: Callback<()>,
    /// The invite whose edit dialog is open.
    pub editing: RwSignal<Option<Invite>>,
    /// The invite whose extend dialog is open.
    pub extending: RwSignal<Option<Invite>>,
}

impl Acts {
    /// The acts of the page at hand, which reads its data anew when `changed` is called.
    pub fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            toasts: Toasts::expect(),
            confirm: Confirm::expect(),
            changed: Callback::new(move |()| changed()),
            editing: RwSignal::new(None),
            extending: RwSignal::new(None),
        }
    }

    /// Copies the link.
    pub fn copy_link(self, invite: &Invite) {
        if let Some(url) = invite.url.clone() {
            copy(self.toasts, url, "Link copied");
        }
    }

    /// Stops it.
    pub fn pause(self, invite: &Invite) {
        let id = invite.id;
        self.run(format!("Paused “{}”", invite.title()), async move { api::pause(id).await.map(|_| ()) });
    }

    /// Lets it work again.
    pub fn resume(self, invite: &Invite) {
        let id = invite.id;
        self.run(format!("“{}” works again", invite.title()), async move { api::resume(id).await.map(|_| ()) });
    }

    /// Asks, then ends it for good.
    pub fn delete(self, invite: &Invite) {
        let (id, title) = (invite.id, invite.title().to_owned());
        let stays = match invite.used {
            0 => "Nobody came by it yet.".to_owned(),
            1 => "The one person who came by it stays, and the ledger still names it.".to_owned(),
            used => format!("The {used} people who came by it stay, and the ledger still names it."),
        };
        self.confirm.ask(Question {
            title: format!("Delete “{title}”?"),
            text: format!("Its link stops working at once and for good, and its code can’t be used again. {stays}"),
            verb: "Delete invite",
            danger: true,
            act: Arc::new(move || {
                self.run(format!("Deleted “{title}”"), async move { api::delete(id).await });
            }),
        });
    }

    fn run(self, done: String, act: impl Future<Output = Result<(), Fault>> + 'static) {
        spawn_local(async move {
            match act.await {
                Ok(()) => self.toasts.done(done),
                Err(fault) => self.toasts.fault(&fault),
            }
            // Also after a failure: somebody else may have been quicker.
            self.changed.run(());
        });
    }
}

/// The dialogs that the acts open. Once on a page.
#[component]
pub fn ActDialogs(
    /// The page's acts.
    acts: Acts,
) -> impl IntoView {
    view! {
        <EditDialog editing=acts.editing changed=acts.changed />
        <ExtendDialog extending=acts.extending changed=acts.changed />
    }
}

/// The menu of acts on one invite, and the button that opens it.
#[component]
pub fn ActMenu(
    /// On which.
    invite: Invite,
    /// The page's acts.
    acts: Acts,
    /// Names the menu among the page's ids.
    #[prop(into)]
    id: String,
    /// The classes of the button.
    #[prop(default = "btn btn-quiet btn-icon btn-sm")]
    class: &'static str,
) -> impl IntoView {
    let ledger = format!("/admin/redemptions?invite={}", invite.id);
    let invite = StoredValue::new(invite);
    let title = invite.with_value(|invite| invite.title().to_owned());
    let status = invite.with_value(|invite| invite.status);
    let gone = status == InviteStatus::Deleted;
    let item = {
        let id = id.clone();
        move |icon, words, tone: Option<&'static str>, act: fn(Acts, &Invite)| {
            view! {
                <button
                    type="button"
                    class="menu-item"
                    data-tone=tone
                    popovertarget=id.clone()
                    popovertargetaction="hide"
                    on:click=move |_| invite.with_value(|invite| act(acts, invite))
                >
                    <Icon name=icon />
                    {words}
                </button>
            }
        }
    };
    view! {
        <button type="button" class=class popovertarget=id.clone() aria-label=format!("More for {title}")>
            <Icon name=IconName::More />
        </button>
        <div class="menu" id=id popover="auto">
            {(!gone)
                .then(|| {
                    view! {
                        {item(IconName::Link, "Copy link", None, Acts::copy_link)}
                        {item(
                            IconName::Pencil,
                            "Edit…",
                            None,
                            |acts, invite| acts.editing.set(Some(invite.clone())),
                        )}
                        {item(
                            IconName::Extend,
                            "Extend…",
                            None,
                            |acts, invite| acts.extending.set(Some(invite.clone())),
                        )}
                        {if status == InviteStatus::Paused {
                            item(IconName::Play, "Resume", None, Acts::resume)
                        } else {
                            item(IconName::Pause, "Pause", None, Acts::pause)
                        }}
                    }
                })}
            <a class="menu-item" href=ledger>
                <Icon name=IconName::Redemptions />
                "See who came"
            </a>
            {(!gone)
                .then(|| {
                    view! {
                        <hr class="menu-sep" />
                        {item(IconName::Trash, "Delete…", Some("danger"), Acts::delete)}
                    }
                })}
        </div>
    }
}
