//! Telling applications that a session has ended (OpenID Connect Back-Channel Logout 1.0). [`crate::grants::logout`] writes to the
//! outbox whose session it was, in the transaction that ends it; here a logout token is made of that when it is sent, so that it
//! has not expired by then.

use std::time::Duration;

use domain::Timestamp;
use domain::ids::{AccountId, SessionId};
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, DatabaseTransaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::Client;
use super::{claims, keys};
use crate::applications::store as applications;
use crate::grants::logout::{self, Ended};
use crate::outbox::{Answer, Message, Outcome, Sender};
use crate::platform::http::{self, HttpClient};
use crate::platform::tx;
use crate::{Ctx, Error};

/// The type of a logout token (section 2.4).
pub(super) const LOGOUT_TOKEN: &str = "logout+jwt";
/// What a logout token says that happened.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const FORM: &str = "application/x-www-form-urlencoded";
/// How long a logout token is valid: as section 2.4 recommends, at most two minutes.
const LIFETIME: Duration = Duration::from_mins(2);

/// Posts logout tokens to applications.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LogoutSender;

impl Sender for LogoutSender {
    const KINDS: &'static [&'static str] = &[logout::KIND];

    /// Each is about another session.
    fn keeps_order(_: &str) -> bool {
        false
    }

    async fn send(&self, ctx: &Ctx, message: &Message) -> Result<Answer, Error> {
        let row = applications::of_logout_target(&ctx.db().read, message.target).await?;
        let client = match row {
            Some(row) => Client::of(row)?,
            None => None,
        };
        let told = client.and_then(|client| Some((client.terms.backchannel_logout_uri.clone()?, client)));
        // Its target is deleted in the transaction that takes its address away.
        let Some((uri, client)) = told else {
            return Ok(unsent(Outcome::Refused, "It is not told of logout any more."));
        };
        let failed = |why: &str| unsent(Outcome::Failed { retry_after: None }, why);
        let ended: Ended = serde_json::from_str(&message.payload).map_err(Error::internal)?;
        // The operator may have changed what is allowed.
        let url = match http::check(uri.as_str(), ctx.webhooks_to_private_networks()) {
            Ok(url) => url,
            Err(refused) => return Ok(failed(&refused.to_string())),
        };
        let sender = match HttpClient::of(ctx) {
            Ok(sender) => sender,
            Err(why) => return Ok(failed(&why)),
        };
        let token = token(ctx, &client, ended, ctx.now()).await?;
        // Base64url and dots, which a form has as they are.
        let request = sender.post(url).header(CONTENT_TYPE, FORM).body(format!("logout_token={token}"));
        Ok(match request.send().await {
            // An application that asked for it knows of no session any more, and says so (section 2.8).
            Ok(response)
                if response.status().is_success() || (ended.asked && response.status() == StatusCode::BAD_REQUEST) =>
            {
                Answer { outcome: Outcome::Delivered, status: Some(response.status().as_u16()), text: String::new() }
            }
            Ok(response) => {
                let outcome = Outcome::Failed { retry_after: http::retry_after(&response, ctx.now()) };
                Answer { outcome, status: Some(response.status().as_u16()), text: http::beginning(response).await }
            }
            Err(error) => failed(&http::reason(&error)),
        })
    }

    async fn gone(&self, _: &DatabaseTransaction, _: &Ctx, _: (&str, Uuid), _: Timestamp) -> Result<(), Error> {
        Err(Error::internal("no answer holds an application"))
    }
}

fn unsent(outcome: Outcome, why: &str) -> Answer {
    Answer { outcome, status: None, text: why.to_owned() }
}

/// The logout token (section 2.4). Another one at each attempt: an application may have seen the one before, and lost its answer.
async fn token(ctx: &Ctx, client: &Client, ended: Ended, now: Timestamp) -> Result<String, Error> {
    let token = json!({
        "iss": ctx.public_url(),
        "aud": client.id().to_string(),
        "iat": claims::seconds(now),
        "exp": claims::seconds(now.plus(LIFETIME)),
        "jti": ctx.randomness().token(),
        "events": { EVENT: {} },
        "sub": claims::subject(client, AccountId(ended.account)),
        "sid": claims::session(client, SessionId(ended.session)),
    });
    let Value::Object(token) = token else { return Err(Error::internal("a logout token is an object")) };
    keys::sign(ctx, client.terms.signing, LOGOUT_TOKEN, &token).await
}

/// Has applications told of members who may not enter any more, although their sessions go on: because they left a group, because
/// a membership ended by time, or because the application admits others now. Also of sessions that ended in the moment in which an
/// application came to know of them.
pub(crate) async fn tell_of_lost_access(ctx: &Ctx) -> Result<(), Error> {
    let now = ctx.now();
    let over = Condition::any()
        .add(Expr::cust("NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = oidc_sessions.session_id)"))
        .add(Expr::cust(format!(
            "NOT EXISTS (SELECT 1 FROM applications a
                WHERE a.logout_target_id = oidc_sessions.target_id AND (a.is_open OR EXISTS (
                    SELECT 1 FROM application_groups g JOIN memberships m ON m.group_id = g.group_id
                    WHERE g.application_id = a.id AND m.account_id = oidc_sessions.account_id
                        AND (m.ends_at IS NULL OR m.ends_at > {}))))",
            now.as_micros()
        )));
    if !logout::is_any(&ctx.db().read, over.clone()).await? {
        return Ok(());
    }
    let tx = tx::begin(ctx).await?;
    logout::tell(&tx, ctx, over, now).await?;
    tx.commit().await?;
    Ok(())
}
