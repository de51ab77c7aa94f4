//! Conversion of the errors of use cases for the caller. What the caller is not told is logged here, once.

use std::error::Error;

use domain::Failure;

/// The failure that the caller is told. An internal error, and the cause of an unavailable database, are logged with the
/// request id; of an internal error the caller is told only that id.
#[must_use]
pub fn failure(error: service::Error, request_id: &str) -> Failure {
    match error {
        service::Error::Failure(failure) => failure,
        service::Error::Unavailable(cause) => {
            tracing::warn!(request = request_id, error = %chain(&cause), "the database is not available");
            Failure::unavailable()
        }
        service::Error::Internal(cause) => {
            tracing::error!(request = request_id, error = %chain(&cause), "a request failed");
            Failure::internal(request_id)
        }
    }
}

/// An error and its sources, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        source = error.source();
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
