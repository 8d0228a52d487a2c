//! Samples of every outcome of a game, equally many of each. Their rewards are only summed, so that the
//! cost does not depend on their number.

use super::leap;
use super::reward_use::RewardUse;
use super::stretch::Stretch;
use crate::game::Game;
use crate::learners::Tally;
use crate::rng::{Purpose, Role, Stream};

/// Mean rewards of leader and follower in each cell, row-major by leader action, from `samples` of each.
///
/// ```
/// use stackel_core::{Game, Noise, engine::sample_outcomes};
/// let noise = Noise::Gaussian { sigma: 1.0 };
/// let game = Game::new(1, 2, vec![0.6, 0.2], vec![0.4, 0.0], [noise; 2])?;
/// let [leader, _follower] = sample_outcomes(&game, 1_000_000_000_000, 1);
/// assert!((leader[0] - 0.6).abs() < 1e-5);
/// # Ok::<(), stackel_core::SpecError>(())
/// ```
pub fn sample_outcomes(game: &Game, samples: u64, seed: u64) -> [Vec<f64>; 2] {
    // No decision depends on a reward, so that no barrier is watched and this probability is never used.
    let engine = leap::engine(game.noise(), 1.0);
    let mut noise =
        [Role::Leader, Role::Follower].map(|role| Stream::new(seed, 0, role, Purpose::Noise));
    let mut means = [Vec::new(), Vec::new()];
    for cell in 0..game.n_cells() {
        let [mut leader, mut follower] = [Tally::default(); 2];
        while leader.count < samples {
            let stretch = Stretch {
                means: game.means(cell),
                rounds: samples - leader.count,
                uses: [
                    RewardUse::Summed(&mut leader),
                    RewardUse::Summed(&mut follower),
                ],
                work: u64::MAX,
                foreseen: None,
            };
            engine.draw(stretch, &mut noise);
        }
        means[0].push(leader.mean());
        means[1].push(follower.mean());
    }
    means
}
