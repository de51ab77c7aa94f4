//! Where every error of a use-case ends on its way to a caller: what they may know is told, what they may not is logged,
//! once.

use std::error::Error;

use domain::Failure;

/// What may be told of `error` to whoever made the request. A fault of ours is logged here with everything beneath it, under
/// the request's id, and told by that id alone.
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

/// An error and everything beneath it, in one line.
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
    fn the_log_has_the_whole_chain_in_one_line() {
        let error = Outer("x".parse::<u8>().unwrap_err());
        assert_eq!(chain(&error), "the row is broken: invalid digit found in string");
    }
}
