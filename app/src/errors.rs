//! Conversion of use-case errors for the caller. Internal errors are logged here, once.

use std::error::Error;

use domain::Failure;

/// The failure that the caller is told. An internal error is logged with its causes and the request id; the caller is told
/// only the request id.
#[must_use]
pub fn failure(error: service::Error, request_id: &str) -> Failure {
    match error {
        service::Error::Failure(failure) => failure,
        service::Error::Internal(fault) => {
            tracing::error!(request = request_id, error = %chain(&fault), "a request failed");
            Failure::internal(request_id)
        }
    }
}

/// An error and its sources, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut beneath = error.source();
    while let Some(error) = beneath {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        beneath = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Outer(std::num::ParseIntError);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the row is broken")
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn the_log_has_all_causes_in_one_line() {
        let error = Outer("x".parse::<u8>().unwrap_err());
        assert_eq!(chain(&error), "the row is broken: invalid digit found in string");
    }
}
