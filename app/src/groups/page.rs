//! One group: what it grants, and its members.

use domain::groups::{Group, GroupMemberQuery, GroupRef};
use domain::ids::GroupId;
use domain::paging::Page;
use domain::text::isolated;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::dialogs::{AddMembersDialog, EditDialog, PREFETCH, RemoveMembersDialog};
use super::doing::{ACTS_PREFETCH, Does, run};
use super::list::PATH;
use super::members::GroupMembers;
use super::{api, text};
use crate::access;
use crate::endings::{EndsDialog, EndsOf};
use crate::invites::{self, CreateDialog};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Absent, Acting, Icon, IconName, Load, NamedHead, Selection, paging};

/// The URL of a group's page.
pub(super) fn href(id: GroupId) -> String {
    format!("{PATH}/{id}")
}

/// The page of the group whose id is in the path.
#[component]
pub fn GroupPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<GroupId>().ok())));
    let group = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::get(id).await,
                None => Err(ServerFnError::respond(domain::Failure::not_found("group"))),
            }
        },
    );
    let asked = {
        let query = use_query_map();
        Memo::new(move |_| {
            query.with(|query| {
                let q = query.get("q").map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
                GroupMemberQuery { q, paging: paging(query) }
            })
        })
    };
    let members = Resource::new(
        move || (id.get(), asked.get()),
        |(id, query)| async move {
            match id {
                Some(id) => api::members(id, query).await,
                None => Ok(Page::empty()),
            }
        },
    );
    let reload = move || {
        group.refetch();
        members.refetch();
    };
    let acting = Acting::new(reload);
    let navigate = use_navigate();
    let gone = Callback::new(move |()| navigate(PATH, NavigateOptions::default()));
    let (editing, adding, removing) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
    let (inviting, invited_to) = (RwSignal::new(false), RwSignal::new(Vec::new()));
    let invite = Callback::new(move |group: GroupRef| {
        invited_to.set(vec![group]);
        inviting.set(true);
    });
    let selection = Selection::new();
    let ending = RwSignal::new(None);
    let ends_set = Callback::new(move |of: EndsOf| {
        reload();
        // The button that led to it is gone with the selection; that of a row is still there.
        if matches!(of, EndsOf::Memberships(..)) {
            selection.done();
        }
    });
    // What another page of the list shows is not selected.
    Effect::watch(move || asked.get(), move |_, _, _| selection.clear(), false);
    view! {
        <Title text=text::GROUP />
        <Load
            from=group
            heading=text::GROUP
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (PATH, text::ALL_GROUPS) }
            children=move |group| {
                view! {
                    <Head group=group.clone() acting gone editing adding removing invite />
                    <GroupMembers group members asked acting ending selection />
                }
            }
        />
        <EditDialog of=editing saved=Callback::new(move |_| group.refetch()) />
        <CreateDialog
            open=inviting.into()
            close=Callback::new(move |()| inviting.set(false))
            created=Callback::new(|()| ())
            groups=invited_to
        />
        <EndsDialog of=ending set=ends_set />
        <AddMembersDialog of=adding added=Callback::new(move |()| reload()) />
        <RemoveMembersDialog of=removing removed=Callback::new(move |()| reload()) />
    }
}

#[component]
fn Head(
    group: Group,
    acting: Acting,
    gone: Callback<()>,
    editing: RwSignal<Option<Group>>,
    adding: RwSignal<Option<Group>>,
    removing: RwSignal<Option<Group>>,
    invite: Callback<GroupRef>,
) -> impl IntoView {
    let name = group.terms.name.to_string();
    let kept = StoredValue::new(group.clone());
    let granted: Vec<_> = group.terms.permissions.iter().map(access::title).collect();
    let description = group.terms.description.as_ref().map(ToString::to_string);
    view! {
        <NamedHead path=PATH list=text::GROUPS name description>
                {group.can_change_members
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                id="add-members-opener"
                                class="btn btn-primary"
                                data-prefetch=PREFETCH
                                on:click=move |_| adding.set(Some(kept.get_value()))
                            >
                                <Icon name=IconName::Plus />
                                {text::ADD_MEMBERS}
                            </button>
                            <button
                                type="button"
                                id="invite-to-group"
                                class="btn"
                                data-prefetch=invites::PREFETCH
                                on:click=move |_| invite.run(kept.with_value(Group::reference))
                            >
                                <Icon name=IconName::Invites />
                                {text::CREATE_INVITE}
                            </button>
                            <button
                                type="button"
                                id="remove-members-opener"
                                class="btn"
                                data-prefetch=PREFETCH
                                on:click=move |_| removing.set(Some(kept.get_value()))
                            >
                                <Icon name=IconName::Close />
                                {text::REMOVE_LIST}
                            </button>
                        }.into_any()
                    })}
                {group.can_change
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                id="edit-group-opener"
                                class="btn"
                                data-prefetch=PREFETCH
                                on:click=move |_| editing.set(Some(kept.get_value()))
                            >
                                <Icon name=IconName::Pencil />
                                {text::EDIT}
                            </button>
                            <button
                                type="button"
                                id="delete-group"
                                class="btn btn-danger-quiet"
                                data-prefetch=ACTS_PREFETCH
                                on:click=move |_| {
                                    kept.with_value(|group| {
                                        let name = isolated(group.terms.name.as_str());
                                        run(acting, group.id, Does::Delete { name, gone });
                                    });
                                }
                            >
                                <Icon name=IconName::Trash />
                                {text::DELETE}
                            </button>
                        }.into_any()
                    })}
        </NamedHead>
        <p class="group-grants">
            {if granted.is_empty() {
                text::GRANTS_NOTHING.into_any()
            } else {
                view! {
                    {text::GRANTS_BEFORE}
                    {granted.into_iter().map(|title| view! { <span class="tag">{title}</span> " " }.into_any()).collect_view()}
                }
                    .into_any()
            }}
        </p>
    }
}
