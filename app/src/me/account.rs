//! One's own account: name, password, sessions, and, for staff, API keys.

use domain::accounts::Permission;
use leptos::prelude::*;
use leptos_meta::Title;

use super::password::PasswordCard;
use super::profile::ProfileCard;
use crate::dashboard::CurrentViewer;
use crate::keys::KeysCard;
use crate::sessions::SessionsCard;
use crate::ui::{FaultBanner, SkeletonList};

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let made = RwSignal::new(None);
    view! {
        <Title text="Your account" />
        <div class="page-head">
            <div>
                <h1>"Your account"</h1>
            </div>
        </div>
        <div class="stack">
            <Transition fallback=SkeletonList>
                {move || Suspend::new(async move {
                    match viewer.await {
                        Ok(viewer) => view! { <ProfileCard account=viewer.account /> }.into_any(),
                        Err(fault) => view! { <FaultBanner fault /> }.into_any(),
                    }
                })}
            </Transition>
            <PasswordCard />
            <SessionsCard />
            <Transition>
                {move || Suspend::new(async move {
                    viewer
                        .await
                        .is_ok_and(|viewer| viewer.account.role.may(Permission::Invite))
                        .then(|| view! { <KeysCard made /> })
                })}
            </Transition>
        </div>
    }
}
