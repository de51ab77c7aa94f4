//! What can be done to a member.

use std::sync::Arc;

use domain::accounts::{AccountRow, AccountStatus};
use domain::text::isolated;
use leptos::prelude::*;

use super::api;
use crate::ui::{Acting, Icon, IconName, Question};

/// What the page can do to a member.
#[derive(Clone, Copy)]
pub struct Acts(pub Acting);

impl Acts {
    fn suspend(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.0.ask(Question {
            title: format!("Suspend {name}?"),
            text: format!(
                "{name} is signed out everywhere at once and can’t sign in. Every link they made is paused; restoring \
                 them later does not resume it. Nothing is deleted."
            ),
            verb: "Suspend",
            danger: true,
            act: Arc::new(move || {
                let done = format!("Suspended {name}, and their links paused");
                self.0.run(api::suspend(id), |()| done);
            }),
        });
    }

    fn restore(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.0.ask(Question {
            title: format!("Restore {name}?"),
            text: format!("{name} can sign in again. Their links stay paused until someone resumes them."),
            verb: "Restore",
            danger: false,
            act: Arc::new(move || {
                let done = format!("{name} can sign in again");
                self.0.run(api::restore(id), |()| done);
            }),
        });
    }

    fn approve(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.0.ask(Question {
            title: format!("Approve {name}?"),
            text: format!("{name} becomes a {} from now on.", row.account.role.title().to_lowercase()),
            verb: "Approve",
            danger: false,
            act: Arc::new(move || {
                let done = format!("{name} is in");
                self.0.run(api::approve(id), |()| done);
            }),
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
    let id = row.with_value(|row| row.account.id);
    // The first button of a row keeps its id whatever it does, and with it the focus when it has been pressed.
    let button = move |place: &str, icon, words, class: &'static str, act: fn(Acts, &AccountRow)| {
        view! {
            <button
                type="button"
                id=format!("{place}-act-{id}")
                class=class
                aria-label=format!("{words} {name}")
                title=class.contains("btn-icon").then_some(words)
                on:click=move |_| row.with_value(|row| act(acts, row))
            >
                <Icon name=icon />
                {(!class.contains("btn-icon")).then_some(words)}
            </button>
        }
    };
    let suspend = "btn btn-quiet btn-sm btn-danger-quiet";
    view! {
        <div>
            {match status {
                AccountStatus::Active => button("first", IconName::Ban, "Suspend", suspend, Acts::suspend).into_any(),
                AccountStatus::Suspended => {
                    button("first", IconName::Undo, "Restore", "btn btn-sm", Acts::restore).into_any()
                }
                AccountStatus::Pending => {
                    view! {
                        {button("first", IconName::Check, "Approve", "btn btn-sm", Acts::approve)}
                        // Beside the one that is likely, the other is small: two words do not fit a row.
                        {button(
                            "second",
                            IconName::Ban,
                            "Suspend",
                            "btn btn-quiet btn-icon btn-sm btn-danger-quiet",
                            Acts::suspend,
                        )}
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}
