//! The plan of the demo data, made before anything is written. Depends only on the seed and the current time.

use std::time::Duration;

use domain::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::content::{ALWAYS_USABLE, INVITES, InviteTemplate, MOST_USED, Outcome};

/// The number of days before now that have sign-ups.
pub(super) const DAYS: u64 = 60;
const DAY: Duration = Duration::from_hours(24);
/// The weight of each hour of the day: few sign-ups at night, most in the evening.
const HOUR_WEIGHTS: [u32; 24] = [2, 1, 0, 0, 0, 0, 1, 3, 4, 4, 4, 4, 6, 5, 4, 4, 4, 6, 8, 11, 12, 9, 5, 3];
/// The weight of each day of the week, backwards from today.
const DAY_WEIGHTS: [u32; 7] = [8, 10, 16, 9, 11, 20, 24];

/// An invite with its dates and uses.
#[derive(Clone, Debug)]
pub(super) struct PlannedInvite {
    pub(super) template: InviteTemplate,
    /// How often the template was used before, from 0.
    pub(super) repetition: usize,
    pub(super) created_at: Timestamp,
    pub(super) starts_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) paused_at: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
    pub(super) used: u32,
    pub(super) last_used_at: Option<Timestamp>,
}

impl PlannedInvite {
    fn new(template: InviteTemplate, repetition: usize, now: Timestamp, rng: &mut StdRng) -> Self {
        // The first time at a random hour of the template's day, later at a random hour of any day.
        let days_ago = |days: i64| now.minus(DAY * u32::try_from(days.unsigned_abs()).unwrap_or(1));
        let offset = Duration::from_secs(rng.random_range(0..36_000));
        let shift = if repetition == 0 { 0 } else { rng.random_range(0..template.age_days.max(1)) };
        let (created_at, starts_at) = if template.age_days < 0 {
            (days_ago(3).plus(offset), Some(now.plus(DAY * u32::try_from(-template.age_days).unwrap_or(1))))
        } else {
            (days_ago((template.age_days - shift).max(1)).plus(offset), None)
        };
        let length = |days: i64| DAY * u32::try_from(days).unwrap_or(1);
        Self {
            template,
            repetition,
            created_at,
            starts_at,
            expires_at: template.lifetime_days.map(|days| starts_at.unwrap_or(created_at).plus(length(days))),
            paused_at: (template.outcome == Outcome::Paused).then(|| days_ago(2).plus(offset).max(created_at)),
            deleted_at: (template.outcome == Outcome::Deleted).then(|| days_ago(3).plus(offset).max(created_at)),
            used: 0,
            last_used_at: None,
        }
    }

    fn is_usable(&self, at: Timestamp) -> bool {
        let past = |time: Option<Timestamp>| time.is_some_and(|time| time <= at);
        self.created_at <= at
            && self.starts_at.is_none_or(|starts| starts <= at)
            && !past(self.expires_at)
            && !past(self.paused_at)
            && !past(self.deleted_at)
            && self.template.max_uses.is_none_or(|max_uses| self.used < max_uses)
    }
}

/// A sign-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlannedSignUp {
    pub(super) at: Timestamp,
    /// The index of the invite; `None` for a sign-up without an invite.
    pub(super) invite: Option<usize>,
    pub(super) approved: bool,
    pub(super) suspended_at: Option<Timestamp>,
    pub(super) last_active_at: Option<Timestamp>,
    pub(super) ends_at: Option<Timestamp>,
}

impl PlannedSignUp {
    /// Whether the account can be used at `now`.
    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        let ended = self.ends_at.is_some_and(|at| at <= now);
        self.approved && self.suspended_at.is_none() && self.at < now && !ended
    }
}

/// All invites and sign-ups.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) invites: Vec<PlannedInvite>,
    /// In order of time.
    pub(super) sign_ups: Vec<PlannedSignUp>,
}

/// Plans `sign_ups` sign-ups and `invites` invites.
pub(super) fn plan(sign_ups: usize, invites: usize, seed: u64, now: Timestamp) -> Plan {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut invites: Vec<_> = (0..invites)
        .map(|index| PlannedInvite::new(INVITES[index % INVITES.len()], index / INVITES.len(), now, &mut rng))
        .collect();
    let mut times: Vec<_> = (0..sign_ups).map(|_| random_time(now, &mut rng)).collect();
    times.sort_unstable();
    let to_use_up: Vec<_> =
        (0..invites.len().min(INVITES.len())).filter(|index| INVITES[*index].outcome == Outcome::UsedUp).collect();
    let mut sign_ups = Vec::with_capacity(times.len());
    for (number, at) in times.iter().enumerate() {
        // One in twelve has no invite, and so do two of the latest.
        let without_invite = rng.random_ratio(1, 12) || [3, 6].contains(&(times.len() - number));
        let invite = if without_invite { None } else { choose_invite(*at, &invites, &to_use_up, &mut rng) };
        if let Some(index) = invite {
            invites[index].used += 1;
        }
        sign_ups.push(sign_up(*at, invite, now, &mut rng));
    }
    use_each_invite(&mut invites, &mut sign_ups);
    decline_one(&mut sign_ups, now);
    end_some(&mut sign_ups, now);
    for sign_up in &sign_ups {
        if let Some(index) = sign_up.invite {
            invites[index].last_used_at = Some(sign_up.at);
        }
    }
    Plan { invites, sign_ups }
}

/// Gives each invite with a popularity at least one use, if another invite has one to spare. The other invites stay
/// unused on purpose.
fn use_each_invite(invites: &mut [PlannedInvite], sign_ups: &mut [PlannedSignUp]) {
    let mut newest_first: Vec<_> = (0..invites.len().min(INVITES.len())).collect();
    newest_first.sort_by_key(|index| std::cmp::Reverse(invites[*index].created_at));
    for index in newest_first {
        if invites[index].template.popularity == 0 || invites[index].used > 0 {
            continue;
        }
        let spare = sign_ups.iter_mut().rev().find(|sign_up| {
            let from = sign_up.invite.map(|from| &invites[from]);
            from.is_some_and(|from| from.used > 1 && from.template.outcome != Outcome::UsedUp)
                && invites[index].is_usable(sign_up.at)
        });
        if let Some(sign_up) = spare
            && let Some(from) = sign_up.invite.replace(index)
        {
            invites[from].used -= 1;
            invites[index].used += 1;
        }
    }
}

/// Declines the first sign-up without an invite, a day later.
fn decline_one(sign_ups: &mut [PlannedSignUp], now: Timestamp) {
    if let Some(sign_up) = sign_ups.iter_mut().find(|one| one.invite.is_none() && one.at.plus(DAY * 2) < now) {
        let suspended_at = Some(sign_up.at.plus(DAY));
        *sign_up = PlannedSignUp { approved: false, suspended_at, last_active_at: None, ..*sign_up };
    }
}

/// Of the approved accounts, ends one of two months ago after a month, and gives two of the newest an end: one in a month, and
/// one within days.
fn end_some(sign_ups: &mut [PlannedSignUp], now: Timestamp) {
    let lasts = |one: &&mut PlannedSignUp| one.approved && one.suspended_at.is_none();
    let month = DAY * 30;
    if let Some(sign_up) = sign_ups.iter_mut().filter(lasts).find(|one| one.at.plus(month) < now) {
        let ends_at = sign_up.at.plus(month);
        sign_up.ends_at = Some(ends_at);
        sign_up.last_active_at = sign_up.last_active_at.map(|at| at.min(ends_at));
    }
    let mut newest = sign_ups.iter_mut().rev().filter(lasts);
    if let Some(sign_up) = newest.nth(2) {
        sign_up.ends_at = Some(sign_up.at.plus(month));
    }
    if let Some(sign_up) = newest.nth(2) {
        sign_up.ends_at = Some(now.plus(DAY * 5));
    }
}

/// A random time in the last [`DAYS`] days. Recent days and evenings are more likely.
fn random_time(now: Timestamp, rng: &mut StdRng) -> Timestamp {
    let days_ago = loop {
        let days_ago = rng.random_range(0..DAYS);
        let weight = DAY_WEIGHTS[usize::try_from(days_ago % 7).unwrap_or_default()];
        if rng.random_ratio(weight, 24) && rng.random_range(0..DAYS * 2) < DAYS * 2 - days_ago {
            break days_ago;
        }
    };
    let hour = loop {
        let hour = rng.random_range(0..HOUR_WEIGHTS.len());
        if rng.random_ratio(HOUR_WEIGHTS[hour], 12) {
            break hour as u64;
        }
    };
    let day = now.day() - i64::try_from(days_ago).unwrap_or_default();
    let at = Timestamp::from_day(day).plus(Duration::from_secs(hour * 3_600 + rng.random_range(0..3_600)));
    let at = at.plus(Duration::from_micros(rng.random_range(0..1_000_000)));
    // A time after now is moved to the day before.
    if at < now { at } else { at.minus(DAY) }
}

/// A sign-up and what follows. Accounts without an invite are pending approval for nine days.
fn sign_up(at: Timestamp, invite: Option<usize>, now: Timestamp, rng: &mut StdRng) -> PlannedSignUp {
    let old = at.plus(DAY * 9) < now;
    let later = |rng: &mut StdRng| {
        let since = u64::try_from(now.as_micros() - at.as_micros()).unwrap_or_default();
        at.plus(Duration::from_micros(rng.random_range(0..since.max(1))))
    };
    let approved = invite.is_some() || old;
    let active = rng.random_ratio(5, 6).then(|| later(rng));
    let suspended = (approved && old && rng.random_ratio(1, 18)).then(|| later(rng));
    let last_active_at = match (active, suspended) {
        (Some(active), Some(suspended)) => Some(active.min(suspended)),
        (active, _) => active,
    };
    PlannedSignUp { at, invite, approved, suspended_at: suspended, last_active_at, ends_at: None }
}

/// The index of the invite for a sign-up: one that is to be used up, else one of the most used, else a random one by
/// popularity, else [`ALWAYS_USABLE`].
fn choose_invite(at: Timestamp, invites: &[PlannedInvite], to_use_up: &[usize], rng: &mut StdRng) -> Option<usize> {
    if let Some(index) = to_use_up.iter().find(|index| invites[**index].is_usable(at)) {
        return Some(*index);
    }
    let most_used = MOST_USED.into_iter().find(|index| invites.get(*index).is_some_and(|invite| invite.is_usable(at)));
    if let Some(index) = most_used
        && rng.random_ratio(2, 5)
    {
        return Some(index);
    }
    for _ in 0..64 {
        let index = rng.random_range(0..invites.len());
        if rng.random_ratio(invites[index].template.popularity.pow(2), 100) && invites[index].is_usable(at) {
            return Some(index);
        }
    }
    invites[ALWAYS_USABLE].is_usable(at).then_some(ALWAYS_USABLE)
}

#[cfg(test)]
mod tests {
    use domain::overview::{EXPIRES_SOON, UNUSED_AFTER};

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    #[test]
    fn the_same_seed_gives_the_same_plan_and_another_does_not() {
        let [one, again, other] = [1, 1, 2].map(|seed| plan(60, 25, seed, NOW).sign_ups);
        assert_eq!(one, again);
        assert_ne!(one, other);
    }

    #[test]
    fn sign_ups_use_only_usable_invites() {
        for seed in 0..20 {
            let Plan { invites, sign_ups } = plan(400, 60, seed, NOW);
            assert!(sign_ups.is_sorted_by_key(|sign_up| sign_up.at));
            for sign_up in &sign_ups {
                assert!(sign_up.at < NOW && sign_up.suspended_at.is_none_or(|at| at <= NOW));
                let Some(invite) = sign_up.invite.map(|index| &invites[index]) else { continue };
                assert!(invite.created_at <= sign_up.at && invite.expires_at.is_none_or(|end| sign_up.at < end));
            }
            for (index, invite) in invites.iter().enumerate() {
                let template = invite.template;
                assert!(template.max_uses.is_none_or(|max_uses| invite.used <= max_uses), "{}", template.label);
                assert!(invite.created_at <= NOW);
                let uses = sign_ups.iter().filter(|sign_up| sign_up.invite == Some(index)).count();
                assert_eq!(uses, invite.used as usize);
            }
        }
    }

    #[test]
    fn some_invites_need_attention() {
        for seed in 0..20 {
            let Plan { invites, sign_ups } = plan(60, 25, seed, NOW);
            let ends = invites.iter().filter_map(|invite| invite.expires_at);
            assert!(ends.into_iter().any(|end| NOW < end && end <= NOW.plus(EXPIRES_SOON)));
            let unused = |invite: &&PlannedInvite| invite.used == 0 && invite.created_at.plus(UNUSED_AFTER) < NOW;
            let unused = invites.iter().filter(unused).count();
            assert!((3..=9).contains(&unused), "{unused}: two that wait, one paused, and few others");
            assert!(invites[5].used == 4 && invites[4].used == 6, "the courses are used up");
            assert!(sign_ups.iter().filter(|sign_up| sign_up.invite.is_some()).count() > 40);
        }
    }

    #[test]
    fn few_invites_and_sign_ups_are_possible() {
        assert_eq!(plan(0, 1, 1, NOW).invites.len(), 1);
        assert_eq!(plan(3, 1, 1, NOW).sign_ups.len(), 3);
    }
}
