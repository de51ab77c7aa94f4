//! What can be done to an invite: the same acts, wherever their buttons stand.

use std::sync::Arc;

use domain::invites::{Invite, InviteStatus};
use domain::text::isolated;
use leptos::ev::Event;
use leptos::prelude::*;

use super::api;
use super::edit::EditDialog;
use super::extend::ExtendDialog;
use crate::ui::{Acting, Icon, IconName, Question, copy};

/// The acts of one page.
#[derive(Clone, Copy)]
pub struct Acts {
    acting: Acting,
    /// The invite whose edit dialog is open.
    pub editing: RwSignal<Option<Invite>>,
    /// The invite whose extend dialog is open.
    pub extending: RwSignal<Option<Invite>>,
}

impl Acts {
    /// The acts of the page that acts like this.
    pub fn new(acting: Acting) -> Self {
        Self { acting, editing: RwSignal::new(None), extending: RwSignal::new(None) }
    }

    /// Copies the link.
    pub fn copy_link(self, invite: &Invite) {
        if let Some(url) = invite.url.clone() {
            copy(self.acting.toasts, url, "Link copied");
        }
    }

    /// Stops it.
    pub fn pause(self, invite: &Invite) {
        self.acting.run(api::pause(invite.id), |invite| format!("Paused “{}”", isolated(invite.title())));
    }

    /// Lets it work again.
    pub fn resume(self, invite: &Invite) {
        self.acting.run(api::resume(invite.id), |invite| format!("“{}” works again", isolated(invite.title())));
    }

    /// Asks, then ends it for good.
    pub fn delete(self, invite: &Invite) {
        let (id, title) = (invite.id, isolated(invite.title()));
        let stays = match invite.used {
            0 => "Nobody came by it yet.".to_owned(),
            1 => "The one person who came by it stays, and the ledger still names it.".to_owned(),
            used => format!("The {used} people who came by it stay, and the ledger still names it."),
        };
        self.acting.ask(Question {
            title: format!("Delete “{title}”?"),
            text: format!("Its link stops working at once and for good, and its code can’t be used again. {stays}"),
            verb: "Delete invite",
            danger: true,
            act: Arc::new(move || {
                let done = format!("Deleted “{title}”");
                self.acting.run(api::delete(id), |()| done);
            }),
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
        <EditDialog editing=acts.editing acting=acts.acting />
        <ExtendDialog extending=acts.extending acting=acts.acting />
    }
}

/// The one item that takes something away.
const DELETE: &str = "Delete…";

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
    let opened = RwSignal::new(false);
    let name = StoredValue::new(id.clone());
    let item = move |icon, words, key: Option<&'static str>, act: fn(Acts, &Invite)| {
        let danger = words == DELETE;
        view! {
            <button
                type="button"
                class="menu-item"
                data-tone=danger.then_some("danger")
                aria-keyshortcuts=key
                popovertarget=name.get_value()
                popovertargetaction="hide"
                on:click=move |_| invite.with_value(|invite| act(acts, invite))
            >
                <Icon name=icon />
                {words}
            </button>
        }
    };
    view! {
        <button
            type="button"
            id=format!("{id}-opener")
            class=class
            popovertarget=id.clone()
            aria-label=format!("More for {title}")
        >
            <Icon name=IconName::More />
        </button>
        // What needs the script is made when the menu is first opened: closed, the menus of a list outweigh its rows.
        <div class="menu" id=id popover="auto" on:beforetoggle=move |_: Event| opened.set(true)>
            <p class="menu-head sheet-only">
                <strong>
                    <bdi>{title}</bdi>
                </strong>
            </p>
            {move || {
                (!gone && opened.get())
                    .then(|| {
                        view! {
                            {item(IconName::Link, "Copy link", Some("y"), Acts::copy_link)}
                            {item(
                                IconName::Pencil,
                                "Edit…",
                                Some("e"),
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
                        }.into_any()
                    })
            }}
            <a class="menu-item" href=ledger>
                <Icon name=IconName::Redemptions />
                "See who came"
            </a>
            {move || {
                (!gone && opened.get())
                    .then(|| {
                        view! {
                            <hr class="menu-sep" />
                            {item(IconName::Trash, DELETE, None, Acts::delete)}
                        }.into_any()
                    })
            }}
        </div>
    }
}
