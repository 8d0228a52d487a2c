//! Games that change: several games, one after the other.

use std::sync::Arc;

use super::Game;
use crate::error::SpecError;
use crate::math::MAX_HORIZON;
use crate::rewards::Scale;

/// Games that follow each other.
#[derive(Debug, PartialEq)]
pub(super) struct Changes {
    games: Vec<Game>,
    /// The rounds after which they begin.
    starts: Vec<u64>,
    /// Whether each change replaces leader and follower.
    newcomers: [bool; 2],
}

/// One of the games that a run consists of, from its first round on.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Number of rounds that are played before it.
    pub start: u64,
    /// The game, which does not change.
    pub game: Game,
    /// The horizon that leader and follower are told: that of the run, or the length of the stay of a player that the next
    /// change replaces.
    pub told: [u64; 2],
    /// Whether leader and follower are new in it, unless it is the first.
    pub newcomers: [bool; 2],
}

impl Game {
    /// A game that changes: each of `games` is played from the round after `starts` of it, the first from the beginning. Nobody
    /// is told. `newcomers` says whether each change replaces leader and follower by new ones, who are told the length of
    /// their stay as their horizon.
    ///
    /// What this game says of itself holds for the first of its games. A change that changes nothing is none.
    ///
    /// ```
    /// use stackel_core::{Game, Noise};
    /// let game = |x| Game::new(1, 2, vec![x, 0.0], vec![0.0, 1.0], [Noise::Bernoulli; 2]);
    /// let changing = Game::changing(&[game(0.1)?, game(0.2)?], &[0, 500], [false, true])?;
    /// let pieces = changing.pieces(2_000);
    /// assert_eq!(pieces.len(), 2);
    /// assert_eq!((pieces[0].told, pieces[1].told), ([2_000, 500], [2_000, 1_500]));
    /// # Ok::<(), stackel_core::SpecError>(())
    /// ```
    pub fn changing(
        games: &[Game],
        starts: &[u64],
        newcomers: [bool; 2],
    ) -> Result<Self, SpecError> {
        check_alike(games)?;
        check_starts(starts, games.len())?;
        let several = games.iter().zip(starts);
        let mut kept: Vec<(&Game, u64)> = Vec::with_capacity(games.len());
        for (game, &start) in several {
            let is_new = kept.last().is_none_or(|(last, _)| *last != game);
            if is_new || newcomers != [false; 2] {
                kept.push((game, start));
            }
        }
        let (games, starts): (Vec<&Game>, Vec<u64>) = kept.into_iter().unzip();
        if games.len() == 1 {
            return Ok(games[0].clone());
        }
        Ok(Self::in_turn(alike(&games, false), starts, newcomers))
    }

    /// Games of the same units in their order.
    fn in_turn(games: Vec<Game>, starts: Vec<u64>, newcomers: [bool; 2]) -> Self {
        let first = games[0].clone();
        let changes = Changes {
            games,
            starts,
            newcomers,
        };
        Self {
            changes: Some(Arc::new(changes)),
            ..first
        }
    }

    /// The same game, in which a follower may add up its rewards under different leader actions without rounding.
    pub(crate) fn pooled(&self) -> Self {
        let Some(changes) = &self.changes else {
            return alike(&[self], true).swap_remove(0);
        };
        let games: Vec<&Game> = changes.games.iter().collect();
        Self::in_turn(
            alike(&games, true),
            changes.starts.clone(),
            changes.newcomers,
        )
    }

    /// The games that a run of `horizon` rounds consists of, in their order.
    pub fn pieces(&self, horizon: u64) -> Vec<Piece> {
        let Some(changes) = &self.changes else {
            return vec![Piece {
                start: 0,
                game: self.clone(),
                told: [horizon; 2],
                newcomers: [false; 2],
            }];
        };
        let Changes {
            games,
            starts,
            newcomers,
        } = &**changes;
        let played = starts.partition_point(|&start| start < horizon);
        let piece = |k: usize| {
            let stay = starts[..played].get(k + 1).unwrap_or(&horizon) - starts[k];
            Piece {
                start: starts[k],
                game: games[k].clone(),
                told: newcomers.map(|replaced| if replaced { stay } else { horizon }),
                newcomers: *newcomers,
            }
        };
        (0..played).map(piece).collect()
    }
}

/// The same games with rewards in the same units; those of a follower under all leader actions, if it is blind.
pub(super) fn alike(games: &[&Game], blind: bool) -> Vec<Game> {
    let first = games[0];
    let n_follower = first.n_follower;
    let scales = |player: usize, shared: usize, width: usize| {
        let means = games.iter().map(|game| game.utility[player].as_slice());
        let means: Vec<&[f64]> = means.collect();
        let law = (first.noise[player], first.factors(player));
        Scale::all(&means, law, shared, width)
    };
    let leader = scales(0, n_follower, n_follower);
    let follower = scales(1, if blind { first.n_cells() } else { 1 }, 1);
    let with = |(game, (leader, follower)): (&&Game, (Scale, Scale))| Game {
        scales: Arc::new([leader, follower]),
        ..(*game).clone()
    };
    games
        .iter()
        .zip(leader.into_iter().zip(follower))
        .map(with)
        .collect()
}

/// Checks that games can follow each other.
fn check_alike(games: &[Game]) -> Result<(), SpecError> {
    let refuse = |allowed: &str, given: String| Err(SpecError::new("games", allowed, given));
    let Some(first) = games.first() else {
        return refuse("one or more games", "none".to_string());
    };
    for (k, game) in games.iter().enumerate() {
        if game.changes.is_some() {
            return refuse("games that do not change", format!("one that does, at {k}"));
        }
        let shape = |game: &Game| (game.n_leader, game.n_follower);
        if shape(game) != shape(first) {
            let [(n, m), (also, too)] = [shape(first), shape(game)];
            return refuse(
                "games of one shape",
                format!("{n} x {m}, and {also} x {too} at {k}"),
            );
        }
        if game.noise != first.noise || game.factors != first.factors {
            let given = if game.noise == first.noise {
                format!("other scales in some cells at {k}")
            } else {
                format!("{}, and {} at {k}", laws(first), laws(game))
            };
            return refuse("games with the same noise", given);
        }
    }
    Ok(())
}

/// The laws of both players, and whether their scales differ from cell to cell.
fn laws(game: &Game) -> String {
    let cells = (0..2).any(|player| !game.factors(player).is_empty());
    let scaled = if cells { " scaled in each cell" } else { "" };
    format!("{:?}{scaled}", game.noise)
}

/// Checks the rounds after which `games` games begin.
fn check_starts(starts: &[u64], games: usize) -> Result<(), SpecError> {
    let increase = starts.windows(2).all(|pair| pair[0] < pair[1]);
    let inside = starts.iter().all(|&start| start < MAX_HORIZON);
    if starts.len() == games && starts[0] == 0 && increase && inside {
        return Ok(());
    }
    let allowed =
        format!("{games} increasing numbers of rounds below 2**53, one for each game, from 0 on");
    Err(SpecError::new("starts", allowed, format!("{starts:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    fn game(x: f64, noise: Noise) -> Game {
        Game::new(1, 2, vec![x, 0.0], vec![0.0, 1.0], [noise; 2]).unwrap()
    }

    #[test]
    fn games_that_cannot_follow_each_other_are_refused() {
        let plain = game(0.5, Noise::Bernoulli);
        let other = game(0.5, Noise::Deterministic);
        let wide = Game::new(2, 1, vec![0.5; 2], vec![0.5; 2], [Noise::Bernoulli; 2]).unwrap();
        let good = [plain.clone(), game(0.6, Noise::Bernoulli)];
        let changing = Game::changing(&good, &[0, 9], [false; 2]).unwrap();
        for (games, starts, argument) in [
            (vec![], vec![], "games"),
            (vec![plain.clone(), other], vec![0, 9], "games"),
            (vec![plain.clone(), wide], vec![0, 9], "games"),
            (vec![plain.clone(), changing], vec![0, 9], "games"),
            (good.to_vec(), vec![0], "starts"),
            (good.to_vec(), vec![1, 9], "starts"),
            (good.to_vec(), vec![0, 0], "starts"),
            (good.to_vec(), vec![0, 1 << 53], "starts"),
        ] {
            let error = Game::changing(&games, &starts, [false; 2]).unwrap_err();
            assert_eq!(error.argument, argument, "{error}");
        }
    }

    #[test]
    fn a_change_that_changes_nothing_is_none() {
        let (a, b) = (game(0.5, Noise::Bernoulli), game(0.6, Noise::Bernoulli));
        let games = [a.clone(), a.clone(), b.clone(), b.clone(), a.clone()];
        let starts = [0, 3, 5, 7, 9];
        let changing = Game::changing(&games, &starts, [false; 2]).unwrap();
        let found: Vec<u64> = changing
            .pieces(100)
            .iter()
            .map(|piece| piece.start)
            .collect();
        assert_eq!(found, [0, 5, 9]);
        assert_eq!(Game::changing(&games[..2], &[0, 3], [false; 2]), Ok(a));
        let replaced = Game::changing(&games, &starts, [true, false]).unwrap();
        let told: Vec<_> = replaced.pieces(8).iter().map(|piece| piece.told).collect();
        assert_eq!(told, [[3, 8], [2, 8], [2, 8], [1, 8]]);
        assert_eq!(replaced.pieces(8)[1].newcomers, [true, false]);
    }
}
