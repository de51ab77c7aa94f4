//! What an invite asks and gives, on its page: the lines that most invites do without.

use domain::access::Permission;
use domain::ids::FlowId;
use domain::invites::{AccessEnd, AccessOf, Terms};
use domain::text::ApplicationName;
use leptos::prelude::*;

use super::text;
use crate::access::may;
use crate::attributes;
use crate::flows::api as flows;
use crate::pages;
use crate::ui::{Await, Time, TimeAs};

/// The lines.
#[component]
pub(super) fn TermFacts(terms: Terms, application: Option<ApplicationName>) -> impl IntoView {
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt> <dd>{value}</dd> }.into_any();
    let lines: Vec<AnyView> = [
        terms.email.map(|email| fact(text::ONLY_FOR, email.to_string().into_any())),
        (!terms.email_domains.is_empty()).then(|| {
            let domains: Vec<_> = terms.email_domains.iter().map(domain::accounts::EmailDomain::as_str).collect();
            fact(text::EMAIL_DOMAINS, domains.join(", ").into_any())
        }),
        terms.without_code.then(|| fact(text::WITHOUT_CODE, text::YES.into_any())),
        terms.verify_email.then(|| fact(text::VERIFY_EMAIL, text::YES.into_any())),
        (!terms.existing_members).then(|| fact(text::MEMBERS_MAY, text::NO.into_any())),
        terms.approval.then(|| fact(text::APPROVAL, text::YES.into_any())),
        terms.ends.map(|ends| {
            let name = match ends.of {
                AccessOf::Groups => text::GROUPS_END_FACT,
                AccessOf::Account => text::ACCOUNT_ENDS_FACT,
            };
            fact(
                name,
                match ends.when {
                    AccessEnd::AfterDays(days) => text::days_after_sign_up(days).into_any(),
                    AccessEnd::At(at) => view! { <Time at show=TimeAs::Both /> }.into_any(),
                },
            )
        }),
        (!terms.attributes.is_empty()).then(|| {
            let each = terms.attributes.into_iter().map(|attribute| {
                let locked = attribute.locked.then_some(text::LOCKED_AFTER);
                view! { <div><code class="mono">{attribute.key.to_string()}</code> " " <bdi>{attribute.value.to_string()}</bdi> {locked}</div> }
                    .into_any()
            });
            fact(attributes::text::ATTRIBUTES, each.collect_view().into_any())
        }),
        terms.person.map(|person| {
            let locked = person.locked.then_some(text::LOCKED_AFTER);
            let name = person.name.map(|name| view! { <bdi>{name.to_string()}</bdi> " " }.into_any());
            let username = person.username.map(|username| format!("@{username}"));
            fact(text::KNOWN_PERSON, view! { {name} {username} {locked} }.into_any())
        }),
        terms.flow.map(|id| fact(text::FLOW, view! { <FlowName id /> }.into_any())),
        terms.welcome_text.map(|source| {
            fact(text::WELCOME_TEXT, view! { <span class="lines" dir="auto">{source.to_string()}</span> }.into_any())
        }),
        (!terms.show_uses_left).then(|| fact(text::USES_LEFT_SHOWN, text::NO.into_any())),
        terms.after.map(|after| {
            let words = application.map_or_else(|| after.as_str().to_owned(), |name| name.to_string());
            fact(text::AFTERWARDS, view! { <bdi>{words}</bdi> }.into_any())
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    lines
}

/// The name of a flow, which leads to it for those who may see it.
#[component]
fn FlowName(id: FlowId) -> impl IntoView {
    let names = Resource::new(|| (), |()| flows::choices());
    let sees_flows = may(|viewer| viewer.may(Permission::SettingsView));
    view! {
        <Await
            from=names
            children=move |names| {
                let name = names.ok().and_then(|names| names.into_iter().find(|flow| flow.id == id));
                let Some(name) = name.map(|flow| flow.name.to_string()) else { return text::ANOTHER_FLOW.into_any() };
                view! {
                    {move || {
                        let name = name.clone();
                        if sees_flows.get() {
                            view! {
                                <a href=pages::flow(id)>
                                    <bdi>{name}</bdi>
                                </a>
                            }
                                .into_any()
                        } else {
                            view! { <bdi>{name}</bdi> }.into_any()
                        }
                    }}
                }
                    .into_any()
            }
        />
    }
}
