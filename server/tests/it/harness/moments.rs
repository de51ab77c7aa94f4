//! Moments to end a process at, drawn at random and repeatable.

use std::time::Duration;

use super::database::unique;

/// A row of moments. Its seed is printed; `LATCHKEY_CRASH_SEED` repeats one.
pub struct Moments {
    /// To name in what a test says when it fails.
    pub seed: u64,
    state: u64,
}

impl Moments {
    /// Another row each time, unless the environment asks for one.
    pub fn of(test: &str) -> Self {
        let seed = match std::env::var("LATCHKEY_CRASH_SEED") {
            Ok(seed) => seed.parse().expect("LATCHKEY_CRASH_SEED is a number"),
            Err(_) => (unique() >> 64) as u64,
        };
        eprintln!("LATCHKEY_CRASH_SEED={seed} ({test})");
        Self { seed, state: seed }
    }

    /// The next one, before `latest`. `SplitMix64` (Steele, Lea and Flood, 2014): enough to spread moments.
    pub fn next(&mut self, latest: Duration) -> Duration {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let micros = u64::try_from(latest.as_micros()).expect("a short while");
        Duration::from_micros((mixed ^ (mixed >> 31)) % micros)
    }
}
