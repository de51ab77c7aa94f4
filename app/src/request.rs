//! What a page knows of the request it answers. The server provides these as Leptos contexts and request extensions.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::text;

/// The location of this build's files. They are immutable; the name changes with the content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// For example `/pkg/3f9c1a`. Below it: `latchkey.js`, `latchkey_bg.wasm`, `latchkey.css`, `public.css`, `icons.svg`,
    /// `favicon.svg`, and the parts.
    pub prefix: String,
    /// The names of the files that each part of the dashboard is made of. Known to the server alone.
    pub parts: Arc<BTreeMap<String, Vec<String>>>,
}

impl Assets {
    /// The address of one file of this build.
    #[must_use]
    pub fn url(&self, file: &str) -> String {
        format!("{}/{file}", self.prefix)
    }

    /// The addresses of the files of one part.
    #[must_use]
    pub fn part(&self, name: &str) -> Vec<String> {
        self.parts.get(name).into_iter().flatten().map(|file| self.url(file)).collect()
    }

    /// The name of this build: what the answers of its server functions carry.
    #[must_use]
    pub fn build(&self) -> &str {
        self.prefix.rsplit('/').next().unwrap_or_default()
    }

    /// The build the page belongs to.
    ///
    /// # Panics
    /// When nobody provided it: a page without assets is a mistake in the server's router.
    #[must_use]
    pub fn current() -> Self {
        leptos::prelude::expect_context()
    }
}

/// Names one request in the log and in the sentence a person sees when something broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id with this text.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for RequestId {
    /// The id of a request outside of the server's layers.
    fn default() -> Self {
        Self::new("unknown")
    }
}

/// Address of a reverse proxy that is not among the trusted proxies and was seen within a day, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndeclaredProxy(pub Option<String>);

/// The sender of a request, identified once by the server's session layer.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The session and its account, if the sender is signed in.
    pub signed: Option<service::sessions::Signed>,
    /// Whether the request carried a session that has ended.
    pub session_ended: bool,
    /// The address and the browser of the sender.
    pub client: service::Client,
}

/// The colours a person chose to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The setting of the system.
    #[default]
    System,
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

impl Theme {
    /// Every choice, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    /// The cookie that remembers the choice. It says nothing about a person, and scripts may write it.
    pub const COOKIE: &str = "latchkey-theme";

    /// The value of the cookie and of `data-theme`; nothing for the system's choice.
    #[must_use]
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The choice in the words of the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::System => text::THEME_SYSTEM,
            Self::Light => text::THEME_LIGHT,
            Self::Dark => text::THEME_DARK,
        }
    }

    /// The choice that a `Cookie` header or `document.cookie` remembers.
    #[must_use]
    pub fn from_cookies(cookies: &str) -> Self {
        cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == Self::COOKIE)
            .map_or(Self::System, |(_, value)| match value {
                "light" => Self::Light,
                "dark" => Self::Dark,
                _ => Self::System,
            })
    }

    /// The choice the request at hand came with. Needs the request's `http::request::Parts` as a context, which
    /// Leptos provides for dashboard pages.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn current() -> Self {
        leptos::prelude::use_context::<http::request::Parts>()
            .and_then(|parts| parts.headers.get(http::header::COOKIE)?.to_str().ok().map(Self::from_cookies))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_theme_is_read_from_among_other_cookies() {
        for (cookies, theme) in [
            ("", Theme::System),
            ("latchkey=abc; latchkey-theme=dark", Theme::Dark),
            ("latchkey-theme=light;x=y", Theme::Light),
            ("latchkey-theme=<script>", Theme::System),
            ("not-latchkey-theme=dark", Theme::System),
        ] {
            assert_eq!(Theme::from_cookies(cookies), theme, "{cookies}");
        }
    }
}
