//! What can be done to a member.

use std::sync::Arc;

use domain::accounts::{AccountRow, AccountStatus};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::fault::Fault;
use crate::ui::{Confirm, Icon, IconName, Question, Toasts};

/// The acts of the page.
#[derive(Clone, Copy)]
pub struct Acts {
    toasts: Toasts,
    confirm: Confirm,
    /// Called when someone has changed.
    changed: Callback<()>,
}

impl Acts {
    /// The acts of the page at hand, which reads its data anew when `changed` is called.
    pub fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        Self { toasts: Toasts::expect(), confirm: Confirm::expect(), changed: Callback::new(move |()| changed()) }
    }

    fn suspend(self, row: &AccountRow) {
        let (id, name) = (row.account.id, row.account.display_name().to_owned());
        self.confirm.ask(Question {
            title: format!("Suspend {name}?"),
            text: format!(
                "{name} is signed out everywhere at once and can’t sign in. Every link they made is paused; restoring \
                 them later does not resume it. Nothing is deleted."
            ),
            verb: "Suspend",
            danger: true,
            act: Arc::new(move || {
                self.run(format!("Suspended {name}, and their links paused"), async move { api::suspend(id).await });
            }),
        });
    }

    fn restore(self, row: &AccountRow) {
        let (id, name) = (row.account.id, row.account.display_name().to_owned());
        self.confirm.ask(Question {
            title: format!("Restore {name}?"),
            text: format!("{name} can sign in again. Their links stay paused until someone resumes them."),
            verb: "Restore",
            danger: false,
            act: Arc::new(move || {
                self.run(format!("{name} can sign in again"), async move { api::restore(id).await });
            }),
        });
    }

    fn approve(self, row: &AccountRow) {
        let (id, name) = (row.account.id, row.account.display_name().to_owned());
        self.confirm.ask(Question {
            title: format!("Approve {name}?"),
            text: format!("{name} becomes a {} from now on.", row.account.role.title().to_lowercase()),
            verb: "Approve",
            danger: false,
            act: Arc::new(move || {
                self.run(format!("{name} is in"), async move { api::approve(id).await });
            }),
        });
    }

    fn run(self, done: String, act: impl Future<Output = Result<(), Fault>> + 'static) {
        spawn_local(async move {
            match act.await {
                Ok(()) => self.toasts.done(done),
                Err(fault) => self.toasts.fault(&fault),
            }
            self.changed.run(());
        });
    }
}

/// The buttons for one member; none for those the caller may not manage.
#[component]
pub fn ActButtons(
    /// For whom.
    row: AccountRow,
    /// The page's acts.
    acts: Acts,
) -> impl IntoView {
    if !row.can_manage {
        return ().into_any();
    }
    let status = row.account.status();
    let name = row.account.display_name().to_owned();
    let row = StoredValue::new(row);
    let button = move |icon, words, class, act: fn(Acts, &AccountRow)| {
        view! {
            <button
                type="button"
                class=class
                aria-label=format!("{words} {name}")
                on:click=move |_| row.with_value(|row| act(acts, row))
            >
                <Icon name=icon />
                {words}
            </button>
        }
    };
    let suspend = "btn btn-quiet btn-sm btn-danger-quiet";
    view! {
        <div>
            {match status {
                AccountStatus::Active => button(IconName::Ban, "Suspend", suspend, Acts::suspend).into_any(),
                AccountStatus::Suspended => button(IconName::Undo, "Restore", "btn btn-sm", Acts::restore).into_any(),
                AccountStatus::Pending => {
                    view! {
                        {button(IconName::Check, "Approve", "btn btn-sm", Acts::approve)}
                        {button(IconName::Ban, "Suspend", suspend, Acts::suspend)}
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}
