//! The HTTP status of each error code. [`app::errors`] logs internal errors and has their message.

use axum::http::StatusCode;
use domain::Code;

/// The status of a code.
pub(crate) fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_error_status() {
        for &code in Code::ALL {
            let status = status(code);
            assert_eq!(status.as_u16(), code.http_status());
            assert!(status.is_client_error() || status.is_server_error(), "{code:?}");
        }
    }
}
