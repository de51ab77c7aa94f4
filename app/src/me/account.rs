//! The viewer's account: picture, names, password, sessions, and, for staff, API keys.

use domain::access::Permission;
use domain::viewer::Viewer;
use leptos::prelude::*;
use leptos_meta::Title;

use super::answers::answers_card;
use super::password::PasswordCard;
use super::profile::{Profile, ProfileCard, ProfileDialogs};
use super::text;
use crate::keys::{KeysCard, api as keys};
use crate::sessions::SessionsCard;
use crate::ui::{Await, Load};
use crate::viewer::CurrentViewer;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    // What the form of the profile holds stays when something else of the viewer changes.
    let profile = Profile::new();
    let made = RwSignal::new(None);
    let keys = Resource::new(
        || (),
        move |()| async move {
            match viewer.await {
                Ok(viewer) if viewer.may(Permission::ApiKeysCreate) => keys::list().await,
                _ => Ok(Vec::new()),
            }
        },
    );
    view! {
        <Title text=text::ACCOUNT />
        <div class="page-head">
            <div>
                <h1>{text::ACCOUNT}</h1>
            </div>
        </div>
        <div class="stack">
            <Load from=viewer children=move |viewer: Viewer| view! {
                <ProfileCard account=viewer.account pending_email=viewer.pending_email profile />
            } />
            <ProfileDialogs profile />
            {answers_card()}
            <PasswordCard changed=Callback::new(move |()| keys.refetch()) />
            <SessionsCard />
            <Await
                from=viewer
                children=move |viewer| {
                    let may_have_keys = viewer.is_ok_and(|viewer| viewer.may(Permission::ApiKeysCreate));
                    may_have_keys.then(|| view! { <KeysCard keys made /> }.into_any())
                }
            />
        </div>
    }
}
