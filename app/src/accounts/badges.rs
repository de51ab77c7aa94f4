//! Role and status of an account, as badges.

use domain::accounts::{AccountStatus, Role};
use leptos::prelude::*;

use crate::ui::{Icon, IconName};

/// The role.
#[component]
pub fn RoleBadge(
    /// The role.
    role: Role,
) -> impl IntoView {
    view! { <span class="badge badge-plain">{role.title()}</span> }
}

/// The status: a word, an icon, a colour.
#[component]
pub fn AccountBadge(
    /// The status.
    status: AccountStatus,
) -> impl IntoView {
    let (tone, icon) = match status {
        AccountStatus::Active => ("live", IconName::Dot),
        AccountStatus::Pending => ("scheduled", IconName::Hourglass),
        AccountStatus::Unverified => ("scheduled", IconName::Mail),
        AccountStatus::Declined => ("used-up", IconName::Close),
        AccountStatus::Suspended => ("danger", IconName::Ban),
        AccountStatus::Ended => ("used-up", IconName::Clock),
    };
    view! {
        <span class="badge" data-status=tone>
            <Icon name=icon />
            {status.title()}
        </span>
    }
}
