//! Requests to the authors of invites: of members, to be added to the groups of one ([`crate::joining`]), and of anyone who has a
//! link that lets no one in any more, for a new link ([`links`]). Here both are listed together.

use domain::ids::InviteId;
use domain::joining::MAX_SHOWN_REQUESTS;
use domain::paging::Paging;
use domain::requests::{Request, Requests};

use crate::{Actor, Ctx, Error, joining};

mod links;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use links::ask_and_wait;
pub use links::{ask, dismiss, grant, list};
pub(crate) use links::{granted_link, purge, requested_link};

/// The requests of both kinds for an invite that wait for an answer, newest first: the first page of each kind. If its link
/// was made for a request, and did not arrive, with why.
///
/// # Errors
/// [`domain::Code::NotFound`]; [`domain::Code::Forbidden`] for the invite of somebody else.
pub async fn of_invite(ctx: &Ctx, actor: &Actor, invite: InviteId) -> Result<Requests, Error> {
    let to_join = joining::list(ctx, actor, invite, Paging::default()).await?;
    let for_links = links::of_invite(ctx, actor, invite).await?;
    let more = to_join.next_cursor.is_some() || for_links.next_cursor.is_some();
    let to_join = to_join.items.into_iter().map(Request::Join);
    let mut items: Vec<Request> = to_join.chain(for_links.items.into_iter().map(Request::Link)).collect();
    items.sort_by_key(|request| std::cmp::Reverse(request.created_at()));
    let undelivered = links::undelivered(ctx, invite).await?;
    Ok(Requests { items, more, undelivered })
}

/// The requests of both kinds that have waited longest for an answer of the actor: those for their own invites or, if they
/// manage all, for any. At most [`MAX_SHOWN_REQUESTS`].
pub async fn newest(ctx: &Ctx, actor: &Actor) -> Result<Requests, Error> {
    let to_join = joining::newest(ctx, actor).await?.into_iter().map(Request::Join);
    let for_links = links::newest(ctx, actor).await?.into_iter().map(Request::Link);
    let mut items: Vec<Request> = to_join.chain(for_links).collect();
    items.sort_by_key(Request::created_at);
    items.truncate(usize::try_from(MAX_SHOWN_REQUESTS).map_err(Error::internal)?);
    Ok(Requests { items, ..Requests::default() })
}
