//! What only some viewers are shown.

use domain::access::Permission;
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
