//! The page about e-mail: whether it is on, the mail server, and the messages that it was given.

use std::sync::Arc;

use domain::access::{Permission, Permissions};
use domain::mail::{Encryption, Mail, MailQuery, MailTerms, MailView};
use domain::paging::Page;
use domain::text::{SenderName, isolated};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::dialog::{Edited, MailDialog};
use super::following::Following;
use super::list::Messages;
use super::{api, text};
use crate::pages;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Acting, Banner, Empty, Icon, IconName, Load, NamedHead, Question, paging};
use crate::viewer::CurrentViewer;

/// The path of the page.
pub(super) const PATH: &str = pages::MAIL.path;

/// What the viewer is offered.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is offered")]
pub(super) struct Rights {
    /// Whether messages can be sent, and the viewer may do so.
    pub(super) sends: bool,
    /// Whether the viewer may set the mail server up, which only owners may: it is given the links of owners, too.
    changes: bool,
    /// Whether the viewer may have links of messages; of which ones, the server decides.
    pub(super) copies: bool,
    /// Whether the viewer may open the pages of members.
    pub(super) sees_members: bool,
}

impl Rights {
    fn new(mail: &MailView, permissions: Permissions) -> Self {
        let may_send = permissions.contains(Permission::SettingsChange);
        Self {
            sends: may_send && mail.terms.is_some(),
            changes: permissions.contains(Permission::AdminsManage) && !mail.fixed,
            copies: !(permissions & (Permission::PasswordsReset | Permission::InvitesManageAll)).is_empty(),
            sees_members: permissions.contains(Permission::AccountsView),
        }
    }
}

/// The page.
#[component]
pub fn MailPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| MailQuery {
            status: query.get_str("status").and_then(|status| status.parse().ok()),
            paging: paging(query),
        })
    });
    let CurrentViewer(viewer) = expect_context();
    // All at once: what is drawn when one arrives would be drawn in what the other has replaced.
    let opened = Resource::new(
        move || asked.get(),
        move |asked| async move {
            let mail = api::view().await?;
            let messages = api::list(asked).await?;
            let viewer = viewer.await?;
            Ok::<_, ServerFnError>((mail, messages, viewer.permissions, viewer.site_name.to_string()))
        },
    );
    let acting = Acting::new(move || opened.refetch());
    let following = Following::new(acting);
    let editing: RwSignal<Option<Edited>> = RwSignal::new(None);
    let refresh = move |_| {
        following.leave_to_list();
        opened.refetch();
    };
    view! {
        <Title text=text::EMAIL />
        <Load
            from=opened
            heading=text::EMAIL
            children=move |(mail, messages, permissions, site_name): (MailView, Page<Mail>, Permissions, String)| {
                let rights = Rights::new(&mail, permissions);
                let asked = asked.get_untracked();
                let edited = Edited { mail: mail.clone(), site_name: site_name.clone() };
                let lists = mail.terms.is_some() || asked.status.is_some() || !messages.items.is_empty();
                view! {
                    <Heading edited=edited.clone() rights acting following editing />
                    <div class="stack">
                        {match mail.terms.clone() {
                            Some(terms) => view! { <Server mail terms site_name /> }.into_any(),
                            None => view! { <Off edited rights editing /> }.into_any(),
                        }}
                        {lists
                            .then(|| {
                                view! {
                                    <section class="stack" aria-labelledby="messages">
                                        <div class="row row-between">
                                            <h2 id="messages">{text::MESSAGES}</h2>
                                            <span class="muted small" aria-live="polite">
                                                {move || following.words()}
                                            </span>
                                            <button
                                                type="button"
                                                id="refresh-messages"
                                                class="btn btn-sm"
                                                on:click=refresh
                                            >
                                                <Icon name=IconName::Refresh />
                                                {text::REFRESH}
                                            </button>
                                        </div>
                                        <Messages page=messages asked rights acting following />
                                    </section>
                                }
                                    .into_any()
                            })}
                    </div>
                }
            }
        />
        <MailDialog of=editing saved=Callback::new(move |()| opened.refetch()) />
    }
}

/// The name and the address that messages are from.
fn sender(terms: &MailTerms, site_name: &str) -> String {
    let name = terms.from_name.as_ref().map_or(site_name, SenderName::as_str);
    text::sender(&isolated(name), terms.from.as_str())
}

/// The head of the page: the state in one line, and what can be done while e-mail is on.
#[component]
fn Heading(
    edited: Edited,
    rights: Rights,
    acting: Acting,
    following: Following,
    editing: RwSignal<Option<Edited>>,
) -> impl IntoView {
    let state = match &edited.mail.terms {
        Some(terms) => text::sends(&sender(terms, &edited.site_name), terms.host.as_str()),
        None => text::OFF.to_owned(),
    };
    let changes = rights.changes && edited.mail.terms.is_some();
    let kept = StoredValue::new(edited);
    let test = move |_| {
        acting.run(api::send_test(), move |mail| {
            following.start(&mail);
            text::TEST_QUEUED.to_owned()
        });
    };
    view! {
        <NamedHead path=pages::SETTINGS.path list=text::SETTINGS name=text::EMAIL.to_owned() description=Some(state)>
            {rights
                .sends
                .then(|| {
                    view! {
                        <button type="button" id="send-test" class="btn btn-primary" on:click=test>
                            <Icon name=IconName::Mail />
                            {text::TEST}
                        </button>
                    }
                        .into_any()
                })}
            {changes
                .then(|| {
                    view! {
                        <button
                            type="button"
                            id="edit-mail"
                            data-prefetch=super::dialog::PREFETCH
                            class="btn"
                            on:click=move |_| editing.set(Some(kept.get_value()))
                        >
                            <Icon name=IconName::Pencil />
                            {text::EDIT}
                        </button>
                        <button
                            type="button"
                            id="turn-off-mail"
                            class="btn btn-danger-quiet"
                            on:click=move |_| turn_off(acting)
                        >
                            <Icon name=IconName::Ban />
                            {text::TURN_OFF_MORE}
                        </button>
                    }
                        .into_any()
                })}
        </NamedHead>
    }
}

/// Turns e-mail off, after a question.
fn turn_off(acting: Acting) {
    acting.ask(Question {
        title: text::TURN_OFF_TITLE.to_owned(),
        text: text::TURN_OFF_TEXT.to_owned(),
        verb: text::TURN_OFF,
        danger: true,
        act: Arc::new(move || acting.run(api::turn_off(), |_| text::TURNED_OFF.to_owned())),
    });
}

/// What works without e-mail, and the way to set it up.
#[component]
fn Off(edited: Edited, rights: Rights, editing: RwSignal<Option<Edited>>) -> impl IntoView {
    let kept = StoredValue::new(edited);
    let set_up = rights.changes.then(|| {
        view! {
            <button
                type="button"
                id="set-up-mail"
                data-prefetch=super::dialog::PREFETCH
                class="btn btn-primary"
                on:click=move |_| editing.set(Some(kept.get_value()))
            >
                <Icon name=IconName::Mail />
                {text::SET_UP}
            </button>
        }
        .into_any()
    });
    view! {
        <div class="card">
            <Empty title=text::IS_OFF text=text::IS_OFF_TEXT>
                {set_up}
            </Empty>
        </div>
    }
}

/// The mail server, as it is set up, and what is wrong with it.
#[component]
fn Server(mail: MailView, terms: MailTerms, site_name: String) -> impl IntoView {
    let sender = sender(&terms, &site_name);
    let MailTerms { host, port, encryption, username, .. } = terms;
    let MailView { has_password, fixed, failures, last_answer, .. } = mail;
    let is_failing = failures > 0;
    let (tone, state) = if is_failing { ("danger", text::FAILING) } else { ("live", text::ON) };
    let encryption = (encryption != Encryption::None).then(|| encryption.title());
    let username = username.map_or_else(|| text::NO_USERNAME.to_owned(), |username| username.to_string());
    view! {
        {is_failing
            .then(|| {
                view! {
                    <Banner tone="warn" icon=IconName::Alert>
                        <strong>{text::failing(last_answer.as_deref())}</strong>
                        " "
                        {if fixed { text::FAILING_TEXT_FIXED } else { text::FAILING_TEXT }}
                    </Banner>
                }
                    .into_any()
            })}
        {fixed
            .then(|| {
                view! {
                    <Banner tone="act" icon=IconName::Lock>
                        {text::FIXED}
                    </Banner>
                }
                    .into_any()
            })}
        <section class="card connection" aria-label=text::SERVER>
            <div class="card-body">
                <dl class="facts">
                    <dt>{text::STATUS}</dt>
                    <dd>
                        <span class="badge" data-status=tone>{state}</span>
                        " "
                        {is_failing
                            .then(|| view! { <span class="muted small">{text::failures(failures)}</span> }.into_any())}
                    </dd>
                    <dt>{text::SENDER}</dt>
                    <dd dir="auto">{sender}</dd>
                    <dt>{text::SERVER}</dt>
                    <dd>{text::server(host.as_str(), port, encryption)}</dd>
                    <dt>{text::USERNAME}</dt>
                    <dd>
                        {username} " "
                        {has_password
                            .then(|| view! { <span class="muted small">{text::WITH_PASSWORD}</span> }.into_any())}
                    </dd>
                </dl>
            </div>
        </section>
    }
}
