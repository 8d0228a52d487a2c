//! Samples of every outcome of a game, equally many of each. Their rewards are only summed, so that the
//! cost does not depend on their number.

use crate::game::Game;
use crate::learners::Tally;
use crate::rewards::Table;
use crate::rng::Role;

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
    [Role::Leader, Role::Follower].map(|role| {
        let mut table = Table::new(game, role, seed, 0);
        let mean = |cell| {
            let mut tally = Tally::default();
            tally.gain(&table.rewards(cell, 0, samples));
            table.pass(cell, samples);
            tally.mean()
        };
        (0..game.n_cells()).map(mean).collect()
    })
}
