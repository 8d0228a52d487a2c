use super::Gaussian;
use super::leap::{Kept, Posterior, either};
use crate::normal::Ziggurat;
use crate::rng::{Purpose, Role, Stream};
use crate::tail::tail;

/// A candidate's chance of being one is drawn by the caller; the arms then have the law of those of the definition, whatever the
/// arm, the threshold and the corridor.
#[test]
fn candidates_have_the_law_of_the_definition() {
    const ROUNDS: u32 = 20_000;
    let mut choice = Stream::new(21, 0, Role::Leader, Purpose::Choice);
    let mut events = 0;
    for _ in 0..60 {
        let normal = |choice: &mut Stream| Ziggurat::shared().normal(choice.next_u64());
        let n_arms = 2 + choice.below(4);
        let prior = Gaussian {
            mean: 0.0,
            weight: 1.0,
            sigma: 1.0,
            origin: 0.0,
        };
        let posteriors: Vec<_> = (0..n_arms)
            .map(|_| Posterior {
                mean: normal(&mut choice),
                scale: (0.5 * normal(&mut choice)).exp(),
            })
            .collect();
        let arm = choice.below(n_arms);
        let kept = Kept::knowing(prior, posteriors.clone());
        let best = posteriors[arm];
        let threshold = best.mean + best.scale * 1.5 * normal(&mut choice);
        let least = (best.mean - threshold) / best.scale - choice.unit();
        let watch = kept.watch(arm, threshold, least);
        assert!(watch.most >= either(kept.rivals(arm, threshold), tail(least)));
        let mut counts = [[0_u32; 5]; 2];
        for _ in 0..ROUNDS {
            counts[0][kept.draw(&mut choice)] += 1;
            let mut chosen = arm;
            if choice.unit() < watch.most {
                chosen = kept.decide_candidate(&watch, &mut choice);
                events += 1;
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
    }
    assert!(events > 100_000);
}
