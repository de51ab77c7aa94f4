//! What is known of applications that many people run: where they return to after a sign-in, and what to enter there.

/// One application.
pub(super) struct Guide {
    /// Its key in the form.
    pub(super) key: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// What to know before.
    pub(super) about: &'static str,
    /// Whether it sends code challenges.
    pub(super) pkce: bool,
    /// Where it returns to after a sign-in, below its address, or with a scheme of its own.
    pub(super) returns_to: &'static [&'static str],
    /// Where signing in to it starts, below its address; empty where that is not known.
    pub(super) signs_in_at: &'static str,
    /// Where it returns to after signing out, in the same way as after a sign-in.
    pub(super) after_logout: &'static [&'static str],
    /// Where it is told that a session has ended, below its address; empty where it can't be.
    pub(super) told_of_logout: &'static str,
}

#[cfg(feature = "ssr")]
use domain::applications::RedirectUri;

pub(super) use super::text::GUIDES;
#[cfg(feature = "ssr")]
use super::text::{SETTINGS, YOUR_SECRET};

impl Guide {
    /// The addresses to which it returns if it is at `url`, one on each line.
    pub(super) fn redirect_uris(&self, url: &str) -> String {
        below(url, self.returns_to)
    }

    /// Where signing in to it starts if it is at `url`.
    pub(super) fn sign_in_url(&self, url: &str) -> String {
        if self.signs_in_at.is_empty() { String::new() } else { below(url, &[self.signs_in_at]) }
    }

    /// Where it is told that a session has ended if it is at `url`. Others than `https` are refused, so nothing is filled in.
    pub(super) fn told_of_logout(&self, url: &str) -> String {
        let can_be_told = !self.told_of_logout.is_empty() && url.trim().starts_with("https://");
        if can_be_told { below(url, &[self.told_of_logout]) } else { String::new() }
    }

    /// The addresses to which it returns after signing out if it is at `url`, one on each line.
    pub(super) fn after_logout(&self, url: &str) -> String {
        below(url, self.after_logout)
    }
}

fn below(url: &str, paths: &[&str]) -> String {
    let url = url.trim().trim_end_matches('/');
    let at = |path: &&str| if path.starts_with('/') { format!("{url}{path}") } else { (*path).to_owned() };
    if url.is_empty() { String::new() } else { paths.iter().map(at).collect::<Vec<_>>().join("\n") }
}

/// The application that returns to these addresses, if it is one of them, and what to enter there.
#[cfg(feature = "ssr")]
pub(super) fn settings(redirect_uris: &[RedirectUri], issuer: &str, client_id: &str) -> Option<(String, String)> {
    let returns_like = |guide: &&Guide| {
        guide.returns_to.iter().all(|path| redirect_uris.iter().any(|uri| uri.as_str().ends_with(path)))
    };
    let guide = GUIDES.iter().find(returns_like)?;
    let (_, settings) = SETTINGS.iter().find(|(key, _)| *key == guide.key)?;
    let address =
        guide.returns_to.iter().find_map(|path| redirect_uris.iter().find_map(|uri| uri.as_str().strip_suffix(path)));
    let filled_in = settings
        .replace("{issuer}", issuer)
        .replace("{client_id}", client_id)
        .replace("{secret}", YOUR_SECRET)
        .replace("{address}", address.unwrap_or_default());
    Some((guide.name.to_owned(), filled_in))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_guide_fills_in_addresses_that_are_accepted() {
        for guide in GUIDES {
            let filled = guide.redirect_uris("https://app.example.org/");
            let uris: Result<Vec<_>, _> = filled.lines().map(RedirectUri::parse).collect();
            let uris = uris.unwrap_or_else(|why| panic!("{}: {why}", guide.key));
            assert_eq!(uris.len(), guide.returns_to.len(), "{}", guide.key);
            let (name, settings) = settings(&uris, "https://join.example.org", "0199").unwrap();
            assert_eq!(name, guide.name);
            assert!(settings.contains("https://join.example.org") && settings.contains("0199"), "{settings}");
            assert!(!settings.contains('{'), "{settings}");
            let sign_in_url = guide.sign_in_url("https://app.example.org/");
            assert!(sign_in_url.is_empty() || domain::web::WebUrl::parse(&sign_in_url).is_ok(), "{sign_in_url}");
            let told = guide.told_of_logout("https://app.example.org/");
            assert!(told.is_empty() || domain::web::WebUrl::parse(&told).is_ok(), "{told}");
            assert_eq!(guide.told_of_logout("http://app.example.org"), "");
            for uri in guide.after_logout("https://app.example.org").lines() {
                RedirectUri::parse(uri).unwrap_or_else(|why| panic!("{}: {why}", guide.key));
            }
            assert!(
                guide.key != "open-webui" || settings.contains("WEBUI_URL=https://app.example.org\n"),
                "{settings}"
            );
        }
        assert_eq!(settings(&[], "https://join.example.org", "0199"), None);
        assert_eq!(GUIDES[0].redirect_uris(" "), "");
    }
}
