//! What an application is told about who is signed in.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::accounts::{Account, AccountStatus};
use domain::applications::{IdentityHeader, IdentityValue, Told};
use domain::ids::ApplicationId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::ConnectionTrait;

use super::site::{Kept, Site};
use super::store;
use crate::applications::store as applications;
use crate::attributes::store as attributes;
use crate::memberships::store as memberships;
use crate::{Ctx, Error, sessions};

/// Who is signed in, as a site's proxy is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// A member, with the headers that tell who.
    Member(Vec<(IdentityHeader, String)>),
    /// Somebody who may not enter.
    NotAdmitted,
}

/// Who has this token on this site; `None` if nobody has.
pub(super) async fn find(ctx: &Ctx, authority: &str, token: Kept<'_>) -> Result<Option<Identity>, Error> {
    let db = &ctx.db().read;
    let now = ctx.now();
    let Some(session) = store::session_of(db, authority, token.value).await? else { return Ok(None) };
    let Some(site) = Site::find(ctx, authority).await? else { return Ok(None) };
    let Some(terms) = applications::forward_auth(&site.row)?.filter(|_| site.trusted(Some(token)).is_some()) else {
        return Ok(None);
    };
    let Some(account) = sessions::account_of(ctx, session).await? else { return Ok(None) };
    let id = ApplicationId(site.row.id);
    if account.status != AccountStatus::Active || !applications::is_admitted(db, id, account.id, now).await? {
        return Ok(Some(Identity::NotAdmitted));
    }
    Ok(Some(Identity::Member(headers(db, &account, terms.headers, now).await?)))
}

/// Each header with its value, which may be empty: a proxy that is told nothing might let through what a client sent.
async fn headers(
    db: &impl ConnectionTrait,
    account: &Account,
    chosen: BTreeMap<IdentityHeader, IdentityValue>,
    now: Timestamp,
) -> Result<Vec<(IdentityHeader, String)>, Error> {
    let chosen: Vec<_> = chosen
        .into_iter()
        .map(|(header, value)| {
            let told = value.told().map_err(|why| Error::internal(why.to_string()))?;
            Ok((header, told, value.is_encoded()))
        })
        .collect::<Result<_, Error>>()?;
    let groups = if chosen.iter().any(|(_, told, _)| *told == Told::Groups) {
        let memberships = memberships::of_account(db, account.id, now).await?;
        let names = memberships.iter().map(|membership| membership.group.name.as_str().replace(',', "%2C"));
        names.collect::<Vec<_>>().join(",")
    } else {
        String::new()
    };
    let attributes = if chosen.iter().any(|(_, told, _)| matches!(told, Told::Attribute(_))) {
        attributes::of_account(db, account.id).await?
    } else {
        Vec::new()
    };
    let text = |told: Told| match told {
        Told::Id => account.id.to_string(),
        Told::Username => account.username.to_string(),
        Told::Email => account.email.to_string(),
        Told::Name => account.display_name().to_owned(),
        Told::Groups => groups.clone(),
        Told::Role => account.role.to_string(),
        Told::Attribute(key) => {
            let found = attributes.iter().find(|attribute| attribute.key == key);
            found.map(|attribute| attribute.value.to_string()).unwrap_or_default()
        }
    };
    let value = |told, is_encoded| if is_encoded { encoded(&text(told)) } else { one_line(&text(told)) };
    Ok(chosen.into_iter().map(|(header, told, is_encoded)| (header, value(told, is_encoded))).collect())
}

/// A header has one line: the lines of a long answer are separated by spaces.
fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

/// Everything but letters, digits and `-._~` is encoded (RFC 3986, section 2.3).
fn encoded(text: &str) -> String {
    const OTHERS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, OTHERS).to_string()
}
