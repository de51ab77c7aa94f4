//! A client secret that was just created.

use domain::applications::ApplicationWithSecret;
use domain::text::isolated;

use super::text;
use crate::pages;
use crate::ui::FreshSecret;

/// The secret that was created with an application, if one was; with a link to the page of the application.
pub(super) fn fresh(created: ApplicationWithSecret, linked: bool) -> Option<FreshSecret> {
    let ApplicationWithSecret { application, secret } = created;
    let name = isolated(application.terms.name.as_str());
    secret.map(|secret| FreshSecret {
        title: text::secret_of(&name),
        note: text::COPY_NOW,
        label: text::CLIENT_SECRET,
        secret,
        of: name,
        copy: (text::COPY_SECRET, text::SECRET_COPIED),
        hide: text::HIDE_SECRET,
        link: linked.then(|| (pages::application(application.id), text::CONNECT_IT)),
    })
}
