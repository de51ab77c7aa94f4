//! The recipients of a mailing, and what became of each invitation.

use std::sync::Arc;

use domain::accounts::AccountRef;
use domain::ids::MailingId;
use domain::invitations::{InvitationQuery, InvitationStatus, MailingMode, SentInvitation};
use domain::paging::{Cursor, Page};
use domain::text::isolated;
use leptos::prelude::*;

use super::{api, mailing, text};
use crate::pages;
use crate::ui::{
    Acting, DeliveryDetails, Head, IconName, Listing, MenuAct, Person, Question, RowMenu, Time, nothing, url,
};

/// The URL of the list with a status and a page.
pub(super) fn href(mailing: MailingId, status: Option<InvitationStatus>, cursor: Option<Cursor>) -> String {
    let pairs =
        [("status", status.map(|status| status.to_string())), ("cursor", cursor.map(|cursor| cursor.to_string()))];
    url::with_query(&mailing::href(mailing), &pairs)
}

/// One page of the list.
#[component]
pub(super) fn Rows(
    page: Page<SentInvitation>,
    asked: InvitationQuery,
    acting: Acting,
    /// Whether the viewer may send them again, and revoke them.
    sends: bool,
) -> impl IntoView {
    let InvitationQuery { mailing: Some(of), status, .. } = asked else { return ().into_any() };
    if page.items.is_empty() {
        return nothing(text::NONE_MATCH, text::NONE_MATCH_TEXT, Some((href(of, None, None), text::SHOW_ALL)));
    }
    let heads = view! {
        <Head label=text::RECIPIENT />
        <Head label=text::STATUS />
        <Head label=text::TIME />
        <Head label=text::MEMBER />
        <Head label=text::ACTIONS unseen=true />
    }
    .into_any();
    let row = move |invitation| view! { <Row invitation acting sends /> }.into_any();
    let to = move |cursor| href(of, status, Some(cursor));
    view! { <Listing label=text::WHO heads page row total=text::recipient_rows href=to words=text::PREVIOUS_NEXT /> }
        .into_any()
}

/// The colour of a status.
const fn tone(status: InvitationStatus) -> &'static str {
    match status {
        InvitationStatus::Joined => "live",
        InvitationStatus::Queued => "used-up",
        InvitationStatus::Sent | InvitationStatus::Opened => "scheduled",
        InvitationStatus::Bounced => "danger",
        InvitationStatus::Revoked | InvitationStatus::Stopped => "deleted",
    }
}

#[component]
fn Row(invitation: SentInvitation, acting: Acting, sends: bool) -> impl IntoView {
    let when = when(&invitation);
    let acts = if sends { acts(&invitation, acting) } else { Vec::new() };
    let SentInvitation { id, email, name, invite, status, mode, last_answer, reminded_at, joined, .. } = invitation;
    let email = email.to_string();
    // Of one link for all the invite is named above.
    let invite = invite.filter(|_| mode == MailingMode::OwnLinks);
    let menu = view! { <RowMenu id=format!("menu-{id}") name=email.clone() acts /> };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                {match invite {
                    Some(invite) => {
                        view! {
                            <a class="cell-title clip" dir="auto" id=format!("recipient-{id}") href=pages::invite(invite)>
                                {email}
                            </a>
                        }
                            .into_any()
                    }
                    None => view! { <span class="cell-title clip" dir="auto">{email}</span> }.into_any(),
                }}
                {name.map(|name| view! { <span class="cell-sub clip" dir="auto">{name.to_string()}</span> }.into_any())}
                {last_answer.map(|answer| view! { <DeliveryDetails sent=None answer=Some(answer) /> }.into_any())}
            </th>
            <td role="cell" data-label=text::STATUS class="cell-fit">
                <span class="badge" data-status=tone(status)>{status.title()}</span>
            </td>
            <td role="cell" data-label=text::TIME class="cell-fit">
                <span>
                    {when}
                    {reminded_at
                        .map(|at| {
                            view! { <span class="cell-sub">{text::REMINDED_BEFORE} <Time at /></span> }.into_any()
                        })}
                </span>
            </td>
            <td role="cell" data-label=text::MEMBER>
                {joined.map(|account| view! { <Member account /> }.into_any())}
            </td>
            <td role="cell" class="cell-acts">
                <div>{menu}</div>
            </td>
        </tr>
    }
}

/// The instant at which the status became what it is.
fn when(invitation: &SentInvitation) -> AnyView {
    let at = match invitation.status {
        InvitationStatus::Queued => Some(invitation.created_at),
        InvitationStatus::Sent => invitation.sent_at,
        InvitationStatus::Bounced => invitation.failed_at,
        InvitationStatus::Opened => invitation.opened_at,
        InvitationStatus::Joined => invitation.joined_at,
        InvitationStatus::Revoked => invitation.revoked_at,
        InvitationStatus::Stopped => invitation.stopped_at,
    };
    at.map(|at| view! { <Time at /> }).into_any()
}

/// The account that joined, with its page.
#[component]
fn Member(account: AccountRef) -> impl IntoView {
    let href = pages::member(account.id);
    view! { <Person of=account href /> }
}

/// What can be done with an invitation: the likely first.
fn acts(invitation: &SentInvitation, acting: Acting) -> Vec<MenuAct> {
    let (id, email, mode) = (invitation.id, isolated(invitation.email.as_str()), invitation.mode);
    let mut acts = Vec::new();
    if invitation.can_resend() {
        let of = email.clone();
        let run = Callback::new(move |()| {
            let done = text::resent(&of);
            acting.run(api::resend(id, false), |_| done);
        });
        acts.push(MenuAct { label: text::RESEND, icon: IconName::Mail, danger: false, run });
    }
    if invitation.can_send_fresh() {
        let of = email.clone();
        let run = Callback::new(move |()| {
            let of = of.clone();
            acting.ask(Question {
                title: text::fresh_title(&of),
                text: text::FRESH_TEXT.to_owned(),
                verb: text::RESEND_FRESH,
                danger: false,
                act: Arc::new(move || {
                    let done = text::resent_fresh(&of);
                    acting.run(api::resend(id, true), |_| done);
                }),
            });
        });
        acts.push(MenuAct { label: text::RESEND_FRESH_MORE, icon: IconName::Link, danger: false, run });
    }
    if invitation.can_revoke() {
        let why = if mode == MailingMode::OwnLinks { text::REVOKE_OWN_TEXT } else { text::REVOKE_ONE_TEXT };
        let run = Callback::new(move |()| {
            let of = email.clone();
            acting.ask(Question {
                title: text::revoke_title(&of),
                text: why.to_owned(),
                verb: text::REVOKE_VERB,
                danger: true,
                act: Arc::new(move || {
                    let done = text::revoked(&of);
                    acting.run(api::revoke(id), |_| done);
                }),
            });
        });
        acts.push(MenuAct { label: text::REVOKE, icon: IconName::Ban, danger: true, run });
    }
    acts
}
