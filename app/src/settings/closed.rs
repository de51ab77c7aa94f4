//! Closed registration: what the dashboard says about it, wherever it matters.

use domain::access::Permission;
use domain::settings::RegistrationMode;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{Acting, Await, Icon, IconName};
use crate::viewer::CurrentViewer;

/// The banner on every page of the dashboard while registration is closed, with a button that opens it again.
#[component]
pub fn ClosedBanner() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let acting = Acting::new(move || viewer.refetch());
    view! {
        <Await
            from=viewer
            children=move |viewer| {
                let viewer = viewer.ok().filter(|viewer| viewer.is_staff() && viewer.registration_is_closed())?;
                let fixed = viewer.registration_mode_fixed;
                let may_reopen = !fixed && viewer.may(Permission::SettingsChange);
                Some(
                    view! {
                        <div class="banner banner-page" data-tone="warn">
                            <Icon name=IconName::Lock />
                            <div class="grow">
                                <strong>{text::CLOSED_BANNER}</strong>
                                " "
                                {if fixed { text::CLOSED_BANNER_TEXT_FIXED } else { text::CLOSED_BANNER_TEXT }}
                            </div>
                            {may_reopen
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            id="reopen"
                                            class="btn btn-sm"
                                            on:click=move |_| acting.run(api::reopen(), reopened)
                                        >
                                            {text::REOPEN}
                                        </button>
                                    }.into_any()
                                })}
                        </div>
                    },
                )
            }
        />
    }
}

/// What a toast says after registration was opened again.
fn reopened(mode: RegistrationMode) -> String {
    match mode {
        RegistrationMode::Open => text::REOPENED.to_owned(),
        RegistrationMode::InviteOnly => text::REOPENED_INVITE_ONLY.to_owned(),
        RegistrationMode::Closed => text::STILL_CLOSED.to_owned(),
    }
}

/// A note in the dialog to create an invite while registration is closed.
#[component]
pub fn ClosedNote() -> impl IntoView {
    view! {
        <WhetherClosed children=|closed| {
            closed
                .then(|| {
                    view! {
                        <div class="banner" data-tone="warn">
                            <div class="row row-nowrap">
                                <Icon name=IconName::Lock />
                                <span>{text::CLOSED_NOTE}</span>
                            </div>
                        </div>
                    }.into_any()
                })
        } />
    }
}

/// Shows what `children` makes of whether registration is closed.
#[component]
pub fn WhetherClosed<V, F>(
    /// The view, given whether registration is closed.
    children: F,
) -> impl IntoView
where
    V: IntoView + 'static,
    F: Fn(bool) -> V + Clone + Send + Sync + 'static,
{
    let CurrentViewer(viewer) = expect_context();
    view! {
        <Await
            from=viewer
            children=move |viewer| children(viewer.is_ok_and(|viewer| viewer.registration_is_closed()))
        />
    }
}
