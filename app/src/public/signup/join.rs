//! The page of an invite for somebody who is signed in: what they would gain, and one button; or why not, and whom to ask.

use domain::Failure;
use domain::applications::ApplicationRef;
use domain::joining::{Asked, JoinOffer, OfferedGroup, Standing};
use domain::text::isolated;
use domain::web::Destination;
use leptos::prelude::*;

use crate::markdown;
use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{Alert, Notice, PageIcon, PublicLayout};
use crate::public::text;
use crate::public::when::ExactTime;
use crate::ui::{Icon, IconName};

/// The content of the page.
#[derive(Clone)]
pub struct Join {
    /// The site name.
    pub site_name: String,
    /// The display name of the account.
    pub name: String,
    /// Whether the account is pending approval.
    pub is_pending: bool,
    /// The invite code.
    pub code: String,
    /// What the invite is to the account.
    pub offer: JoinOffer,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The page.
#[must_use]
pub fn join(look: &Look, page: Join) -> String {
    let (icon, heading) = heading(&page);
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        let again = crate::url::with_query("/signup", &[("inv", Some(page.code.clone()))]);
        let (sentence, name) = (sentence(&page), page.name.clone());
        view! {
            <PublicLayout icon=icon heading=heading.to_owned() sentence=move || sentence.clone()>
                <Alert message=page.failure.as_ref().map(|failure| failure.message.clone()) />
                <Offered offer=page.offer.clone() />
                {page.is_pending.then(|| view! { <Notice icon=IconName::Hourglass text=text::JOIN_PENDING /> })}
                <div class="form">
                    <Next page=page />
                    <form method="post" action="/logout">
                        <input type="hidden" name="next" value=again />
                        <button class="btn btn-lg btn-block">{text::USE_ANOTHER_ACCOUNT}</button>
                    </form>
                    <p class="foot-note">{text::SIGNED_IN_AS_BEFORE} <bdi>{name}</bdi> "."</p>
                </div>
            </PublicLayout>
        }
    })
}

fn heading(page: &Join) -> (PageIcon, &'static str) {
    let one = page.offer.groups.len() == 1;
    match (page.offer.standing, page.offer.asked) {
        (Standing::MayJoin, _) => (PageIcon::Site(page.site_name.clone()), text::JOIN_HEADING),
        (Standing::IsInAll, _) => (PageIcon::Sign(IconName::Check, "good"), text::is_in(one)),
        (Standing::NothingToJoin, _) => (PageIcon::Site(page.site_name.clone()), text::SIGNED_IN),
        (Standing::NotAdmitted(_), Some(Asked::Open { .. })) => {
            (PageIcon::Sign(IconName::Hourglass, "quiet"), text::ASKED_HEADING)
        }
        (Standing::NotAdmitted(_), _) => (PageIcon::Sign(IconName::Groups, "quiet"), text::ASK_HEADING),
    }
}

fn sentence(page: &Join) -> String {
    let (site_name, invited_by) = (isolated(&page.site_name), isolated(&page.offer.invited_by));
    let one = page.offer.groups.len() == 1;
    match (page.offer.standing, page.offer.asked) {
        (Standing::MayJoin, _) => text::join_text(&invited_by, &site_name, one),
        (Standing::IsInAll, _) if page.offer.used_at.is_some() => text::IS_IN_BY_INVITE.to_owned(),
        (Standing::IsInAll, _) => text::IS_IN_ALREADY.to_owned(),
        (Standing::NothingToJoin, _) => text::NOTHING_TO_JOIN.to_owned(),
        (Standing::NotAdmitted(_), Some(Asked::Open { .. })) => text::asked_text(&invited_by, one),
        (Standing::NotAdmitted(why), _) => text::not_admitted(why.sentence(), &invited_by, one),
    }
}

/// The welcome, the groups, and until when.
#[component]
fn Offered(offer: JoinOffer) -> impl IntoView {
    let JoinOffer { groups, welcome_text, ends_at, standing, .. } = offer;
    let group = |OfferedGroup { name, is_member }: OfferedGroup| {
        let note = (is_member && standing != Standing::IsInAll).then_some(text::GROUP_IS_IN);
        view! {
            <li>
                <Icon name=if is_member { IconName::Check } else { IconName::Groups } />
                <span>
                    <b>
                        <bdi>{name.to_string()}</bdi>
                    </b>
                    {note.map(|note| view! { <small>{note}</small> })}
                </span>
            </li>
        }
    };
    let until = ends_at.filter(|_| standing != Standing::IsInAll);
    view! {
        {welcome_text.map(|source| view! {
            <div class="entry-words" inner_html=markdown::to_html(source.as_str())></div>
        })}
        {(!groups.is_empty()).then(|| view! {
            <ul class="join-groups" aria-label=text::GROUPS>
                {groups.into_iter().map(group).collect_view()}
                {until.map(|at| view! {
                    <li>
                        <Icon name=IconName::Calendar />
                        <span>{text::JOIN_UNTIL_BEFORE} <b><ExactTime at=at /></b></span>
                    </li>
                })}
            </ul>
        })}
    }
}

/// The one button.
#[component]
fn Next(page: Join) -> impl IntoView {
    let one = page.offer.groups.len() == 1;
    let form = |action: &'static str, words: String, note: Option<&'static str>| {
        view! {
            <form class="form" method="post" action=action>
                <input type="hidden" name="code" value=page.code.clone() />
                <button class="btn btn-primary btn-lg btn-block" autofocus>
                    {words}
                </button>
                {note.map(|note| view! { <p class="foot-note">{note}</p> })}
            </form>
        }
        .into_any()
    };
    match (page.offer.standing, page.offer.asked) {
        (Standing::MayJoin, _) if !page.is_pending => {
            form("/join", text::join_button(one).to_owned(), Some(text::JOIN_NOTE))
        }
        (Standing::NotAdmitted(_), None) if !page.is_pending => {
            form("/join/ask", text::ask_button(&isolated(&page.offer.invited_by)), None)
        }
        (standing, asked) => {
            let note = match asked.filter(|_| matches!(standing, Standing::NotAdmitted(_))) {
                Some(Asked::Open { at }) => Some((text::ASKED_BEFORE, at)),
                Some(Asked::Dismissed { again_at }) => Some((text::ASK_AGAIN_BEFORE, again_at)),
                None => None,
            };
            let application = page.offer.application.filter(|_| !matches!(standing, Standing::NotAdmitted(_)));
            let (href, words) = match application {
                Some(ApplicationRef { id, name }) => {
                    (Destination::of_application(id).into(), text::open_application(&isolated(name.as_str())))
                }
                None => ("/".to_owned(), text::GO_TO_ACCOUNT.to_owned()),
            };
            view! {
                {note.map(|(before, at)| view! { <p class="foot-note">{before} <ExactTime at=at /> "."</p> })}
                <a class="btn btn-primary btn-lg btn-block" href=href rel="external">{words}</a>
            }
            .into_any()
        }
    }
}
