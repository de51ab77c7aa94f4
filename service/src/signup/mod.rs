//! Signing up with an invite, or without one where sign-up is open.
//!
//! The order of the steps is that of ARCHITECTURE.md, "Redeeming an invite": the checks that are cheap and refuse most
//! requests come first, the password is hashed outside of the transaction, and the transaction claims the attempt and the
//! use, inserts the account, the redemption and the audit row, or writes nothing.

use std::time::Duration;

use domain::accounts::{Email, Role};
use domain::events::Event;
use domain::flows::{Decision, TypedTerms, VersionRef};
use domain::ids::{AccountId, InviteId};
use domain::invites::{AccessOf, Answers, CodeKind, InviteCode, InviteStatus, Terms};
use domain::overview::DailyCounts;
use domain::redemptions::RedemptionKind;
use domain::settings::{DefaultRole, RegistrationMode, Settings};
use domain::signup::{AddressProof, AttemptKey, SignUp, SignedUp};
use domain::text::ParseError;
use domain::verification::ACTIVATION_LASTS;
use domain::web::Destination;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use self::attempts::Attempt;
pub(crate) use self::attempts::purge_old as purge_old_attempts;
pub use self::checking::{check, refuse};
pub use self::form::{OpenForm, open_form, preview_form, read_form, reopen_form, seal_form};
pub(crate) use self::outcomes::Outcomes;
use crate::accounts::activations;
use crate::accounts::store::{self as accounts, NewRow, Verified};
use crate::audit::{self, Originator};
use crate::flow_versions::store::{self as flows, Found};
use crate::invites::InviteLocks;
use crate::mail::{self, Contents, NewMail};
use crate::overview::counts;
use crate::platform::inserts::Inserts;
use crate::platform::limits::{self, Limit};
use crate::platform::tx::{self, TxError};
use crate::sessions::{self, Browser, NewSession, Subject};
use crate::terms::store as accepted_terms;
use crate::{Client, Ctx, Error, attributes, invites, mailings, memberships, redemptions, settings, setup};

pub(crate) mod attempts;
mod checking;
mod flow;
mod form;
mod outcomes;
mod proof;
#[cfg(test)]
mod tests;

/// The time limit for the transaction, slightly longer than the wait for a connection. Afterwards the response is 503.
const TIMEOUT: Duration = Duration::from_secs(12);

/// As many invites that admit an address without their code are tried for one sign-up, if others use them up first.
const RULES_TRIED: usize = 4;

/// The wait for a hashing permit after which it is checked again whether the invite is active. Hashing the passwords of one
/// second for nothing costs less than asking the database each time.
const CHECK_AFTER: Duration = Duration::from_secs(1);

/// Signs up. A client that sends the same `key` again gets the same result.
///
/// Runs to its end even if the client disconnects.
///
/// # Errors
/// [`Code::InviteInvalid`] for every code that cannot be used; [`Code::UsernameTaken`]; [`Code::EmailTaken`], unless the address
/// is to be verified: then its owner is told by mail, and nobody else;
/// [`Code::Invalid`] for a password that is easy to guess (with what is taken, too), or for a missing code where one is needed;
/// [`Code::RegistrationClosed`]; [`Code::IdempotencyKeyReused`]; [`Code::RateLimited`]; [`Code::Unavailable`].
pub async fn sign_up(ctx: &Ctx, sign_up: SignUp, key: Option<AttemptKey>, client: &Client) -> Result<SignedUp, Error> {
    let attempt = Attempt::new(ctx, key.as_ref(), &sign_up);
    let (ours, client) = (ctx.clone(), client.clone());
    ctx.detached(async move {
        let outcome = replay_or_sign_up(&ours, sign_up, &attempt, &client).await;
        ours.state::<Outcomes>().count(&outcome);
        outcome
    })
    .await
}

async fn replay_or_sign_up(ctx: &Ctx, sign_up: SignUp, attempt: &Attempt, client: &Client) -> Result<SignedUp, Error> {
    if let Some(signed_up) = attempt.replay(ctx).await? {
        return Ok(signed_up);
    }
    match sign_up_once(ctx, sign_up, attempt, client).await {
        // Of several concurrent requests with one key, the first one may be the reason that this one is refused.
        Err(Error::Failure(failure)) if failure.code != Code::Unavailable => match attempt.replay(ctx).await? {
            Some(signed_up) => Ok(signed_up),
            None => Err(failure.into()),
        },
        outcome => outcome,
    }
}

/// Signs up and starts a session, which ends the one that the browser has. A repeated attempt starts a session only if the
/// password is correct, because the key of the attempt proves nothing; a wrong one counts as a failed sign-in.
pub async fn sign_up_and_in(
    ctx: &Ctx,
    sign_up: SignUp,
    key: Option<AttemptKey>,
    client: &Client,
    browser: &Browser,
) -> Result<(SignedUp, Option<NewSession>), Error> {
    let password = sign_up.password.expose().to_owned();
    let signed_up = self::sign_up(ctx, sign_up, key, client).await?;
    let id = signed_up.account.id;
    let verified = if signed_up.replayed {
        let account = accounts::find(&ctx.db().read, id).await?;
        let account = account.ok_or_else(|| Error::internal("an attempt refers to a missing account"))?;
        let hash = Some(account.password_hash.clone());
        if !sessions::verify_password(ctx, client, &Subject::Account(id), password, hash).await? {
            return Ok((signed_up, None));
        }
        Verified::by_password(&account)
    } else {
        Verified::as_new(id)
    };
    let event = Event::SignedInBySignUp { account: id, replaced: browser.session };
    match sessions::begin(ctx, &verified, &event, client, browser).await {
        Ok(session) => Ok((signed_up, Some(session))),
        // The account was suspended or got another password in the meantime.
        Err(error) if matches!(error.code(), Code::SignInFailed | Code::AccountSuspended) => Ok((signed_up, None)),
        Err(error) => Err(error),
    }
}

/// The basis on which a visitor may sign up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admission {
    /// An invite, whose code the visitor has, or which admits the address without it.
    Invite { id: InviteId, by_code: bool },
    /// Open sign-up. The account waits for approval, or not.
    Open { approved: bool },
}

impl Admission {
    /// Whether an invite admits the address without its code.
    fn by_rule(self) -> bool {
        matches!(self, Self::Invite { by_code: false, .. })
    }
}

/// A visitor who may sign up.
#[derive(Clone, Debug)]
struct Admitted {
    admission: Admission,
    /// Those of the invite as they were read; without one, those of an invite that asks for nothing.
    terms: Terms,
    settings: Settings,
}

/// What somebody sent besides what every account has.
#[derive(Clone, Debug, Default)]
struct Sent {
    answers: Answers,
    terms: TypedTerms,
    /// The version of the flow that the form began with.
    begun: Option<VersionRef>,
    /// What the link of an invitation's mail proves the address with.
    proof: Option<AddressProof>,
}

impl Sent {
    fn of(sign_up: &SignUp) -> Self {
        Self {
            answers: sign_up.attributes.clone(),
            terms: sign_up.terms.clone(),
            begun: sign_up.begun,
            proof: sign_up.proof.clone(),
        }
    }
}

/// A new account, and what was sent with it.
#[derive(Clone, Debug)]
struct NewMember {
    row: NewRow,
    sent: Sent,
}

/// Signs up, once. Hundreds may wait until their password can be hashed: what is needed before and after that is on the heap, and freed
/// while they wait.
async fn sign_up_once(ctx: &Ctx, sign_up: SignUp, attempt: &Attempt, client: &Client) -> Result<SignedUp, Error> {
    let Precheck { admission, is_verified, counted } = Box::pin(precheck(ctx, &sign_up, client)).await?;
    let new = match Box::pin(prepare(ctx, (admission, ctx.now()), sign_up, is_verified, client)).await {
        Ok(new) => new,
        Err(error) => {
            if let Some(counted) = counted {
                counted.release();
            }
            return Err(error);
        }
    };
    let (ours, attempt, client) = (ctx.clone(), attempt.clone(), client.clone());
    let signed_up = ctx.detached(Box::pin(async move {
        let outcome = create_as_admitted(&ours, admission, new, &attempt, &client).await;
        // What may have been created counts, too.
        let is_created = match &outcome {
            Ok(signed_up) => !signed_up.replayed,
            Err(error) => error.code() == Code::Unavailable,
        };
        if let Some(counted) = counted.filter(|_| !is_created) {
            counted.release();
        }
        outcome
    }));
    // After the timeout the work continues. A client that repeats the request with the same key gets its result.
    tokio::time::timeout(TIMEOUT, signed_up).await.unwrap_or_else(|_| Err(Error::unavailable()))
}

/// The result of [`precheck`].
struct Precheck {
    admission: Admission,
    /// Whether its address is to be verified.
    is_verified: bool,
    /// Its part of the limit on messages to the address, if it is sent one.
    counted: Option<limits::Attempt>,
}

/// The checks that are cheap, before the password is hashed.
async fn precheck(ctx: &Ctx, sign_up: &SignUp, client: &Client) -> Result<Precheck, Error> {
    let admitted = admit(ctx, sign_up.code.as_ref(), Some(&sign_up.email), client, Limit::Code).await?;
    let Admitted { admission, terms, settings } = admitted;
    let db = &ctx.db().read;
    // Before anything is said of the address: whether it has an account is only for those who may use it.
    let found = flows::of_form(db, terms.flow, sign_up.begun).await?;
    let answered =
        flow::answered(db, (admission, &terms), &found, &sign_up.email, &Sent::of(sign_up), ctx.now()).await?;
    if let Decision::Refused(words) = answered.decide(&found.flow, ctx.now()) {
        return Err(Failure::new(Code::SignUpRefused, words.as_str()).into());
    }
    invites::check_person(db, &terms, sign_up.name.as_ref(), &sign_up.username).await?;
    let is_proven = proof::proves(ctx, db, admission, &sign_up.email, sign_up.proof.as_ref()).await?;
    let is_verified = !is_proven && verifies(ctx, db, &terms, &found, &settings).await?;
    // Of those that create no account, no message is sent.
    let counted = if is_verified {
        let address = sign_up.email.folded();
        Some(ctx.limits().reserve(ctx, Limit::SignUpFor, &Client::default(), &address).await?)
    } else {
        None
    };
    Ok(Precheck { admission, is_verified, counted })
}

/// Checks what is taken, unless only a mail says so of the address, and the password, and hashes it.
async fn prepare(
    ctx: &Ctx,
    (admission, admitted_at): (Admission, Timestamp),
    sign_up: SignUp,
    is_verified: bool,
    client: &Client,
) -> Result<NewMember, Error> {
    let email = Some(&sign_up.email).filter(|_| !is_verified);
    let taken = Box::pin(accounts::taken(&ctx.db().read, email, Some(&sign_up.username))).await?;
    let mut personal = vec![sign_up.email.to_string(), sign_up.username.to_string()];
    personal.extend(sign_up.name.as_ref().map(ToString::to_string));
    let network = client.network();
    let checked = Box::pin(ctx.passwords().check(network, sign_up.password, personal)).await;
    let password = unless_taken(taken, checked)?;

    // The last use may be claimed while the password waits to be hashed; then hashing it would be wasted work.
    let check_again = async {
        match admission {
            Admission::Invite { id, by_code: true } if admitted_at.plus(CHECK_AFTER) <= ctx.now() => {
                Box::pin(check_active(ctx, id)).await
            }
            Admission::Invite { .. } | Admission::Open { .. } => Ok(()),
        }
    };
    let salt = ctx.randomness().bytes();
    let password_hash = ctx.passwords().hash(network, password, salt, check_again).await?;

    let id = ctx.randomness().uuid(ctx.now());
    let row = NewRow {
        id,
        email: sign_up.email,
        username: sign_up.username,
        name: sign_up.name,
        role: Role::User,
        password_hash,
        approved: true,
        ends_at: None,
        activate_by: None,
    };
    let sent = Sent { answers: sign_up.attributes, terms: sign_up.terms, begun: sign_up.begun, proof: sign_up.proof };
    Ok(NewMember { row, sent })
}

/// The outcome of a check of the password, unless the address or the username is taken. If both are wrong, both are
/// reported.
fn unless_taken<T>(taken: Option<Failure>, checked: Result<T, Error>) -> Result<T, Error> {
    match (taken, checked) {
        (None, checked) => checked,
        (Some(taken), Err(Error::Failure(weak))) if weak.code == Code::Invalid => Err(taken.and(weak).into()),
        (Some(taken), _) => Err(taken.into()),
    }
}

/// Creates the account. Anyone who has no code knows nothing of the invite that admitted the address: if it was used up or
/// changed in the meantime, what admits the address now counts.
async fn create_as_admitted(
    ctx: &Ctx,
    mut admission: Admission,
    new: NewMember,
    attempt: &Attempt,
    client: &Client,
) -> Result<SignedUp, Error> {
    for _ in 0..RULES_TRIED {
        match create_account(ctx, admission, new.clone(), attempt, client).await {
            Err(error) if admission.by_rule() && error.code() == Code::InviteInvalid => {
                admission = admit(ctx, None, Some(&new.row.email), client, Limit::Code).await?.admission;
            }
            outcome => return outcome,
        }
    }
    Err(Error::unavailable())
}

/// Runs the transaction, with retries.
async fn create_account(
    ctx: &Ctx,
    admission: Admission,
    new: NewMember,
    attempt: &Attempt,
    client: &Client,
) -> Result<SignedUp, Error> {
    let _lock = match admission {
        Admission::Invite { id, .. } if ctx.db().is_postgres() => Some(ctx.state::<InviteLocks>().lock(id).await),
        _ => None,
    };
    tx::with_retries(
        || redeem(ctx, admission, new.clone(), attempt, client),
        || async {
            let found = attempt.find(ctx).await?;
            Ok(found.map(|signed_up| SignedUp { replayed: false, ..signed_up }))
        },
    )
    .await
}

/// Checks, with cheap reads, that the visitor may sign up, of whom the address may be known. A code that cannot be used counts at
/// `limit`.
async fn admit(
    ctx: &Ctx,
    code: Option<&Result<InviteCode, ParseError>>,
    email: Option<&Email>,
    client: &Client,
    limit: Limit,
) -> Result<Admitted, Error> {
    let guess = ctx.limits().reserve(ctx, limit, client, "").await?;
    let settings = settings::current(ctx).await?;
    refuse_closed(ctx, &settings).await?;
    let code = match (code, settings.registration_mode) {
        (None, RegistrationMode::Open) => {
            let (admission, terms) = admit_without_code(ctx, email, &settings).await?;
            return Ok(Admitted { admission, terms, settings });
        }
        (None, _) => return Err(Failure::field(Code::Invalid, "code", "Enter your invite code.").into()),
        (Some(code), _) => code.as_ref().ok(),
    };
    let found = match code {
        Some(code) => invites::store::find_by_code(&ctx.db().read, ctx, code).await?,
        None => None,
    };
    let usable = found.as_ref().filter(|row| invites::store::lifecycle(row).status(ctx.now()) == InviteStatus::Active);
    if let Some(invite) = usable {
        let admission = Admission::Invite { id: InviteId(invite.id), by_code: true };
        return Ok(Admitted { admission, terms: invites::store::terms(invite)?, settings });
    }
    // An own code can be guessed: if it cannot be used it is counted like an unknown code, so that a client that asks often
    // cannot tell the two apart. Anyone who has a random code was given it.
    if found.is_none_or(|row| invites::store::code_kind(&row) == CodeKind::Own) {
        guess.fail();
    }
    Err(Failure::invite_invalid().into())
}

/// The first invite that admits the address without its code and whose author may still grant it; if there is none, what the
/// settings say of everyone else.
async fn admit_without_code(
    ctx: &Ctx,
    email: Option<&Email>,
    settings: &Settings,
) -> Result<(Admission, Terms), Error> {
    let (db, roles) = (&ctx.db().read, settings.role_permissions);
    if let Some(email) = email {
        for row in invites::store::without_code(db, &email.domain(), ctx.now()).await? {
            let terms = invites::store::terms(&row)?;
            if terms.admits(email).is_ok() && invites::author_may_grant(db, &row, roles, ctx.now()).await? {
                return Ok((Admission::Invite { id: InviteId(row.id), by_code: false }, terms));
            }
        }
    }
    match settings.default_role {
        DefaultRole::User => Ok((Admission::Open { approved: true }, Terms::default())),
        // An address that does not parse may be meant to be one that is admitted.
        DefaultRole::Refused if email.is_some() => Err(code_needed().into()),
        DefaultRole::Pending | DefaultRole::Refused => Ok((Admission::Open { approved: false }, Terms::default())),
    }
}

fn code_needed() -> Failure {
    let why = "With this e-mail address you need an invite code. Enter it, or use another address.";
    Failure::field(Code::Invalid, "code", why)
}

/// Whether an account that signs up by these terms and this flow has to verify its address.
async fn verifies(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    terms: &Terms,
    found: &Found,
    settings: &Settings,
) -> Result<bool, Error> {
    Ok(found.flow.verifies(terms, settings.verify_email) && mail::is_on(ctx, db).await?)
}

/// Checks, once the password is hashed, that registration is still open to anyone who has no code.
fn check_still_open(settings: &Settings, by_rule: bool) -> Result<(), Failure> {
    let is_open = settings.registration_mode == RegistrationMode::Open;
    if is_open && (by_rule || settings.default_role != DefaultRole::Refused) { Ok(()) } else { Err(code_needed()) }
}

async fn refuse_closed(ctx: &Ctx, settings: &Settings) -> Result<(), Error> {
    let why = if setup::state(ctx).await? == setup::State::Open {
        "This site is not set up yet."
    } else if settings.registration_mode == RegistrationMode::Closed {
        "Sign-up is closed at the moment."
    } else {
        return Ok(());
    };
    Err(Failure::new(Code::RegistrationClosed, why).into())
}

async fn check_active(ctx: &Ctx, invite: InviteId) -> Result<(), Error> {
    let row = invites::store::find(&ctx.db().read, invite).await?;
    match row.map(|row| invites::store::lifecycle(&row).status(ctx.now())) {
        Some(InviteStatus::Active) => Ok(()),
        _ => Err(Failure::invite_invalid().into()),
    }
}

/// The transaction. All code takes locks in this order: attempt, invite, account, redemption, group, counter.
async fn redeem(
    ctx: &Ctx,
    admission: Admission,
    new: NewMember,
    attempt: &Attempt,
    client: &Client,
) -> Result<SignedUp, TxError> {
    let now = ctx.now();
    let NewMember { row: mut new, sent } = new;
    let tx = tx::begin(ctx).await?;

    if !attempt.claim(&tx, new.id, now).await? {
        tx.rollback().await?;
        let signed_up = attempt.find(ctx).await?;
        return signed_up.ok_or_else(|| Error::unavailable().into());
    }

    let mut terms = Terms::default();
    let mut is_mailed = false;
    let (is_proven, is_verified);
    let found;
    let mut is_approved = true;
    let settings;
    let invite = match admission {
        Admission::Invite { id: invite, by_code } => {
            let row = invites::store::claim_use(&tx, invite, now).await?.ok_or_else(Failure::invite_invalid)?;
            settings = settings::read(ctx, &tx).await?;
            if !by_code {
                check_still_open(&settings, true)?;
            }
            let roles = settings.role_permissions;
            if !invites::author_may_grant(&tx, &row, roles, now).await? {
                return Err(Failure::invite_invalid().into());
            }
            terms = invites::store::terms(&row)?;
            found = flows::of_form(&tx, terms.flow, sent.begun).await?;
            // Again: the invitation may have been revoked while the password was hashed.
            is_proven = proof::proves(ctx, &tx, admission, &new.email, sent.proof.as_ref()).await?;
            is_verified = !is_proven && verifies(ctx, &tx, &terms, &found, &settings).await?;
            is_mailed = row.mailed_at.is_some();
            if !by_code {
                if !terms.without_code || terms.admits(&new.email).is_err() {
                    return Err(Failure::invite_invalid().into());
                }
                // The rule is for the one who has the address.
                terms.approval |= !is_verified && invites::needs_approval_without_code(&tx, &terms, roles).await?;
            }
            new.role = terms.role;
            new.ends_at = ends_at(&terms, AccessOf::Account, now);
            Some((invite, AccountId(row.created_by)))
        }
        Admission::Open { approved } => {
            settings = settings::read(ctx, &tx).await?;
            check_still_open(&settings, false)?;
            found = flows::of_form(&tx, None, sent.begun).await?;
            is_proven = false;
            is_verified = verifies(ctx, &tx, &terms, &found, &settings).await?;
            is_approved = approved;
            None
        }
    };

    // Again: the invite or the flow may have been changed while the password was hashed.
    let answered = flow::answered(&tx, (admission, &terms), &found, &new.email, &sent, now).await?;
    let admitted = match answered.decide(&found.flow, now) {
        Decision::Refused(words) => return Err(Failure::new(Code::SignUpRefused, words.as_str()).into()),
        Decision::Admitted(admitted) => admitted,
    };
    let author = invite.map(|(_, author)| author);
    let admitted = flow::withhold(&tx, admitted, &found, (author, &terms), settings.role_permissions, now).await?;
    let admitted = admitted.by(&terms, &settings.allowed_origins);
    new.approved = is_approved && !admitted.approval;
    new.activate_by = is_verified.then(|| now.plus(ACTIVATION_LASTS));
    let (role, groups, email) = (new.role, admitted.groups, new.email.clone());
    invites::check_person(&tx, &terms, new.name.as_ref(), &new.username).await?;
    // As wherever an account gets an address that is verified: those that claim it are locked before.
    let claimants = if is_proven {
        activations::lock_claimants(&tx, AccountId(new.id), &email.folded()).await?
    } else {
        Vec::new()
    };
    let mut inserts = Inserts::default();
    let mut account = accounts::add_by_flow(&mut inserts, new, (found.version_id, &admitted.withheld), now);
    let id = AccountId(account.id);
    let invite = invite.map(|(invite, _)| invite);
    let redeemed = |invite| redemptions::store::add(&mut inserts, ctx, (invite, id), RedemptionKind::New, now);
    let membership = (invite.map(redeemed), ends_at(&terms, AccessOf::Groups, now));
    memberships::store::join(&mut inserts, id, &groups, membership, now);
    let (flow, flow_version) = (Some(found.id()), Some(found.number));
    let events = [Event::AccountSignedUp { account: id, invite, role, groups, flow, flow_version }];
    let added = audit::add(&mut inserts, ctx, now, Originator::Visitor(client), &events)?;
    accounts::inserted(inserts.exec(&tx).await, &account)?;
    if is_proven {
        account = proof::verify(&tx, account, claimants.clone(), now).await?;
    }
    if let Some(invite) = invite.filter(|_| is_mailed) {
        mailings::store::join(&tx, invite, (&email.folded(), id), &claimants, now).await?;
    }
    if !answered.of_account.attributes.is_empty() {
        attributes::store::set(&tx, id, &answered.of_account.attributes).await?;
    }
    accepted_terms::accept(&tx, id, &answered.accepted, now).await?;
    if is_verified {
        activations::claim(&tx, id, &email, now).await?;
        let letter = NewMail { to: email, account: Some(id), contents: Contents::Activation };
        mail::queue(&tx, ctx, vec![letter], now).await?;
    }
    added.announce(&tx, ctx).await?;
    counts::add(&tx, ctx, now, DailyCounts { accounts: 1, redemptions: invite.is_some().into() }).await?;
    tx.commit().await.map_err(TxError::Commit)?;
    // Nothing is read after the commit: what fails then would make a success look like a failure.
    Ok(SignedUp { account: accounts::account(&account, now)?, after: admitted.after, replayed: false })
}

/// When the access to what `of` names ends, for someone who signs up now; `None` is never.
fn ends_at(terms: &Terms, of: AccessOf, now: Timestamp) -> Option<Timestamp> {
    terms.ends.filter(|ends| ends.of == of).map(|ends| ends.after(now))
}

/// Where an account goes that has just signed up, if its invite or its flow says so and the settings still allow it.
pub async fn after(ctx: &Ctx, account: AccountId) -> Result<Option<Destination>, Error> {
    let db = &ctx.db().read;
    if let Some(invite) = redemptions::store::first_invite(db, account).await?
        && let Some(after) = invites::after(ctx, invite).await?
    {
        return Ok(Some(after));
    }
    let row = accounts::find(db, account).await?;
    let Some(version) = row.and_then(|row| row.flow_version_id) else { return Ok(None) };
    let Some(found) = flows::of_account(db, version).await? else { return Ok(None) };
    let attributes = attributes::store::of_account(db, account).await?;
    let after = flow::after(&found.flow, &attributes, ctx.now());
    let allowed = settings::current(ctx).await?.allowed_origins;
    Ok(after.filter(|after| after.is_allowed(&allowed)))
}
