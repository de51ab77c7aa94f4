//! The state of the results: what they are made from, and which of them Enter chooses.

use domain::access::Permission;
use domain::ids::AccountId;
use domain::viewer::Viewer;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::commands::{actions, pages};
use super::found::{Found, Lookup, is_verb_of};
use super::item::{Does, Group, Item, acts_on_invite, acts_on_member, lists};
use super::listbox::{Combobox, option_id};
use super::recent::{self, Recent};
use super::{QuickSearch, forget_recent, text};
use crate::ui::browser;
use crate::viewer::CurrentViewer;
use crate::{accounts, invites};

/// What the results are made from.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// The search.
    pub search: QuickSearch,
    viewer: RwSignal<Option<Viewer>>,
    /// What the lists have.
    pub lookup: Lookup,
    recent: RwSignal<Vec<Recent>>,
    /// The results.
    pub groups: RwSignal<Vec<Group>>,
    /// The place of the option that Enter chooses.
    pub at: RwSignal<usize>,
    done: StoredValue<Done>,
    acts: StoredValue<(invites::Acts, accounts::Acts)>,
}

/// What was done since the text changed.
#[derive(Clone, Copy, Default)]
struct Done {
    /// Whether an option was moved to, by the arrow keys or the pointer.
    moved: bool,
    /// Whether Enter was pressed before the answer came, and if so, whether to open in a new tab.
    entered: Option<bool>,
}

/// The field and the results.
#[component]
pub(super) fn Results() -> impl IntoView {
    let search = QuickSearch::expect();
    let CurrentViewer(current) = expect_context();
    let state = State {
        search,
        viewer: RwSignal::new(None),
        lookup: Lookup::new(),
        recent: RwSignal::new(Vec::new()),
        groups: RwSignal::new(Vec::new()),
        at: RwSignal::new(0),
        done: StoredValue::new(Done::default()),
        acts: StoredValue::new((invites::Acts::new(search.acting), accounts::Acts::anywhere(search.acting))),
    };
    Effect::new(move || state.viewer.set(current.get().and_then(Result::ok)));
    Effect::new(move || state.start());
    Effect::new(move || state.look_up());
    Effect::new(move || state.show());
    view! { <Combobox state /> }
}

impl State {
    /// Reads what was opened last.
    fn start(self) {
        if let Some(account) = self.account() {
            self.recent.set(recent::read(account));
        }
    }

    fn account(self) -> Option<AccountId> {
        self.viewer.with(|viewer| viewer.as_ref().map(|viewer| viewer.account.id))
    }

    /// Asks the lists for what was typed.
    fn look_up(self) {
        let typed = self.search.typed.get();
        self.done.set_value(Done::default());
        self.viewer.with(|viewer| {
            if let Some(viewer) = viewer {
                self.lookup.start(viewer, typed.trim());
            }
        });
    }

    /// Makes the groups of what is known now. The option that was moved to stays the one that Enter chooses.
    fn show(self) {
        let chosen = self.done.get_value().moved.then(|| self.item_at(self.at.get_untracked())).flatten();
        let groups = self.viewer.with(|viewer| viewer.as_ref().map(|viewer| self.make_groups(viewer)));
        let groups = groups.unwrap_or_default();
        let at = chosen.and_then(|chosen| items(&groups).position(|item| item.key() == chosen.key()));
        self.groups.set(groups);
        self.at.set(at.unwrap_or_default());
        if !self.lookup.busy.get()
            && let Some(elsewhere) = self.done.get_value().entered
        {
            self.done.set_value(Done::default());
            // Once the options are there, unless the dialog is closed by then.
            request_animation_frame(move || self.choose(self.at.try_get_untracked().unwrap_or_default(), elsewhere));
        }
    }

    fn make_groups(self, viewer: &Viewer) -> Vec<Group> {
        let typed = self.search.typed.get();
        let typed = typed.trim();
        let pages = Group { title: text::PAGES, items: pages(viewer, typed) };
        let actions = actions(viewer, browser::theme(), self.search, typed);
        let groups = if typed.is_empty() {
            let recent = self.recent.get().into_iter().filter(|one| viewer.is_staff() || !one.is_for_staff());
            let recent = Group { title: text::RECENT, items: recent.map(Item::again).collect() };
            vec![recent, pages, Group { title: text::ACTIONS, items: actions }]
        } else {
            self.lookup.found.with(|found| self.matching(viewer, typed, found, pages, actions))
        };
        groups.into_iter().filter(|group| !group.items.is_empty()).collect()
    }

    fn matching(self, viewer: &Viewer, typed: &str, found: &Found, pages: Group, actions: Vec<Item>) -> Vec<Group> {
        let closed = viewer.registration_is_closed();
        let manages = viewer.may(Permission::InvitesManageAll);
        let (invite_acts, member_acts) = self.acts.get_value();
        let on_invite = |invite| if manages { acts_on_invite(invite_acts, invite) } else { Vec::new() };
        let on_member = |row| acts_on_member(member_acts, row);
        let mut wanted = Vec::new();
        if let Some(objects) = &found.objects {
            let all = objects.invites.iter().flat_map(on_invite).chain(objects.members.iter().flat_map(on_member));
            wanted.extend(all.filter(|item| is_verb_of(&objects.verb, item.verb)));
        }
        // Without a verb the acts on what was most likely meant.
        let suggested = found.invites.iter().take(1).flat_map(on_invite);
        let suggested = suggested.chain(found.members.iter().take(1).flat_map(on_member)).collect();
        wanted.extend(actions);
        vec![
            Group { title: text::ACTIONS, items: wanted },
            pages,
            Group { title: text::INVITES, items: found.invites.iter().map(|one| Item::invite(one, closed)).collect() },
            Group { title: text::MEMBERS, items: found.members.iter().map(Item::member).collect() },
            Group { title: text::GROUPS, items: found.groups.iter().map(Item::group).collect() },
            Group { title: text::REDEMPTIONS, items: found.redemptions.iter().map(Item::redemption).collect() },
            Group { title: text::SUGGESTED, items: suggested },
            Group { title: text::MORE, items: lists(viewer, typed) },
        ]
    }

    /// What was typed.
    pub fn typed(self) -> String {
        self.search.typed.get().trim().to_owned()
    }

    /// The element id of the option that Enter chooses, if there is one.
    pub fn active(self) -> Option<String> {
        let (at, count) = (self.at.get(), self.groups.with(|groups| items(groups).count()));
        (at < count).then(|| option_id(at))
    }

    /// Whether the viewer may see the lists, and not pages and actions alone.
    pub fn is_staff(self) -> bool {
        self.viewer.with(|viewer| viewer.as_ref().is_some_and(Viewer::is_staff))
    }

    /// Asks the lists again.
    pub fn try_again(self) {
        self.look_up();
    }

    /// Whether there is something to forget.
    pub fn shows_recent(self) -> bool {
        self.groups.with(|groups| groups.first().is_some_and(|group| group.title == text::RECENT))
    }

    /// Forgets what was opened.
    pub fn forget(self) {
        if let Some(account) = self.account() {
            forget_recent(account);
        }
        self.recent.set(Vec::new());
    }

    /// What a screen reader says about the results, once they are all there.
    pub fn announcement(self) -> String {
        if self.lookup.busy.get() { String::new() } else { text::count(self.results()) }
    }

    /// The number of results, without the offers to search in a list.
    pub fn results(self) -> usize {
        self.groups
            .with(|groups| groups.iter().filter(|group| group.title != text::MORE).map(|group| group.items.len()).sum())
    }

    fn item_at(self, at: usize) -> Option<Item> {
        self.groups.try_with_untracked(|groups| items(groups).nth(at).cloned()).flatten()
    }

    /// The same by key or pointer.
    pub fn move_to(self, at: usize) {
        self.done.set_value(Done { moved: true, entered: None });
        self.at.set(at);
    }

    /// What a key does in the field.
    pub fn press(self, event: &KeyboardEvent) {
        if event.is_composing() || event.shift_key() || event.alt_key() {
            return;
        }
        let (count, at) = (self.groups.with_untracked(|groups| items(groups).count()), self.at.get_untracked());
        let elsewhere = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "Enter" if self.lookup.busy.get_untracked() && !self.done.get_value().moved => {
                self.done.update_value(|done| done.entered = Some(elsewhere));
            }
            "Enter" => self.choose(at, elsewhere),
            _ if elsewhere || count == 0 => return,
            "ArrowDown" => self.walk_to((at + 1) % count),
            "ArrowUp" => self.walk_to((at + count - 1) % count),
            "Home" => self.walk_to(0),
            "End" => self.walk_to(count - 1),
            _ => return,
        }
        event.prevent_default();
    }

    fn walk_to(self, at: usize) {
        self.move_to(at);
        browser::scroll_to(&option_id(at));
    }

    /// Does what a click on the option does; `elsewhere` opens a link in a new tab.
    fn choose(self, at: usize, elsewhere: bool) {
        match self.item_at(at).map(|item| item.does) {
            Some(Does::Open { href, recent, .. }) if elsewhere => {
                self.record(&href, recent);
                browser::open_tab(&href);
            }
            Some(_) => browser::click(&format!("#{}", option_id(at))),
            None => {}
        }
    }

    /// Records and closes, when a link was clicked. In a new tab it opens beside the search.
    pub fn follow(self, event: &MouseEvent, href: &str, recent: Option<String>) {
        // Something on the page is not saved. If it may be lost, the link is clicked again.
        if event.default_prevented() {
            return;
        }
        self.record(href, recent);
        let new_tab = event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key();
        if !new_tab {
            self.search.open.set(false);
        }
    }

    /// Closes, then acts: what asks first asks in a dialog of its own.
    pub fn run(self, act: &dyn Fn()) {
        self.search.open.set(false);
        act();
    }

    fn record(self, href: &str, title: Option<String>) {
        let account = self.viewer.with_untracked(|viewer| viewer.as_ref().map(|viewer| viewer.account.id));
        if let (Some(title), Some(account)) = (title, account) {
            recent::record(account, Recent { href: href.to_owned(), title });
        }
    }
}

fn items(groups: &[Group]) -> impl Iterator<Item = &Item> {
    groups.iter().flat_map(|group| &group.items)
}
