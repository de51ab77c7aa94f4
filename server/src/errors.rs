//! How failures are told over HTTP: the one mapping of codes to statuses. Where a fault of ours is logged, and in which
//! words it is told, is [`app::errors`]: server functions end there, too.

use axum::http::StatusCode;
use domain::Code;

/// The status that belongs to a code.
pub(crate) fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_status_of_an_error() {
        for &code in Code::ALL {
            let status = status(code);
            assert_eq!(status.as_u16(), code.http_status());
            assert!(status.is_client_error() || status.is_server_error(), "{code:?}");
        }
    }
}
