//! Opening a link.

use domain::accounts::{Account, Username};

use super::check;
use crate::accounts::store as accounts;
use crate::{Client, Ctx, Error};

/// The username of the account of a link. Does not use the link up: programs that check mail for malware open it, too.
///
/// # Errors
/// [`domain::Code::ResetLinkInvalid`], [`domain::Code::RateLimited`].
pub async fn look(ctx: &Ctx, token: &str, client: &Client) -> Result<Username, Error> {
    let Account { username, .. } = accounts::account(&check(ctx, token, client).await?, ctx.now())?;
    Ok(username)
}
