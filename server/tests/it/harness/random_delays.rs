//! Random but repeatable delays before a process is killed.

use std::time::Duration;

use super::database::unique;

/// A sequence of delays. Its seed is printed; `LATCHKEY_CRASH_SEED` repeats a sequence.
pub struct RandomDelays {
    /// The seed, for the messages of failed assertions.
    pub seed: u64,
    state: u64,
}

impl RandomDelays {
    /// A sequence with a random seed, or with that of the environment.
    pub fn new(test: &str) -> Self {
        let seed = match std::env::var("LATCHKEY_CRASH_SEED") {
            Ok(seed) => seed.parse().expect("LATCHKEY_CRASH_SEED is a number"),
            Err(_) => (unique() >> 64) as u64,
        };
        eprintln!("LATCHKEY_CRASH_SEED={seed} ({test})");
        Self { seed, state: seed }
    }

    /// The next delay, shorter than `max`. Uses `SplitMix64` (Steele, Lea and Flood, 2014).
    pub fn next(&mut self, max: Duration) -> Duration {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let micros = u64::try_from(max.as_micros()).expect("a short delay");
        Duration::from_micros((mixed ^ (mixed >> 31)) % micros)
    }
}
