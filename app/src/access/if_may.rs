//! What only some viewers are shown.

use domain::access::Permission;
use domain::viewer::Viewer;
use leptos::prelude::*;

use crate::ui::Await;
use crate::viewer::CurrentViewer;

/// Shows the children to viewers with a permission. This is not access control: the use cases check permissions.
#[component]
pub fn IfMay(
    /// The permission.
    permission: Permission,
    /// What is shown.
    children: ChildrenFn,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let shown = move |may: bool| may.then(|| children());
    view! { <Await from=viewer children=move |viewer| shown(viewer.is_ok_and(|viewer| viewer.may(permission))) /> }
}

/// Shows the children to viewers who are allowed something.
#[component]
pub fn IfAllowed(
    /// Whether a viewer is.
    is_allowed: fn(&Viewer) -> bool,
    /// What is shown.
    children: ChildrenFn,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let shown = move |is_allowed: bool| is_allowed.then(|| children());
    view! { <Await from=viewer children=move |viewer| shown(viewer.is_ok_and(|viewer| is_allowed(&viewer))) /> }
}

/// Whether the viewer is allowed something; nothing is until the viewer is known.
#[must_use]
pub fn may(is_allowed: fn(&Viewer) -> bool) -> Memo<bool> {
    let CurrentViewer(viewer) = expect_context();
    Memo::new(move |_| viewer.get().and_then(Result::ok).is_some_and(|viewer| is_allowed(&viewer)))
}
