//! One member: account, role, status, and the invite that brought them.

use domain::Timestamp;
use domain::accounts::{AccountRow, AccountStatus, Role};
use domain::ids::AccountId;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::actions::{Acts, PageActs};
use super::badges::{AccountBadge, RoleBadge};
use super::page::PATH;
use super::{api, text};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Absent, Avatar, Load, Time};

/// The URL of a member's page.
pub fn href(id: AccountId) -> String {
    format!("{PATH}/{id}")
}

/// The page of the member whose id is in the path.
#[component]
pub fn MemberPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<AccountId>().ok())));
    let member = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::get(id).await,
                None => Err(ServerFnError::respond(domain::Failure::not_found("member"))),
            }
        },
    );
    let acts = Acts::new(move || member.refetch());
    view! {
        // Until there is a member to name, and if there is none.
        <Title text=text::MEMBER />
        <Load
            from=member
            heading=text::MEMBER
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (PATH, text::ALL_MEMBERS) }
            children=move |row| view! { <Member row acts /> }
        />
    }
}

#[component]
fn Member(row: AccountRow, acts: Acts) -> impl IntoView {
    let account = row.account.clone();
    let name = account.display_name().to_owned();
    view! {
        <Title text=name.clone() />
        <nav aria-label=text::BREADCRUMB>
            <ol class="crumbs">
                <li>
                    <a href=PATH>{text::MEMBERS}</a>
                </li>
                <li aria-current="page">
                    <bdi>{name.clone()}</bdi>
                </li>
            </ol>
        </nav>
        <div class="page-head">
            <div class="member-head">
                <Avatar of=account.reference() class="avatar avatar-lg" />
                <div>
                    <div class="row">
                        <h1>
                            <bdi>{name}</bdi>
                        </h1>
                        <RoleBadge role=account.role />
                        <AccountBadge status=account.status() />
                    </div>
                    <p class="page-sub">{format!("@{}", account.username)}</p>
                </div>
            </div>
            <PageActs row=row.clone() acts />
        </div>
        <section class="card" aria-labelledby="account">
            <div class="card-head">
                <h2 id="account">{text::ACCOUNT}</h2>
            </div>
            <div class="card-body">
                <Facts row />
            </div>
        </section>
    }
}

#[component]
fn Facts(row: AccountRow) -> impl IntoView {
    let AccountRow { account, invite, .. } = row;
    let status = account.status();
    let since = |title: &'static str, at: Option<Timestamp>| {
        at.map(|at| {
            view! {
                <dt>{title}</dt>
                <dd>
                    <Time at />
                </dd>
            }
            .into_any()
        })
    };
    let blocked = if status == AccountStatus::Declined { text::DECLINED } else { text::SUSPENDED };
    // Accounts that needed no approval were approved when they were created.
    let approved_at = account.approved_at.filter(|at| *at > account.created_at);
    view! {
        <dl class="facts">
            <dt>{text::USERNAME}</dt>
            <dd>{format!("@{}", account.username)}</dd>
            <dt>{text::EMAIL}</dt>
            <dd>{account.email.to_string()}</dd>
            <dt>{text::ROLE}</dt>
            <dd>{account.role.title()}</dd>
            <dt>{text::STATUS}</dt>
            <dd>{status.title()}</dd>
            <dt>{text::INVITE}</dt>
            <dd>
                {match invite {
                    Some(invite) => {
                        view! {
                            <a dir="auto" href=format!("/admin/invites/{}", invite.id)>
                                {invite.title().to_owned()}
                            </a>
                        }
                            .into_any()
                    }
                    None if account.role == Role::Owner => text::BY_SETUP_IN_FULL.into_any(),
                    None => text::NO_INVITE.into_any(),
                }}
            </dd>
            {since(text::CREATED, Some(account.created_at))}
            {since(text::APPROVED, approved_at)}
            {since(blocked, account.suspended_at)}
            <dt>{text::LAST_ACTIVE}</dt>
            <dd>
                {match account.last_active_at {
                    Some(at) => view! { <Time at /> }.into_any(),
                    None => text::NEVER.into_any(),
                }}
            </dd>
        </dl>
    }
}
