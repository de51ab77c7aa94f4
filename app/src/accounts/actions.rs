//! What an admin can do to a member: the same acts in the list and on the member's page.

use std::sync::Arc;

use domain::accounts::{AccountRow, AccountStatus};
use domain::text::isolated;
use leptos::ev::Event;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{Acting, Icon, IconName, Question};
use crate::viewer::CurrentViewer;

/// The acts of one page.
#[derive(Clone, Copy)]
pub struct Acts(Acting);

/// One act, with its label and icon.
#[derive(Clone, Copy)]
pub struct Act {
    /// The label.
    pub label: &'static str,
    /// The icon.
    pub icon: IconName,
    danger: bool,
    /// Acts at once, or asks first.
    pub run: fn(Acts, &AccountRow),
}

const APPROVE: Act = Act { label: text::APPROVE, icon: IconName::Check, danger: false, run: Acts::approve };
const DECLINE: Act = Act { label: text::DECLINE, icon: IconName::Close, danger: true, run: Acts::decline };
const RECONSIDER: Act = Act { label: text::RECONSIDER, icon: IconName::Undo, danger: false, run: Acts::reconsider };
const SUSPEND: Act = Act { label: text::SUSPEND, icon: IconName::Ban, danger: true, run: Acts::suspend };
const RESTORE: Act = Act { label: text::RESTORE, icon: IconName::Undo, danger: false, run: Acts::restore };

impl Act {
    /// Every act.
    pub const ALL: [Self; 5] = [APPROVE, DECLINE, RECONSIDER, SUSPEND, RESTORE];
}

/// What the viewer can do to a member, the likely act first.
pub fn acts_on(row: &AccountRow) -> Vec<Act> {
    let (manage, decide) = (row.can_manage, row.can_decide);
    let acts: &[(bool, Act)] = match row.account.status() {
        AccountStatus::Active => &[(manage, SUSPEND)],
        AccountStatus::Pending => &[(decide, APPROVE), (decide, DECLINE)],
        AccountStatus::Declined => &[(decide, APPROVE), (manage, RECONSIDER)],
        AccountStatus::Suspended => &[(manage, RESTORE)],
    };
    acts.iter().filter(|(allowed, _)| *allowed).map(|(_, act)| *act).collect()
}

impl Acts {
    /// The acts of the page at hand, which reads its data again when `changed` is called.
    pub fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        let CurrentViewer(viewer) = expect_context();
        Self(Acting::new(move || {
            changed();
            // The navigation counts the accounts pending approval.
            viewer.refetch();
        }))
    }

    /// The acts of what can be opened on any page.
    pub fn anywhere(acting: Acting) -> Self {
        Self(acting)
    }

    fn approve(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        let undone = name.clone();
        self.0.run_undoable(
            api::approve(id),
            move |status| {
                let approved = status == AccountStatus::Active;
                (if approved { text::approved(&name) } else { unchanged(&name, status) }, approved)
            },
            move || {
                let name = undone.clone();
                self.0.run(api::undo_approval(id), move |status| match status {
                    AccountStatus::Pending => text::pending_again(&name),
                    _ => unchanged(&name, status),
                });
            },
        );
    }

    fn decline(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.0.ask(Question {
            title: text::decline_title(&name),
            text: text::decline_text(&name),
            verb: text::DECLINE_ACCOUNT,
            danger: true,
            act: Arc::new(move || {
                let name = name.clone();
                self.0.run(api::decline(id), move |status| match status {
                    AccountStatus::Declined => text::declined(&name),
                    _ => unchanged(&name, status),
                });
            }),
        });
    }

    fn reconsider(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.0.run(api::restore(id), move |status| match status {
            AccountStatus::Pending => text::pending_again(&name),
            _ => unchanged(&name, status),
        });
    }

    fn suspend(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.0.ask(Question {
            title: text::suspend_title(&name),
            text: text::suspend_text(&name),
            verb: text::SUSPEND_MEMBER,
            danger: true,
            act: Arc::new(move || {
                let name = name.clone();
                self.0.run(api::suspend(id), move |status| match status {
                    AccountStatus::Suspended => text::suspended(&name),
                    _ => unchanged(&name, status),
                });
            }),
        });
    }

    fn restore(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.0.ask(Question {
            title: text::restore_title(&name),
            text: text::restore_text(&name),
            verb: text::RESTORE_MEMBER,
            danger: false,
            act: Arc::new(move || {
                let name = name.clone();
                self.0.run(api::restore(id), move |status| match status {
                    AccountStatus::Active => text::restored(&name),
                    _ => unchanged(&name, status),
                });
            }),
        });
    }
}

/// What a toast says when somebody else was quicker.
fn unchanged(name: &str, status: AccountStatus) -> String {
    text::unchanged(name, &status.title().to_lowercase())
}

/// The menu of acts on one member, and the button that opens it; before it, for accounts pending approval, the act that
/// is likely. Empty where the viewer can do nothing.
#[component]
pub fn RowActs(
    /// The member.
    row: AccountRow,
    /// The page's acts.
    acts: Acts,
) -> impl IntoView {
    let possible = acts_on(&row);
    if possible.is_empty() {
        return ().into_any();
    }
    let approves = row.account.status() == AccountStatus::Pending && row.can_decide;
    let name = row.account.display_name().to_owned();
    let id = format!("member-menu-{}", row.account.id);
    let href = crate::pages::member(row.account.id);
    let row = StoredValue::new(row);
    let menu = StoredValue::new(id.clone());
    let opened = RwSignal::new(false);
    let approve = approves.then(|| {
        view! {
            <button
                type="button"
                id=format!("{id}-approve")
                class="btn btn-sm"
                aria-label=text::approve_label(&name)
                on:click=move |_| row.with_value(|row| acts.approve(row))
            >
                <Icon name=IconName::Check />
                {text::APPROVE}
            </button>
        }
        .into_any()
    });
    let item = move |act: Act| {
        view! {
            <button
                type="button"
                class="menu-item"
                data-tone=act.danger.then_some("danger")
                popovertarget=menu.get_value()
                popovertargetaction="hide"
                on:click=move |_| row.with_value(|row| (act.run)(acts, row))
            >
                <Icon name=act.icon />
                {act.label}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="row row-nowrap">
            {approve}
            <button
                type="button"
                id=format!("{id}-opener")
                class="btn btn-quiet btn-icon btn-sm"
                popovertarget=id.clone()
                aria-label=text::more_for(&name)
            >
                <Icon name=IconName::More />
            </button>
            // The items are made when the menu is first opened: closed, the menus of a list outweigh its rows.
            <div class="menu" id=id popover="auto" on:beforetoggle=move |_: Event| opened.set(true)>
                <p class="menu-head sheet-only">
                    <strong>
                        <bdi>{name}</bdi>
                    </strong>
                </p>
                <a class="menu-item" href=href>
                    <Icon name=IconName::User />
                    {text::VIEW}
                </a>
                {move || opened.get().then(|| possible.iter().copied().map(item).collect_view().into_any())}
            </div>
        </div>
    }
    .into_any()
}

/// The acts on one member as the buttons of a page. Empty where the viewer can do nothing.
#[component]
pub fn PageActs(
    /// The member.
    row: AccountRow,
    /// The page's acts.
    acts: Acts,
) -> impl IntoView {
    let possible = acts_on(&row);
    if possible.is_empty() {
        return ().into_any();
    }
    let status = row.account.status();
    let row = StoredValue::new(row);
    let button = move |(place, act): (usize, Act)| {
        // The one that is asked for is the primary one: it is why the admin is here.
        let class = match (status, act.danger, place) {
            (AccountStatus::Pending, _, 0) => "btn btn-primary",
            (_, true, _) => "btn btn-danger-quiet",
            _ => "btn",
        };
        view! {
            <button
                type="button"
                id=format!("act-{place}")
                class=class
                on:click=move |_| row.with_value(|row| (act.run)(acts, row))
            >
                <Icon name=act.icon />
                {act.label}
            </button>
        }
        .into_any()
    };
    possible.into_iter().enumerate().map(button).collect_view().into_any()
}
