use super::Gaussian;
use super::family::{Coins, Family, Law, Normal};
use super::leap::{Kept, either};
use crate::beta::Beta;
use crate::learners::Learner;
use crate::math::count;
use crate::normal::Ziggurat;
use crate::rng::{Purpose, Role, Stream};

const ROUNDS: u32 = 20_000;

/// A candidate's chance of being one is drawn by the caller; the arms then have the law of those of the definition, whatever the
/// arm, the threshold and the corridor. Returns the number of candidates.
fn candidates_are_right<F: Family>(
    prior: F,
    laws: Vec<F::Law>,
    arm: usize,
    [threshold, edge]: [f64; 2],
    first: u64,
    choice: &mut Stream,
) -> u32 {
    let n_arms = laws.len();
    let falls = laws[arm].below(threshold);
    let kept = Kept::knowing(prior, laws);
    let watch = kept.watch(arm, threshold, edge, first);
    assert!(watch.most >= either(kept.rivals(arm, threshold), falls));
    let (mut counts, mut candidates) = ([[0_u32; 5]; 2], 0);
    for _ in 0..ROUNDS {
        counts[0][kept.draw(choice)] += 1;
        let mut chosen = arm;
        if choice.unit() < watch.most {
            chosen = kept.decide_candidate(&watch, choice);
            candidates += 1;
        }
        counts[1][chosen] += 1;
    }
    for (j, (ours, theirs)) in counts[0].into_iter().zip(counts[1]).enumerate() {
        let [ours, theirs] = [ours, theirs].map(f64::from);
        // Six standard deviations of the difference of two binomial counts, and one more for rare arms.
        let room = 6.0 * (ours + theirs).sqrt() + 1.0;
        assert!(
            (ours - theirs).abs() < room,
            "arm {j} of {n_arms}: {ours} and {theirs}"
        );
    }
    candidates
}

fn normal(choice: &mut Stream) -> f64 {
    Ziggurat::shared().normal(choice.next_u64())
}

#[test]
fn candidates_of_normal_laws_have_the_law_of_the_definition() {
    let mut choice = Stream::new(21, 0, Role::Leader, Purpose::Choice);
    let mut candidates = 0;
    for _ in 0..60 {
        let n_arms = 2 + choice.below(4);
        let prior = Gaussian {
            mean: 0.0,
            weight: 1.0,
            sigma: 1.0,
            origin: 0.0,
        };
        let laws: Vec<_> = (0..n_arms)
            .map(|_| Normal {
                mean: normal(&mut choice),
                scale: (0.5 * normal(&mut choice)).exp(),
            })
            .collect();
        let arm = choice.below(n_arms);
        let best = laws[arm];
        let threshold = best.mean + best.scale * 1.5 * normal(&mut choice);
        let edge = (best.mean - threshold) / best.scale - choice.unit();
        candidates += candidates_are_right(prior, laws, arm, [threshold, edge], 0, &mut choice);
    }
    assert!(candidates > 100_000);
}

#[test]
fn candidates_of_beta_laws_have_the_law_of_the_definition() {
    let mut choice = Stream::new(22, 0, Role::Leader, Purpose::Choice);
    let mut candidates = 0;
    let prior = Coins {
        ones: 1.0,
        zeros: 1.0,
    };
    for _ in 0..60 {
        let n_arms = 2 + choice.below(4);
        let laws: Vec<_> = (0..n_arms)
            .map(|_| {
                let rewards = count(1e4_f64.powf(choice.unit())) as f64;
                let sum = (rewards * choice.unit()).floor();
                Beta {
                    ones: 1.0 + sum,
                    zeros: 1.0 + rewards - sum,
                }
            })
            .collect();
        let arm = choice.below(n_arms);
        let best = laws[arm];
        let distance = 2.0 * normal(&mut choice);
        let threshold = (best.mean() - best.scale() * distance).clamp(0.01, 0.99);
        let edge = best.mean() - choice.unit() * best.scale();
        let first = count(best.ones + best.zeros - 2.0);
        candidates += candidates_are_right(prior, laws, arm, [threshold, edge], first, &mut choice);
    }
    assert!(candidates > 100_000);
}

/// Candidates are rare where the posterior laws are far from normal: of arms that hardly ever win, or hardly ever lose.
#[test]
fn candidates_of_skewed_laws_are_rare() {
    const MANY: u64 = 100_000_000;
    let prior = Coins {
        ones: 1.0,
        zeros: 1.0,
    };
    let mut choice = Stream::new(23, 0, Role::Leader, Purpose::Choice);
    for (best, other) in [
        ([0.6e8, 1e8], [0.0, 17.0]),
        ([0.6e8, 1e8], [1.0, 30.0]),
        ([1e8, 1e8], [1.0, 2.0]),
        ([1e8 - 3.0, 1e8], [3.0, 6.0]),
        ([200.0, 1e8], [0.0, 2e7]),
    ] {
        let mut kept = Kept::new(prior, 2, true);
        for (arm, [sum, rewards]) in [best, other].into_iter().enumerate() {
            let tally = kept.tally(arm, 0);
            (tally.sum, tally.count) = (sum, count(rewards));
            kept.observe(arm, 0, count(rewards));
        }
        let watch = kept.find_corridor(&mut choice).unwrap();
        // One candidate in so many rounds.
        assert!(
            watch.most * (MANY as f64) < 30.0,
            "{best:?} {other:?}: {}",
            watch.most
        );
    }
}
