//! What of the viewer ends soon, and whom to ask for more time.

use domain::text::isolated;
use domain::viewer::NearEnd;
use leptos::prelude::*;

use super::text;
use crate::ui::{Banner, IconName, Time};

/// A message for each end that is near; nothing where there is none.
#[component]
pub(super) fn NearEnds(ends: Vec<NearEnd>) -> impl IntoView {
    ends.into_iter().map(|end| view! { <Near end /> }.into_any()).collect_view()
}

#[component]
fn Near(end: NearEnd) -> impl IntoView {
    let names: Vec<_> = end.ask.iter().map(|name| isolated(name)).collect();
    let (what, then, ask) = match &end.group {
        None => (text::ACCOUNT_ENDS_BEFORE.to_owned(), text::ACCOUNT_ENDS, text::ask_about_account(&names)),
        Some(group) => (
            text::membership_ends_before(&isolated(group.name.as_str())),
            text::MEMBERSHIP_ENDS,
            text::ask_about_membership(&names),
        ),
    };
    view! {
        <Banner tone="warn" icon=IconName::Hourglass>
            <strong>{what} <Time at=end.ends_at /> "."</strong>
            " "
            {then}
            " "
            {ask}
        </Banner>
    }
}
