//! The table `signing_keys`: the keys that sign ID tokens.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub algorithm: String,
    /// The public key as a JWK (RFC 7517), without `kid`, `alg` and `use`.
    pub public_jwk: String,
    /// The private key (PKCS #8), encrypted with the data key.
    pub private_sealed: Vec<u8>,
    pub created_at: i64,
    /// From when it signs. It is published before.
    pub active_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
