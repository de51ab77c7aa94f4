//! The table of redemptions.

use domain::redemptions::{Redemption, RedemptionKind};
use leptos::prelude::*;

use super::text;
use crate::ui::{Head, Pager, Person, Table, Time, nothing};

/// Member, invite and time of each redemption.
#[component]
pub fn RedemptionTable(
    /// The redemptions.
    rows: Vec<Redemption>,
    /// The URL of the page before.
    newer: Option<String>,
    /// The URL of the page after.
    older: Option<String>,
    /// Whether to name the invite; not on the invite's own page.
    links: bool,
) -> impl IntoView {
    if rows.is_empty() {
        return nothing(text::NO_REDEMPTIONS, text::NO_REDEMPTIONS_TEXT, None);
    }
    let pager = view! { <Pager count=rows.len() total=text::redemptions newer older /> };
    let heads = view! {
        <Head label=text::MEMBER />
        {links.then(|| view! { <Head label=text::INVITE /> }.into_any())}
        <Head label=text::REDEEMED sorted=Some("descending") />
    };
    view! {
        <Table label=text::REDEMPTIONS heads pager>
            {rows.into_iter().map(|row| view! { <Row row links /> }.into_any()).collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn Row(row: Redemption, links: bool) -> impl IntoView {
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <Person href=format!("/admin/members/{}", row.account.id) of=row.account />
            </th>
            {links
                .then(|| {
                    view! {
                        <td role="cell" data-label=text::INVITE>
                            <a class="cell-title clip" dir="auto" href=format!("/admin/invites/{}", row.invite.id)>
                                {row.invite.title().to_owned()}
                            </a>
                        </td>
                    }.into_any()
                })}
            <td role="cell" data-label=text::REDEEMED class="cell-fit">
                <Time at=row.created_at />
                {(row.kind == RedemptionKind::Joined)
                    .then(|| view! { <span class="cell-sub">{text::JOINED_GROUPS}</span> }.into_any())}
                {row.released_at.map(|_| view! { <span class="cell-sub">{text::RELEASED}</span> }.into_any())}
            </td>
        </tr>
    }
}
