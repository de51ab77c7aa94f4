//! The components of public pages.

use domain::Failure;
use leptos::prelude::*;

use super::text;
use crate::ui::{Icon, IconName, Logo};

/// One field of a form, with label, help and error.
#[component]
pub(super) fn Field(
    /// The field's name in the form and in failures.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// The value as typed.
    #[prop(optional, into)]
    value: String,
    /// The `autocomplete` attribute.
    autocomplete: &'static str,
    /// Whether it may be left empty.
    #[prop(optional)]
    optional: bool,
    /// Whether it can't be changed.
    #[prop(optional)]
    readonly: bool,
    /// The help text below. An error says how to correct the value and takes its place.
    #[prop(optional_no_strip)]
    help: Option<String>,
    /// What stands before the help, also beside an error.
    #[prop(optional_no_strip)]
    note: Option<&'static str>,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// Address and words of a link after the error.
    #[prop(optional_no_strip)]
    error_link: Option<(String, &'static str)>,
    /// Whether the cursor starts here.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let help = help_beside(error.is_some(), note, help);
    // Browsers should not correct or capitalise these.
    let verbatim = matches!(name, "email" | "username" | "login" | "code" | "inv" | "user_code").then_some("none");
    view! {
        <div class="field">
            <label class="label" for=name>
                {label} {optional.then(|| view! { " " <span class="opt">{text::OPTIONAL}</span> })}
            </label>
            <input
                class="input"
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                autocapitalize=verbatim
                spellcheck=verbatim.map(|_| "false")
                required=!optional
                readonly=readonly
                autofocus=autofocus
                aria-invalid=error.as_ref().map(|_| "true")
                aria-describedby=described_by(name, error.is_some(), help.is_some())
            />
            {error.map(|error| view! { <FieldError of=name error=error link=error_link /> })}
            {help.map(|help| view! { <p class="help" id=format!("{name}-help")>{help}</p> })}
        </div>
    }
}

/// The field for a new password.
#[component]
pub(super) fn NewPasswordField(
    /// The label.
    label: &'static str,
    /// The failure of the form.
    wrong: Wrong,
    /// Whether the cursor starts here.
    autofocus: bool,
) -> impl IntoView {
    view! {
        <Field
            name="password"
            label=label
            kind="password"
            autocomplete="new-password"
            help=Some(text::PASSWORD_HELP.to_owned())
            note=wrong.note_on_passwords()
            error=wrong.of("password")
            autofocus=autofocus
        />
    }
}

/// What stands below a field: the note and, unless there is an error, the help.
fn help_beside(error: bool, note: Option<&str>, help: Option<String>) -> Option<String> {
    let help = help.filter(|_| !error);
    match (note, help) {
        (Some(note), Some(help)) => Some(format!("{note} {help}")),
        (Some(note), None) => Some(note.to_owned()),
        (None, help) => help,
    }
}

/// What is wrong with a field.
#[component]
pub(super) fn FieldError(
    #[prop(into)] of: String,
    error: String,
    #[prop(optional_no_strip)] link: Option<(String, &'static str)>,
) -> impl IntoView {
    view! {
        <p class="error" id=format!("{of}-error")>
            <Icon name=IconName::Alert />
            <span>{error} {link.map(|(href, words)| view! { " " <a href=href>{words}</a> })}</span>
        </p>
    }
}

/// The ids of a field's error and help, for `aria-describedby`.
pub(super) fn described_by(name: &str, error: bool, help: bool) -> Option<String> {
    match (error, help) {
        (true, true) => Some(format!("{name}-error {name}-help")),
        (true, false) => Some(format!("{name}-error")),
        (false, true) => Some(format!("{name}-help")),
        (false, false) => None,
    }
}

/// The failure of a form, and the field the cursor starts in.
#[derive(Clone, Debug, Default)]
pub(super) struct Wrong {
    failure: Option<Failure>,
    first: Option<String>,
}

impl Wrong {
    /// The failure of a form with these fields, in their order on the page.
    pub(super) fn new<'a>(failure: Option<Failure>, fields: impl IntoIterator<Item = &'a str>) -> Self {
        let is_wrong = |name: &&str| failure.as_ref().is_some_and(|failure| failure.field_error(name).is_some());
        let first = fields.into_iter().find(is_wrong).map(str::to_owned);
        Self { failure, first }
    }

    /// Why the field for a new password is empty, after a failed attempt.
    pub(super) fn note_on_passwords(&self) -> Option<&'static str> {
        self.failure.as_ref().map(|_| text::PASSWORD_AGAIN)
    }

    /// Whether the form was not sent before.
    pub(super) fn is_new(&self) -> bool {
        self.failure.is_none()
    }

    /// What is wrong with one field.
    pub(super) fn of(&self, field: &str) -> Option<String> {
        self.failure.as_ref().and_then(|failure| failure.field_error(field)).map(str::to_owned)
    }

    /// Whether it is the first wrong field.
    pub(super) fn is_first(&self, field: &str) -> bool {
        self.first.as_deref() == Some(field)
    }

    /// What is wrong with the form as a whole, unless a field on the page says it.
    pub(super) fn general(&self) -> Option<String> {
        self.failure.as_ref().filter(|_| self.first.is_none()).map(|failure| failure.message.clone())
    }
}

/// The error above a form that failed as a whole.
#[component]
pub(super) fn Alert(message: Option<String>) -> impl IntoView {
    message.map(|message| {
        view! {
            <div class="banner" data-tone="danger" role="alert">
                // In a row of its own: a banner wraps, and would leave the icon alone on a line.
                <div class="row row-nowrap">
                    <Icon name=IconName::Alert />
                    <span>{message}</span>
                </div>
            </div>
        }
    })
}

/// A note in a form.
#[component]
pub(super) fn Notice(
    icon: IconName,
    text: &'static str,
    /// A tone of the style sheet.
    #[prop(default = "act")]
    tone: &'static str,
) -> impl IntoView {
    view! {
        <div class="banner" data-tone=tone>
            <div class="row row-nowrap">
                <Icon name=icon />
                <span>{text}</span>
            </div>
        </div>
    }
}

/// A page that is one card, with an icon, a heading and a sentence on top.
#[component]
pub(super) fn PublicLayout(
    /// The icon.
    icon: PageIcon,
    /// The heading.
    heading: String,
    /// The sentence below.
    #[prop(into)]
    sentence: ViewFn,
    /// Below the card.
    #[prop(optional, into)]
    foot: ViewFn,
    /// The body of the card.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="single">
            <main>
                <div class="card arch">
                    <div class="arch-top">
                        {icon.view()} <h1>{heading}</h1> <p>{sentence.run()}</p>
                    </div>
                    <div class="arch-body">{children()}</div>
                </div>
            </main>
            <footer class="foot-note">{foot.run()}</footer>
        </div>
    }
}

/// The icon of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PageIcon {
    /// The initials of the site name.
    Site(String),
    /// An icon, in a tone of the style sheet.
    Sign(IconName, &'static str),
}

impl PageIcon {
    fn view(self) -> AnyView {
        match self {
            Self::Site(name) => view! { <SiteIcon name=name /> }.into_any(),
            Self::Sign(icon, tone) => view! {
                <span class="page-icon" data-tone=tone aria-hidden="true">
                    <Icon name=icon />
                </span>
            }
            .into_any(),
        }
    }
}

/// The initials of the site name.
#[component]
pub(super) fn SiteIcon(name: String) -> impl IntoView {
    view! { <span class="page-icon" aria-hidden="true">{initials(&name)}</span> }
}

/// The first letters of the first two words.
pub(super) fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// The logo on the panel beside a form.
#[component]
pub(super) fn IntroLogo() -> impl IntoView {
    view! {
        <div>
            <Logo />
        </div>
    }
}

/// The picture at the foot of the panel beside a form.
#[component]
pub(super) fn Illustration() -> impl IntoView {
    view! {
        <svg class="entry-scene" viewBox="0 0 320 270" aria-hidden="true">
            <path class="scene-wall" d="M70 270V120a90 90 0 0 1 180 0v150Z"></path>
            <path class="scene-line" d="M70 270V120a90 90 0 0 1 180 0v150"></path>
            <path class="scene-light" d="M88 270V122a72 72 0 0 1 144 0v148Z"></path>
            <path
                class="scene-leaf"
                d="M88 270V122c0-29 17.2-54.5 42-66l30 14c9 4.2 14 11 14 22v178Z"
            ></path>
            <path class="scene-line" d="M104 176v-44c0-12 4-22.5 12-30l30 13c5 2.2 8 6 8 11v50ZM104 194h50v58h-50Z"></path>
            <circle class="scene-knob" cx="164" cy="186" r="4.5"></circle>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use domain::Code;

    use super::*;

    #[test]
    fn initials_are_of_two_words_and_any_script() {
        for (name, letters) in [
            ("Brambleyard Makers", "BM"),
            ("latchkey", "L"),
            ("the Old (Red) Barn", "TO"),
            ("", ""),
            ("数学 部", "数部"),
        ] {
            assert_eq!(initials(name), letters);
        }
    }

    #[test]
    fn the_cursor_goes_to_the_first_wrong_field_on_the_page() {
        let mut failure = Failure::field(Code::Invalid, "password", "Too short.");
        failure.fields.push(domain::FieldError { field: "email".into(), message: "No.".into() });
        let wrong = Wrong::new(Some(failure), ["email", "password"]);
        assert!(wrong.is_first("email") && !wrong.is_first("password"));
        assert_eq!(wrong.of("password").as_deref(), Some("Too short."));
        assert_eq!(wrong.general(), None);
    }

    #[test]
    fn an_error_takes_the_place_of_the_help_and_not_of_the_note() {
        let beside = |error, note| help_beside(error, note, Some("Ten characters.".to_owned()));
        assert_eq!(beside(false, None).as_deref(), Some("Ten characters."));
        assert_eq!(beside(false, Some("Again.")).as_deref(), Some("Again. Ten characters."));
        assert_eq!(beside(true, Some("Again.")).as_deref(), Some("Again."));
        assert_eq!(beside(true, None), None);
    }

    #[test]
    fn what_no_field_says_is_said_above() {
        let failure = Failure::new(Code::RateLimited, "Wait a minute.");
        assert_eq!(Wrong::new(Some(failure), ["email"]).general().as_deref(), Some("Wait a minute."));
        let elsewhere = Failure::field(Code::Invalid, "token", "No.");
        assert_eq!(Wrong::new(Some(elsewhere), ["email"]).general().as_deref(), Some("No."));
    }
}
