//! The ledger as a table.

use domain::redemptions::Redemption;
use leptos::prelude::*;

use crate::ui::{Empty, Head, Pager, Person, Table, Time};

/// Who came, when, by which invite.
#[component]
pub fn RedemptionTable(
    /// The lines.
    rows: Vec<Redemption>,
    /// To the lines before.
    newer: Option<String>,
    /// To the lines after.
    older: Option<String>,
    /// Whether to name the invite: not on the invite's own page.
    links: bool,
) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <div class="card">
                <Empty title="Nobody came through yet" text="Whoever signs up with a link stands here, with the moment and the link." />
            </div>
        }
        .into_any();
    }
    let pager = view! { <Pager count=rows.len() of=["person", "people"] newer older /> };
    let heads = view! {
        <Head label="Person" />
        {links.then(|| view! { <Head label="Link" /> }.into_any())}
        <Head label="When" sorted=Some("descending") />
    };
    view! {
        <Table label="Redemptions" heads pager>
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
                <Person of=row.account />
            </th>
            {links
                .then(|| {
                    view! {
                        <td role="cell" data-label="Link">
                            <a class="cell-title clip" dir="auto" href=format!("/admin/invites/{}", row.invite.id)>
                                {row.invite.title().to_owned()}
                            </a>
                        </td>
                    }.into_any()
                })}
            <td role="cell" data-label="When" class="cell-fit">
                <Time at=row.created_at />
            </td>
        </tr>
    }
}
