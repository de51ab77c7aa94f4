//! Sign-up: creates an account with an invite code.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use domain::Timestamp;
use domain::ids::AccountId;
use domain::signup::SignUpDraft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::Role;
use crate::api::extract::{Client, IdempotencyKey, Json};
use crate::api::{Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default().routes(routes!(sign_up))
}

// No `Debug`: it holds a password.
/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "7QmX2pVd9KtR",
    "email": "mateo@example.org",
    "username": "mateo",
    "password": "a bench by the window",
    "name": "Mateo Quispe",
}))]
pub struct SignUpRequest {
    /// Invite code. Optional if registration is open.
    code: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[schema(required = true, format = "email", max_length = 254)]
    email: String,
    /// Username: letters, digits, dots, dashes and underscores; the first character is a letter or digit. Names like
    /// `admin` are reserved.
    #[serde(default)]
    #[schema(required = true, min_length = 2, max_length = 32)]
    username: String,
    /// Password: at least 10 characters, at most 256 bytes, and hard to guess.
    #[serde(default)]
    #[schema(required = true, format = Password, min_length = 10)]
    password: String,
    /// Display name.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Answers to the fields of the flow, and values of attributes of the invite that are not locked, by their keys; null or an
    /// empty text removes one. What is left out keeps the value of the invite. Several choices are separated by commas.
    #[schema(value_type = Option<HashMap<String, Option<String>>>, example = json!({ "team": "Clay" }))]
    attributes: Option<BTreeMap<String, Option<String>>>,
    /// The parameter `proof` of the link in an invitation's mail. It proves the e-mail address that the mail was sent to, which
    /// need not be verified then. One that proves nothing is ignored.
    proof: Option<String>,
    /// The terms of the flow that are accepted: the number of the version that was read, by the ids of the terms.
    #[schema(value_type = Option<HashMap<Uuid, u32>>)]
    terms: Option<BTreeMap<String, u32>>,
}

impl From<SignUpRequest> for SignUpDraft {
    fn from(new: SignUpRequest) -> Self {
        Self {
            code: new.code.unwrap_or_default(),
            email: new.email,
            username: new.username,
            name: new.name.unwrap_or_default(),
            password: new.password,
            attributes: new
                .attributes
                .unwrap_or_default()
                .into_iter()
                .map(|(key, value)| (key, value.unwrap_or_default()))
                .collect(),
            proof: new.proof.unwrap_or_default(),
            terms: new.terms.unwrap_or_default().into_iter().map(|(id, version)| (id, version.to_string())).collect(),
            begun: None,
        }
    }
}

/// The result of a sign-up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedUp {
    /// The new account.
    account: SignedUpAccount,
    /// Where the invite leads afterwards: a path on this site, or an `https` address of a site that the settings allow; null
    /// for the page of the account.
    #[schema(required = true)]
    after: Option<String>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a5-0000-7d0e-9d6a-3f0e6c1b2a77",
    "email": "mateo@example.org",
    "username": "mateo",
    "name": "Mateo Quispe",
    "role": "user",
    "status": "active",
    "created_at": "2026-11-21T10:00:00Z",
}))]
pub struct SignedUpAccount {
    /// Id of the account.
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// E-mail address.
    #[schema(format = "email")]
    email: String,
    /// Username.
    username: String,
    /// Display name; null if there is none.
    #[schema(required = true)]
    name: Option<String>,
    /// Role of the account.
    role: Role,
    /// Status of the account.
    status: SignedUpStatus,
    /// Time of creation.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Status of an account.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignedUpStatus {
    /// The account can sign in and be used.
    Active,
    /// The account can sign in and is pending approval by an admin.
    Pending,
    /// The account can sign in, and waits for its e-mail address to be verified: a link was sent there.
    Unverified,
    /// The account cannot sign in.
    Suspended,
}

impl From<domain::accounts::Account> for SignedUpAccount {
    fn from(account: domain::accounts::Account) -> Self {
        use domain::accounts::AccountStatus as Is;
        Self {
            status: match account.status {
                Is::Active => SignedUpStatus::Active,
                Is::Pending => SignedUpStatus::Pending,
                Is::Unverified => SignedUpStatus::Unverified,
                // The contract knows whether one may sign in, not why not.
                Is::Suspended | Is::Declined | Is::Ended => SignedUpStatus::Suspended,
            },
            id: account.id,
            email: account.email.into(),
            username: account.username.into(),
            name: account.name.map(Into::into),
            role: account.role.into(),
            created_at: account.created_at,
        }
    }
}

/// Sign up
///
/// With an `Idempotency-Key`, a request whose response was lost can be repeated for 24 hours. It creates one account,
/// uses the invite once and gets the same response.
#[utoipa::path(
    post,
    path = "/signup",
    operation_id = "sign_up",
    tag = "signup",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters that \
            identify this attempt, for example a UUID.", max_length = 255),
    ),
    request_body = SignUpRequest,
    responses(
        (status = 201, description = "The account was created.", body = SignedUp),
        problem::Always, problem::Body, problem::SignUp,
    ),
    security(()),
)]
async fn sign_up(
    State(ctx): State<service::Ctx>,
    Client(client): Client,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<SignUpRequest>,
) -> Result<(StatusCode, axum::Json<SignedUp>), Problem> {
    let draft = SignUpDraft::from(new);
    let sign_up = match draft.parse() {
        Ok(sign_up) => sign_up,
        Err(failure) => return Err(service::signup::refuse(&ctx, &draft, failure, &client).await.into()),
    };
    let signed_up = service::signup::sign_up(&ctx, sign_up, key, &client).await?;
    let after = signed_up.after.map(Into::into);
    Ok((StatusCode::CREATED, axum::Json(SignedUp { account: signed_up.account.into(), after })))
}
