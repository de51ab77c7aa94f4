//! One member: account, role, status, and the invite that brought them.

use domain::Timestamp;
use domain::accounts::{Account, AccountFilter, AccountQuery, AccountRow, AccountStatus, Role};
use domain::approvals::DecisionMade;
use domain::attributes::Attribute;
use domain::flows::{AccountFlow, ShownAnswer};
use domain::groups::{GroupRef, Membership};
use domain::ids::AccountId;
use domain::members::MemberDetail;
use domain::text::isolated;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::actions::{Acts, PageActs};
use super::badges::{AccountBadge, RoleBadge};
use super::dialogs::{AttributesDialog, DecideDialog, EditDialog, OwnerDialog, PREFETCH, ResetLinkOnce};
use super::query::PATH;
use super::{api, query, text};
use crate::access::AuditLine;
use crate::endings::{self, EndsDialog, EndsOf, OneMembership};
use crate::groups::{self, AddToGroupDialog, AddToGroups};
use crate::pictures::{PictureButton, PictureDialog};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Absent, Acting, Avatar, Await, Crumbs, FreshSecret, Icon, IconName, Load, Online, Pictured, Time};
use crate::viewer::CurrentViewer;
use crate::{access, pages};

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
    let CurrentViewer(viewer) = expect_context();
    let navigate = use_navigate();
    let leave = Callback::new(move |()| {
        navigate(PATH, NavigateOptions::default());
        // The navigation counts the accounts pending approval.
        viewer.refetch();
    });
    let deciding = RwSignal::new(None);
    // A reset link is shown on the page of its member alone: the next member has the same page.
    let made = RwSignal::new(None);
    Effect::watch(move || id.get(), move |_, _, _| made.set(None), false);
    let show = Callback::new(move |(of, link)| {
        if id.get_untracked() == Some(of) {
            made.set(Some(link));
        }
    });
    let acts = Acts::new(move || member.refetch()).leaving(leave).deciding(deciding).showing(show);
    let editing = RwSignal::new(None);
    let owner = RwSignal::new(None);
    let picturing = RwSignal::new(None);
    let describing = RwSignal::new(None);
    let ending = RwSignal::new(None);
    let adding = RwSignal::new(None);
    view! {
        // Until there is a member to name, and if there is none.
        <Title text=text::MEMBER />
        <Load
            from=member
            heading=text::MEMBER
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (PATH, text::ALL_MEMBERS) }
            children=move |member| {
                view! { <Member member acts made editing picturing describing adding ending owner /> }
            }
        />
        <EditDialog of=editing saved=Callback::new(move |_| member.refetch()) />
        <AttributesDialog of=describing saved=Callback::new(move |()| member.refetch()) />
        <AddToGroupDialog of=adding added=Callback::new(move |()| member.refetch()) />
        <PictureDialog of=picturing path=pages::picture_of changed=Callback::new(move |()| member.refetch()) />
        <EndsDialog of=ending set=Callback::new(move |_| member.refetch()) />
        <DecideDialog of=deciding acts decided=Callback::new(move |()| acts.changed()) />
        <OwnerDialog
            of=owner
            // The viewer is an admin now: it is read again as well.
            saved=Callback::new(move |()| acts.changed())
        />
    }
}

#[component]
fn Member(
    member: MemberDetail,
    acts: Acts,
    made: RwSignal<Option<FreshSecret>>,
    editing: RwSignal<Option<Account>>,
    owner: RwSignal<Option<Account>>,
    picturing: RwSignal<Option<Pictured>>,
    describing: RwSignal<Option<(AccountId, Vec<Attribute>)>>,
    ending: RwSignal<Option<EndsOf>>,
    adding: RwSignal<Option<AddToGroups>>,
) -> impl IntoView {
    let row = member.row.clone();
    let account = row.account.clone();
    let name = account.display_name().to_owned();
    let make_owner = {
        let account = account.clone();
        Callback::new(move |()| owner.set(Some(account.clone())))
    };
    view! {
        <Title text=name.clone() />
        <Crumbs path=PATH list=text::MEMBERS name=name.clone() />
        <div class="page-head">
            <div class="member-head">
                <Avatar of=account.reference() class="avatar avatar-lg" />
                <div>
                    <div class="row">
                        <h1>
                            <bdi>{name}</bdi>
                        </h1>
                        <RoleBadge role=account.role />
                        <AccountBadge status=account.status />
                    </div>
                    <p class="page-sub">{format!("@{}", account.username)}</p>
                </div>
            </div>
            <div class="page-acts">
                {row.can_manage
                    .then(|| {
                        let account = row.account.clone();
                        view! {
                            <button
                                type="button"
                                id="edit-member-opener"
                                class="btn"
                                data-prefetch=PREFETCH
                                on:click=move |_| editing.set(Some(account.clone()))
                            >
                                <Icon name=IconName::Pencil />
                                {text::EDIT}
                            </button>
                        }.into_any()
                    })}
                <PageActs row=row.clone() acts make_owner />
            </div>
        </div>
        <div class="stack">
            <ResetLinkOnce made />
            <div class="cols">
                <section class="card" aria-labelledby="account">
                    <div class="card-head">
                        <h2 id="account">{text::ACCOUNT}</h2>
                        {row.can_manage
                            .then(|| {
                                view! { <PictureButton of=row.account.reference() editing=picturing /> }.into_any()
                            })}
                    </div>
                    <div class="card-body">
                        <Facts row=row.clone() decision=member.decision.clone() />
                        <Attributes
                            of=row
                            attributes=member.attributes.clone()
                            answers=member.flow.as_ref().map(|flow| flow.answers.clone()).unwrap_or_default()
                            editing=describing
                        />
                        {member.flow.clone().map(|flow| view! { <Withheld flow /> }.into_any())}
                    </div>
                </section>
                <div class="stack">
                    <Groups member=member.clone() acting=acts.acting adding ending />
                    <Permissions member />
                </div>
            </div>
        </div>
    }
}

/// The attributes, and the button that changes them; nothing where there is neither. Answers are labelled as the form that asked
/// for them.
#[component]
fn Attributes(
    of: AccountRow,
    attributes: Vec<Attribute>,
    answers: Vec<ShownAnswer>,
    editing: RwSignal<Option<(AccountId, Vec<Attribute>)>>,
) -> impl IntoView {
    if attributes.is_empty() && !of.can_manage {
        return ().into_any();
    }
    let (id, kept) = (of.account.id, attributes.clone());
    view! {
        <div class="facts-head">
            <h3>{crate::attributes::text::ATTRIBUTES}</h3>
            {of.can_manage
                .then(|| {
                    view! {
                        <button
                            type="button"
                            id="edit-attributes-opener"
                            class="btn btn-sm"
                            data-prefetch=PREFETCH
                            on:click=move |_| editing.set(Some((id, kept.clone())))
                        >
                            {text::EDIT_ATTRIBUTES}
                        </button>
                    }.into_any()
                })}
        </div>
        {attributes.is_empty().then(|| view! { <p class="soft">{text::NO_ATTRIBUTES}</p> }.into_any())}
        <dl class="facts answers">
            {attributes
                .into_iter()
                .map(|Attribute { key, value }| {
                    let answer = answers.iter().find(|answer| answer.key == key);
                    let label = answer.map_or_else(|| key.title(), |answer| answer.label.clone());
                    let value = answer.map_or_else(|| value.to_string(), |answer| answer.value.clone());
                    view! {
                        <dt title=key.to_string()>{label}</dt>
                        <dd dir="auto">{value}</dd>
                    }.into_any()
                })
                .collect_view()}
        </dl>
    }
    .into_any()
}

/// The groups of the flow that the account did not get.
#[component]
fn Withheld(flow: AccountFlow) -> impl IntoView {
    let names = flow.withheld.iter().map(|group| isolated(group.name.as_str())).collect::<Vec<_>>().join(", ");
    (!names.is_empty()).then(|| {
        view! {
            <div class="banner" data-tone="warn">
                <Icon name=IconName::Alert />
                <div class="grow">{text::withheld(&isolated(flow.flow.name.as_str()), &names)}</div>
            </div>
        }
        .into_any()
    })
}

/// The groups, and what the viewer may do about each.
#[component]
fn Groups(
    member: MemberDetail,
    acting: Acting,
    adding: RwSignal<Option<AddToGroups>>,
    ending: RwSignal<Option<EndsOf>>,
) -> impl IntoView {
    let id = member.row.account.id;
    let name = isolated(member.row.account.display_name());
    let add = {
        let name = Some(name.clone());
        let without = member.groups.iter().map(|of| of.group.id).collect();
        let of = AddToGroups { accounts: vec![id.to_string()], name, without };
        move || add_to_groups(of.clone(), adding)
    };
    let of_removal = name.clone();
    let remove = move |group: GroupRef| {
        let (name, label) = (of_removal.clone(), text::remove_from(&isolated(group.name.as_str())));
        view! {
            <button
                type="button"
                class="btn btn-quiet btn-icon btn-sm"
                aria-label=label.clone()
                title=label
                data-prefetch=groups::ACTS_PREFETCH
                on:click=move |_| groups::remove_one(acting, &group, id, &name)
            >
                <Icon name=IconName::Close />
            </button>
        }
        .into_any()
    };
    let line = |of: &Membership| {
        let set_end = member.may_set_end(of).then(|| {
            let (group, name) = (of.group.clone(), name.clone());
            set_end(OneMembership { group, account: id, name, ends_at: of.ends_at }, ending)
        });
        let remove = member.removable_from.contains(&of.group.id).then(|| remove(of.group.clone()));
        view! {
            <li>
                <Icon name=IconName::Groups />
                <div class="grow">
                    <a class="cell-title clip" dir="auto" href=format!("{}/{}", pages::GROUPS.path, of.group.id)>
                        {of.group.name.to_string()}
                    </a>
                    {(of.is_manager || of.ends_at.is_some())
                        .then(|| {
                            view! {
                                <span class="cell-sub">
                                    {of.is_manager.then_some(text::MANAGES)}
                                    {(of.is_manager && of.ends_at.is_some()).then_some(" · ")}
                                    {of.ends_at.map(|at| view! { {text::ENDS_BEFORE} <Time at /> }.into_any())}
                                </span>
                            }.into_any()
                        })}
                </div>
                {set_end}
                {remove}
            </li>
        }
        .into_any()
    };
    let lines: Vec<_> = member.groups.iter().map(line).collect();
    let CurrentViewer(viewer) = expect_context();
    view! {
        <section class="card" aria-labelledby="groups">
            <div class="card-head">
                <h2 id="groups">{text::GROUPS}</h2>
                <Await
                    from=viewer
                    children=move |viewer| viewer.is_ok_and(|viewer| viewer.may_add_to_groups()).then(&add)
                />
            </div>
            {if lines.is_empty() {
                view! { <p class="card-body soft">{text::NO_GROUPS}</p> }.into_any()
            } else {
                view! { <ul class="list">{lines}</ul> }.into_any()
            }}
        </section>
    }
}

/// The button that adds the member to groups.
fn add_to_groups(of: AddToGroups, adding: RwSignal<Option<AddToGroups>>) -> AnyView {
    view! {
        <button
            type="button"
            id="add-to-groups-opener"
            class="btn btn-sm"
            data-prefetch=groups::PREFETCH
            on:click=move |_| adding.set(Some(of.clone()))
        >
            {text::ADD_TO_GROUPS}
        </button>
    }
    .into_any()
}

/// The button that sets when a membership ends.
fn set_end(one: OneMembership, ending: RwSignal<Option<EndsOf>>) -> AnyView {
    let (id, label) = (format!("set-end-{}", one.group.id), text::set_end_label(&isolated(one.group.name.as_str())));
    view! {
        <button
            type="button"
            id=id
            class="btn btn-sm nowrap"
            aria-label=label
            data-prefetch=endings::PREFETCH
            on:click=move |_| ending.set(Some(EndsOf::Membership(one.clone())))
        >
            {text::SET_END_MORE}
        </button>
    }
    .into_any()
}

/// What the member may do, each with where it comes from.
#[component]
fn Permissions(member: MemberDetail) -> impl IntoView {
    let role = member.row.account.role;
    let lines: Vec<_> = member
        .permissions()
        .map(|(permission, from_role, groups)| {
            let groups = groups.into_iter().map(|group| text::from_group(&isolated(group.name.as_str())));
            let sources: Vec<_> = from_role.then(|| text::from_role(role.title())).into_iter().chain(groups).collect();
            view! {
                <li>
                    <div class="grow">
                        <span class="cell-title">{access::title(permission)}</span>
                        <span class="cell-sub">{sources.join(" · ")}</span>
                    </div>
                </li>
            }
            .into_any()
        })
        .collect();
    let is_active = member.row.account.status == AccountStatus::Active;
    view! {
        <section class="card" aria-labelledby="permissions">
            <div class="card-head">
                <div>
                    <h2 id="permissions">{text::PERMISSIONS}</h2>
                    {(!is_active && !lines.is_empty())
                        .then(|| view! { <p class="card-note">{text::NO_PERMISSIONS_NOW}</p> }.into_any())}
                </div>
            </div>
            {if lines.is_empty() {
                view! { <p class="card-body soft">{text::NO_PERMISSIONS}</p> }.into_any()
            } else {
                view! { <ul class="list">{lines}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Facts(row: AccountRow, decision: Option<DecisionMade>) -> impl IntoView {
    let AccountRow { account, invite, inviter, .. } = row;
    let status = account.status;
    let filter = AccountFilter { inviter: Some(account.id), ..AccountFilter::default() };
    let invited = AccountQuery { filter, ..AccountQuery::default() };
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
                            {inviter
                                .map(|by| {
                                    let by = text::invited_by(&isolated(by.display_name()));
                                    view! { <span class="cell-sub">{by}</span> }.into_any()
                                })}
                        }
                            .into_any()
                    }
                    None if account.role == Role::Owner => text::BY_SETUP_IN_FULL.into_any(),
                    None => text::NO_INVITE.into_any(),
                }}
            </dd>
            <dt>{text::INVITED}</dt>
            <dd>
                <a href=query::href(&invited, None)>{text::INVITED_MEMBERS}</a>
            </dd>
            {since(text::CREATED, Some(account.created_at))}
            {since(text::UPDATED, Some(account.updated_at))}
            {since(text::EMAIL_VERIFIED, account.email_verified_at)}
            {since(text::LAPSES, account.activate_by)}
            {since(text::APPROVED, approved_at)}
            {since(blocked, account.suspended_at)}
            {decision
                .map(|DecisionMade { by, note }| {
                    view! {
                        <dt>{text::DECIDED_BY}</dt>
                        <dd>
                            <bdi>{by.display_name().to_owned()}</bdi>
                            {note.map(|note| view! { <q class="cell-sub lines" dir="auto">{note.to_string()}</q> }.into_any())}
                        </dd>
                    }.into_any()
                })}
            {since(if status == AccountStatus::Ended { text::ENDED } else { text::ENDS }, account.ends_at)}
            <dt>{text::LAST_ACTIVE}</dt>
            <dd>
                {match account.last_active_at {
                    Some(at) => view! { <Time at /> }.into_any(),
                    None => text::NEVER.into_any(),
                }}
                <Online of=account.presence() />
            </dd>
            <AuditLine id=account.id.to_string() />
        </dl>
    }
}
