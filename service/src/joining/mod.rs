//! Joining the groups of an invite with an account that one has, and asking its author to be added ([`requests`]).
//!
//! Joining is a redemption like a sign-up: the same statement claims the use, the same rule says what the author may still
//! grant, and the locks are taken in the same order (ARCHITECTURE.md, "Redeeming an invite"). Nothing but the groups of the
//! account is changed.

use domain::applications::ApplicationRef;
use domain::events::Event;
use domain::groups::GroupRef;
use domain::ids::{AccountId, GroupId, InviteId};
use domain::invites::{CodeKind, InviteCode, InviteStatus, Terms};
use domain::joining::{
    ASK_AGAIN_AFTER, Asked, JoinLookup, JoinOffer, Joined, MAX_OPEN_REQUESTS, NotAdmitted, OfferedGroup, Standing,
    memberships_end,
};
use domain::keys::KeyScope;
use domain::redemptions::RedemptionKind;
use domain::settings::RegistrationMode;
use domain::web::Destination;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use crate::accounts::store as accounts;
use crate::applications::opening;
use crate::audit::{self, Originator};
use crate::invites::{InviteLocks, entity::Model as InviteRow};
use crate::join_requests::{entity::Model as RequestRow, store as rows};
use crate::mailings::store as mailings;
use crate::memberships::store as memberships;
use crate::platform::inserts::Inserts;
use crate::platform::limits::Limit;
use crate::platform::tx::{self, TxError};
use crate::redemptions::{entity::Model as RedemptionRow, store as redemptions};
use crate::{Actor, Ctx, Error, callers, invites, settings};

mod requests;
#[cfg(test)]
mod tests;

pub use requests::{decide, list, newest};

/// What the invite with this code is to the actor. Uses nothing.
///
/// # Errors
/// [`Code::RegistrationClosed`] while registration is closed: then no invite works. [`Code::RateLimited`] if the client's
/// network has looked up too many codes that do not exist.
pub async fn offer(ctx: &Ctx, actor: &Actor, code: &str) -> Result<JoinLookup, Error> {
    refuse_closed(ctx).await?;
    let (db, now) = (&ctx.db().read, ctx.now());
    let Some(row) = look_up(ctx, actor, code).await? else { return Ok(JoinLookup::Unknown) };
    let situation = Situation::read(db, &row, actor.id(), now).await?;
    let account = accounts::find(db, actor.id()).await?.ok_or_else(|| Failure::not_found("account"))?;
    let standing = situation.standing(&accounts::account(&account, now)?.email);
    let invited_by = async || {
        let author = accounts::references(db, [row.created_by]).await?.remove(&row.created_by);
        author.map(|author| author.display_name().to_owned()).ok_or_else(|| Error::internal("an invite has no author"))
    };
    let lifecycle = invites::store::lifecycle(&row);
    let status = lifecycle.status(now);
    // Anyone who has used it is told what it gave them, also after it is over.
    let is_done = standing == Standing::IsInAll && situation.redemption.is_some();
    if status != InviteStatus::Active && !is_done {
        let email = situation.terms.email.as_ref().map(domain::accounts::Email::masked);
        let starts_at = lifecycle.starts_at;
        let may_ask = invites::may_ask(db, status, AccountId(row.created_by), now).await?;
        return Ok(JoinLookup::Unavailable { status, invited_by: invited_by().await?, starts_at, email, may_ask });
    }
    if !is_done && !author_may_grant(ctx, db, &row, now).await? {
        return Ok(JoinLookup::Unknown);
    }
    let asked = rows::latest(db, InviteId(row.id), actor.id()).await?;
    Ok(JoinLookup::Offer(Box::new(JoinOffer {
        invited_by: invited_by().await?,
        ends_at: memberships_end(&situation.terms, now),
        standing,
        used_at: situation.redemption.as_ref().map(|redemption| Timestamp::from_micros(redemption.created_at)),
        asked: asked.and_then(|row| what_became_of(&row, now)),
        groups: situation
            .groups
            .into_iter()
            .map(|group| OfferedGroup { is_member: situation.is_in.contains(&group.id), name: group.name })
            .collect(),
        application: application(db, &situation.terms).await?,
        welcome_text: situation.terms.welcome_text,
    })))
}

/// The application that an invite leads to.
async fn application(db: &impl ConnectionTrait, terms: &Terms) -> Result<Option<ApplicationRef>, Error> {
    let id = terms.after.as_ref().and_then(Destination::application);
    let names = opening::names(db, id).await?;
    Ok(names.into_iter().next().map(|(id, name)| ApplicationRef { id, name }))
}

/// Joins the groups of the invite with this code. Repeated, it does nothing more and gets the same groups.
///
/// Memberships that last are kept, and never shortened. Runs to its end even if the client disconnects.
///
/// # Errors
/// [`Code::InviteInvalid`] for every code that cannot be used; [`Code::NotAdmitted`]; [`Code::Forbidden`] for an account that
/// is not active, an API key without full access, and an invite without groups; [`Code::RegistrationClosed`];
/// [`Code::RateLimited`].
pub async fn join(ctx: &Ctx, actor: &Actor, code: &str) -> Result<Joined, Error> {
    let invite = usable(ctx, actor, code).await?;
    let (ours, actor) = (ctx.clone(), actor.clone());
    ctx.detached(async move {
        let _lock = if ours.db().is_postgres() { Some(ours.state::<InviteLocks>().lock(invite).await) } else { None };
        let find = || async {
            let db = &ours.db().write;
            let Some(row) = invites::store::find(db, invite).await? else { return Ok(None) };
            let situation = Situation::read(db, &row, actor.id(), ours.now()).await?;
            Ok(situation.redemption.is_some().then(|| situation.joined(true)))
        };
        tx::with_retries(|| redeem(&ours, &actor, invite), find).await
    })
    .await
}

/// The transaction of [`join`].
async fn redeem(ctx: &Ctx, actor: &Actor, invite: InviteId) -> Result<Joined, TxError> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // Claimed first, because it locks the invite; anyone who does not join rolls it back.
    let Some(row) = invites::store::claim_use(&tx, invite, now).await? else {
        // The last use may have been that of this account, by a click before.
        let row = invites::store::find(&tx, invite).await?.ok_or_else(Failure::invite_invalid)?;
        let situation = Situation::read(&tx, &row, actor.id(), now).await?;
        tx.rollback().await?;
        let is_done = situation.redemption.is_some() && situation.is_in_all();
        let joined = is_done.then(|| situation.joined(false));
        return joined.ok_or_else(|| Failure::invite_invalid().into());
    };
    if !author_may_grant(ctx, &tx, &row, now).await? {
        return Err(Failure::invite_invalid().into());
    }
    let account = callers::lock(&tx, actor, now).await?;
    let situation = Situation::read(&tx, &row, account.id, now).await?;
    match situation.standing(&account.email) {
        Standing::MayJoin => {}
        Standing::IsInAll => {
            tx.rollback().await?;
            return Ok(situation.joined(false));
        }
        Standing::NothingToJoin => return Err(nothing_to_join().into()),
        Standing::NotAdmitted(why) => return Err(not_admitted(why).into()),
    }
    let mut inserts = Inserts::default();
    let redemption = redemptions::add(&mut inserts, ctx, (invite, account.id), RedemptionKind::Joined, now);
    let events = [Event::AccountJoined { account: account.id, invite, groups: situation.missing() }];
    let added = audit::add(&mut inserts, ctx, now, Originator::Actor(actor), &events)?;
    inserts.exec(&tx).await?;
    let membership = (Some(redemption), memberships_end(&situation.terms, now));
    memberships::add(&tx, account.id, &situation.terms.groups, membership, now).await?;
    if row.mailed_at.is_some() {
        mailings::join(&tx, invite, (&account.email.folded(), account.id), &[], now).await?;
    }
    added.announce(&tx, ctx).await?;
    tx.commit().await.map_err(TxError::Commit)?;
    Ok(situation.joined(true))
}

/// Asks the author of the invite with this code to be added to its groups. Repeated, it does nothing more.
///
/// # Errors
/// Those of [`join`]; [`Code::Forbidden`] for an account that the invite admits, has asked too often, or was dismissed less
/// than [`ASK_AGAIN_AFTER`] ago.
pub async fn ask(ctx: &Ctx, actor: &Actor, code: &str) -> Result<(), Error> {
    let invite = usable(ctx, actor, code).await?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = invites::store::lock(&tx, invite).await?.ok_or_else(Failure::invite_invalid)?;
    let is_active = invites::store::lifecycle(&row).status(now) == InviteStatus::Active;
    if !is_active || !author_may_grant(ctx, &tx, &row, now).await? {
        return Err(Failure::invite_invalid().into());
    }
    let account = callers::lock(&tx, actor, now).await?;
    let situation = Situation::read(&tx, &row, account.id, now).await?;
    match situation.standing(&account.email) {
        Standing::NotAdmitted(_) => {}
        Standing::NothingToJoin => return Err(nothing_to_join().into()),
        Standing::IsInAll => return Err(Failure::new(Code::Forbidden, "You are in these groups already.").into()),
        Standing::MayJoin => {
            return Err(Failure::new(Code::Forbidden, "This invite admits you. Join its groups with it.").into());
        }
    }
    match rows::latest(&tx, invite, account.id).await?.and_then(|row| what_became_of(&row, now)) {
        Some(Asked::Open { .. }) => return Ok(tx.rollback().await?),
        Some(Asked::Dismissed { .. }) => {
            let why = "Your request was dismissed. Seven days after it you can ask again.";
            return Err(Failure::new(Code::Forbidden, why).into());
        }
        None => {}
    }
    if rows::count_open(&tx, account.id).await? >= MAX_OPEN_REQUESTS {
        let why = format!("{MAX_OPEN_REQUESTS} of your requests wait for an answer. Wait until one of them has one.");
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    rows::insert(&tx, ctx, (invite, AccountId(row.created_by)), account.id, now).await?;
    let event = Event::JoinRequested { invite, account: account.id };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(())
}

/// An invite, and how an account stands to its groups.
struct Situation {
    terms: Terms,
    /// The groups of the invite.
    groups: Vec<GroupRef>,
    /// Those that the account is in.
    is_in: Vec<GroupId>,
    /// The use of the invite by the account.
    redemption: Option<RedemptionRow>,
    /// Whether somebody decides about some of those who sign up by it.
    is_selective: bool,
}

impl Situation {
    async fn read(
        db: &impl ConnectionTrait,
        row: &InviteRow,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let terms = invites::store::terms(row)?;
        let mut found = memberships::references(db, terms.groups.iter().copied()).await?;
        let groups = terms.groups.iter().filter_map(|id| found.remove(id)).collect();
        let is_in = memberships::among(db, account, &terms.groups, now).await?;
        let redemption = redemptions::of(db, InviteId(row.id), account).await?;
        let is_selective = invites::selects(db, &terms).await?;
        Ok(Self { terms, groups, is_in, redemption, is_selective })
    }

    fn standing(&self, email: &domain::accounts::Email) -> Standing {
        Standing::of(&self.terms, email, &self.is_in, self.redemption.is_some(), self.is_selective)
    }

    /// The groups that the account is not in.
    fn missing(&self) -> Vec<GroupId> {
        self.terms.groups.iter().copied().filter(|group| !self.is_in.contains(group)).collect()
    }

    fn joined(self, used: bool) -> Joined {
        Joined { application: self.terms.after.as_ref().and_then(Destination::application), groups: self.groups, used }
    }

    fn is_in_all(&self) -> bool {
        self.missing().is_empty()
    }
}

/// The invite with this code, which the actor may use now as far as a cheap look says, or has used.
async fn usable(ctx: &Ctx, actor: &Actor, code: &str) -> Result<InviteId, Error> {
    if actor.scope != KeyScope::Full {
        let why = "This API key does not have full access, which joining groups needs. Use a key that has it.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    if !actor.active {
        if let Some(row) = accounts::find(&ctx.db().read, actor.id()).await? {
            callers::refuse_unverified(&accounts::account(&row, ctx.now())?)?;
        }
        let why = "Your account is pending approval. You can join groups once it is approved.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    refuse_closed(ctx).await?;
    let row = look_up(ctx, actor, code).await?.ok_or_else(Failure::invite_invalid)?;
    Ok(InviteId(row.id))
}

/// The invite with this code, of which the actor may know: one that can be used, one with a random code, or one that they have
/// used. Others are counted like an unknown code, so that a client that asks often cannot tell the two apart.
async fn look_up(ctx: &Ctx, actor: &Actor, code: &str) -> Result<Option<InviteRow>, Error> {
    let guess = ctx.limits().reserve(ctx, Limit::Code, &actor.client, "").await?;
    let db = &ctx.db().read;
    let found = match InviteCode::parse(code) {
        Ok(code) => invites::store::find_by_code(db, ctx, &code).await?,
        Err(_) => None,
    };
    let is_known = |row: &InviteRow| {
        let is_active = invites::store::lifecycle(row).status(ctx.now()) == InviteStatus::Active;
        is_active || invites::store::code_kind(row) == CodeKind::Random
    };
    if found.as_ref().is_some_and(is_known) {
        return Ok(found);
    }
    // Also asked about an unknown code: otherwise it would be answered a little sooner than one that cannot be used.
    let id = found.as_ref().map_or(uuid::Uuid::nil(), |row| row.id);
    let has_used = redemptions::of(db, InviteId(id), actor.id()).await?.is_some();
    if !has_used {
        guess.fail();
    }
    Ok(found.filter(|_| has_used))
}

/// Refuses while registration is closed, which puts every invite on hold.
async fn refuse_closed(ctx: &Ctx) -> Result<(), Error> {
    if settings::current(ctx).await?.registration_mode == RegistrationMode::Closed {
        let why = "Registration is closed at the moment, so that no invite can be used. Try again later.";
        return Err(Failure::new(Code::RegistrationClosed, why).into());
    }
    Ok(())
}

/// Whether the author of the invite may still grant what it grants.
async fn author_may_grant(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    row: &InviteRow,
    now: Timestamp,
) -> Result<bool, Error> {
    let roles = settings::read(ctx, db).await?.role_permissions;
    invites::author_may_grant(db, row, roles, now).await
}

/// What became of a request; nothing if it was granted, or dismissed so long ago that it counts no more.
fn what_became_of(row: &RequestRow, now: Timestamp) -> Option<Asked> {
    match (row.granted_at, row.dismissed_at.map(Timestamp::from_micros)) {
        (Some(_), _) => None,
        (None, None) => Some(Asked::Open { at: Timestamp::from_micros(row.created_at) }),
        (None, Some(at)) => {
            let again_at = at.plus(ASK_AGAIN_AFTER);
            (again_at > now).then_some(Asked::Dismissed { again_at })
        }
    }
}

fn nothing_to_join() -> Failure {
    Failure::new(Code::Forbidden, "This invite gives no groups, so that there is nothing to join with it.")
}

fn not_admitted(why: NotAdmitted) -> Failure {
    Failure::new(Code::NotAdmitted, format!("{} Ask its author to add you.", why.sentence()))
}
