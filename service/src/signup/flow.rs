//! The part of a flow in a sign-up: the answers, the terms, what the rules decide, and which groups may be given.

use domain::access::RolePermissions;
use domain::accounts::{Email, Role};
use domain::attributes::Attribute;
use domain::flows::{Admitted, Answered, Answers, Decision, Flow, accept};
use domain::ids::{AccountId, TermsId};
use domain::invites::Terms;
use domain::web::Destination;
use domain::{Failure, Timestamp};
use sea_orm::ConnectionTrait;

use super::{Admission, Sent};
use crate::flow_versions::store::Found;
use crate::terms::store as terms_store;
use crate::{Error, invites};

/// What somebody who signs up has answered and accepted.
pub(super) struct SentToFlow {
    /// The answers, and the attributes of the account.
    pub(super) of_account: Answered,
    /// The versions of terms.
    pub(super) accepted: Vec<(TermsId, u32)>,
}

impl SentToFlow {
    /// What the rules decide.
    pub(super) fn decide(&self, flow: &Flow, now: Timestamp) -> Decision {
        flow.decide(&self.of_account.answers, &self.of_account.attributes, now)
    }
}

/// What was sent, parsed by the flow. Anyone who has no code was not shown the attributes of the invite that admits the address:
/// what it fixes counts, and what was answered counts before what it fills in.
///
/// # Errors
/// [`domain::Code::Invalid`] under `email`, `attributes.KEY` and `terms.ID`.
pub(super) async fn answered(
    db: &impl ConnectionTrait,
    (admission, terms): (Admission, &Terms),
    found: &Found,
    email: &Email,
    sent: &Sent,
    now: Timestamp,
) -> Result<SentToFlow, Error> {
    let current = terms_store::current(db, &found.flow.terms).await?;
    let mut typed = Answered::typed(&sent.answers);
    if admission.by_rule() {
        found.flow.answered(&typed, &Terms::default(), email, now)?;
        let is_fixed = |key: &_| terms.attributes.iter().any(|given| given.locked && given.key == *key);
        typed.retain(|key, _| found.flow.field(key).is_some() && !is_fixed(key));
    }
    let answered = found.flow.answered(&typed, terms, email, now);
    let accepted = accept(&current, &sent.terms);
    match (answered, accepted) {
        (Ok(of_account), Ok(accepted)) => Ok(SentToFlow { of_account, accepted }),
        (Err(failure), Err(other)) => Err(Failure::and(failure, other).into()),
        (Err(failure), _) | (_, Err(failure)) => Err(failure.into()),
    }
}

/// The same without the groups that may not be given: by the account that saved the version of the flow and, where an invite
/// names the flow, by the author of the invite.
pub(super) async fn withhold(
    db: &impl ConnectionTrait,
    admitted: Admitted,
    found: &Found,
    (author, terms): (Option<AccountId>, &Terms),
    roles: RolePermissions,
    now: Timestamp,
) -> Result<Admitted, Error> {
    if admitted.groups.is_empty() {
        return Ok(admitted);
    }
    let groups = &admitted.groups;
    let mut given = match found.saved_by {
        Some(saved_by) => invites::grantable(db, saved_by, (Role::User, &[]), groups, roles, now).await?,
        None => Vec::new(),
    };
    if let Some(author) = author.filter(|_| terms.flow.is_some()) {
        let by_author = invites::grantable(db, author, terms.granted(), groups, roles, now).await?;
        given.retain(|group| by_author.contains(group));
    }
    Ok(admitted.withholding(|group| given.contains(&group)))
}

/// Where the flow leads an account with these attributes.
pub(super) fn after(flow: &Flow, attributes: &[Attribute], now: Timestamp) -> Option<Destination> {
    let of_fields = attributes.iter().filter(|attribute| flow.field(&attribute.key).is_some());
    let answers: Answers = of_fields.map(|attribute| (attribute.key.clone(), attribute.value.clone())).collect();
    match flow.decide(&answers, attributes, now) {
        Decision::Admitted(admitted) => admitted.after,
        Decision::Refused(_) => None,
    }
}
