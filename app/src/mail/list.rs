//! The list of messages.

use domain::mail::{Mail, MailQuery, MailStatus};
use domain::paging::{Cursor, Page};
use leptos::prelude::*;

use super::following::Following;
use super::page::{PATH, Rights};
use super::{api, text};
use crate::pages;
use crate::ui::{Acting, DeliveryDetails, Head, Listing, Time, TimeAs, copy, nothing, status_filters, url};

/// The URL of the list with a status and a page.
fn href(status: Option<MailStatus>, cursor: Option<Cursor>) -> String {
    let pairs =
        [("status", status.map(|status| status.to_string())), ("cursor", cursor.map(|cursor| cursor.to_string()))];
    url::with_query(PATH, &pairs)
}

/// One page of the list, with its filters.
#[component]
pub(super) fn Messages(
    page: Page<Mail>,
    asked: MailQuery,
    /// What the viewer may do with the rows.
    rights: Rights,
    acting: Acting,
    following: Following,
) -> impl IntoView {
    let MailQuery { status, .. } = asked;
    let filters = status_filters(MailStatus::ALL, MailStatus::title, status, |status| href(status, None), None);
    if page.items.is_empty() {
        if status.is_none() {
            return nothing(text::NO_MESSAGES, text::NO_MESSAGES_TEXT, None);
        }
        let none = nothing(text::NONE_MATCH, text::NONE_MATCH_TEXT, Some((PATH.to_owned(), text::SHOW_ALL)));
        return view! {
            {filters}
            {none}
        }
        .into_any();
    }
    let heads = view! {
        <Head label=text::RECIPIENT />
        <Head label=text::MESSAGE />
        <Head label=text::STATUS />
        <Head label=text::ANSWER />
        <Head label=text::TIME />
        <Head label=text::RESEND unseen=true />
    }
    .into_any();
    let row = move |mail| view! { <Row mail rights acting following /> }.into_any();
    let to = move |cursor| href(status, Some(cursor));
    view! {
        {filters}
        <Listing label=text::MESSAGES heads page row total=text::messages href=to />
    }
    .into_any()
}

#[component]
fn Row(mail: Mail, rights: Rights, acting: Acting, following: Following) -> impl IntoView {
    let answer = answer(mail.last_status, mail.last_answer.as_deref());
    let Mail { id, kind, recipient, account, status, attempts, created_at, next_at, .. } = mail;
    let recipient = recipient.to_string();
    let name = match account.filter(|_| rights.sees_members) {
        Some(account) => view! {
            // The link is as large as what it is in, beside which there is something to open.
            <div class="grow">
                <a class="cell-title clip" dir="auto" id=format!("recipient-{id}") href=pages::member(account)>
                    {recipient.clone()}
                </a>
            </div>
        }
        .into_any(),
        None => view! {
            <span class="cell-title clip" dir="auto">
                {recipient.clone()}
            </span>
        }
        .into_any(),
    };
    let tone = match status {
        MailStatus::Sent => "live",
        MailStatus::Queued => "scheduled",
        MailStatus::Deferred => "paused",
        MailStatus::Failed => "danger",
    };
    let tried = (attempts > 0).then(|| text::attempts(attempts));
    let next = next_at.filter(|_| status == MailStatus::Deferred);
    let copies = kind.has_link_to_copy() && status != MailStatus::Sent && rights.copies;
    let copy_link = move |_| {
        acting.run(api::link(id), move |url| {
            copy(acting.toasts, url, text::LINK_COPIED);
            text::LINK_COPIED.to_owned()
        });
    };
    let resend = move |_| {
        acting.run(api::resend(id), move |mail| {
            following.start(&mail);
            text::RESENT.to_owned()
        });
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                {name}
                {answer.clone().map(|answer| view! { <DeliveryDetails sent=None answer=Some(answer) /> }.into_any())}
            </th>
            <td role="cell" data-label=text::MESSAGE>
                {kind.title()}
            </td>
            <td role="cell" data-label=text::STATUS class="cell-fit">
                <span class="badge" data-status=tone>{status.title()}</span>
            </td>
            <td role="cell" data-label=text::ANSWER>
                <div>
                    <span class="clip">{answer.unwrap_or_else(|| text::NO_ANSWER_YET.to_owned())}</span>
                    <span class="cell-sub">
                        {tried}
                        {next.map(|at| view! { ", " {text::NEXT_BEFORE} <Time at show=TimeAs::Relative /> }.into_any())}
                    </span>
                </div>
            </td>
            <td role="cell" data-label=text::TIME class="cell-fit">
                <Time at=created_at />
            </td>
            <td role="cell" class="cell-fit">
                {copies
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                id=format!("copy-{id}")
                                class="btn btn-sm"
                                aria-label=text::copy_link_of(kind.title(), &recipient)
                                on:click=copy_link
                            >
                                {text::COPY_LINK}
                            </button>
                        }
                            .into_any()
                    })}
                {(rights.sends && status.can_resend())
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                id=format!("resend-{id}")
                                class="btn btn-sm"
                                aria-label=text::resend_of(kind.title(), &recipient)
                                on:click=resend
                            >
                                {text::RESEND}
                            </button>
                        }
                            .into_any()
                    })}
            </td>
        </tr>
    }
}

/// The last answer of the mail server to a message: its code and its words, or why there was none.
fn answer(code: Option<u16>, words: Option<&str>) -> Option<String> {
    let words = words.map(str::trim).filter(|words| !words.is_empty());
    match (code.map(|code| code.to_string()), words) {
        (Some(code), Some(words)) if !words.starts_with(&code) => Some(format!("{code} {words}")),
        (code, words) => words.map(str::to_owned).or(code),
    }
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn the_code_of_an_answer_stands_before_its_words_once() {
        for (code, words, shown) in [
            (None, None, None),
            (None, Some("Timed out"), Some("Timed out")),
            (Some(550), None, Some("550")),
            (Some(550), Some(" "), Some("550")),
            (Some(550), Some("5.1.1 No such mailbox"), Some("550 5.1.1 No such mailbox")),
            (Some(550), Some("550 5.1.1 No such mailbox"), Some("550 5.1.1 No such mailbox")),
        ] {
            assert_eq!(answer(code, words).as_deref(), shown, "{words:?}");
        }
    }
}
