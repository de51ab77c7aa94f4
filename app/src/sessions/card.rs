//! The viewer's sessions, and ending them.

use std::sync::Arc;

use domain::sessions::{Session, UNKNOWN_BROWSER, browser_name};
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{Acting, Icon, IconName, Load, Question, Time};

/// The card.
#[component]
pub fn SessionsCard() -> impl IntoView {
    let sessions = Resource::new(|| (), |()| api::list());
    let acting = Acting::new(move || sessions.refetch());
    let revoke = Callback::new(move |session: Session| {
        acting.run(api::revoke(session.id), |()| text::SIGNED_OUT.to_owned());
    });
    let ask_others = move |_| {
        acting.ask(Question {
            title: text::SIGN_OUT_OTHERS_TITLE.to_owned(),
            text: text::SIGN_OUT_OTHERS_TEXT.to_owned(),
            verb: text::SIGN_OUT_OTHERS,
            danger: true,
            act: Arc::new(move || acting.run(api::revoke_others(), text::others_signed_out)),
        });
    };
    view! {
        <section class="card" aria-labelledby="sessions">
            <div class="card-head">
                <h2 id="sessions">{text::SESSIONS}</h2>
                <button type="button" id="end-others" class="btn btn-sm" on:click=ask_others>
                    {text::SIGN_OUT_OTHERS}
                </button>
            </div>
            <Load
                from=sessions
                children=move |sessions| {
                    view! {
                        <ul class="list">
                            {sessions
                                .into_iter()
                                .map(|session| view! { <SessionLine session revoke /> }.into_any())
                                .collect_view()}
                        </ul>
                    }
                }
            />
        </section>
    }
}

#[component]
fn SessionLine(session: Session, revoke: Callback<Session>) -> impl IntoView {
    let browser = session.user_agent.as_deref().map_or_else(|| UNKNOWN_BROWSER.to_owned(), name_of);
    let title = session.user_agent.clone();
    let current = session.current;
    let (seen, began) = (session.last_seen_at, session.created_at);
    let label = text::sign_out_label(&browser);
    view! {
        <li>
            <Icon name=IconName::Globe />
            <div class="grow" title=title>
                <span class="cell-title">{browser}</span>
                <span class="cell-sub">{text::LAST_ACTIVE_BEFORE} <Time at=seen /> {text::SIGNED_IN_BEFORE} <Time at=began /></span>
            </div>
            {if current {
                view! {
                    <span class="badge" data-status="live">
                        <Icon name=IconName::Dot />
                        {text::THIS_BROWSER}
                    </span>
                }
                    .into_any()
            } else {
                view! {
                    <button
                        type="button"
                        id=format!("end-{}", session.id)
                        class="btn btn-sm"
                        aria-label=label
                        on:click=move |_| revoke.run(session.clone())
                    >
                        {text::SIGN_OUT}
                    </button>
                }
                    .into_any()
            }}
        </li>
    }
}

/// The browser and the operating system a user agent names; of one that names neither, its beginning.
fn name_of(user_agent: &str) -> String {
    browser_name(user_agent).unwrap_or_else(|| user_agent.chars().take(60).collect())
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        for (user_agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) Version/20.0 Mobile Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.1", "curl/8.1"),
        ] {
            assert_eq!(name_of(user_agent), name);
        }
    }
}
