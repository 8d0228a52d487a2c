//! Stands for a bandit library: its own trait, and two of its policies. Nothing here knows of stackel.

/// A policy is asked for an arm, and told the reward.
pub trait Policy: Send {
    /// The arm of this round; `uniform` draws a number from [0, 1).
    fn select(&mut self, uniform: &mut dyn FnMut() -> f64) -> usize;

    /// The reward of that arm.
    fn update(&mut self, arm: usize, reward: f64);
}

/// Counts and sums of rewards.
#[derive(Clone)]
struct Arms {
    counts: Vec<u64>,
    sums: Vec<f64>,
}

impl Arms {
    fn new(n_arms: usize) -> Self {
        Self {
            counts: vec![0; n_arms],
            sums: vec![0.0; n_arms],
        }
    }

    fn add(&mut self, arm: usize, reward: f64) {
        self.counts[arm] += 1;
        self.sums[arm] += reward;
    }

    /// The arm with the largest index, the first of several; arms without rewards come first.
    fn largest(&self, bonus: impl Fn(f64) -> f64) -> usize {
        let index = |arm: usize| match self.counts[arm] {
            0 => f64::INFINITY,
            n => self.sums[arm] / n as f64 + bonus(n as f64),
        };
        let arms = 1..self.counts.len();
        arms.fold(
            0,
            |best, arm| if index(arm) > index(best) { arm } else { best },
        )
    }
}

/// Upper confidence bounds.
pub struct Optimist {
    arms: Arms,
    log: f64,
}

impl Optimist {
    /// A policy that knows the number of rounds.
    pub fn new(n_arms: usize, rounds: u64) -> Self {
        Self {
            arms: Arms::new(n_arms),
            log: (rounds as f64).ln(),
        }
    }
}

impl Policy for Optimist {
    fn select(&mut self, _uniform: &mut dyn FnMut() -> f64) -> usize {
        self.arms.largest(|n| (2.0 * self.log / n).sqrt())
    }

    fn update(&mut self, arm: usize, reward: f64) {
        self.arms.add(arm, reward);
    }
}

/// The best arm so far, or any of them with probability `curiosity`.
pub struct Curious {
    arms: Arms,
    curiosity: f64,
}

impl Curious {
    /// A policy without rewards.
    pub fn new(n_arms: usize, curiosity: f64) -> Self {
        Self {
            arms: Arms::new(n_arms),
            curiosity,
        }
    }
}

impl Policy for Curious {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below the number of arms
    fn select(&mut self, uniform: &mut dyn FnMut() -> f64) -> usize {
        if uniform() < self.curiosity {
            return (uniform() * self.arms.counts.len() as f64) as usize;
        }
        self.arms.largest(|_| 0.0)
    }

    fn update(&mut self, arm: usize, reward: f64) {
        self.arms.add(arm, reward);
    }
}
