//! The table `applications`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
#[expect(clippy::struct_excessive_bools, reason = "each is one choice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub name_folded: String,
    pub description: Option<String>,
    pub url: Option<String>,
    pub sign_in_url: Option<String>,
    /// Whether everyone may enter. If not, the table `application_groups` says who.
    pub is_open: bool,
    /// `None` without a connection by OpenID Connect; the columns that follow are for it.
    pub client_type: Option<String>,
    /// Addresses, separated by spaces.
    pub redirect_uris: String,
    /// Addresses, separated by spaces.
    pub post_logout_redirect_uris: String,
    pub pkce: bool,
    pub consent: bool,
    pub signing: String,
    pub subject: String,
    pub require_pushed_requests: bool,
    pub backchannel_logout_uri: Option<String>,
    /// The public keys of `private_key_jwt` as JSON; `None` without any.
    pub jwks: Option<String>,
    pub device_flow: bool,
    /// The claims from attributes as JSON; `None` without any.
    pub claims: Option<String>,
    /// The target of the outbox by which it is told of logout; it has one if it has the address.
    pub logout_target_id: Option<Uuid>,
    /// What pairwise identifiers of accounts are derived from. It never changes.
    pub subject_salt: Vec<u8>,
    /// The connection by forward-auth as JSON; `None` without one.
    pub forward_auth: Option<String>,
    /// The version of its picture; `None` without one.
    pub picture: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
