//! The page on which invitations are sent: to whom, what they get, and what they are told.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use std::future::IntoFuture;

use domain::access::Permission;
use domain::accounts::Role;
use domain::ids::InviteId;
use domain::invitations::{Mailing, MailingMode, Preview};
use domain::invites::{Invite, InviteQuery, InviteStatus};
use domain::paging::{Limit, Paging};
use domain::text::isolated;
use domain::{Code, Failure};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use wasm_split_helpers::wasm_split;

use super::form::{DATE, Form, LOCKED, NONE, OPEN};
use super::list::MailOff;
use super::preview::Found;
use super::{api, mailing, text};
use crate::invites::api as invites;
use crate::memberships::GroupPicker;
use crate::pages;
use crate::server_fn_error::ServerFnError;
use crate::ui::{
    Choice, Crumbs, Deferred, Download, Drawn, ErrorLine, FileButton, FormError, Icon, IconName, Load, SelectField,
    SelectOption, Sending, Setting, TextArea, TextField, Toasts, Wrong, browser, drawing, fixed,
};
use crate::viewer::CurrentViewer;

/// The id of the form.
const FORM: &str = "invitations";
/// The id of what the preview shows.
const FOUND: &str = "found";
/// The names, in failures, of the fields that are always there.
const FIELDS: [&str; 3] = ["text", "invite", "message"];
/// How many invites are offered, the newest.
const OFFERED: u64 = 100;

const MODES: [(&str, &str); 2] = [
    (MailingMode::OwnLinks.as_str(), MailingMode::OwnLinks.title()),
    (MailingMode::OneLink.as_str(), MailingMode::OneLink.title()),
];
const KNOWN: [(&str, &str); 2] = [(OPEN, text::MAY_CHANGE), (LOCKED, text::LOCKED)];
/// When invites expire. Numbers are hours from now.
const EXPIRES: [(&str, &str); 5] = [
    ("168", text::IN_7_DAYS),
    ("336", text::IN_14_DAYS),
    ("720", text::IN_30_DAYS),
    (DATE, text::DATE),
    (NONE, text::NEVER),
];

/// The page. `?invite=ID` chooses an invite.
#[component]
pub fn NewInvitationsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get_str("invite").and_then(|id| id.parse().ok())));
    let CurrentViewer(viewer) = expect_context();
    let opened = Resource::new(
        move || asked.get(),
        move |asked| async move {
            // Not tracked: when the viewer is read again, what is typed stays.
            let viewer = ScopedFuture::new_untracked(viewer.into_future()).await?;
            if !pages::invites_by_mail(&viewer) {
                return Err(ServerFnError(Failure::new(Code::Forbidden, text::MAY_NOT)));
            }
            let loaded = load(asked).await?;
            Ok((loaded, viewer.may(Permission::AdminsManage)))
        },
    );
    view! {
        <Title text=text::INVITE_BY_MAIL />
        <Crumbs path=pages::INVITATIONS.path list=text::INVITATIONS name=text::INVITE_BY_MAIL.to_owned() />
        <div class="page-head">
            <div>
                <h1>{text::INVITE_BY_MAIL}</h1>
                <p class="page-sub">{text::NEW_ABOUT}</p>
            </div>
        </div>
        <Load
            from=opened
            children=|((is_on, invites, chosen), makes_admins): (Loaded, bool)| {
                if is_on {
                    let draw = drawing(move || draw(invites.clone(), chosen.clone(), makes_admins));
                    view! { <Deferred load=load_form draw class="card dialog-body" /> }.into_any()
                } else {
                    view! { <MailOff /> }.into_any()
                }
            }
        />
    }
}

/// Whether e-mail is on, the active invites, and the one that is asked for.
type Loaded = (bool, Vec<Invite>, Option<Invite>);

async fn load(asked: Option<InviteId>) -> Result<Loaded, ServerFnError> {
    let is_on = api::mail_is_on().await?;
    let paging = Paging { limit: Limit::try_from(OFFERED).unwrap_or_default(), ..Paging::default() };
    let query = InviteQuery { status: Some(InviteStatus::Active), paging, ..InviteQuery::default() };
    let mut active = invites::list(query).await?.items;
    // One that does not exist is not chosen.
    let chosen = match asked {
        Some(id) => invites::get(id).await.ok().filter(|invite| invite.status != InviteStatus::Deleted),
        None => None,
    };
    if let Some(invite) = chosen.clone().filter(|invite| invite.status == InviteStatus::Active) {
        active.retain(|one| one.id != invite.id);
        active.insert(0, invite);
    }
    Ok((is_on, active, chosen))
}

#[wasm_split(invitation_form, fallible, preload(preload_form))]
fn draw(invites: Vec<Invite>, chosen: Option<Invite>, makes_admins: bool) -> Drawn {
    Ok(view! { <InvitationsForm invites chosen makes_admins /> }.into_any())
}

/// Downloads the form unless it is there.
fn load_form() -> Download {
    Box::pin(preload_form())
}

/// The form. It previews before it sends: what is pasted is seldom what was meant.
#[component]
fn InvitationsForm(invites: Vec<Invite>, chosen: Option<Invite>, makes_admins: bool) -> impl IntoView {
    let is_active = chosen.as_ref().is_some_and(|invite| invite.status == InviteStatus::Active);
    let form = Form::new(chosen.as_ref().map(|invite| invite.id), is_active);
    let toasts = Toasts::expect();
    let sending = Sending::new(FORM);
    let Sending { wrong, busy, .. } = sending;
    // What the server found in the list, until something is changed that decides it.
    let found: RwSignal<Option<Preview>> = RwSignal::new(None);
    Effect::watch(
        move || form.track_recipients(),
        move |(), _, _| {
            found.set(None);
            form.skip_errors.set(false);
        },
        false,
    );
    let navigate = use_navigate();
    let leave = Callback::new(move |sent: Mailing| {
        toasts.done(text::sending(sent.total));
        navigate(&mailing::href(sent.id), NavigateOptions::default());
    });
    let preview = move |event: &SubmitEvent| {
        sending.send(
            event,
            move || form.draft(),
            api::check,
            move |preview| {
                // A preview saves nothing.
                sending.typed();
                found.try_set(Some(preview));
                request_animation_frame(|| browser::scroll_to(FOUND));
            },
        );
    };
    let submit = move |event: SubmitEvent| {
        if found.with_untracked(Option::is_some) {
            sending.send(
                &event,
                move || form.draft(),
                api::invite,
                move |sent| {
                    leave.try_run(sent);
                },
            );
        } else {
            preview(&event);
        }
    };
    let verb = move || match found.with(|found| found.as_ref().map(|found| found.count)) {
        Some(count) => text::send(count),
        None => text::SEND.to_owned(),
    };
    view! {
        <form class="card" id=FORM method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
            <Setting title=text::WHO about=text::WHO_ABOUT>
                <Recipients form wrong busy found sending />
            </Setting>
            <Setting title=text::WHAT about=text::WHAT_ABOUT>
                <Links form wrong invites chosen makes_admins />
            </Setting>
            <Setting title=text::MESSAGE_TITLE about=text::MESSAGE_ABOUT>
                <TextArea
                    id="invitations-message"
                    name="message"
                    label=text::MESSAGE
                    value=form.message
                    wrong
                    help=text::MESSAGE_HELP
                />
                <label class="check">
                    <input
                        type="checkbox"
                        role="switch"
                        id="invitations-reminder"
                        prop:checked=move || form.reminder.get()
                        on:change=move |event| form.reminder.set(event_target_checked(&event))
                    />
                    <span>
                        {text::REMINDER}
                        <small>{text::REMINDER_HELP}</small>
                    </span>
                </label>
            </Setting>
            <div class="card-foot settings-save">
                <FormError wrong />
                <button
                    id="send-invitations"
                    class="btn btn-primary push"
                    aria-busy=move || busy.get().then_some("true")
                >
                    <Icon name=IconName::Mail />
                    {verb}
                </button>
            </div>
        </form>
    }
}

/// Who gets one, and below what the server found in it.
#[component]
fn Recipients(
    form: Form,
    wrong: Wrong,
    busy: RwSignal<bool>,
    found: RwSignal<Option<Preview>>,
    sending: Sending,
) -> impl IntoView {
    let read = Callback::new(move |text| {
        form.text.set(text);
        sending.typed();
    });
    view! {
        <TextArea
            id="invitations-text"
            name="text"
            label=text::RECIPIENTS
            value=form.text
            wrong
            help=text::RECIPIENTS_HELP
            needed=true
        />
        <FileButton label=text::CHOOSE_FILE accept=text::FILE_TYPES too_large=text::FILE_TOO_LARGE read />
        <div>
            <button
                id="preview-invitations"
                class="btn"
                aria-busy=move || busy.get().then_some("true")
                // What was found before is found again.
                on:click=move |_| found.set(None)
            >
                <Icon name=IconName::Eye />
                {move || if busy.get() { text::PREVIEWING } else { text::PREVIEW }}
            </button>
        </div>
        <section class="stack" id=FOUND aria-label=text::FOUND aria-live="polite">
            {move || found.get().map(|preview| view! { <Found preview is_one_link=untrack(|| form.is_one_link()) skip=form.skip_errors /> }.into_any())}
        </section>
    }
}

/// A link for each, or one for all, and what it gives.
#[component]
fn Links(form: Form, wrong: Wrong, invites: Vec<Invite>, chosen: Option<Invite>, makes_admins: bool) -> impl IntoView {
    let option = |title: String, invite: &Invite| -> SelectOption { (invite.id.to_string().into(), title.into()) };
    let mut like: Vec<SelectOption> = vec![fixed((NONE, text::NEW_TERMS))];
    // The one that is asked for may be over: its terms can still be taken.
    let over = chosen.filter(|invite| invite.status != InviteStatus::Active);
    like.extend(over.iter().chain(&invites).map(|invite| option(text::like(&isolated(invite.title())), invite)));
    let mut one: Vec<SelectOption> = vec![fixed((NONE, text::CHOOSE_INVITE))];
    one.extend(invites.iter().map(|invite| option(invite.title().to_owned(), invite)));
    let (like, one) = (StoredValue::new(like), StoredValue::new(one));
    // What is wrong with terms that are taken over has no field here.
    let elsewhere = Signal::derive(move || {
        wrong.with(|wrong| {
            let fields = wrong.iter().flat_map(|fault| &fault.0.fields);
            let mut others = fields.filter(|wrong| !FIELDS.contains(&wrong.field.as_str()));
            others.next().map(|wrong| wrong.message.clone())
        })
    });
    view! {
        <Choice name="invitations-mode" legend=text::LINKS options=MODES value=form.mode />
        {move || {
            if form.is_one_link() {
                return view! {
                    <div class="field-group">
                        <SelectField
                            id="invitations-invite"
                            name="invite"
                            label=text::WHICH_INVITE
                            options=one.get_value()
                            value=form.invite
                            wrong
                        />
                        <p class="help">{text::ONE_LINK_HELP}</p>
                    </div>
                }
                    .into_any();
            }
            view! {
                <SelectField
                    id="invitations-like"
                    name="invite"
                    label=text::TERMS
                    options=like.get_value()
                    value=form.like
                    wrong
                />
                {move || {
                    if form.like.with(|like| like == NONE) {
                        view! { <NewTerms form wrong makes_admins /> }.into_any()
                    } else {
                        view! { <ErrorLine id="invitations-like-terms".to_owned() error=elsewhere /> }.into_any()
                    }
                }}
                <div class="field-group">
                    <Choice name="invitations-known" legend=text::KNOWN options=KNOWN value=form.known />
                    <p class="help">{text::KNOWN_HELP}</p>
                </div>
            }
                .into_any()
        }}
    }
}

/// What most invites say. The dialog that creates one has the rest: its terms can be taken over.
#[component]
fn NewTerms(form: Form, wrong: Wrong, makes_admins: bool) -> impl IntoView {
    let offered = Role::ALL.into_iter().filter(|role| role.can_be_granted() && (*role != Role::Admin || makes_admins));
    let options: Vec<_> = offered.map(|role| fixed((role.as_str(), role.title()))).collect();
    let of_hours =
        Signal::derive(move || wrong.with(|wrong| wrong.as_ref().and_then(|fault| fault.of("expires_in_hours"))));
    let in_browser = RwSignal::new(false);
    Effect::new(move || in_browser.set(true));
    view! {
        <TextField
            id="invitations-label"
            name="label"
            label=text::LABEL
            value=form.label
            wrong
            optional=true
            placeholder=text::LABEL_EXAMPLE
            help=text::LABEL_HELP
        />
        <SelectField id="invitations-role" name="role" label=text::ROLE options value=form.role wrong />
        // Its groups are read by the browser: the server does not wait for them.
        {move || in_browser.get().then(|| view! { <GroupPicker id="invitations-group" value=form.groups wrong /> }.into_any())}
        <div class="field-group">
            <Choice name="invitations-expires" legend=text::EXPIRES options=EXPIRES value=form.expires />
            {move || {
                (form.expires.with(|expires| expires == DATE))
                    .then(|| {
                        view! {
                            <TextField
                                id="invitations-expires-at"
                                name="expires_at"
                                label=text::EXPIRY_DATE
                                value=form.expires_at.typed
                                wrong
                                kind="datetime-local"
                                help=text::TIME_ZONE_HELP
                            />
                        }
                            .into_any()
                    })
            }}
            <ErrorLine id="invitations-expires-error".to_owned() error=of_hours />
        </div>
    }
}
