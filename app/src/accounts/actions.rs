//! What an admin can do to a member: the same acts in the list and on the member's page.

use domain::accounts::{AccountRow, AccountStatus};
use domain::approvals::Decision;
use domain::ids::AccountId;
use leptos::prelude::*;

use super::doing::{self, ACTS_PREFETCH};
use super::text;
use crate::ui::{Acting, FreshSecret, Icon, IconName, MenuAct, RowMenu};
use crate::viewer::CurrentViewer;

/// The acts of one page.
#[derive(Clone, Copy)]
pub struct Acts {
    pub(super) acting: Acting,
    /// What is done on the page of a member that was deleted.
    pub(super) gone: Option<Callback<()>>,
    /// Where the page has a dialog for decisions with a message.
    pub(super) deciding: Option<RwSignal<Option<Deciding>>>,
    /// Where the page shows a reset link that was just made.
    pub(super) made: Option<Callback<(AccountId, FreshSecret)>>,
}

/// What is decided in a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// The decision.
    pub decision: Decision,
    /// The accounts.
    pub accounts: Vec<AccountId>,
    /// The account, if the decision is an act on one: a decline, which can be undone.
    pub row: Option<Box<AccountRow>>,
}

/// One act, with its label and icon.
#[derive(Clone, Copy)]
pub struct Act {
    /// The label.
    pub label: &'static str,
    /// The icon.
    pub icon: IconName,
    danger: bool,
    does: Does,
}

/// What an act does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Approves at once, and offers to undo it.
    Approve,
    /// Declines, with a message where the page has a dialog for it.
    Decline,
    /// Puts a declined account back to pending approval.
    Reconsider,
    /// Suspends; asks first.
    Suspend,
    /// Lifts a suspension; asks first.
    Restore,
    /// Deletes; asks first.
    Delete,
    /// Makes a reset link, which the page shows; asks first.
    MakeResetLink,
    /// Has the activation link sent again.
    ResendActivation,
    /// Activates the account without the link; asks first.
    MarkVerified,
}

const APPROVE: Act = Act { label: text::APPROVE, icon: IconName::Check, danger: false, does: Does::Approve };
const DECLINE: Act = Act { label: text::DECLINE, icon: IconName::Close, danger: true, does: Does::Decline };
const RECONSIDER: Act = Act { label: text::RECONSIDER, icon: IconName::Undo, danger: false, does: Does::Reconsider };
const SUSPEND: Act = Act { label: text::SUSPEND, icon: IconName::Ban, danger: true, does: Does::Suspend };
const RESTORE: Act = Act { label: text::RESTORE, icon: IconName::Undo, danger: false, does: Does::Restore };
const DELETE: Act = Act { label: text::DELETE, icon: IconName::Trash, danger: true, does: Does::Delete };
const MAKE_RESET_LINK: Act =
    Act { label: text::MAKE_RESET_LINK, icon: IconName::Link, danger: false, does: Does::MakeResetLink };
const RESEND_ACTIVATION: Act =
    Act { label: text::RESEND_ACTIVATION, icon: IconName::Mail, danger: false, does: Does::ResendActivation };
const MARK_VERIFIED: Act =
    Act { label: text::MARK_VERIFIED, icon: IconName::Check, danger: false, does: Does::MarkVerified };

impl Act {
    /// The act as an item of a menu.
    fn of(self, row: StoredValue<AccountRow>, acts: Acts) -> MenuAct {
        let run = Callback::new(move |()| row.with_value(|row| self.run(acts, row)));
        MenuAct { label: self.label, icon: self.icon, danger: self.danger, run }
    }

    /// Acts at once, or asks first.
    pub fn run(self, acts: Acts, row: &AccountRow) {
        doing::run(acts, self.does, row);
    }

    /// Every act that can be done on any page.
    pub const ALL: [Self; 8] =
        [APPROVE, DECLINE, RECONSIDER, RESEND_ACTIVATION, MARK_VERIFIED, SUSPEND, RESTORE, DELETE];
}

/// What the viewer can do to a member, the likely act first.
pub fn acts_on(row: &AccountRow) -> Vec<Act> {
    let (manage, decide) = (row.can_manage, row.can_decide);
    let acts: &[(bool, Act)] = match row.account.status {
        // The end of an account that has ended is moved by editing it.
        AccountStatus::Active | AccountStatus::Ended => &[(manage, SUSPEND)],
        AccountStatus::Pending => &[(decide, APPROVE), (decide, DECLINE)],
        AccountStatus::Unverified => {
            let suspend = manage && row.account.approved_at.is_some();
            &[(row.can_verify, RESEND_ACTIVATION), (row.can_verify, MARK_VERIFIED), (suspend, SUSPEND)]
        }
        // It is approved after it was put back, so that nobody overrules a decline without having seen it.
        AccountStatus::Declined => &[(decide || manage, RECONSIDER)],
        AccountStatus::Suspended => &[(manage, RESTORE)],
    };
    acts.iter().chain(&[(manage, DELETE)]).filter(|(allowed, _)| *allowed).map(|(_, act)| *act).collect()
}

impl Acts {
    /// The acts of the page at hand, which reads its data again when `changed` is called.
    pub fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        let CurrentViewer(viewer) = expect_context();
        let acting = Acting::new(move || {
            changed();
            // The navigation counts the accounts pending approval.
            viewer.refetch();
        });
        Self::anywhere(acting)
    }

    /// The same on the page of a member, which `gone` leaves when the member was deleted.
    #[must_use]
    pub fn leaving(self, gone: Callback<()>) -> Self {
        Self { gone: Some(gone), ..self }
    }

    /// The same with a dialog for decisions.
    #[must_use]
    pub fn deciding(self, dialog: RwSignal<Option<Deciding>>) -> Self {
        Self { deciding: Some(dialog), ..self }
    }

    /// The same where the page shows a reset link.
    #[must_use]
    pub fn showing(self, made: Callback<(AccountId, FreshSecret)>) -> Self {
        Self { made: Some(made), ..self }
    }

    /// The acts of what can be opened on any page.
    pub fn anywhere(acting: Acting) -> Self {
        Self { acting, gone: None, deciding: None, made: None }
    }

    /// Reads the data of the page again.
    pub fn changed(self) {
        self.acting.changed.run(());
    }
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
    let approves = row.account.status == AccountStatus::Pending && row.can_decide;
    let name = row.account.display_name().to_owned();
    let id = format!("member-menu-{}", row.account.id);
    let href = crate::pages::member(row.account.id);
    let row = StoredValue::new(row);
    let approve = approves.then(|| {
        view! {
            <button
                type="button"
                id=format!("{id}-approve")
                class="btn btn-sm"
                aria-label=text::approve_label(&name)
                on:click=move |_| row.with_value(|row| APPROVE.run(acts, row))
            >
                <Icon name=IconName::Check />
                {text::APPROVE}
            </button>
        }
        .into_any()
    });
    let acts = possible.into_iter().map(|act| act.of(row, acts)).collect();
    view! {
        <div class="row row-nowrap" data-prefetch=ACTS_PREFETCH>
            {approve}
            <RowMenu id name page=(text::VIEW, href) acts />
        </div>
    }
    .into_any()
}

/// The acts on one member on its page: the likely ones as buttons, the others in a menu. Empty where the viewer can do
/// nothing.
#[component]
pub fn PageActs(
    /// The member.
    row: AccountRow,
    /// The page's acts.
    acts: Acts,
    /// Opens the dialog that makes the member the owner.
    make_owner: Callback<()>,
) -> impl IntoView {
    let (seldom, likely): (Vec<_>, Vec<_>) = acts_on(&row).into_iter().partition(|act| act.does == Does::Delete);
    let (status, can_own) = (row.account.status, row.can_own);
    let can_reset = acts.made.is_some() && row.can_reset;
    let (id, name) = (format!("member-menu-{}", row.account.id), row.account.display_name().to_owned());
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
                data-prefetch=ACTS_PREFETCH
                on:click=move |_| row.with_value(|row| act.run(acts, row))
            >
                <Icon name=act.icon />
                {act.label}
            </button>
        }
        .into_any()
    };
    let own = MenuAct { label: text::MAKE_OWNER, icon: IconName::Key, danger: false, run: make_owner };
    let seldom = can_reset.then_some(MAKE_RESET_LINK).into_iter().chain(seldom).map(|act| act.of(row, acts));
    let seldom = can_own.then_some(own).into_iter().chain(seldom).collect();
    view! {
        {likely.into_iter().enumerate().map(button).collect_view()}
        <RowMenu id name acts=seldom />
    }
}
