//! What the server found in a list of recipients.

use domain::invitations::{Preview, Recipient, RowError};
use domain::text::thousands;
use leptos::prelude::*;

use super::text;
use crate::ui::{Banner, Head, IconName, Table};

/// What was found, and what is wrong with it.
#[component]
pub(super) fn Found(
    preview: Preview,
    /// Whether all get the same link.
    is_one_link: bool,
    /// Whether lines that can't be used are left out.
    skip: RwSignal<bool>,
) -> impl IntoView {
    let Preview { recipients, count, errors, error_count, duplicates, have_account, unsubscribed } = preview;
    let shown = u32::try_from(recipients.len()).unwrap_or(u32::MAX);
    let more = (shown < count).then(|| text::more_than_shown(shown, count));
    let have = if is_one_link { text::have_account_too } else { text::have_account };
    let notes: Vec<_> = [
        (duplicates > 0).then(|| text::duplicates(duplicates)),
        (have_account > 0).then(|| have(have_account)),
        (unsubscribed > 0).then(|| text::unsubscribed(unsubscribed)),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <p>
            <strong>{if count == 0 { text::NOTHING_FOUND.to_owned() } else { text::recipients(count) }}</strong>
            {notes.into_iter().map(|note| view! { " " <span class="soft">{note}</span> }.into_any()).collect_view()}
        </p>
        {(error_count > 0).then(|| view! { <Wrong errors count=error_count skip /> }.into_any())}
        {(shown > 0).then(|| view! { <Recipients recipients /> }.into_any())}
        {more.map(|words| view! { <p class="help">{words}</p> }.into_any())}
    }
}

/// The lines that can't be used, and the choice to leave them out.
#[component]
fn Wrong(errors: Vec<RowError>, count: u32, skip: RwSignal<bool>) -> impl IntoView {
    let shown = u32::try_from(errors.len()).unwrap_or(u32::MAX);
    let more = (shown < count).then(|| text::more_than_shown(shown, count));
    let heads = view! {
        <Head label=text::LINE />
        <Head label=text::TEXT />
        <Head label=text::WRONG />
    };
    let rows = errors
        .into_iter()
        .map(|RowError { line, text: typed, message }| {
            view! {
                <tr role="row">
                    <th role="rowheader" scope="row" class="cell-fit">
                        {thousands(line)}
                    </th>
                    <td role="cell" data-label=text::TEXT>
                        <span class="clip" dir="auto">{typed}</span>
                    </td>
                    <td role="cell" data-label=text::WRONG>
                        {message}
                    </td>
                </tr>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <Banner tone="warn" icon=IconName::Alert>
            {text::wrong_lines(count)}
        </Banner>
        <div class="found-rows" role="group" aria-label=text::WRONG_LINES tabindex="0">
            <Table label=text::WRONG_LINES heads pager=()>
                {rows}
            </Table>
        </div>
        {more.map(|words| view! { <p class="help">{words}</p> }.into_any())}
        <label class="check">
            <input
                type="checkbox"
                id="invitations-skip-errors"
                prop:checked=move || skip.get()
                on:change=move |event| skip.set(event_target_checked(&event))
            />
            <span>
                {text::skip_lines(count)}
                <small>{text::SKIP_LINES_HELP}</small>
            </span>
        </label>
    }
}

/// The first recipients, with what is known of them. A column that is empty everywhere is left out.
#[component]
fn Recipients(recipients: Vec<Recipient>) -> impl IntoView {
    let has_names = recipients.iter().any(|recipient| recipient.name.is_some());
    let has_usernames = recipients.iter().any(|recipient| recipient.username.is_some());
    let has_attributes = recipients.iter().any(|recipient| !recipient.attributes.is_empty());
    let heads = view! {
        <Head label=text::ADDRESS />
        {has_names.then(|| view! { <Head label=text::NAME /> }.into_any())}
        {has_usernames.then(|| view! { <Head label=text::USERNAME /> }.into_any())}
        {has_attributes.then(|| view! { <Head label=text::ATTRIBUTES /> }.into_any())}
    };
    let row = move |Recipient { email, name, username, attributes }: Recipient| {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|attribute| text::attribute(&attribute.key.title(), attribute.value.as_str()))
            .collect();
        view! {
            <tr role="row">
                <th role="rowheader" scope="row" class="cell-main">
                    <span class="clip" dir="auto">{email.to_string()}</span>
                </th>
                {has_names
                    .then(|| {
                        view! {
                            <td role="cell" data-label=text::NAME>
                                <span class="clip" dir="auto">{name.map(String::from)}</span>
                            </td>
                        }
                            .into_any()
                    })}
                {has_usernames
                    .then(|| {
                        view! {
                            <td role="cell" data-label=text::USERNAME class="cell-fit">
                                {username.map(String::from)}
                            </td>
                        }
                            .into_any()
                    })}
                {has_attributes
                    .then(|| {
                        view! {
                            <td role="cell" data-label=text::ATTRIBUTES>
                                <span class="clip" dir="auto">{attributes.join(", ")}</span>
                            </td>
                        }
                            .into_any()
                    })}
            </tr>
        }
        .into_any()
    };
    let rows = recipients.into_iter().map(row).collect_view();
    view! {
        <div class="found-rows" role="group" aria-label=text::FOUND_RECIPIENTS tabindex="0">
            <Table label=text::FOUND_RECIPIENTS heads pager=()>
                {rows}
            </Table>
        </div>
    }
}
