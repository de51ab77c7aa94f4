//! Demo data: fills an empty database with two months of accounts, invites, groups and redemptions.
//!
//! Names, dates and the invite of each sign-up are derived from the seed and the clock. Codes, ids and the password are
//! random, so that nobody can predict the codes of another demo installation.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::accounts::{Email, Password, Role, Username};
use domain::events::Event;
use domain::ids::{AccountId, FlowId, GroupId};
use domain::invites::{CodeKind, InviteCode, Terms};
use domain::overview::DailyCounts;
use domain::redemptions::RedemptionKind;
use domain::settings::{DefaultRole, RegistrationMode};
use domain::text::{DisplayName, Label, ParseError};
use domain::{Code, Failure, Timestamp};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect,
};
use uuid::Uuid;

use self::content::{INVITES, InviteTemplate, OWNER_NAME, PEOPLE, SITE_NAME};
use self::groups::Ids;
use self::plan::{DAYS, Plan, PlannedInvite, PlannedSignUp};
use crate::accounts::entity as accounts;
use crate::accounts::store::NewRow;
use crate::audit::{self, Originator};
use crate::invites::entity as invite_rows;
use crate::overview::counts;
use crate::platform::network::Network;
use crate::platform::tx;
use crate::redemptions::entity as redemptions;
use crate::settings::entity as settings;
use crate::{Ctx, Error, attributes, invites};

mod applications;
mod content;
mod flows;
mod groups;
mod plan;
mod requests;
mod terms;
#[cfg(test)]
mod tests;

/// The number of rows per INSERT statement.
const BATCH: usize = 500;
/// The length of random invite codes, in characters.
const CODE_LENGTH: u8 = 12;

/// The demo data to create.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The owner's e-mail address.
    pub email: Email,
    /// The owner's username.
    pub username: Username,
    /// The number of accounts, including the owner; at least 1.
    pub accounts: usize,
    /// The number of invites; at least 1.
    pub invites: usize,
    /// The seed of names, dates and the invites that are used.
    pub seed: u64,
}

/// The demo data that was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoSummary {
    /// The number of accounts.
    pub accounts: usize,
    /// The number of invites.
    pub invites: usize,
    /// The number of redemptions.
    pub redemptions: usize,
}

/// A random password of 20 characters in four groups.
///
/// # Errors
/// Never, because the password is long enough.
pub fn password(ctx: &Ctx) -> Result<Password, Error> {
    let parts = [4_u8; 4].map(|length| ctx.randomness().code(length + 1));
    Password::parse(&parts.join("-")).map_err(broken)
}

/// Creates the demo data in one transaction. Every account has the owner's password, because hashing a different
/// password for each of several thousand accounts would take minutes.
///
/// # Errors
/// [`Code::Invalid`] when there are accounts already, or when the password is easy to guess.
pub async fn fill(ctx: &Ctx, demo: Demo, password: Password) -> Result<DemoSummary, Error> {
    let now = ctx.now();
    let personal = vec![demo.email.to_string(), demo.username.to_string()];
    let salt = ctx.randomness().bytes();
    let hash = ctx.passwords().check_and_hash(Network::Unknown, password, salt, personal).await?;

    // Before the transaction, because PostgreSQL ends transactions that are idle for 30 seconds.
    let plan = plan::plan(demo.accounts.saturating_sub(1), demo.invites.max(1), demo.seed, now);
    let Plan { invites, sign_ups } = &plan;
    let tx = tx::begin(ctx).await?;
    let existing = accounts::Entity::find().select_only().column(accounts::Column::Id).into_tuple::<Uuid>();
    if existing.one(&tx).await?.is_some() {
        let message = "This database already has accounts, and demo data needs an empty database. Choose another \
                       folder with --data-dir.";
        return Err(Failure::new(Code::Invalid, message).into());
    }
    let change = settings::ActiveModel {
        id: Set(1),
        site_name: Set(SITE_NAME.to_owned()),
        registration_mode: Set(RegistrationMode::Open.as_str().to_owned()),
        default_role: Set(DefaultRole::Pending.as_str().to_owned()),
        updated_at: Set(now.as_micros()),
        ..Default::default()
    };
    settings::Entity::update(change).exec(&tx).await?;

    let started_at = now.minus(Duration::from_hours(24 * DAYS + 1));
    let owner = ctx.randomness().uuid(started_at);
    let account_ids: Vec<Uuid> = sign_ups.iter().map(|sign_up| ctx.randomness().uuid(sign_up.at)).collect();
    let owner_row = NewRow {
        id: owner,
        email: demo.email,
        username: demo.username.clone(),
        name: Some(DisplayName::parse(OWNER_NAME).map_err(broken)?),
        role: Role::Owner,
        password_hash: hash.clone(),
        approved: true,
        ends_at: None,
        activate_by: None,
    };
    let owner_row = accounts::Model { last_active_at: Some(now.as_micros()), ..owner_row.into_model(started_at) };
    let others = sign_ups.iter().zip(&account_ids).enumerate().map(|(number, (sign_up, id))| {
        let template = sign_up.invite.map(|index| &invites[index].template);
        account_row(number, *id, *sign_up, template, &hash)
    });
    let all = std::iter::once(Ok(owner_row)).chain(others);
    insert(&tx, all.map(|row| row.map(IntoActiveModel::into_active_model))).await?;

    let invite_ids: Vec<Uuid> = invites.iter().map(|invite| ctx.randomness().uuid(invite.created_at)).collect();
    let group_ids = groups::ids(ctx, started_at);
    groups::insert_groups(&tx, &group_ids, started_at).await?;
    let flows = flows::insert_flows(&tx, ctx, &group_ids, AccountId(owner), started_at).await?;
    let rows = invites.iter().zip(&invite_ids).map(|(invite, id)| {
        let given = (groups::of_invite(invite, &group_ids), flows.get(invite.template.label).copied());
        invite_row(ctx, *id, invite, given, AccountId(owner))
    });
    insert(&tx, rows.map(|row| row.map(IntoActiveModel::into_active_model))).await?;

    let redemption_ids: Vec<Uuid> = sign_ups.iter().map(|sign_up| ctx.randomness().uuid(sign_up.at)).collect();
    let uses = sign_ups.iter().zip(&account_ids).zip(&redemption_ids);
    let uses = uses.filter_map(|((sign_up, account), id)| {
        let invite = invite_ids[sign_up.invite?];
        Some(Ok(redemption_row(*id, sign_up.at, *account, invite)))
    });
    insert(&tx, uses).await?;
    let ids = Ids { groups: &group_ids, invites: &invite_ids, accounts: &account_ids, redemptions: &redemption_ids };
    groups::insert_members(&tx, &plan, &ids, now).await?;
    requests::insert_requests(&tx, ctx, &plan, &ids, owner).await?;
    applications::insert_applications(&tx, ctx, &group_ids, started_at).await?;
    let attributes = terms::students().map_err(broken)?;
    let is_student =
        |sign_up: &PlannedSignUp| sign_up.invite.is_some_and(|index| invites[index].template.label == terms::STUDENTS);
    let students = sign_ups.iter().zip(&account_ids).filter(|(sign_up, _)| is_student(sign_up));
    let rows = students
        .flat_map(|(_, account)| attributes.iter().map(|one| Ok(attributes::store::row(AccountId(*account), one))));
    insert(&tx, rows).await?;

    let mut days = BTreeMap::from([(started_at.day(), DailyCounts { accounts: 1, redemptions: 0 })]);
    for sign_up in sign_ups {
        let day = days.entry(sign_up.at.day()).or_default();
        day.accounts += 1;
        day.redemptions += u64::from(sign_up.invite.is_some());
    }
    counts::add_days(&tx, ctx, days).await?;
    let summary = DemoSummary {
        accounts: sign_ups.len() + 1,
        invites: invites.len(),
        redemptions: sign_ups.iter().filter(|sign_up| sign_up.invite.is_some()).count(),
    };
    let event = Event::DemoFilled {
        account: AccountId(owner),
        accounts: summary.accounts as u64,
        invites: summary.invites as u64,
        seed: demo.seed,
    };
    audit::record(&tx, ctx, now, Originator::Operator, &event).await?;
    tx.commit().await?;
    Ok(summary)
}

/// Inserts rows in batches of [`BATCH`].
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

/// The row of an account. `number` counts the sign-ups from 0.
fn account_row(
    number: usize,
    id: Uuid,
    sign_up: PlannedSignUp,
    template: Option<&InviteTemplate>,
    hash: &str,
) -> Result<accounts::Model, Error> {
    let role = if template.is_some_and(|template| template.grants_moderator) { Role::Moderator } else { Role::User };
    let is_student = template.is_some_and(|template| template.label == terms::STUDENTS);
    let domain = if is_student { terms::SCHOOL } else { "postbox.example" };
    let (username, name) = PEOPLE[number % PEOPLE.len()];
    let username = match number / PEOPLE.len() {
        0 => username.to_owned(),
        repetition => format!("{username}-{repetition}"),
    };
    let row = NewRow {
        id,
        email: Email::parse(&format!("{username}@{domain}")).map_err(broken)?,
        username: Username::parse(&username).map_err(broken)?,
        name: Some(DisplayName::parse(name).map_err(broken)?),
        role,
        password_hash: hash.to_owned(),
        approved: sign_up.approved,
        ends_at: sign_up.ends_at,
        activate_by: None,
    };
    Ok(accounts::Model {
        suspended_at: sign_up.suspended_at.map(Timestamp::as_micros),
        last_active_at: sign_up.last_active_at.map(Timestamp::as_micros),
        ..row.into_model(sign_up.at)
    })
}

fn invite_row(
    ctx: &Ctx,
    id: Uuid,
    invite: &PlannedInvite,
    (groups, flow): (Vec<GroupId>, Option<FlowId>),
    author: AccountId,
) -> Result<invite_rows::Model, Error> {
    let template = invite.template;
    let label = match (template.label, invite.repetition) {
        ("", _) => None,
        (label, 0) => Some(label.to_owned()),
        (label, repetition) => Some(format!("{label} ({})", repetition + 1)),
    };
    let own = template.code.filter(|_| invite.repetition == 0).map(InviteCode::parse).transpose().map_err(broken)?;
    let code = match own {
        Some(code) => (CodeKind::Own, code),
        None => (CodeKind::Random, invites::random_code(ctx, CODE_LENGTH)?),
    };
    let terms = Terms {
        groups,
        flow,
        label: label.as_deref().map(Label::parse).transpose().map_err(broken)?,
        max_uses: template.max_uses,
        starts_at: invite.starts_at,
        expires_at: invite.expires_at,
        role: if template.grants_moderator { Role::Moderator } else { Role::User },
        ..Terms::default()
    };
    let terms = terms::of(template.label, terms, ctx.now()).map_err(broken)?;
    let row = invites::store::new_row(ctx, id, (code.0, &code.1), terms, author, invite.created_at)?;
    Ok(invite_rows::Model {
        used: invite.used.into(),
        last_used_at: invite.last_used_at.map(Timestamp::as_micros),
        paused_at: invite.paused_at.map(Timestamp::as_micros),
        deleted_at: invite.deleted_at.map(Timestamp::as_micros),
        code_sealed: row.code_sealed.filter(|_| invite.deleted_at.is_none()),
        ..row
    })
}

fn redemption_row(id: Uuid, at: Timestamp, account: Uuid, invite: Uuid) -> redemptions::ActiveModel {
    redemptions::ActiveModel {
        id: Set(id),
        invite_id: Set(invite),
        account_id: Set(account),
        kind: Set(RedemptionKind::New.as_str().to_owned()),
        created_at: Set(at.as_micros()),
        released_at: Set(None),
    }
}

/// An internal error for demo data that does not parse.
fn broken(error: ParseError) -> Error {
    Error::internal(error.0)
}

/// Defaults: few accounts, and invites with every status.
impl Demo {
    /// The default number of accounts.
    pub const ACCOUNTS: usize = 60;
    /// The default number of invites.
    pub const INVITES: usize = INVITES.len();
}
