//! The table `invitations`: the recipients of mailings.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mailing_id: Uuid,
    /// Who sends the mailing.
    pub author_id: Uuid,
    pub email: String,
    pub email_folded: String,
    /// The hash by which the address is among those who want no more, if it is.
    pub address_hash: Vec<u8>,
    pub name: Option<String>,
    pub username: Option<String>,
    /// A JSON array of [`domain::attributes::Attribute`].
    pub attributes: Option<String>,
    pub invite_id: Option<Uuid>,
    /// Its latest mail in the outbox, apart from a reminder.
    pub mail_id: Option<Uuid>,
    /// In the order of the recipients: a microsecond apart.
    pub created_at: i64,
    /// When that mail was queued, or it was found that nothing is sent.
    pub prepared_at: Option<i64>,
    pub sent_at: Option<i64>,
    pub failed_at: Option<i64>,
    pub last_answer: Option<String>,
    pub opened_at: Option<i64>,
    pub joined_at: Option<i64>,
    /// The account that joined.
    pub account_id: Option<Uuid>,
    pub revoked_at: Option<i64>,
    pub stopped_at: Option<i64>,
    /// When a reminder is due.
    pub remind_at: Option<i64>,
    pub reminded_at: Option<i64>,
    /// When it was last sent again.
    pub resent_at: Option<i64>,
    /// Since when `resends` are counted.
    pub resends_since: Option<i64>,
    pub resends: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
