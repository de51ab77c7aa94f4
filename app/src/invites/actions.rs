//! Actions on an invite: the same wherever their buttons are.

use domain::invites::{Invite, InviteStatus};
use leptos::ev::Event;
use leptos::prelude::*;

use super::doing::{self, Does};
use super::{PREFETCH, query, text};
use crate::pages;
use crate::ui::{Acting, Icon, IconName, copy};

/// The changes that have a form.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Edit,
    Extend,
    RaiseLimit,
    Duplicate,
}

impl Change {
    /// The title of its dialog, for the title of the invite.
    pub(super) fn title(self, of: &str) -> String {
        match self {
            Self::Edit => text::edit_title(of),
            Self::Extend => text::extend_title(of),
            Self::RaiseLimit => text::raise_limit_title(of),
            Self::Duplicate => text::duplicate_title(of),
        }
    }
}

/// The actions of one page.
#[derive(Clone, Copy)]
pub struct Acts {
    /// How the page acts.
    pub acting: Acting,
    /// The invite that is being changed in a dialog, and how.
    pub(super) changing: RwSignal<Option<(Change, Invite)>>,
    /// The path of the pages of invites.
    pub path: &'static str,
}

impl Acts {
    /// The actions of a page.
    pub fn new(acting: Acting) -> Self {
        Self { acting, changing: RwSignal::new(None), path: query::PATH }
    }

    /// The same on the pages of the viewer's own invites.
    #[must_use]
    pub fn on_own(self) -> Self {
        Self { path: pages::OWN_INVITES.path, ..self }
    }

    /// Whether it is on the pages of the viewer's own invites.
    #[must_use]
    pub fn is_on_own(self) -> bool {
        self.path == pages::OWN_INVITES.path
    }

    /// Copies the invite link.
    pub fn copy_link(self, invite: &Invite) {
        if let Some(url) = invite.url.clone() {
            copy(self.acting.toasts, url, text::LINK_COPIED);
        }
    }

    /// Opens the dialog that changes it.
    pub fn edit(self, invite: &Invite) {
        self.change(Change::Edit, invite);
    }

    /// Opens the dialog that moves its end. Only for invites that have one.
    pub fn extend(self, invite: &Invite) {
        self.change(Change::Extend, invite);
    }

    /// Opens the dialog that raises its maximum uses.
    pub fn raise_limit(self, invite: &Invite) {
        self.change(Change::RaiseLimit, invite);
    }

    /// Opens the dialog that creates another invite like it.
    pub fn duplicate(self, invite: &Invite) {
        self.change(Change::Duplicate, invite);
    }

    fn change(self, how: Change, invite: &Invite) {
        self.changing.set(Some((how, invite.clone())));
    }

    /// Pauses it.
    pub fn pause(self, invite: &Invite) {
        doing::run(self.acting, Does::Pause, invite);
    }

    /// Resumes it.
    pub fn resume(self, invite: &Invite) {
        doing::run(self.acting, Does::Resume, invite);
    }

    /// Asks, then deletes it for good.
    pub fn delete(self, invite: &Invite) {
        doing::run(self.acting, Does::Delete, invite);
    }
}

/// What can be done about an invite that is over, or soon will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// A later end.
    Extend,
    /// More uses.
    RaiseLimit,
}

impl Renewal {
    /// What is offered for an invite: nothing where neither an end nor a limit stops it.
    #[must_use]
    pub fn of(invite: &Invite) -> Option<Self> {
        match invite.status {
            InviteStatus::Deleted => None,
            InviteStatus::UsedUp => Some(Self::RaiseLimit),
            _ => invite.terms.expires_at.is_some().then_some(Self::Extend),
        }
    }

    /// Its button: the icon, the words, and what opens its dialog.
    #[must_use]
    pub fn button(self) -> (IconName, &'static str, fn(Acts, &Invite)) {
        match self {
            Self::Extend => (IconName::Extend, text::EXTEND, Acts::extend),
            Self::RaiseLimit => (IconName::Plus, text::RAISE_LIMIT, Acts::raise_limit),
        }
    }
}

/// The menu of actions on one invite, and the button that opens it.
#[component]
pub fn ActMenu(
    /// The invite.
    invite: Invite,
    /// The page's actions.
    acts: Acts,
    /// Names the menu among the page's ids.
    #[prop(into)]
    id: String,
    /// The classes of the button.
    #[prop(default = "btn btn-quiet btn-icon btn-sm")]
    class: &'static str,
) -> impl IntoView {
    let redemptions = if acts.is_on_own() {
        format!("{}/{}#redemptions", acts.path, invite.id)
    } else {
        format!("/admin/redemptions?invite={}", invite.id)
    };
    let invite = StoredValue::new(invite);
    let title = invite.with_value(|invite| invite.title().to_owned());
    let status = invite.with_value(|invite| invite.status);
    let gone = status == InviteStatus::Deleted;
    let paused = invite.with_value(|invite| invite.paused_at.is_some());
    let renewal = invite.with_value(Renewal::of);
    let opened = RwSignal::new(false);
    let name = StoredValue::new(id.clone());
    let item = move |icon, words, key: Option<&'static str>, act: fn(Acts, &Invite)| {
        // The one destructive item.
        let danger = words == text::DELETE_MORE;
        view! {
            <button
                type="button"
                class="menu-item"
                data-tone=danger.then_some("danger")
                aria-keyshortcuts=key
                popovertarget=name.get_value()
                popovertargetaction="hide"
                on:click=move |_| invite.with_value(|invite| act(acts, invite))
            >
                <Icon name=icon />
                {words}
            </button>
        }
    };
    view! {
        <button
            type="button"
            id=format!("{id}-opener")
            class=class
            popovertarget=id.clone()
            data-prefetch=PREFETCH
            aria-label=text::more_for(&title)
        >
            <Icon name=IconName::More />
        </button>
        // What needs the script is made when the menu is first opened: closed, the menus of a list outweigh its rows.
        <div class="menu" id=id popover="auto" on:beforetoggle=move |_: Event| opened.set(true)>
            <p class="menu-head sheet-only">
                <strong>
                    <bdi>{title}</bdi>
                </strong>
            </p>
            {move || {
                (!gone && opened.get())
                    .then(|| {
                        view! {
                            {item(IconName::Link, text::COPY_LINK, Some("y"), Acts::copy_link)}
                            {item(IconName::Pencil, text::EDIT_MORE, Some("e"), Acts::edit)}
                            {renewal
                                .map(|renewal| {
                                    let (icon, _, act) = renewal.button();
                                    let words = match renewal {
                                        Renewal::Extend => text::EXTEND_MORE,
                                        Renewal::RaiseLimit => text::RAISE_LIMIT_MORE,
                                    };
                                    item(icon, words, None, act)
                                })}
                            {if paused {
                                item(IconName::Play, text::RESUME, None, Acts::resume)
                            } else {
                                item(IconName::Pause, text::PAUSE, None, Acts::pause)
                            }}
                        }.into_any()
                    })
            }}
            {move || {
                opened.get().then(|| item(IconName::Copy, text::DUPLICATE_MORE, None, Acts::duplicate).into_any())
            }}
            <a class="menu-item" href=redemptions>
                <Icon name=IconName::Redemptions />
                {text::SEE_REDEMPTIONS}
            </a>
            {move || {
                (!gone && opened.get())
                    .then(|| {
                        view! {
                            <hr class="menu-sep" />
                            {item(IconName::Trash, text::DELETE_MORE, None, Acts::delete)}
                        }.into_any()
                    })
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::invites::Terms;

    use super::*;

    #[test]
    fn time_is_offered_where_there_is_an_end_and_uses_where_they_are_used_up() {
        let at = Timestamp::from_micros(1);
        let invite = |status, expires_at| Invite {
            id: "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77".parse().unwrap(),
            code: None,
            url: None,
            code_kind: domain::invites::CodeKind::Random,
            terms: Terms { expires_at, ..Terms::default() },
            group_refs: Vec::new(),
            application: None,
            used: 0,
            paused_at: None,
            deleted_at: None,
            created_at: at,
            created_by: domain::accounts::AccountRef {
                id: "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77".parse().unwrap(),
                username: domain::accounts::Username::parse("ngozi").ok(),
                name: None,
                picture: None,
            },
            status,
        };
        for (status, expires_at, offered) in [
            (InviteStatus::Active, None, None),
            (InviteStatus::Active, Some(at), Some(Renewal::Extend)),
            (InviteStatus::Scheduled, Some(at), Some(Renewal::Extend)),
            (InviteStatus::Paused, Some(at), Some(Renewal::Extend)),
            (InviteStatus::Paused, None, None),
            (InviteStatus::Expired, Some(at), Some(Renewal::Extend)),
            (InviteStatus::UsedUp, None, Some(Renewal::RaiseLimit)),
            (InviteStatus::UsedUp, Some(at), Some(Renewal::RaiseLimit)),
            (InviteStatus::Deleted, Some(at), None),
        ] {
            assert_eq!(Renewal::of(&invite(status, expires_at)), offered, "{status} {expires_at:?}");
        }
    }
}
