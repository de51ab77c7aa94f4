//! A demonstration: an empty database is filled with a place that has been lived in for two months.
//!
//! Names, dates and who came by what follow from the seed and the clock. What is secret or identifies (codes, ids, the
//! password) is random as everywhere: nobody can know the codes of someone else's demonstration.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::accounts::{Email, Password, Role, Username};
use domain::ids::AccountId;
use domain::invites::{CodeKind, InviteCode, NewInvite};
use domain::overview::Daily;
use domain::redemptions::RedemptionKind;
use domain::settings::{DefaultRole, RegistrationMode};
use domain::text::{DisplayName, Label, ParseError};
use domain::{Code, Failure, Timestamp};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use self::cast::{LINKS, OWNER, PEOPLE, SITE};
use self::plan::{DAYS, Link, Plan, Visit};
use crate::accounts::entity as accounts;
use crate::accounts::store::NewRow;
use crate::audit::{self, Event, Who};
use crate::invites::entity as invite_rows;
use crate::overview::counts;
use crate::platform::network::Network;
use crate::platform::tx;
use crate::redemptions::entity as redemptions;
use crate::settings::entity as settings;
use crate::{Ctx, Error, invites};

mod cast;
mod plan;
#[cfg(test)]
mod tests;

/// How many rows are written by one statement.
const BATCH: usize = 500;
/// How long random codes are.
const CODE_LENGTH: u8 = 12;

/// What is to be there.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The owner's address.
    pub email: Email,
    /// The owner's username.
    pub username: Username,
    /// How many accounts, the owner among them; at least one.
    pub accounts: usize,
    /// How many invites; at least one.
    pub links: usize,
    /// What the rest follows from.
    pub seed: u64,
}

/// What is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// How many accounts.
    pub accounts: usize,
    /// How many invites.
    pub links: usize,
    /// How many came by one.
    pub redemptions: usize,
}

/// A password of 100 random bits.
///
/// # Errors
/// Never: what is drawn is long enough.
pub fn password(ctx: &Ctx) -> Result<Password, Error> {
    let parts = [4_u8; 4].map(|length| ctx.randomness().code(length + 1));
    Password::parse(&parts.join("-")).map_err(broken)
}

/// Fills the database, in one transaction. Every account has the owner's password: hashing one each would take a minute
/// for some thousands, and nobody is meant to keep them.
///
/// # Errors
/// [`Code::Invalid`] when there are accounts already, or when the password is easy to guess.
pub async fn fill(ctx: &Ctx, demo: Demo, password: Password) -> Result<Filled, Error> {
    let now = ctx.now();
    let personal = vec![demo.email.to_string(), demo.username.to_string()];
    let salt = ctx.randomness().bytes();
    let hash = ctx.passwords().hash(Network::Unknown, password, salt, personal, std::future::ready(Ok(()))).await?;

    // Before the transaction: PostgreSQL ends one that does nothing for half a minute.
    let Plan { links, visits } = plan::plan(demo.accounts.saturating_sub(1), demo.links.max(1), demo.seed, now);
    let tx = tx::begin(ctx).await?;
    let there = accounts::Entity::find().select_only().column(accounts::Column::Id).into_tuple::<Uuid>();
    if there.one(&tx).await?.is_some() {
        let message = "There are accounts here already; a demonstration fills an empty database. Choose another \
                       folder with --data-dir.";
        return Err(Failure::new(Code::Invalid, message).into());
    }
    let change = settings::ActiveModel {
        id: Set(1),
        site_name: Set(SITE.to_owned()),
        registration_mode: Set(RegistrationMode::Open.as_str().to_owned()),
        default_role: Set(DefaultRole::Pending.as_str().to_owned()),
        updated_at: Set(now.as_micros()),
        ..Default::default()
    };
    settings::Entity::update(change).exec(&tx).await?;

    let born = now.minus(Duration::from_hours(24 * DAYS + 1));
    let owner = ctx.randomness().uuid(born);
    let people: Vec<Uuid> = visits.iter().map(|visit| ctx.randomness().uuid(visit.at)).collect();
    let founder = NewRow {
        id: owner,
        email: demo.email,
        username: demo.username.clone(),
        name: Some(DisplayName::parse(OWNER).map_err(broken)?),
        role: Role::Owner,
        password_hash: hash.clone(),
        approved: true,
    };
    let founder = accounts::Model { last_active_at: Some(now.as_micros()), ..founder.into_model(born) };
    let others = visits.iter().zip(&people).enumerate().map(|(number, (visit, id))| {
        let role = match visit.by.map(|by| &links[by]) {
            Some(link) if link.part.moderators => Role::Moderator,
            _ => Role::User,
        };
        someone(number, *id, *visit, role, &hash)
    });
    let all = std::iter::once(Ok(founder)).chain(others);
    insert(&tx, all.map(|row| row.map(IntoActiveModel::into_active_model))).await?;

    let ids: Vec<Uuid> = links.iter().map(|link| ctx.randomness().uuid(link.created_at)).collect();
    let rows = links.iter().zip(&ids).map(|(link, id)| invite(ctx, *id, link, AccountId(owner)));
    insert(&tx, rows.map(|row| row.map(IntoActiveModel::into_active_model))).await?;

    let came = visits.iter().zip(&people).filter_map(|(visit, id)| Some((visit.at, *id, ids[visit.by?])));
    insert(&tx, came.map(|(at, account, invite)| Ok(redemption(ctx, at, account, invite)))).await?;

    let mut days = BTreeMap::from([(born.day(), Daily { accounts: 1, redemptions: 0 })]);
    for visit in &visits {
        let day = days.entry(visit.at.day()).or_default();
        day.accounts += 1;
        day.redemptions += u64::from(visit.by.is_some());
    }
    counts::add_days(&tx, ctx, days).await?;
    let filled = Filled {
        accounts: visits.len() + 1,
        links: links.len(),
        redemptions: visits.iter().filter(|visit| visit.by.is_some()).count(),
    };
    let event = Event {
        who: Who::Operator,
        action: "demo.fill",
        subject: ("account", Some(owner)),
        detail: json!({ "accounts": filled.accounts, "links": filled.links, "seed": demo.seed }),
    };
    audit::record(&tx, ctx, now, event).await?;
    tx.commit().await?;
    Ok(filled)
}

/// Writes rows, many at a time.
async fn insert<A>(db: &impl ConnectionTrait, rows: impl Iterator<Item = Result<A, Error>>) -> Result<(), Error>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    let mut rows = rows;
    loop {
        let batch: Vec<A> = rows.by_ref().take(BATCH).collect::<Result<_, _>>()?;
        if batch.is_empty() {
            return Ok(());
        }
        A::Entity::insert_many(batch).exec_without_returning(db).await?;
    }
}

/// The account of the visitor with this number, from 0.
fn someone(number: usize, id: Uuid, visit: Visit, role: Role, hash: &str) -> Result<accounts::Model, Error> {
    let (username, name) = PEOPLE[number % PEOPLE.len()];
    let username = match number / PEOPLE.len() {
        0 => username.to_owned(),
        again => format!("{username}-{again}"),
    };
    let row = NewRow {
        id,
        email: Email::parse(&format!("{username}@postbox.example")).map_err(broken)?,
        username: Username::parse(&username).map_err(broken)?,
        name: Some(DisplayName::parse(name).map_err(broken)?),
        role,
        password_hash: hash.to_owned(),
        approved: visit.approved,
    };
    Ok(accounts::Model {
        suspended_at: visit.suspended_at.map(Timestamp::as_micros),
        last_active_at: visit.last_active_at.map(Timestamp::as_micros),
        ..row.into_model(visit.at)
    })
}

fn invite(ctx: &Ctx, id: Uuid, link: &Link, author: AccountId) -> Result<invite_rows::Model, Error> {
    let part = link.part;
    let label = match (part.label, link.again) {
        ("", _) => None,
        (label, 0) => Some(label.to_owned()),
        (label, again) => Some(format!("{label} ({})", again + 1)),
    };
    let own = part.code.filter(|_| link.again == 0).map(InviteCode::parse).transpose().map_err(broken)?;
    let code = match own {
        Some(code) => (CodeKind::Own, code),
        None => (CodeKind::Random, invites::random_code(ctx, CODE_LENGTH)?),
    };
    let new = NewInvite {
        label: label.as_deref().map(Label::parse).transpose().map_err(broken)?,
        code: None,
        max_uses: part.places,
        starts_at: link.starts_at,
        expires_at: link.expires_at,
        role: if part.moderators { Role::Moderator } else { Role::User },
    };
    let row = invites::store::new_row(ctx, id, code, new, author, link.created_at)?;
    Ok(invite_rows::Model {
        used: link.used.into(),
        last_used_at: link.last_used_at.map(Timestamp::as_micros),
        paused_at: link.paused_at.map(Timestamp::as_micros),
        deleted_at: link.deleted_at.map(Timestamp::as_micros),
        code_sealed: row.code_sealed.filter(|_| link.deleted_at.is_none()),
        ..row
    })
}

fn redemption(ctx: &Ctx, at: Timestamp, account: Uuid, invite: Uuid) -> redemptions::ActiveModel {
    redemptions::ActiveModel {
        id: Set(ctx.randomness().uuid(at)),
        invite_id: Set(invite),
        account_id: Set(account),
        kind: Set(RedemptionKind::New.as_str().to_owned()),
        created_at: Set(at.as_micros()),
    }
}

/// What is written here is what people may type.
fn broken(refused: ParseError) -> Error {
    Error::internal(refused.0)
}

/// What is there when nothing else is said: a small place, with a link of every kind.
impl Demo {
    /// How many accounts.
    pub const ACCOUNTS: usize = 60;
    /// How many links.
    pub const LINKS: usize = LINKS.len();
}
