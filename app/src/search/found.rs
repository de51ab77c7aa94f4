//! What is found in the lists: asked once the typing pauses, and dropped if something else was typed meanwhile.

use domain::access::{Permission, Permissions};
use domain::accounts::{AccountFilter, AccountQuery, AccountRow};
use domain::groups::GroupRef;
use domain::invites::{Invite, InviteQuery};
use domain::paging::{Limit, Page, Paging};
use domain::redemptions::{Redemption, RedemptionQuery};
use domain::viewer::Viewer;
use futures::future::{join, join3};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::commands::words;
use super::text;
use crate::server_fn_error::ServerFnError;
use crate::ui::OnPause;
use crate::{accounts, groups, invites, redemptions};

/// How many of each kind are shown.
const SHOWN: u64 = 5;
/// The letters by which a verb is recognised.
const VERB: usize = 3;

/// What the lists have for a text.
#[derive(Clone, Default)]
pub(super) struct Found {
    pub invites: Vec<Invite>,
    pub members: Vec<AccountRow>,
    pub groups: Vec<GroupRef>,
    pub redemptions: Vec<Redemption>,
    /// What something shall be done to.
    pub objects: Option<Objects>,
    /// Why a list could not be read, if one could not.
    pub failure: Option<ServerFnError>,
}

/// What stands after a verb, as in `suspend mateo`.
#[derive(Clone, Default)]
pub(super) struct Objects {
    /// The verb or its beginning, in lower case.
    pub verb: String,
    pub invites: Vec<Invite>,
    pub members: Vec<AccountRow>,
}

/// Which lists the viewer may see.
#[derive(Clone, Copy)]
struct Rights {
    permissions: Permissions,
    groups: bool,
}

impl Rights {
    fn of(viewer: &Viewer) -> Self {
        Self { permissions: viewer.permissions, groups: viewer.sees_groups() }
    }

    fn may(self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    fn any(self) -> bool {
        self.groups || [Permission::InvitesView, Permission::RedemptionsView].into_iter().any(|one| self.may(one))
    }
}

/// The present look-up.
#[derive(Clone, Copy)]
pub(super) struct Lookup {
    /// What was found last. Stays until the next answer is there.
    pub found: RwSignal<Found>,
    /// Whether an answer is still to come.
    pub busy: RwSignal<bool>,
    /// Counts the texts, so that an answer knows whether it is the latest.
    count: StoredValue<u32>,
    on_pause: OnPause,
}

impl Lookup {
    pub fn new() -> Self {
        Self {
            found: RwSignal::new(Found::default()),
            busy: RwSignal::new(false),
            count: StoredValue::new(0),
            on_pause: OnPause::nothing(),
        }
    }

    /// Looks for `typed` once the typing pauses; finds nothing for an empty text.
    pub fn start(self, viewer: &Viewer, typed: &str) {
        self.count.update_value(|count| *count += 1);
        self.on_pause.stop();
        let rights = Rights::of(viewer);
        if typed.is_empty() || !rights.any() {
            self.busy.set(false);
            self.found.set(Found::default());
            return;
        }
        self.busy.set(true);
        let (typed, mine) = (typed.to_owned(), self.count.get_value());
        self.on_pause.run(move || {
            spawn_local(async move {
                let found = Box::pin(ask(rights, typed)).await;
                // It is gone when the dialog was closed.
                if self.count.try_get_value() == Some(mine) {
                    self.found.set(found);
                    self.busy.set(false);
                }
            });
        });
    }
}

/// Asks all lists at once.
async fn ask(rights: Rights, typed: String) -> Found {
    let command = Command::of(&typed);
    let whole = |may: bool| may.then(|| typed.clone());
    let object = |about: fn(&Command) -> bool, may: bool| {
        command.as_ref().filter(|command| may && about(command)).map(|command| command.object.clone())
    };
    let invites = join(
        list_invites(whole(rights.may(Permission::InvitesView))),
        list_invites(object(|command| command.on_invites, rights.may(Permission::InvitesView))),
    );
    let members = join(
        list_members(whole(rights.may(Permission::AccountsView))),
        list_members(object(|command| command.on_members, rights.may(Permission::AccountsView))),
    );
    let others =
        join(list_groups(whole(rights.groups)), list_redemptions(whole(rights.may(Permission::RedemptionsView))));
    let ((invites, invite_objects), (members, member_objects), (groups, redemptions)) =
        Box::pin(join3(invites, members, others)).await;
    let mut failure = None;
    Found {
        invites: rows(invites, &mut failure),
        members: rows(members, &mut failure),
        groups: rows(groups, &mut failure),
        redemptions: rows(redemptions, &mut failure),
        objects: command.map(|command| Objects {
            verb: command.verb,
            invites: rows(invite_objects, &mut failure),
            members: rows(member_objects, &mut failure),
        }),
        failure,
    }
}

/// What could be read. The other lists are shown even if one could not be.
fn rows<T>(read: Rows<T>, failure: &mut Option<ServerFnError>) -> Vec<T> {
    read.unwrap_or_else(|fault| {
        *failure = Some(fault);
        Vec::new()
    })
}

type Rows<T> = Result<Vec<T>, ServerFnError>;

async fn list_invites(q: Option<String>) -> Rows<Invite> {
    let Some(q) = q else { return Ok(Vec::new()) };
    invites::api::list(InviteQuery { q: Some(q), paging: first(), ..InviteQuery::default() }).await.map(items)
}

async fn list_members(q: Option<String>) -> Rows<AccountRow> {
    let Some(q) = q else { return Ok(Vec::new()) };
    accounts::api::list(AccountQuery {
        filter: AccountFilter { q: Some(q), ..AccountFilter::default() },
        paging: first(),
        ..AccountQuery::default()
    })
    .await
    .map(items)
}

async fn list_groups(q: Option<String>) -> Rows<GroupRef> {
    let Some(q) = q else { return Ok(Vec::new()) };
    groups::api::find(q, first().limit).await
}

async fn list_redemptions(q: Option<String>) -> Rows<Redemption> {
    let Some(q) = q else { return Ok(Vec::new()) };
    redemptions::api::list(RedemptionQuery { q: Some(q), paging: first(), ..RedemptionQuery::default() })
        .await
        .map(items)
}

fn items<T>(page: Page<T>) -> Vec<T> {
    page.items
}

fn first() -> Paging {
    Paging { cursor: None, limit: Limit::try_from(SHOWN).unwrap_or_default() }
}

/// A verb and what it shall be done to.
#[derive(Debug, PartialEq, Eq)]
struct Command {
    /// The verb or its beginning, in lower case.
    verb: String,
    object: String,
    on_invites: bool,
    on_members: bool,
}

impl Command {
    /// What was typed, if it begins with the verb of an act and goes on.
    fn of(typed: &str) -> Option<Self> {
        let (verb, mut object) = typed.trim().split_once(char::is_whitespace)?;
        let verb = verb.to_lowercase();
        let is_begun = |label: &&str| is_verb_of(&verb, label);
        let on_invites = [text::COPY_LINK, text::PAUSE, text::RESUME].iter().any(is_begun);
        let on_members = accounts::Act::ALL.iter().any(|act| is_begun(&act.label));
        // `copy link of open evening` is about `open evening`.
        while let Some((word, rest)) = object.trim_start().split_once(char::is_whitespace)
            && text::COPY_WORDS.contains(&word.to_lowercase().as_str())
        {
            object = rest;
        }
        let object = object.trim().to_owned();
        let means_something = verb.chars().count() >= VERB && !object.is_empty() && (on_invites || on_members);
        means_something.then_some(Self { verb, object, on_invites, on_members })
    }
}

/// Whether `verb`, in lower case, is the verb of the act with this label, or its beginning.
pub(super) fn is_verb_of(verb: &str, label: &str) -> bool {
    words(label).first().is_some_and(|word| word.starts_with(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_told_from_its_object() {
        let command = |typed| Command::of(typed).map(|it| (it.verb, it.object, it.on_invites, it.on_members));
        let some =
            |verb: &str, object: &str, invites, members| Some((verb.to_owned(), object.to_owned(), invites, members));
        assert_eq!(command("suspend mateo q"), some("suspend", "mateo q", false, true));
        assert_eq!(command("Sus  Mateo"), some("sus", "Mateo", false, true));
        assert_eq!(command("pause open evening"), some("pause", "open evening", true, false));
        // Resume and restore.
        assert_eq!(command("res x"), some("res", "x", true, true));
        assert_eq!(command("copy link of open evening"), some("copy", "open evening", true, false));
        assert_eq!(command("copy link"), some("copy", "link", true, false));
        for typed in ["suspend", "suspend ", "pa open", "open evening", "mateo suspend", ""] {
            assert_eq!(command(typed), None, "{typed}");
        }
    }
}
