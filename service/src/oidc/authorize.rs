//! The authorization endpoint: where a browser goes that an application sent here (RFC 6749, section 4.1.1).

use domain::accounts::AccountStatus;
use domain::applications::ClientType;
use domain::attributes::AttributeKey;
use domain::events::Event;
use domain::ids::{ApplicationId, SessionId};
use domain::text::ApplicationName;
use domain::{Code, Failure, Timestamp};

use super::client::{self, Client};
use super::error::OauthCode;
use super::pushed::{self, Opened};
use super::request::{AuthorizationRequest, Parsed, Refusal, Scopes, is_pushed, stored};
use super::{claims, hint, proof, with_parameters};
use crate::applications::store as applications;
use crate::audit::{self, Originator};
use crate::grants::logout;
use crate::grants::store::{self as grants, NewGrant};
use crate::platform::tx;
use crate::sessions::{self, Signed};
use crate::{Ctx, Error, Via, callers};

/// Where the browser goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Back to the application, with a code or an error.
    Return(String),
    /// The same by POST (OAuth 2.0 Form Post Response Mode).
    Post {
        /// The address of the application.
        action: String,
        /// The answer.
        fields: Vec<(String, String)>,
    },
    /// To the sign-in page.
    SignIn {
        /// The application that asks.
        application: ApplicationName,
        /// Whether somebody is signed in, who has to do so again.
        again: bool,
        /// The e-mail address or username that the application expects, of a request whose parameters the browser does not
        /// have.
        login_hint: Option<String>,
        /// Added to the request when the browser returns, as `proof`.
        proof: String,
    },
    /// To the sign-up page.
    SignUp {
        /// Added to the request when the browser returns, as `proof`.
        proof: String,
    },
    /// To the page that asks the member.
    Consent {
        /// The application that asks.
        application: ApplicationName,
        /// What it would learn.
        scopes: Scopes,
        /// The attributes of the member that are among that.
        attributes: Vec<AttributeKey>,
        /// Where the answer goes: the address of the application, for the page to name.
        redirect_uri: String,
        /// Added to the request when the browser returns, as `proof`.
        proof: String,
    },
    /// Nowhere: the account is pending approval.
    Pending {
        /// Added to the request when the browser returns with another account, as `proof`.
        proof: String,
    },
    /// Nowhere: the account may not enter the application.
    NotAdmitted {
        /// The application that asks.
        application: ApplicationName,
        /// Added to the request when the browser returns with another account, as `proof`.
        proof: String,
    },
}

/// What is said of a pushed request that can't be opened, whatever the reason.
const OVER: &str =
    "This sign-in has expired, or was completed already. Go back to the application, and sign in there again.";

/// Why the browser goes nowhere: an application that can't be told apart from an attacker gets no answer.
#[derive(Debug)]
pub enum AuthorizeError {
    /// The request names no application, or an address that is none of its own.
    Refused(Failure),
    /// As every use case.
    Service(Error),
}

impl<E: Into<Error>> From<E> for AuthorizeError {
    fn from(error: E) -> Self {
        Self::Service(error.into())
    }
}

/// A request of a known application, whose answer goes to one of its own addresses.
struct Asking {
    client: Client,
    /// With the address of a request that was pushed.
    request: AuthorizationRequest,
    /// Whom the application expects, by the identifier that it has of them.
    hinted: Option<String>,
}

impl Asking {
    async fn new(ctx: &Ctx, request: &AuthorizationRequest, sent_proof: Option<&str>) -> Result<Self, AuthorizeError> {
        let refuse = |why: &str| AuthorizeError::Refused(Failure::new(Code::Malformed, why));
        let client = client::find(&ctx.db().read, &request.client_id).await?;
        let client = client.ok_or_else(|| {
            refuse("The application that sent you here is not connected to this site. Tell the people who run it.")
        })?;
        let asking = if let Some(uri) = request.request_uri.as_deref().filter(|uri| is_pushed(uri)) {
            let opened = pushed::open(ctx, &client, uri, sent_proof).await?;
            let Opened { request, hinted } = opened.ok_or_else(|| refuse(OVER))?;
            Self { client, request, hinted }
        } else {
            let hinted = hint::subject(ctx, &client, request.id_token_hint.as_deref()).await?;
            Self { client, request: request.clone(), hinted }
        };
        if !asking.client.is_registered(&asking.request.redirect_uri) {
            return Err(refuse(
                "The application that sent you here asked to be answered at an address that is not registered for it \
                 (redirect_uri). Tell the people who run it.",
            ));
        }
        Ok(asking)
    }

    /// Checks everything else.
    fn parse(&self) -> Result<Parsed, Refusal> {
        if self.client.terms.require_pushed_authorization_requests && self.pushed_at().is_none() {
            return Err((
                OauthCode::InvalidRequest,
                "This application has to push its requests (RFC 9126).".to_owned(),
            ));
        }
        self.request.parse(self.client.terms.needs_pkce())
    }

    /// The address of the request, if it was pushed.
    fn pushed_at(&self) -> Option<&str> {
        self.request.request_uri.as_deref().filter(|uri| is_pushed(uri))
    }

    fn id(&self) -> ApplicationId {
        self.client.id()
    }

    fn name(&self) -> ApplicationName {
        applications::name(&self.client.row)
    }

    /// Back to the application with these parameters, its `state`, and who answers (RFC 9207).
    fn answer(&self, ctx: &Ctx, parameters: &[(&str, &str)]) -> Next {
        let uri = &self.request.redirect_uri;
        let state = self.request.state.as_deref().map(|state| ("state", state));
        let parameters = parameters.iter().copied().chain(state).chain([("iss", ctx.public_url())]);
        if self.request.is_answered_by_post() {
            let fields = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            return Next::Post { action: uri.clone(), fields };
        }
        Next::Return(with_parameters(uri, parameters))
    }

    fn refuse(&self, ctx: &Ctx, (code, description): Refusal) -> Next {
        self.answer(ctx, &[("error", code.as_str()), ("error_description", &description)])
    }

    /// A proof that the member was asked something now.
    fn proof(&self, ctx: &Ctx) -> String {
        proof::issue(ctx, &self.request)
    }

    /// The refusal of a request that forbids to ask.
    fn refuse_silently(&self, ctx: &Ctx, code: OauthCode) -> Next {
        self.refuse(ctx, (code, "prompt=none, and the member would have to be asked.".to_owned()))
    }
}

/// Decides where a browser goes, which is signed in as `signed`, or is not. `sent_proof` is the parameter `proof`, if it
/// returns from a page of this site.
///
/// # Errors
/// [`AuthorizeError::Refused`] for a page that says so; every other refusal is an answer to the application.
pub async fn authorize(
    ctx: &Ctx,
    signed: Option<&Signed>,
    request: &AuthorizationRequest,
    sent_proof: Option<&str>,
) -> Result<Next, AuthorizeError> {
    let asking = Asking::new(ctx, request, sent_proof).await?;
    let parsed = match asking.parse() {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok(asking.refuse(ctx, refusal)),
    };
    let asked_at = sent_proof.and_then(|sent| proof::asked_at(ctx, &asking.request, sent));
    let standing = standing(ctx, &asking, &parsed, signed, asked_at).await?;
    if let Some(next) = standing.next {
        return Ok(next);
    }
    let Some((signed, session, signed_in_at)) = standing.member else {
        return Err(Error::internal("nobody is signed in").into());
    };
    if needs_consent(ctx, &asking, &parsed, signed, asked_at).await? {
        if parsed.prompt.none {
            return Ok(asking.refuse_silently(ctx, OauthCode::ConsentRequired));
        }
        return Ok(Next::Consent {
            application: asking.name(),
            attributes: claims::told(&asking.client, &parsed.scopes),
            scopes: parsed.scopes,
            redirect_uri: asking.request.redirect_uri.clone(),
            proof: asked_at.map_or_else(|| asking.proof(ctx), |_| sent_proof.unwrap_or_default().to_owned()),
        });
    }
    let code = grant(ctx, &asking, parsed, signed, session, signed_in_at).await?;
    Ok(asking.answer(ctx, &[("code", &code)]))
}

/// Takes the answer of a member to the question of [`Next::Consent`]. `None` sends the browser to the same request again, which
/// the answer meets. `sent_proof` is the `proof` of that question.
///
/// # Errors
/// Those of [`authorize`].
pub async fn decide(
    ctx: &Ctx,
    signed: &Signed,
    request: &AuthorizationRequest,
    sent_proof: Option<&str>,
    allow: bool,
) -> Result<Option<Next>, AuthorizeError> {
    let asking = Asking::new(ctx, request, sent_proof).await?;
    let parsed = match asking.parse() {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok(Some(asking.refuse(ctx, refusal))),
    };
    if !allow {
        return Ok(Some(asking.refuse(ctx, (OauthCode::AccessDenied, "The member refused.".to_owned()))));
    }
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    callers::lock(&tx, &signed.actor, now).await?;
    let before = grants::consent(&tx, signed.account.id, asking.id()).await?;
    let scopes = parsed.scopes.with(before.map(|before| stored(&before.scope)).unwrap_or_default());
    grants::give_consent(&tx, signed.account.id, asking.id(), scopes.to_string(), now).await?;
    let event = Event::ConsentGiven { application: asking.id(), account: signed.account.id };
    audit::record(&tx, ctx, now, Originator::Actor(&signed.actor), &event).await?;
    tx.commit().await?;
    Ok(None)
}

/// Who is at the browser, and where they go before anything else.
#[derive(Default)]
struct Standing<'a> {
    next: Option<Next>,
    member: Option<(&'a Signed, SessionId, Timestamp)>,
}

async fn standing<'a>(
    ctx: &Ctx,
    asking: &Asking,
    parsed: &Parsed,
    signed: Option<&'a Signed>,
    asked_at: Option<Timestamp>,
) -> Result<Standing<'a>, AuthorizeError> {
    let go = |next| Ok(Standing { next: Some(next), member: None });
    let silent = parsed.prompt.none;
    let sign_in = |again| Next::SignIn {
        application: asking.name(),
        again,
        login_hint: asking.pushed_at().and(asking.request.login_hint.clone()),
        proof: asking.proof(ctx),
    };
    let session = match signed.map(|signed| (signed, signed.actor.via)) {
        Some((signed, Via::Session(session))) => {
            sessions::store::began_at(&ctx.db().read, session).await?.map(|at| (signed, session, at))
        }
        _ => None,
    };
    let Some((signed, session, signed_in_at)) = session else {
        if silent {
            return go(asking.refuse_silently(ctx, OauthCode::LoginRequired));
        }
        return go(if parsed.prompt.create { Next::SignUp { proof: asking.proof(ctx) } } else { sign_in(false) });
    };
    let since_asked = asked_at.is_some_and(|asked_at| asked_at <= signed_in_at);
    let age = ctx.now().as_micros().saturating_sub(signed_in_at.as_micros()).unsigned_abs() / 1_000_000;
    // Within the second of the sign-in, too, 0 asks for another (OpenID Connect Core 1.0, section 3.1.2.1).
    let too_old = parsed.max_age.is_some_and(|max_age| max_age == 0 || age > max_age) && !since_asked;
    let as_another =
        asking.hinted.as_ref().is_some_and(|hinted| *hinted != claims::subject(&asking.client, signed.account.id));
    if (parsed.prompt.login && !since_asked) || too_old || as_another {
        // Anyone who has signed in since it was asked, and is still another, would be asked for ever.
        let in_vain = as_another && since_asked;
        let refused = silent || in_vain;
        return go(if refused { asking.refuse_silently(ctx, OauthCode::LoginRequired) } else { sign_in(true) });
    }
    if signed.account.status != AccountStatus::Active {
        let pending = || Next::Pending { proof: asking.proof(ctx) };
        return go(if silent { asking.refuse_silently(ctx, OauthCode::InteractionRequired) } else { pending() });
    }
    if !applications::is_admitted(&ctx.db().read, asking.id(), signed.account.id, ctx.now()).await? {
        let refusal = (OauthCode::AccessDenied, "The member may not enter this application.".to_owned());
        let not_admitted = || Next::NotAdmitted { application: asking.name(), proof: asking.proof(ctx) };
        return go(if silent { asking.refuse(ctx, refusal) } else { not_admitted() });
    }
    Ok(Standing { next: None, member: Some((signed, session, signed_in_at)) })
}

async fn needs_consent(
    ctx: &Ctx,
    asking: &Asking,
    parsed: &Parsed,
    signed: &Signed,
    asked_at: Option<Timestamp>,
) -> Result<bool, Error> {
    // Any program on the device can ask in the name of one that has no secret and no address of its own (RFC 8252, section 8.6).
    let is_anybody =
        asking.client.terms.client_type == ClientType::Public && !asking.request.redirect_uri.starts_with("https://");
    let each_time = parsed.prompt.consent || is_anybody;
    if !asking.client.terms.consent && !each_time {
        return Ok(false);
    }
    let given = grants::consent(&ctx.db().read, signed.account.id, asking.id()).await?;
    Ok(given.is_none_or(|given| {
        let since_asked = asked_at.is_some_and(|asked_at| asked_at.as_micros() <= given.given_at);
        !stored(&given.scope).covers(&parsed.scopes) || (each_time && !since_asked)
    }))
}

/// Stores what the application gets, and returns the code with which it fetches it.
async fn grant(
    ctx: &Ctx,
    asking: &Asking,
    parsed: Parsed,
    signed: &Signed,
    session: SessionId,
    signed_in_at: Timestamp,
) -> Result<String, Error> {
    let now = ctx.now();
    let (application, account) = (asking.id(), signed.account.id);
    let tx = tx::begin(ctx).await?;
    // Again: account, session and groups may have changed in the meantime.
    callers::lock(&tx, &signed.actor, now).await?;
    if sessions::store::began_at(&tx, session).await?.is_none()
        || !applications::is_admitted(&tx, application, account, now).await?
    {
        return Err(Failure::new(
            Code::Unauthenticated,
            "Your session has ended, or your groups have changed. Try again.",
        )
        .into());
    }
    let new = NewGrant {
        application,
        account,
        session,
        scope: parsed.scopes.to_string(),
        nonce: parsed.nonce,
        signed_in_at,
        auth_epoch: signed.actor.auth_epoch,
    };
    let id = grants::insert(&tx, ctx, new, now).await?;
    // After the grant, which locks the application: so does who deletes an application, and then its requests.
    if let Some(uri) = asking.pushed_at()
        && !pushed::consume(&tx, uri).await?
    {
        return Err(Failure::new(Code::Malformed, OVER).into());
    }
    let asked = (asking.request.redirect_uri.clone(), parsed.code_challenge);
    let code = grants::issue_code(&tx, ctx, id, asked, now).await?;
    if let Some(target) = asking.client.row.logout_target_id {
        logout::remember(&tx, target, account, session).await?;
    }
    let event = Event::ApplicationOpened { application, account };
    audit::record(&tx, ctx, now, Originator::Actor(&signed.actor), &event).await?;
    tx.commit().await?;
    Ok(code)
}
