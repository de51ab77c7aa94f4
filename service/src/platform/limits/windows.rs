//! What this process knows of the limits, in bounded memory.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Notify;

/// The maximum number of buckets in memory, about 10 MB.
const BUCKETS: usize = 100_000;
/// The number of buckets that are removed at once when there is no room for another.
const EVICTED: usize = BUCKETS / 8;

/// The number of unused units that a bucket keeps while attempts are made.
const KEPT: u32 = 10;

/// The hash of a limit and of the client that it applies to.
pub(super) type Bucket = Vec<u8>;

/// The attempts of one bucket in one window. Each attempt takes one unit of the allowance before it is made, and a unit
/// whose attempt did not fail is given back.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// The start of the window, in microseconds since 1970-01-01T00:00:00Z.
    pub(super) start: i64,
    /// Units taken from the allowance by this process.
    pub(super) taken: u32,
    /// Those of them that are not in use: their attempts did not fail, or they were taken in advance.
    pub(super) unused: u32,
    /// Those of them whose attempts are not decided.
    pub(super) pending: u32,
    /// Units that are being given back to the database, which does not have them yet.
    returning: u32,
    /// Whether the database had no unit left when it was last asked.
    pub(super) exhausted: bool,
    /// Wakes the attempts that wait for a unit.
    pub(super) returned: Option<Arc<Notify>>,
}

impl Window {
    const fn new(start: i64) -> Self {
        Self { start, taken: 0, unused: 0, pending: 0, returning: 0, exhausted: false, returned: None }
    }

    /// The number of failed attempts in this process, including those that are not decided.
    const fn failures(&self) -> u32 {
        self.taken.saturating_sub(self.unused)
    }

    /// Adds `units` that were taken from the allowance.
    pub(super) fn add(&mut self, units: u32) {
        self.taken = self.taken.saturating_add(units);
        self.unused = self.unused.saturating_add(units);
    }

    /// Starts an attempt with an unused unit. Returns whether there was one.
    pub(super) fn use_unit(&mut self) -> bool {
        let available = self.unused > 0;
        if available {
            self.unused -= 1;
            self.pending = self.pending.saturating_add(1);
        }
        available
    }

    /// Whether a unit will soon be there that is being given back or, if `of_attempts`, may be there when an attempt is
    /// decided.
    pub(super) const fn expects_units(&self, of_attempts: bool) -> bool {
        self.returning > 0 || (of_attempts && self.pending > 0)
    }

    /// Whether a new window would say the same: no attempt failed, is made or waits.
    fn is_idle(&self) -> bool {
        self.taken == 0 && self.returning == 0 && !self.is_awaited()
    }

    /// Ends an attempt, and wakes those that wait: one of them for the unit of an attempt that did not fail, all of them
    /// when no other unit is expected.
    pub(super) fn end(&mut self, failed: bool) {
        self.pending = self.pending.saturating_sub(1);
        if !failed {
            self.unused = self.unused.saturating_add(1);
        }
        let Some(returned) = &self.returned else { return };
        if !failed {
            returned.notify_one();
        } else if !self.expects_units(true) {
            returned.notify_waiters();
        }
    }

    /// Ends that `units` are given back: the database has them, or, if it failed, they are unused again. Wakes all that
    /// wait, to ask again.
    fn end_return(&mut self, units: u32, failed: bool) {
        self.returning = self.returning.saturating_sub(units);
        self.exhausted = false;
        if failed {
            self.add(units);
        }
        if let Some(returned) = &self.returned {
            returned.notify_waiters();
        }
    }

    /// Whether attempts wait for a unit.
    fn is_awaited(&self) -> bool {
        self.returned.as_ref().is_some_and(|returned| Arc::strong_count(returned) > 1)
    }

    /// Removes the unused units except `kept`, to give them back. Returns their number.
    fn take_unused(&mut self, kept: u32) -> u32 {
        let units = self.unused.saturating_sub(kept);
        self.unused -= units;
        self.taken = self.taken.saturating_sub(units);
        units
    }
}

/// The windows of many buckets.
#[derive(Debug)]
pub(super) struct Windows {
    /// Whether other processes share the allowances. If not, unused units need not be kept to be given back.
    shared: bool,
    max: usize,
    evicted: usize,
    map: HashMap<Bucket, Window>,
}

impl Windows {
    pub(super) fn new(shared: bool) -> Self {
        Self { shared, max: BUCKETS, evicted: EVICTED, map: HashMap::new() }
    }

    /// The window of `bucket` that began at `start`; created if it does not exist. A caller that waited until the next
    /// window began gets the next one.
    pub(super) fn window(&mut self, bucket: &Bucket, start: i64) -> &mut Window {
        if self.map.len() >= self.max && !self.map.contains_key(bucket) {
            self.make_room(start);
        }
        let window = self.map.entry(bucket.clone()).or_insert_with(|| Window::new(start));
        if window.start < start
            && let Some(returned) = std::mem::replace(window, Window::new(start)).returned
        {
            returned.notify_waiters();
        }
        window
    }

    /// Ends an attempt of the window of `bucket` that began at `start`.
    pub(super) fn end(&mut self, bucket: &Bucket, start: i64, failed: bool) {
        let Some(window) = self.map.get_mut(bucket).filter(|window| window.start == start) else { return };
        window.end(failed);
        if !self.shared {
            window.take_unused(0);
        }
        // Most attempts do not fail, and need no memory afterwards.
        if window.is_idle() {
            self.map.remove(bucket);
        }
    }

    /// Ends that units of the window of `bucket` that began at `start` are given back.
    pub(super) fn end_return(&mut self, bucket: &Bucket, start: i64, units: u32, failed: bool) {
        if let Some(window) = self.map.get_mut(bucket).filter(|window| window.start == start) {
            window.end_return(units, failed);
        }
    }

    /// Removes the unused units of the windows that began at `start`, to give them back to other processes
    /// ([`Self::end_return`] then says what became of it), and forgets that the database had none. Removes windows that
    /// have passed or are idle.
    pub(super) fn take_unused(&mut self, start: i64) -> Vec<(Bucket, u32)> {
        let mut unused = Vec::new();
        self.map.retain(|bucket, window| {
            window.exhausted = false;
            // Attempts that are made or wait are likely to need more. Until they asked the database, it could refuse them.
            let kept = match (window.is_awaited(), window.pending) {
                (true, _) => u32::MAX,
                (false, 0) => 0,
                (false, _) => KEPT,
            };
            let units = window.take_unused(kept);
            if units > 0 && window.start == start {
                window.returning = window.returning.saturating_add(units);
                unused.push((bucket.clone(), units));
            }
            window.start == start && !window.is_idle()
        });
        unused
    }

    /// Removes the windows that have passed and, if they are too few, those with the fewest failures. A bucket that has
    /// reached its limit is removed last, so that failures from many addresses cannot reset it.
    fn make_room(&mut self, start: i64) {
        self.map.retain(|_, window| window.start == start);
        let mut surplus = (self.map.len() + self.evicted).saturating_sub(self.max);
        if surplus == 0 {
            return;
        }
        let mut failures: Vec<u32> = self.map.values().map(Window::failures).collect();
        let (fewer, bound, _) = failures.select_nth_unstable(surplus.min(self.map.len()) - 1);
        let bound = *bound;
        // All with fewer failures than the bound, and as many as necessary of those with as many.
        surplus -= fewer.iter().filter(|failures| **failures < bound).count();
        self.map.retain(|_, window| {
            let failures = window.failures();
            let removed = failures < bound || (failures == bound && surplus > 0);
            surplus -= usize::from(removed && failures == bound);
            !removed
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Windows {
        Windows { shared: false, max: 1_000, evicted: 100, map: HashMap::new() }
    }

    fn fail(windows: &mut Windows, bucket: u32, times: u32) {
        windows.window(&bucket.to_be_bytes().to_vec(), 0).taken += times;
    }

    #[test]
    fn a_unit_is_used_once_until_it_is_given_back() {
        let mut window = Window::new(0);
        assert!(!window.use_unit());
        window.add(2);
        assert!(window.use_unit() && window.use_unit() && !window.use_unit());
        window.end(true);
        assert!(!window.use_unit(), "the unit of a failed attempt is used up");
        window.end(false);
        assert!(window.use_unit());
        window.end(false);
        assert_eq!((window.take_unused(0), window.failures(), window.taken), (1, 1, 1));
    }

    #[test]
    fn only_failures_stay_in_memory() {
        let mut windows = Windows::new(false);
        let (bucket, other) = (vec![1], vec![2]);
        for (bucket, failed) in [(&bucket, false), (&other, true)] {
            let window = windows.window(bucket, 0);
            window.add(1);
            assert!(window.use_unit());
            windows.end(bucket, 0, failed);
        }
        assert_eq!(windows.map.into_keys().collect::<Vec<_>>(), [other]);
    }

    #[test]
    fn unused_units_are_given_back_to_other_processes() {
        let mut windows = Windows::new(true);
        let bucket = vec![1];
        let window = windows.window(&bucket, 0);
        window.add(10);
        assert!(window.use_unit() && window.use_unit());
        windows.end(&bucket, 0, true);
        windows.end(&bucket, 0, false);
        assert_eq!(windows.take_unused(0), [(bucket.clone(), 9)]);
        assert_eq!((windows.take_unused(0).len(), windows.window(&bucket, 0).failures()), (0, 1));
    }

    #[test]
    fn units_are_expected_while_they_are_given_back() {
        for failed in [false, true] {
            let mut windows = Windows::new(true);
            let bucket = vec![1];
            windows.window(&bucket, 0).add(1);
            assert_eq!(windows.take_unused(0), [(bucket.clone(), 1)]);
            // The database has none yet.
            let window = windows.window(&bucket, 0);
            window.exhausted = true;
            assert!(window.expects_units(false) && !window.use_unit());
            let returned = window.returned.get_or_insert_default().clone();
            let mut woken = std::pin::pin!(returned.notified());
            assert!(!woken.as_mut().enable());
            windows.end_return(&bucket, 0, 1, failed);
            assert!(woken.as_mut().enable());
            let window = windows.window(&bucket, 0);
            assert_eq!((window.expects_units(true), window.exhausted, window.use_unit()), (false, false, failed));
        }
    }

    #[test]
    fn a_bucket_in_use_keeps_some_units() {
        let mut windows = Windows::new(true);
        let bucket = vec![1];
        let window = windows.window(&bucket, 0);
        window.add(30);
        assert!(window.use_unit());
        assert_eq!(windows.take_unused(0), [(bucket.clone(), 19)]);
        let window = windows.window(&bucket, 0);
        let waiting = window.returned.get_or_insert_default().clone();
        window.add(20);
        assert!(windows.take_unused(0).is_empty(), "none while an attempt waits");
        drop(waiting);
        assert_eq!(windows.take_unused(0), [(bucket, 20)]);
    }

    #[test]
    fn buckets_that_reached_a_limit_are_kept_however_many_others_fail() {
        let mut windows = small();
        for limited in 0..500 {
            fail(&mut windows, limited, 10);
        }
        for other in 1_000..101_000 {
            fail(&mut windows, other, 1);
            assert!(windows.map.len() <= 1_000, "memory is bounded");
        }
        for limited in 0_u32..500 {
            assert_eq!(windows.map[limited.to_be_bytes().as_slice()].failures(), 10);
        }
    }

    #[test]
    fn buckets_with_the_same_number_of_failures_make_room() {
        let mut windows = small();
        for bucket in 0..1_001 {
            fail(&mut windows, bucket, 100);
        }
        assert_eq!(windows.map.len(), 901, "a tenth is removed, not more");
    }

    #[test]
    fn passed_windows_are_removed_first() {
        let mut windows = small();
        for bucket in 0..500 {
            fail(&mut windows, bucket, 100);
        }
        for bucket in 500_u32..1_001 {
            windows.window(&bucket.to_be_bytes().to_vec(), 1).taken = 1;
        }
        assert_eq!(windows.map.len(), 501);
    }
}
