//! The first steps of a new place: from its name to the first guest.

use domain::invites::Invite;
use domain::overview::FirstSteps;
use leptos::prelude::*;

use crate::invites::Acts;
use crate::ui::{Icon, IconName};

/// Where the dialog opens that makes an invite.
pub const NEW: &str = "/admin?new=1";

/// The steps. What is done is ticked; it is read from what is so, but for the link being on its way: that is known only
/// to this page, until someone comes.
#[component]
pub fn First(
    /// How far the place is.
    steps: FirstSteps,
    /// The link to send.
    invite: Option<Invite>,
    /// Whether it was copied on this page.
    sent: RwSignal<bool>,
    /// Reads the page's data anew.
    look_again: Callback<()>,
    /// How the page acts.
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
                <h2 id="first">"To your first guest"</h2>
                <span class="card-note">"It takes two minutes"</span>
            </div>
            <ol class="guide">
                <Step number=1 title="Name the place" state=move || state(named, false)>
                    {if named {
                        view! { <p>"Guests read its name on the sign-up page."</p> }.into_any()
                    } else {
                        view! {
                            <p>"Guests read it on the sign-up page. It can wait."</p>
                            <a class="btn btn-sm" href="/admin/settings">
                                "Name it"
                            </a>
                        }
                            .into_any()
                    }}
                </Step>
                <Step number=2 title="Make a link" state=move || state(made, true)>
                    {if made {
                        view! { <p>"It is live."</p> }.into_any()
                    } else {
                        view! {
                            <p>"Leave it as it is, or say how many may come and until when."</p>
                            <a class="btn btn-primary" id="first-link" href=NEW>
                                <Icon name=IconName::Plus />
                                "Make a link"
                            </a>
                        }
                            .into_any()
                    }}
                </Step>
                <Step number=3 title="Send it" state=move || state(waiting(), sending())>
                    <p>"By mail or chat, or on paper: whoever has the link can sign up. Opening it spends nothing."</p>
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
                                        <input class="input copyline" readonly aria-label="Your link" value=url />
                                        <button
                                            type="button"
                                            id="first-copy"
                                            class=move || if sent.get() { "btn" } else { "btn btn-primary" }
                                            on:click=copy
                                        >
                                            <Icon name=IconName::Copy />
                                            <span>"Copy link"</span>
                                        </button>
                                    </div>
                                },
                            )
                        })}
                </Step>
                <Step number=4 title="See who came" state=move || state(false, waiting())>
                    <p>"Nobody yet. Whoever signs up by your link stands here, by name."</p>
                    {made
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    id="first-again"
                                    class="btn btn-sm"
                                    on:click=move |_| look_again.run(())
                                >
                                    <Icon name=IconName::Refresh />
                                    "Look again"
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
                    <span class="sr">{move || if state.get() == "done" { " (done)" } else { "" }}</span>
                </h3>
                {children()}
            </div>
        </li>
    }
}
