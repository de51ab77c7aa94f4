//! Which page of a list is asked for.

use domain::failure::{Check, Failure};
use domain::paging::Paging;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::extract::parameter;

/// Page of a list without filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Maximum number of items; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// `next_cursor` or `previous_cursor` of another page of the same list.
    cursor: Option<String>,
}

impl PageParams {
    /// Parses both parameters, so that all the wrong ones are named.
    pub fn parse(self) -> Result<Paging, Failure> {
        let mut check = Check::default();
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(paging))
    }
}

/// `limit` and `cursor`, which every list has.
pub fn paging(check: &mut Check, limit: Option<&str>, cursor: Option<&str>) -> Paging {
    Paging { cursor: parameter(check, "cursor", cursor), limit: parameter(check, "limit", limit).unwrap_or_default() }
}
