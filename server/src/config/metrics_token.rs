//! The token for `/metrics`.

use std::fmt;

use serde::Deserialize;
use subtle::ConstantTimeEq;

/// The minimum length: 16 random characters of base 64 are 96 bits.
const MIN_CHARS: usize = 16;

/// The token that requests to `/metrics` must send.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct MetricsToken(String);

impl From<String> for MetricsToken {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl MetricsToken {
    /// Whether it is empty, as compose files pass on unset variables.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The token, if it can be sent in a header and is long enough not to be guessed.
    ///
    /// # Errors
    /// A sentence for the operator, without the token.
    pub fn check(self) -> Result<Self, String> {
        // RFC 6750, section 2.1: the characters of a bearer token.
        let can_be_sent = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        if self.0.len() < MIN_CHARS || !self.0.bytes().all(can_be_sent) {
            return Err(format!(
                "LATCHKEY_METRICS_TOKEN needs at least {MIN_CHARS} characters, letters, digits and -._~+/= alone. \
                 `openssl rand -hex 32` prints a good one."
            ));
        }
        Ok(self)
    }

    /// Whether `given` is the token, in a time that does not depend on how much of it is correct.
    #[must_use]
    pub fn is(&self, shown: &str) -> bool {
        self.0.as_bytes().ct_eq(shown.as_bytes()).into()
    }
}

impl fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MetricsToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_can_be_sent_and_not_guessed() {
        for wrong in ["short", "fifteen-letters", "a token with spaces in it", "ein-Schlüssel-für-Zahlen"] {
            let said = MetricsToken::from(wrong.to_owned()).check().unwrap_err();
            assert!(said.contains("16 characters") && !said.contains(wrong), "{said}");
        }
        let token = MetricsToken::from("sixteen-letters/".to_owned()).check().unwrap();
        assert!(token.is("sixteen-letters/"));
        for wrong in ["", "sixteen-letters", "sixteen-letters/x", "Sixteen-letters/"] {
            assert!(!token.is(wrong), "{wrong}");
        }
        assert!(!format!("{token:?}").contains("sixteen"));
        assert!(MetricsToken::from("  ".to_owned()).is_empty());
    }
}
