//! The members of a group.

use domain::groups::{Group, GroupMember, GroupMemberQuery};
use domain::paging::{Cursor, Page};
use domain::text::isolated;
use leptos::prelude::*;

use super::actions::MemberActs;
use super::doing::{ACTS_PREFETCH, Does, run};
use super::{page, text};
use crate::endings::{self, EndsOf};
use crate::server_fn_error::ServerFnError;
use crate::ui::{
    Acting, Head, Icon, IconName, Listing, Load, Person, SearchForm, SelectAll, SelectRow, Selection, SelectionBar,
    Skeleton, Time, TimeAs, nothing, url,
};

/// The search, and the table.
#[component]
pub(super) fn GroupMembers(
    group: Group,
    members: Resource<Result<Page<GroupMember>, ServerFnError>>,
    asked: Memo<GroupMemberQuery>,
    acting: Acting,
    ending: RwSignal<Option<EndsOf>>,
    selection: Selection,
) -> impl IntoView {
    let path = page::href(group.id);
    let set_ends = {
        let group = group.reference();
        move |_| {
            let accounts = selection.ids().iter().filter_map(|id| id.parse().ok()).collect();
            ending.set(Some(EndsOf::Memberships(group.clone(), accounts)));
        }
    };
    let removing = {
        let group = group.clone();
        move |_| {
            let accounts = selection.ids();
            let title = text::remove_many_title(accounts.len(), &isolated(group.terms.name.as_str()));
            run(acting, group.id, Does::Remove { title, accounts });
        }
    };
    view! {
        <h2 class="sr">{text::MEMBERS}</h2>
        <SearchForm
            path=path
            label=text::SEARCH_MEMBERS
            placeholder=text::SEARCH_MEMBERS_EXAMPLE
            q=Signal::derive(move || asked.with(|asked| asked.q.clone().unwrap_or_default()))
            keep=Signal::derive(Vec::new)
        />
        <SelectionBar selection words=text::selected>
            <button
                type="button"
                class="btn btn-sm"
                id="end-selected"
                data-prefetch=endings::PREFETCH
                on:click=set_ends.clone()
            >
                <Icon name=IconName::Hourglass />
                {text::SET_END_MORE}
            </button>
            <button
                type="button"
                class="btn btn-sm btn-danger-quiet"
                id="remove-selected"
                data-prefetch=ACTS_PREFETCH
                on:click=removing.clone()
            >
                {text::REMOVE_SELECTED}
            </button>
        </SelectionBar>
        <Load
            from=members
            skeleton=Skeleton::Table
            children=move |page| {
                // Who is no longer in the list cannot stay selected.
                selection.keep(&page.items.iter().map(|member| member.account.id.to_string()).collect::<Vec<_>>());
                view! { <MemberTable group=group.clone() page asked=asked.get_untracked() acting ending selection /> }
            }
        />
    }
}

#[component]
fn MemberTable(
    group: Group,
    page: Page<GroupMember>,
    asked: GroupMemberQuery,
    acting: Acting,
    ending: RwSignal<Option<EndsOf>>,
    selection: Selection,
) -> impl IntoView {
    let path = page::href(group.id);
    if page.items.is_empty() {
        return match asked.q {
            Some(_) => {
                nothing(text::NO_MEMBERS_FOUND, text::NO_MEMBERS_FOUND_TEXT, Some((path, text::SHOW_ALL_MEMBERS)))
            }
            None => nothing(text::NO_MEMBERS, text::NO_MEMBERS_TEXT, None),
        };
    }
    let to =
        move |cursor: Cursor| url::with_query(&path, &[("q", asked.q.clone()), ("cursor", Some(cursor.to_string()))]);
    let ids: Vec<_> = page.items.iter().map(|member| member.account.id.to_string()).collect();
    let changes = group.can_change_members;
    let heads = view! {
        {changes.then(|| view! { <SelectAll selection ids /> }.into_any())}
        <Head label=text::MEMBER />
        <Head label=text::EMAIL />
        <Head label=text::KIND />
        <Head label=text::JOINED />
        <Head label=text::ENDS class="cell-wide" />
        <Head label=text::ACTIONS unseen=true />
    }
    .into_any();
    let row = move |member| view! { <Row group=group.clone() member acting ending selection /> }.into_any();
    view! { <Listing label=text::MEMBERS heads page row total=text::members href=to /> }.into_any()
}

#[component]
fn Row(
    group: Group,
    member: GroupMember,
    acting: Acting,
    ending: RwSignal<Option<EndsOf>>,
    selection: Selection,
) -> impl IntoView {
    let account = member.account.clone();
    let changes = group.can_change_members;
    let name = account.display_name().to_owned();
    view! {
        <tr role="row">
            {changes.then(|| view! { <SelectRow selection id=account.id.to_string() name /> }.into_any())}
            <th role="rowheader" scope="row" class="cell-main">
                <Person of=account.reference() href=crate::pages::member(account.id) />
            </th>
            <td role="cell" data-label=text::EMAIL class="cell-mail">
                <span class="clip soft">{account.email.to_string()}</span>
            </td>
            <td role="cell" data-label=text::KIND class="cell-fit">
                <span class="badge badge-plain">{if member.is_manager { text::MANAGER } else { text::MEMBER }}</span>
            </td>
            <td role="cell" data-label=text::JOINED class="cell-fit">
                <Time at=member.joined_at show=TimeAs::Day />
            </td>
            <td role="cell" data-label=text::ENDS class="cell-fit cell-wide">
                {match member.ends_at {
                    Some(at) => view! { <Time at show=TimeAs::Day /> }.into_any(),
                    None => text::NEVER.into_any(),
                }}
            </td>
            <td role="cell" class="cell-acts">
                <div>{changes.then(|| view! { <MemberActs group member acting ending /> }.into_any())}</div>
            </td>
        </tr>
    }
}
