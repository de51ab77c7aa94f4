//! The form of the mail server: where messages are handed in, and whom they are from.

use domain::Patch;
use domain::mail::{Encryption, MailDraft, MailView};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialog::Edited;
use super::{api, text};
use crate::ui::{self, DialogFoot, ErrorLine, FormError, IconName, SelectField, Sending, TextField, Toasts, Wrong};

/// The form as typed.
#[derive(Clone, Copy)]
struct Form {
    host: RwSignal<String>,
    port: RwSignal<String>,
    encryption: RwSignal<String>,
    username: RwSignal<String>,
    password: RwSignal<String>,
    from: RwSignal<String>,
    from_name: RwSignal<String>,
}

impl Form {
    fn new(mail: &MailView) -> Self {
        let encryption = mail.terms.as_ref().map(|terms| terms.encryption).unwrap_or_default();
        let port = mail.terms.as_ref().map_or_else(|| encryption.default_port(), |terms| terms.port);
        let draft = mail.terms.clone().map(MailDraft::from).unwrap_or_default();
        Self {
            host: RwSignal::new(draft.host),
            port: RwSignal::new(port.to_string()),
            encryption: RwSignal::new(encryption.to_string()),
            username: RwSignal::new(draft.username),
            password: RwSignal::new(String::new()),
            from: RwSignal::new(draft.from),
            from_name: RwSignal::new(draft.from_name),
        }
    }

    /// Has the port follow the encryption until another than its default is typed.
    fn follow_encryption(self) {
        let Self { encryption, port, .. } = self;
        Effect::watch(
            move || encryption.get(),
            move |now, before, _| {
                let former = before.and_then(|before| default_port(before));
                let is_default = |typed: &String| former.as_ref().is_none_or(|former| typed == former);
                if port.with_untracked(is_default) {
                    port.set(default_port(now).unwrap_or_default());
                }
            },
            false,
        );
    }

    fn draft(self) -> MailDraft {
        // What is no number is outside of every bound, so that it is refused with everything else that is wrong.
        let number = |typed: &String| match typed.trim() {
            "" => None,
            typed => Some(typed.parse().unwrap_or(0)),
        };
        let password = self.password.get_untracked();
        MailDraft {
            host: self.host.get_untracked(),
            port: self.port.with_untracked(number),
            encryption: self.encryption.get_untracked(),
            username: self.username.get_untracked(),
            from: self.from.get_untracked(),
            from_name: self.from_name.get_untracked(),
            password: if password.is_empty() { Patch::Keep } else { Patch::Set(password) },
        }
    }
}

/// The port of an encryption, by its name.
fn default_port(encryption: &str) -> Option<String> {
    encryption.parse::<Encryption>().ok().map(|encryption| encryption.default_port().to_string())
}

/// Sets the mail server up, or changes it.
#[component]
pub(super) fn MailForm(
    edited: Edited,
    close: Callback<()>,
    /// Called when it is saved.
    saved: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let Edited { mail, site_name } = edited;
    let form = Form::new(&mail);
    form.follow_encryption();
    let (is_on, has_password) = (mail.terms.is_some(), mail.has_password);
    let sending = Sending::new("mail-settings");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let done = move |_: MailView| {
            close.try_run(());
            toasts.done(if is_on { text::SAVED } else { text::TURNED_ON });
            saved.try_run(());
        };
        sending.send(&event, move || Ok(form.draft()), api::configure, done);
    };
    let encryptions = Encryption::ALL.map(|encryption| ui::fixed((encryption.as_str(), encryption.title())));
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <TextField
                    id="mail-host"
                    name="host"
                    label=text::SERVER
                    value=form.host
                    wrong
                    autofocus=true
                    placeholder=text::SERVER_EXAMPLE
                />
                <div class="fields-2">
                    <SelectField
                        id="mail-encryption"
                        name="encryption"
                        label=text::ENCRYPTION
                        options=encryptions.to_vec()
                        value=form.encryption
                        wrong
                    />
                    <TextField
                        id="mail-port"
                        name="port"
                        label=text::PORT
                        value=form.port
                        wrong
                        kind="number"
                        class="input input-num"
                        min="1"
                        max="65535"
                    />
                </div>
                <div class="fields-2">
                    <TextField
                        id="mail-username"
                        name="username"
                        label=text::USERNAME
                        value=form.username
                        wrong
                        optional=true
                        help=text::USERNAME_HELP
                    />
                    <TextField
                        id="mail-password"
                        name="password"
                        label=text::PASSWORD
                        value=form.password
                        wrong
                        kind="password"
                        autocomplete="new-password"
                        optional=true
                        help=if has_password { text::KEEP_PASSWORD } else { "" }
                    />
                </div>
                <TextField
                    id="mail-from"
                    name="from"
                    label=text::FROM
                    value=form.from
                    wrong
                    kind="email"
                    placeholder=text::FROM_EXAMPLE
                    help=text::FROM_HELP
                />
                <FromName value=form.from_name wrong site_name />
                <FormError wrong />
            </div>
            <DialogFoot
                verb=if is_on { text::SAVE_CHANGES } else { text::TURN_ON }
                icon=IconName::Check
                busy
                close
            />
        </form>
    }
}

/// The name that messages are from; without one the site name, which the empty field shows.
#[component]
fn FromName(value: RwSignal<String>, wrong: Wrong, site_name: String) -> impl IntoView {
    let error = Signal::derive(move || wrong.with(|wrong| wrong.as_ref().and_then(|fault| fault.of("from_name"))));
    view! {
        <div class="field">
            <label class="label" for="mail-from-name">
                {text::FROM_NAME}
                " "
                <span class="opt">{text::OPTIONAL}</span>
            </label>
            <input
                class="input"
                id="mail-from-name"
                name="from_name"
                type="text"
                dir="auto"
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                placeholder=site_name
                autocomplete="off"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || error.with(Option::is_some).then_some("mail-from-name-error")
            />
            <ErrorLine id="mail-from-name-error".to_owned() error />
        </div>
    }
}
