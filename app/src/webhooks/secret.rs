//! A signing secret that was just created.

use domain::text::isolated;
use domain::webhooks::WebhookWithSecret;

use super::text;
use crate::ui::FreshSecret;

/// The secret that was created with a webhook; with a link to the page of the webhook.
pub(super) fn fresh(created: WebhookWithSecret, linked: bool) -> FreshSecret {
    let WebhookWithSecret { webhook, secret } = created;
    let name = isolated(webhook.terms.name.as_str());
    FreshSecret {
        title: text::secret_of(&name),
        note: text::COPY_NOW,
        label: text::SECRET,
        secret,
        of: name,
        copy: (text::COPY_SECRET, text::SECRET_COPIED),
        hide: text::HIDE_SECRET,
        link: linked.then(|| (super::page::href(webhook.id), text::SHOW_IT)),
    }
}
