//! What happens in the demonstration, decided before anything is written: the same for the same seed and the same now.

use std::time::Duration;

use domain::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::cast::{EVERGREEN, FAVOURITES, Fate, LINKS, Part};

/// How far back it goes.
pub(super) const DAYS: u64 = 60;
const DAY: Duration = Duration::from_hours(24);
/// How often, out of a hundred, each hour of the day sees someone: few at night, most after work.
const HOURS: [u32; 24] = [2, 1, 0, 0, 0, 0, 1, 3, 4, 4, 4, 4, 6, 5, 4, 4, 4, 6, 8, 11, 12, 9, 5, 3];
/// The same for the days of the week, from the one now on; a week has its own days of coming batcher.
const WEEK: [u32; 7] = [8, 10, 16, 9, 11, 20, 24];

/// A link and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) part: Part,
    /// Which time this part comes, from 0.
    pub(super) again: usize,
    pub(super) created_at: Timestamp,
    pub(super) starts_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) paused_at: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
    pub(super) used: u32,
    pub(super) last_used_at: Option<Timestamp>,
}

impl Link {
    fn new(part: Part, again: usize, now: Timestamp, rng: &mut StdRng) -> Self {
        // Within working hours of its day; those that come again, on any day.
        let back = |days: i64| now.minus(DAY * u32::try_from(days.unsigned_abs()).unwrap_or(1));
        let late = Duration::from_secs(rng.random_range(0..36_000));
        let spread = if again == 0 { 0 } else { rng.random_range(0..part.age.max(1)) };
        let (created_at, starts_at) = if part.age < 0 {
            (back(3).plus(late), Some(now.plus(DAY * u32::try_from(-part.age).unwrap_or(1))))
        } else {
            (back((part.age - spread).max(1)).plus(late), None)
        };
        let length = |days: i64| DAY * u32::try_from(days).unwrap_or(1);
        Self {
            part,
            again,
            created_at,
            starts_at,
            expires_at: part.lasts.map(|days| starts_at.unwrap_or(created_at).plus(length(days))),
            paused_at: (part.fate == Fate::Paused).then(|| back(2).plus(late).max(created_at)),
            deleted_at: (part.fate == Fate::Deleted).then(|| back(3).plus(late).max(created_at)),
            used: 0,
            last_used_at: None,
        }
    }

    fn lets_in(&self, at: Timestamp) -> bool {
        let past = |moment: Option<Timestamp>| moment.is_some_and(|moment| moment <= at);
        self.created_at <= at
            && self.starts_at.is_none_or(|starts| starts <= at)
            && !past(self.expires_at)
            && !past(self.paused_at)
            && !past(self.deleted_at)
            && self.part.places.is_none_or(|places| self.used < places)
    }
}

/// Someone who came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    pub(super) at: Timestamp,
    /// By which link; none for those who came when the door was open.
    pub(super) by: Option<usize>,
    pub(super) approved: bool,
    pub(super) suspended_at: Option<Timestamp>,
    pub(super) last_active_at: Option<Timestamp>,
}

/// All of it.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) links: Vec<Link>,
    /// In the order they came.
    pub(super) visits: Vec<Visit>,
}

/// Plans the visits of so many people, and so many links.
pub(super) fn plan(visits: usize, links: usize, seed: u64, now: Timestamp) -> Plan {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut links: Vec<_> =
        (0..links).map(|place| Link::new(LINKS[place % LINKS.len()], place / LINKS.len(), now, &mut rng)).collect();
    let mut moments: Vec<_> = (0..visits).map(|_| moment(now, &mut rng)).collect();
    moments.sort_unstable();
    let filling: Vec<_> = (0..links.len().min(LINKS.len())).filter(|at| LINKS[*at].fate == Fate::Fills).collect();
    let mut visits = Vec::with_capacity(moments.len());
    for (number, at) in moments.iter().enumerate() {
        // One in twelve comes when the door is open, and two of the latest do.
        let open = rng.random_ratio(1, 12) || [3, 6].contains(&(moments.len() - number));
        let by = if open { None } else { choose(*at, &links, &filling, &mut rng) };
        if let Some(by) = by {
            links[by].used += 1;
        }
        visits.push(visit(*at, by, now, &mut rng));
    }
    leave_none_out(&mut links, &mut visits);
    decline_one(&mut visits, now);
    for visit in &visits {
        if let Some(by) = visit.by {
            links[by].last_used_at = Some(visit.at);
        }
    }
    Plan { links, visits }
}

/// Each link that draws anyone has someone who came by it, if there is one to spare: those that nobody came by are
/// meant to be so.
fn leave_none_out(links: &mut [Link], visits: &mut [Visit]) {
    let mut newest_first: Vec<_> = (0..links.len().min(LINKS.len())).collect();
    newest_first.sort_by_key(|place| std::cmp::Reverse(links[*place].created_at));
    for place in newest_first {
        if links[place].part.draw == 0 || links[place].used > 0 {
            continue;
        }
        let spared = visits.iter_mut().rev().find(|visit| {
            let from = visit.by.map(|by| &links[by]);
            from.is_some_and(|from| from.used > 1 && from.part.fate != Fate::Fills) && links[place].lets_in(visit.at)
        });
        if let Some(visit) = spared
            && let Some(from) = visit.by.replace(place)
        {
            links[from].used -= 1;
            links[place].used += 1;
        }
    }
}

/// The first of those who signed up without an invite was declined a day later.
fn decline_one(visits: &mut [Visit], now: Timestamp) {
    if let Some(visit) = visits.iter_mut().find(|visit| visit.by.is_none() && visit.at.plus(DAY * 2) < now) {
        *visit = Visit { approved: false, suspended_at: Some(visit.at.plus(DAY)), last_active_at: None, ..*visit };
    }
}

/// A moment of the last [`DAYS`] days, more likely lately than long ago, in the evening than at night.
fn moment(now: Timestamp, rng: &mut StdRng) -> Timestamp {
    let back = loop {
        let back = rng.random_range(0..DAYS);
        let week = WEEK[usize::try_from(back % 7).unwrap_or_default()];
        if rng.random_ratio(week, 24) && rng.random_range(0..DAYS * 2) < DAYS * 2 - back {
            break back;
        }
    };
    let hour = loop {
        let hour = rng.random_range(0..HOURS.len());
        if rng.random_ratio(HOURS[hour], 12) {
            break hour as u64;
        }
    };
    let day = i64::try_from(back).unwrap_or_default();
    let at = Timestamp::from_day(now.day() - day).plus(Duration::from_secs(hour * 3_600 + rng.random_range(0..3_600)));
    let at = at.plus(Duration::from_micros(rng.random_range(0..1_000_000)));
    // What is later than now happened the day before.
    if at < now { at } else { at.minus(DAY) }
}

/// What became of someone who came: those without a link wait for a yes, for some days.
fn visit(at: Timestamp, by: Option<usize>, now: Timestamp, rng: &mut StdRng) -> Visit {
    let old = at.plus(DAY * 9) < now;
    let later = |rng: &mut StdRng| {
        let since = u64::try_from(now.as_micros() - at.as_micros()).unwrap_or_default();
        at.plus(Duration::from_micros(rng.random_range(0..since.max(1))))
    };
    let approved = by.is_some() || old;
    let active = rng.random_ratio(5, 6).then(|| later(rng));
    let suspended = (approved && old && rng.random_ratio(1, 18)).then(|| later(rng));
    let last_active_at = match (active, suspended) {
        (Some(active), Some(suspended)) => Some(active.min(suspended)),
        (active, _) => active,
    };
    Visit { at, by, approved, suspended_at: suspended, last_active_at }
}

/// The link someone comes by: one that fills up if there is one, else one that draws, else the one that is always open.
fn choose(at: Timestamp, links: &[Link], filling: &[usize], rng: &mut StdRng) -> Option<usize> {
    if let Some(place) = filling.iter().find(|place| links[**place].lets_in(at)) {
        return Some(*place);
    }
    let favourite = FAVOURITES.into_iter().find(|place| links.get(*place).is_some_and(|link| link.lets_in(at)));
    if let Some(place) = favourite
        && rng.random_ratio(2, 5)
    {
        return Some(place);
    }
    for _ in 0..64 {
        let place = rng.random_range(0..links.len());
        if rng.random_ratio(links[place].part.draw.pow(2), 100) && links[place].lets_in(at) {
            return Some(place);
        }
    }
    links[EVERGREEN].lets_in(at).then_some(EVERGREEN)
}

#[cfg(test)]
mod tests {
    use domain::overview::{ENDS_SOON, UNUSED_AFTER};

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    #[test]
    fn the_same_seed_plays_the_same_again_and_another_does_not() {
        let [one, again, other] = [1, 1, 2].map(|seed| plan(60, 25, seed, NOW).visits);
        assert_eq!(one, again);
        assert_ne!(one, other);
    }

    #[test]
    fn nobody_comes_by_a_link_that_lets_nobody_in() {
        for seed in 0..20 {
            let Plan { links, visits } = plan(400, 60, seed, NOW);
            assert!(visits.is_sorted_by_key(|visit| visit.at));
            for visit in &visits {
                assert!(visit.at < NOW && visit.suspended_at.is_none_or(|at| at <= NOW));
                let Some(link) = visit.by.map(|by| &links[by]) else { continue };
                assert!(link.created_at <= visit.at && link.expires_at.is_none_or(|end| visit.at < end));
            }
            for (place, link) in links.iter().enumerate() {
                assert!(link.part.places.is_none_or(|places| link.used <= places), "{}", link.part.label);
                assert!(link.created_at <= NOW);
                assert_eq!(visits.iter().filter(|visit| visit.by == Some(place)).count(), link.used as usize);
            }
        }
    }

    #[test]
    fn there_is_something_to_attend_to() {
        for seed in 0..20 {
            let Plan { links, visits } = plan(60, 25, seed, NOW);
            let ends = links.iter().filter_map(|link| link.expires_at);
            assert!(ends.into_iter().any(|end| NOW < end && end <= NOW.plus(ENDS_SOON)));
            let unused = links.iter().filter(|link| link.used == 0 && link.created_at.plus(UNUSED_AFTER) < NOW).count();
            assert!((3..=9).contains(&unused), "{unused}: two that wait, one paused, and not many more");
            assert!(links[5].used == 4 && links[4].used == 6, "the courses are full");
            assert!(visits.iter().filter(|visit| visit.by.is_some()).count() > 40);
        }
    }

    #[test]
    fn it_can_be_small() {
        assert_eq!(plan(0, 1, 1, NOW).links.len(), 1);
        assert_eq!(plan(3, 1, 1, NOW).visits.len(), 3);
    }
}
