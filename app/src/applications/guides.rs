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
    /// What to enter there. `{issuer}`, `{client_id}` and `{secret}` stand for what they name.
    pub(super) settings: &'static str,
}

pub(super) use super::text::GUIDES;

impl Guide {
    /// The addresses to which it returns if it is at `url`, one on each line.
    pub(super) fn redirect_uris(&self, url: &str) -> String {
        let url = url.trim().trim_end_matches('/');
        let at = |path: &&str| if path.starts_with('/') { format!("{url}{path}") } else { (*path).to_owned() };
        if url.is_empty() { String::new() } else { self.returns_to.iter().map(at).collect::<Vec<_>>().join("\n") }
    }

    /// Whether it is this application that returns to these addresses.
    pub(super) fn returns_like(&self, redirect_uris: &[String]) -> bool {
        self.returns_to.iter().all(|path| redirect_uris.iter().any(|uri| uri.ends_with(path)))
    }

    /// What to enter there.
    pub(super) fn filled_in(&self, issuer: &str, client_id: &str) -> String {
        self.settings
            .replace("{issuer}", issuer)
            .replace("{client_id}", client_id)
            .replace("{secret}", super::text::YOUR_SECRET)
    }
}

#[cfg(test)]
mod tests {
    use domain::applications::RedirectUri;

    use super::*;

    #[test]
    fn every_guide_fills_in_addresses_that_are_accepted() {
        for guide in GUIDES {
            let filled = guide.redirect_uris("https://app.example.org/");
            let uris: Vec<_> = filled.lines().map(str::to_owned).collect();
            assert_eq!(uris.len(), guide.returns_to.len(), "{}", guide.key);
            for uri in &uris {
                RedirectUri::parse(uri).unwrap_or_else(|why| panic!("{}: {why}", guide.key));
            }
            assert!(guide.returns_like(&uris) && !guide.returns_like(&[]), "{}", guide.key);
            let settings = guide.filled_in("https://join.example.org", "0199");
            assert!(settings.contains("https://join.example.org") && settings.contains("0199"), "{}", guide.key);
            assert!(!settings.contains('{') || guide.key == "none", "{}: {settings}", guide.key);
        }
        assert_eq!(GUIDES[0].redirect_uris(" "), "");
    }
}
