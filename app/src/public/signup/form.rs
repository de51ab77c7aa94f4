//! The sign-up form, beside what the invite offers.

use domain::flows::{CurrentTerms, Flow, FormField, Typed, TypedTerms};
use domain::invites::{AccessEnd, AccessOf, Ends};
use domain::settings::DefaultRole;
use domain::signup::{AddressProof, Invitation};
use domain::text::{GroupName, StepTitle, WelcomeText, isolated, thousands};
use domain::{Failure, Timestamp};
use leptos::prelude::*;

use super::answers::answers;
use super::asked::{AttributeFields, EmailField, PersonFields};
use super::help::Help;
use crate::markdown;
use crate::pages;
use crate::public::document::{Head, render};
use crate::public::parts::{
    Alert, FieldError, Illustration, NewPasswordField, Notice, SiteIcon, Wrong, described_by, initials,
};
use crate::public::text;
use crate::public::when::ExactTime;
use crate::public::{Look, terms};
use crate::ui::{Icon, IconName, relative};
use crate::url;

/// The form as typed, to be shown again. Passwords are not kept.
#[derive(Clone, Default)]
pub struct Entered {
    /// The invite code.
    pub code: String,
    /// The e-mail address.
    pub email: String,
    /// The username.
    pub username: String,
    /// The name.
    pub name: String,
    /// The answers, and the attributes of the invite that are no fields.
    pub attributes: Typed,
    /// The versions of terms whose boxes were checked.
    pub terms: TypedTerms,
    /// The proof of the address, from the link in the mail of an invitation.
    pub proof: Option<AddressProof>,
}

/// The step of the flow that the form shows.
#[derive(Clone)]
pub struct Step {
    /// What the form carries to the next step, sealed.
    pub sealed: String,
    /// The invite code that is sealed in it. Another may have been typed.
    pub code: String,
    /// The version of the flow.
    pub flow: Flow,
    /// The step, counted from 0.
    pub number: usize,
    /// The terms to accept on the last step.
    pub terms: Vec<CurrentTerms>,
    /// Whether somebody comes from another step.
    pub is_new: bool,
    /// In a preview: the flow as typed, which every step carries.
    pub preview: Option<String>,
}

impl Step {
    /// Where the form is sent to.
    pub(super) fn action(&self) -> &'static str {
        if self.preview.is_some() { pages::FLOW_PREVIEW } else { "/signup" }
    }

    /// What a preview carries, and says.
    pub(super) fn preview(&self) -> Option<AnyView> {
        let document = self.preview.clone()?;
        let shown = view! {
            <Notice icon=IconName::Info text=text::PREVIEW />
            <input type="hidden" name="document" value=document />
        };
        Some(shown.into_any())
    }

    fn is_last(&self) -> bool {
        self.number >= self.flow.last_step()
    }

    /// "Step 2 of 3", where there are several.
    fn position(&self) -> Option<String> {
        let of = self.flow.steps.len();
        (of > 1).then(|| text::step(self.number + 1, of))
    }

    fn title(&self) -> Option<String> {
        self.flow.steps.get(self.number)?.title.as_ref().map(StepTitle::to_string)
    }
}

/// The content of the page.
#[derive(Clone)]
pub struct SignUp {
    /// The site name.
    pub site_name: String,
    /// The host and port of the site.
    pub address: String,
    /// The present instant.
    pub now: Timestamp,
    /// The invite, if the code lets someone in.
    pub invitation: Option<Invitation>,
    /// Whether anyone can sign up without a code.
    pub open: bool,
    /// What becomes of those without a code, unless an invite admits their address without it.
    pub others: DefaultRole,
    /// The form as typed.
    pub entered: Entered,
    /// The step that is shown.
    pub step: Step,
    /// The path to go to afterwards, if there is one; checked to be on this site.
    pub next: Option<String>,
    /// The id of this attempt, so that sending it twice makes one account.
    pub attempt: String,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
    /// Lets the browser run the script of the help while one types.
    pub nonce: String,
}

/// The fields before the attributes, in their order on the page.
const FIELDS: [&str; 4] = ["code", "email", "username", "name"];

/// The sign-up page.
#[must_use]
pub fn sign_up(look: &Look, page: SignUp) -> String {
    let about = page.entered.code.is_empty().then(|| text::create_account_and_join(&isolated(&page.site_name)));
    let title = match page.step.position() {
        Some(position) => text::step_title(&position, &text::join(&page.site_name)),
        None => text::join(&page.site_name),
    };
    let head = Head { title, about };
    render(look, head, move || {
        view! {
            <div class="entry">
                <Intro
                    site_name=page.site_name.clone()
                    address=page.address.clone()
                    now=page.now
                    invitation=page.invitation.clone()
                    words=page.step.flow.welcome_text.clone()
                />
                <main class="entry-form">
                    <Form page=page />
                </main>
            </div>
        }
    })
}

#[component]
fn Intro(
    site_name: String,
    address: String,
    now: Timestamp,
    invitation: Option<Invitation>,
    /// What the flow says.
    words: Option<WelcomeText>,
) -> impl IntoView {
    view! {
        <section class="entry-door" aria-label=text::INVITATION>
            <div class="entry-host">
                <SiteIcon name=site_name.clone() />
                <span>{site_name.clone()} <small>{address}</small></span>
            </div>
            <div class="entry-say">
                <h1>{if invitation.is_some() { text::WELCOME_INVITED } else { text::WELCOME }}</h1>
                {match invitation {
                    Some(invitation) => {
                        view! { <Invited invitation=invitation site_name=site_name now=now /> }.into_any()
                    }
                    None => view! {
                        <p class="soft-door">{text::create_account_and_join(&isolated(&site_name))}</p>
                        {words.map(|source| view! { <Words source /> })}
                    }
                    .into_any(),
                }}
            </div>
            <Illustration />
        </section>
    }
}

/// What staff say to those who sign up.
#[component]
fn Words(source: WelcomeText) -> impl IntoView {
    view! { <div class="entry-words" inner_html=markdown::to_html(source.as_str())></div> }
}

/// Names as a list in a sentence, each in its own direction.
fn listed(groups: &[GroupName]) -> String {
    groups.iter().map(|name| isolated(name.as_str())).collect::<Vec<_>>().join(", ")
}

/// Creator, role, groups, uses left and end of the invite.
#[component]
fn Invited(invitation: Invitation, site_name: String, now: Timestamp) -> impl IntoView {
    let letters = initials(&invitation.invited_by);
    let role = invitation.role.title().to_lowercase();
    view! {
        <div class="entry-by">
            <span class="avatar avatar-lg" data-tint="6" aria-hidden="true">{letters}</span>
            <span>
                <b>{invitation.invited_by}</b>
                {text::invites_you_after(&site_name)}
            </span>
        </div>
        {invitation.welcome_text.map(|source| view! { <Words source /> })}
        <ul class="entry-gets">
            <li>
                <Icon name=IconName::User />
                <span>{text::JOIN_AS_BEFORE} <b>{role}</b></span>
            </li>
            {(!invitation.groups.is_empty()).then(|| view! {
                <li>
                    <Icon name=IconName::Groups />
                    <span>{text::groups_before(invitation.groups.len() == 1)} <b>{listed(&invitation.groups)}</b></span>
                </li>
            })}
            {invitation.ends.map(|ends| view! {
                <li>
                    <Icon name=IconName::Calendar />
                    <span><AccessLasts ends=ends now=now /></span>
                </li>
            })}
            {invitation.needs_approval.then(|| view! {
                <li>
                    <Icon name=IconName::Hourglass />
                    <span>{text::APPROVED_BY_ADMIN}</span>
                </li>
            })}
            {invitation.application.map(|application| view! {
                <li>
                    <Icon name=IconName::Applications />
                    <span>{text::GOES_ON_BEFORE} <b><bdi>{application.to_string()}</bdi></b></span>
                </li>
            })}
            {invitation.uses_left.map(|left| view! {
                <li>
                    <Icon name=IconName::Members />
                    <span>{uses_left(left)}</span>
                </li>
            })}
            {invitation.expires_at.map(|at| view! {
                <li>
                    <Icon name=IconName::Clock />
                    <span>
                        {text::EXPIRES_BEFORE} <b>{relative(now, at)}</b> <small><ExactTime at=at /></small>
                    </span>
                </li>
            })}
        </ul>
    }
}

/// How long the access lasts that the invite gives.
#[component]
fn AccessLasts(ends: Ends, now: Timestamp) -> impl IntoView {
    let before = match ends.of {
        AccessOf::Account => text::ACCOUNT_LASTS_BEFORE,
        AccessOf::Groups => text::GROUPS_LAST_BEFORE,
    };
    match ends.when {
        AccessEnd::AfterDays(days) => view! { {before} <b>{text::for_days(days)}</b> }.into_any(),
        AccessEnd::At(at) => view! {
            {before} <b>{text::UNTIL_BEFORE} <ExactTime at=at /></b> <small>{relative(now, at)}</small>
        }
        .into_any(),
    }
}

fn uses_left(left: u32) -> impl IntoView {
    view! { <b>{text::uses_left(left == 1, &thousands(left))}</b> {text::USES_LEFT_AFTER} }
}

#[component]
fn Form(page: SignUp) -> impl IntoView {
    let SignUp { step, entered, invitation, now, .. } = page;
    let (is_first, is_last) = (step.number == 0, step.is_last());
    let attributes = invitation.as_ref().map(|invitation| invitation.attributes.clone()).unwrap_or_default();
    let known = invitation.as_ref().and_then(|invitation| invitation.person.clone()).unwrap_or_default();
    let fields = step.flow.form(step.number, &entered.attributes, &attributes, now);
    let mut others = attributes.clone();
    others.retain(|attribute| is_last && step.flow.field(&attribute.key).is_none());
    let of_step = fields.iter().map(FormField::name);
    let of_attributes = others.iter().map(|attribute| format!("attributes.{}", attribute.key));
    let of_terms = step.terms.iter().map(terms::name_of);
    let names: Vec<String> = if is_last {
        let password = std::iter::once("password".to_owned());
        let before = FIELDS.into_iter().filter(|name| is_first || *name != "code").map(str::to_owned);
        before.chain(of_step).chain(of_attributes).chain(password).chain(of_terms).collect()
    } else {
        is_first.then(|| "code".to_owned()).into_iter().chain(of_step).collect()
    };
    let wrong = Wrong::new(page.failure.map(in_own_words), names.iter().map(String::as_str));
    let valid = invitation.is_some() && wrong.of("code").is_none();
    // Anyone who signs in comes back to what the invite offers them.
    let sign_in = match (&invitation, &page.next) {
        (Some(_), next) => {
            let code = Some(entered.code.clone());
            url::sign_in(&url::with_query("/signup", &[("inv", code), ("next", next.clone())]))
        }
        (None, next) => url::with_query("/login", &[("next", next.clone())]),
    };
    let needs_approval = match &invitation {
        Some(invitation) => invitation.needs_approval.then_some(text::INVITE_NEEDS_APPROVAL),
        None if page.open => match page.others {
            DefaultRole::User if step.flow.approval => Some(text::INVITE_NEEDS_APPROVAL),
            DefaultRole::Pending => Some(text::NEEDS_APPROVAL),
            DefaultRole::User => None,
            DefaultRole::Refused => Some(text::NEEDS_CODE),
        },
        None => None,
    };
    let answers = answers(&fields, &wrong, now);
    let carried = (!is_last).then(|| carried(&entered));
    let proof = proof_of(&entered);
    let code = entered.code.clone();
    let typed = entered.attributes.clone();
    let account = is_last.then(|| {
        view! {
            <EmailField
                invitation=invitation.clone()
                typed=entered.email
                wrong=wrong.clone()
                sign_in=sign_in.clone()
            />
            <PersonFields
                known=known
                username=entered.username
                name=entered.name
                is_first=wrong.is_new()
                wrong=wrong.clone()
            />
        }
    });
    let end = is_last.then(|| {
        view! {
            <AttributeFields attributes=others typed=typed wrong=wrong.clone() />
            <NewPasswordField label=text::PASSWORD wrong=wrong.clone() autofocus=wrong.is_first("password") />
            {terms::boxes(step.terms.clone(), &entered.terms, &wrong)}
            {needs_approval.map(|text| view! { <Notice icon=IconName::Hourglass text=text /> })}
        }
    });
    let go_on = if is_last { text::join(&page.site_name) } else { text::NEXT.to_owned() };
    let is_preview = step.preview.is_some();
    let help = (is_last && !is_preview)
        .then(|| view! { <Help nonce=page.nonce invitation=invitation sign_in=sign_in.clone() /> });
    view! {
        <form class="form" method="post" action=step.action()>
            {step.preview()}
            <div>
                <Heading step=step.clone() is_focused=step.is_new && wrong.is_new() />
                {(is_first || is_last).then(|| view! {
                    <p class="form-sub">{text::HAVE_ONE_BEFORE} <a href=sign_in.clone()>{text::SIGN_IN}</a></p>
                })}
            </div>
            <Alert message=wrong.general() />
            <input type="hidden" name="attempt" value=page.attempt />
            {page.next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
            {proof}
            <input type="hidden" name="state" value=step.sealed.clone() />
            {carried}
            {if is_first {
                view! {
                    // Another code can be typed: this is the one that the form is of.
                    <input type="hidden" name="opened" value=step.code.clone() />
                    <CodeField code=code valid=valid optional=page.open wrong=wrong.clone() />
                }
                .into_any()
            } else {
                view! { <input type="hidden" name="code" value=code /> }.into_any()
            }}
            {account}
            {answers}
            {end}
            // A preview does not ask for an address and a password to show what becomes of the answers.
            <button class="btn btn-primary btn-lg btn-block" formnovalidate=is_preview && is_last>
                {go_on}
            </button>
            // Behind the other, which is the one that Enter presses.
            {(!is_first).then(|| view! {
                <button class="btn btn-lg btn-block" name="go" value="back" formnovalidate>
                    {text::BACK}
                </button>
            })}
        </form>
        {help}
        {(valid && is_first).then(|| view! {
            <p class="entry-foot">
                <span>{text::NOT_USED_UP}</span>
            </p>
        })}
    }
}

/// The heading of the form. Of a step that somebody comes to, it has the focus: screen readers say where they are, and on a phone
/// the form is what is seen.
#[component]
fn Heading(step: Step, is_focused: bool) -> impl IntoView {
    let words = match (step.position(), step.title()) {
        (Some(position), Some(title)) => view! { <small>{position}</small> " " <bdi>{title}</bdi> }.into_any(),
        (Some(position), None) if step.is_last() => {
            view! { <small>{position}</small> " " {text::CREATE_ACCOUNT} }.into_any()
        }
        (Some(position), None) => position.into_any(),
        (None, _) => text::CREATE_ACCOUNT.into_any(),
    };
    view! {
        <h2 class="form-title" tabindex=is_focused.then_some("-1") autofocus=is_focused>
            {words}
        </h2>
    }
}

/// What the last step asks for, as far as it was filled in, in the form of another step. Passwords are not kept.
pub(super) fn carried(entered: &Entered) -> Vec<AnyView> {
    let fields = [("email", &entered.email), ("username", &entered.username), ("name", &entered.name)];
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.clone()));
    let terms = entered.terms.iter().map(|(id, version)| (format!("terms.{id}"), version.clone()));
    let hidden = |(name, value): (String, String)| view! { <input type="hidden" name=name value=value /> }.into_any();
    fields.chain(terms).filter(|(_, value)| !value.is_empty()).map(hidden).collect()
}

/// The proof of the address, which every step carries.
pub(super) fn proof_of(entered: &Entered) -> Option<AnyView> {
    let proof = entered.proof.as_ref()?.as_str().to_owned();
    Some(view! { <input type="hidden" name="proof" value=proof /> }.into_any())
}

/// What is wrong, in the words of this page: the sentences of the service are the API's, too.
pub(super) fn in_own_words(mut failure: Failure) -> Failure {
    // The rest of the sentence about the address is a link.
    for (of, words) in [(Failure::invite_invalid(), text::INVALID_CODE), (Failure::email_taken(), text::EMAIL_TAKEN)] {
        for wrong in failure.fields.iter_mut().filter(|wrong| of.fields.contains(wrong)) {
            words.clone_into(&mut wrong.message);
        }
    }
    failure
}

/// The field for the invite code, filled in from the link.
#[component]
fn CodeField(code: String, valid: bool, optional: bool, wrong: Wrong) -> impl IntoView {
    let error = wrong.of("code");
    let help = match (valid, optional) {
        (true, _) => text::CODE_VALID_HELP,
        (false, true) => text::CODE_OPTIONAL_HELP,
        (false, false) => text::CODE_HELP,
    };
    view! {
        <div class="field">
            <label class="label" for="code">
                {text::INVITE_CODE} {(optional && !valid).then(|| view! { " " <span class="opt">{text::OPTIONAL}</span> })}
            </label>
            <div class="keyfield">
                <input
                    class="input"
                    id="code"
                    name="code"
                    value=code
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="200"
                    required=!optional
                    autofocus=wrong.is_first("code")
                    aria-invalid=error.as_ref().map(|_| "true")
                    aria-describedby=described_by("code", error.is_some(), error.is_none())
                />
                {valid.then(|| view! {
                    <span class="badge" data-status="live">
                        <Icon name=IconName::Check />
                        {text::CODE_VALID}
                    </span>
                })}
            </div>
            {match error {
                Some(error) => view! { <FieldError of="code" error=error /> }.into_any(),
                None => view! { <p class="help" id="code-help">{help}</p> }.into_any(),
            }}
        </div>
    }
}
