//! The first steps of a new site: from its name to the first redemption.

use domain::invites::Invite;
use domain::overview::FirstSteps;
use leptos::prelude::*;

use super::text;
use crate::invites::Acts;
use crate::ui::{Icon, IconName};

/// The URL that opens the dialog to create an invite.
pub const NEW: &str = "/admin?new=1";

/// The steps. Whether one is done follows from the data; only that the link was sent is known to this page alone, until
/// someone signs up.
#[component]
pub fn First(
    /// The progress.
    steps: FirstSteps,
    /// The invite to send.
    invite: Option<Invite>,
    /// Whether it was copied on this page.
    sent: RwSignal<bool>,
    /// Reads the page's data again.
    refresh: Callback<()>,
    /// The page's acts.
    acts: Acts,
) -> impl IntoView {
    let FirstSteps { site_named: named, invite_created: made } = steps;
    let sending = move || made && !sent.get();
    let waiting = move || made && sent.get();
    let state = |done: bool, now: bool| {
        if done {
            "done"
        } else if now {
            "now"
        } else {
            "later"
        }
    };
    view! {
        <section class="card" aria-labelledby="first">
            <div class="card-head">
                <h2 id="first">{text::FIRST}</h2>
            </div>
            <ol class="guide">
                <Step number=1 title=text::NAME_SITE state=move || state(named, false)>
                    {if named {
                        view! { <p>{text::SITE_NAMED}</p> }.into_any()
                    } else {
                        view! {
                            <p>{text::SITE_NOT_NAMED}</p>
                            <a class="btn btn-sm" href="/admin/settings">
                                {text::SET_SITE_NAME}
                            </a>
                        }
                            .into_any()
                    }}
                </Step>
                <Step number=2 title=text::CREATE state=move || state(made, true)>
                    {if made {
                        view! { <p>{text::CREATED}</p> }.into_any()
                    } else {
                        view! {
                            <p>{text::NOT_CREATED}</p>
                            <a class="btn btn-primary" id="first-link" href=NEW>
                                <Icon name=IconName::Plus />
                                {text::CREATE_INVITE}
                            </a>
                        }
                            .into_any()
                    }}
                </Step>
                <Step number=3 title=text::SEND state=move || state(waiting(), sending())>
                    <p>{text::SEND_TEXT}</p>
                    {invite
                        .and_then(|invite| {
                            let url = invite.url.clone()?;
                            let copy = move |_| {
                                acts.copy_link(&invite);
                                sent.set(true);
                            };
                            Some(
                                view! {
                                    <div class="row row-nowrap">
                                        <input class="input copyline" readonly aria-label=text::INVITE_LINK value=url />
                                        <button
                                            type="button"
                                            id="first-copy"
                                            class=move || if sent.get() { "btn" } else { "btn btn-primary" }
                                            on:click=copy
                                        >
                                            <Icon name=IconName::Copy />
                                            <span>{text::COPY_LINK}</span>
                                        </button>
                                    </div>
                                }
                                .into_any(),
                            )
                        })}
                </Step>
                <Step number=4 title=text::SEE state=move || state(false, waiting())>
                    <p>{text::SEE_TEXT}</p>
                    {made
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    id="first-again"
                                    class="btn btn-sm"
                                    on:click=move |_| refresh.run(())
                                >
                                    <Icon name=IconName::Refresh />
                                    {text::REFRESH}
                                </button>
                            }.into_any()
                        })}
                </Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(
    number: u8,
    title: &'static str,
    #[prop(into)] state: Signal<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <li data-state=state aria-current=move || (state.get() == "now").then_some("step")>
            <span class="guide-mark" aria-hidden="true">
                {move || if state.get() == "done" { view! { <Icon name=IconName::Check /> }.into_any() } else { number.into_any() }}
            </span>
            <div class="guide-body">
                <h3>
                    {title}
                    <span class="sr">{move || if state.get() == "done" { text::STEP_DONE } else { "" }}</span>
                </h3>
                {children()}
            </div>
        </li>
    }
    .into_any()
}
