//! Signing up: a code becomes an account.

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
/// Someone who wants in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "7QmX2pVd9KtR",
    "email": "mateo@example.org",
    "username": "mateo",
    "password": "a bench by the window",
    "name": "Mateo Quispe",
}))]
pub struct NewAccount {
    /// The invite's code. May be left out where anyone may sign up.
    code: Option<String>,
    /// The e-mail address.
    #[serde(default)]
    #[schema(required = true, format = "email", max_length = 254)]
    email: String,
    /// How the account is called: letters, digits, dots, dashes and underscores, a letter or digit first.
    #[serde(default)]
    #[schema(required = true, min_length = 2, max_length = 32)]
    username: String,
    /// 10 characters to 256 bytes, and hard to guess.
    #[serde(default)]
    #[schema(required = true, format = Password, min_length = 10)]
    password: String,
    /// What the person likes to be called.
    #[schema(max_length = 100)]
    name: Option<String>,
}

impl From<NewAccount> for SignUpDraft {
    fn from(new: NewAccount) -> Self {
        Self {
            code: new.code.unwrap_or_default(),
            email: new.email,
            username: new.username,
            name: new.name.unwrap_or_default(),
            password: new.password,
        }
    }
}

/// Someone who is in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedUp {
    /// The account.
    account: Account,
}

/// An account as its holder sees it.
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
pub struct Account {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// Its e-mail address.
    #[schema(format = "email")]
    email: String,
    /// Its username.
    username: String,
    /// What the person likes to be called, if they said.
    #[schema(required = true)]
    name: Option<String>,
    /// What it is.
    role: Role,
    /// Where it stands.
    status: AccountStatus,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// May sign in and act.
    Active,
    /// May sign in; an admin has yet to approve.
    Pending,
    /// May not sign in.
    Suspended,
}

impl From<domain::accounts::Account> for Account {
    fn from(account: domain::accounts::Account) -> Self {
        use domain::accounts::AccountStatus as Is;
        Self {
            status: match account.status() {
                Is::Active => AccountStatus::Active,
                Is::Pending => AccountStatus::Pending,
                // The contract knows whether one may sign in, not why not.
                Is::Suspended | Is::Declined => AccountStatus::Suspended,
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
/// With an `Idempotency-Key` the same request can be sent again when the answer was lost: it makes one account, takes
/// one place and gives the same answer, for 24 hours.
#[utoipa::path(
    post,
    path = "/signup",
    operation_id = "sign_up",
    tag = "signup",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters that name \
            this attempt, for example a UUID.", max_length = 255),
    ),
    request_body = NewAccount,
    responses(
        (status = 201, description = "The account.", body = SignedUp),
        problem::Always, problem::Body, problem::SignUp,
    ),
    security(()),
)]
async fn sign_up(
    State(ctx): State<service::Ctx>,
    Client(client): Client,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, axum::Json<SignedUp>), Problem> {
    let sign_up = SignUpDraft::from(new).parse()?;
    let signed_up = service::signup::sign_up(&ctx, sign_up, key, &client).await?;
    Ok((StatusCode::CREATED, axum::Json(SignedUp { account: signed_up.account.into() })))
}
