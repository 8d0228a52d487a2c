//! Rounds of exploration that come at random, whatever the rewards.

use super::geometric::failures;
use crate::archive::Archive;
use crate::rng::Stream;

/// How likely a learner is to explore in its n-th round.
pub(in crate::learners) trait Schedule {
    /// At most 1, and never rising.
    fn probability(&self, n: u64) -> f64;
}

/// The rounds of exploration, one after the other.
pub(in crate::learners) struct Explorations<S> {
    schedule: S,
    horizon: u64,
    /// The next one; one that is over if that has still to be drawn.
    next: u64,
}

impl<S: Schedule> Explorations<S> {
    pub(in crate::learners) fn new(schedule: S, horizon: u64) -> Self {
        Self {
            schedule,
            horizon,
            next: 0,
        }
    }

    /// The first one after round `played`.
    pub(in crate::learners) fn after(&mut self, played: u64, choice: &mut Stream) -> u64 {
        if self.next <= played {
            self.next = self.draw(played, choice);
        }
        self.next
    }

    /// Draws the first one after round n, or a round beyond the horizon.
    ///
    /// Probabilities fall, so rounds that each come with the probability of the first of them are
    /// too many: each is kept with the share that it should have had.
    fn draw(&self, mut n: u64, choice: &mut Stream) -> u64 {
        loop {
            let at_first = self.schedule.probability(n + 1);
            n = n
                .saturating_add(failures(at_first, choice))
                .saturating_add(1);
            if n > self.horizon {
                return n;
            }
            let share = self.schedule.probability(n) / at_first;
            if share >= 1.0 || choice.unit() < share {
                return n;
            }
        }
    }

    /// Visits the next one.
    pub(in crate::learners) fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.next, u64::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role};

    /// `epsilon / n^decay`, at most 1.
    struct Power(f64, f64);

    impl Schedule for Power {
        fn probability(&self, n: u64) -> f64 {
            (self.0 / (n as f64).powf(self.1)).min(1.0)
        }
    }

    #[test]
    fn each_round_explores_with_its_probability_whatever_came_before() {
        const ROUNDS: usize = 40;
        let runs = 40_000;
        for (epsilon, decay) in [(0.1, 0.0), (1.0, 0.0), (3.0, 1.0), (0.9, 0.5), (0.7, 2.0)] {
            let mut choice = Stream::new(4, 0, Role::Leader, Purpose::Choice);
            let (mut single, mut both) = ([0u32; ROUNDS], [0u32; ROUNDS]);
            let mut explorations = Explorations::new(Power(epsilon, decay), ROUNDS as u64);
            for _ in 0..runs {
                let mut explores = [false; ROUNDS + 1];
                explorations.next = 0;
                for n in 1..=ROUNDS {
                    explores[n] = explorations.after(n as u64 - 1, &mut choice) == n as u64;
                    single[n - 1] += u32::from(explores[n]);
                    both[n - 1] += u32::from(explores[n] && explores[n - 1]);
                }
            }
            let probability = |n: usize| Power(epsilon, decay).probability(n as u64);
            for n in 1..=ROUNDS {
                let before = if n == 1 { 0.0 } else { probability(n - 1) };
                for (seen, p) in [
                    (single[n - 1], probability(n)),
                    (both[n - 1], before * probability(n)),
                ] {
                    // Six standard deviations of a binomial count, and one more for rare events.
                    let (mean, runs) = (f64::from(runs) * p, f64::from(runs));
                    let room = 6.0 * (mean * (1.0 - mean / runs)).sqrt() + 1.0;
                    let off = (f64::from(seen) - mean).abs();
                    assert!(
                        off <= room,
                        "{epsilon} {decay}, round {n}: {seen}, not {mean}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_never_comes_is_not_waited_for() {
        let mut choice = Stream::new(4, 0, Role::Leader, Purpose::Choice);
        for (epsilon, decay) in [(0.0, 0.0), (1.0, 1e100), (1e-300, 0.0)] {
            let explorations = Explorations::new(Power(epsilon, decay), 1 << 53);
            assert!(explorations.draw(5, &mut choice) > 1 << 53);
        }
    }
}
