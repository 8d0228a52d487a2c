//! `LinUCB(features, ridge, sigma, confidence)`: the largest upper bound of a linear model of rewards.
//!
//! After Li, Chu, Langford and Schapire (2010) and Abbasi-Yadkori, Pál and Szepesvári (2011). As a follower one learner for all
//! leader actions: what it learns under one of them counts for all that have features in common with it.

use std::sync::Arc;

use super::RoundByRound;
use super::array::{Array, Shape};
use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round};
use super::schema::{Args, Kind, Param, Preset, Value};
use super::support::ridge::Ridge;
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::ln;
use crate::rewards::Rewards;
use crate::rng::{Role, Stream};

/// Bounds tie that differ by less than this share: rounding errors are smaller.
const TIE: f64 = 1e-11;
/// Largest number of features.
const MOST: usize = 256;
const FEATURES: Param = Param {
    name: "features",
    kind: Kind::Array,
    preset: Preset::Resolved,
};
const RIDGE: Param = Param::real("ridge", 1e-50, 1.0);

pub(super) const ENTRY: Entry = Entry {
    name: "LinUCB",
    roles: BOTH,
    summary: "the largest upper bound of a linear model of rewards; a follower's is one for all leader actions",
    sees: Information::OwnRewardsUnderAll,
    horizon: Horizon::Read,
    draws: None,
    params: &[FEATURES, RIDGE, Param::SIGMA, Param::CONFIDENCE],
    fill,
    play: every_round!(|args, seat| LinUcb::new(args, seat)),
};

/// Numbers of cells along each axis.
fn cells(seat: &Seat) -> Vec<usize> {
    match seat.role {
        Role::Leader => vec![seat.n_leader],
        Role::Follower => vec![seat.n_leader, seat.n_follower],
    }
}

/// A feature of its own for each cell, unless features are given.
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let cells = cells(seat);
    let role = seat.role.name();
    let refuse = |given: String| {
        let shape = Shape(&cells).to_string();
        let shape = shape.trim_end_matches([',', ')']);
        let allowed = format!("of shape {shape}, d) for this {role}, with d from 1 to {MOST}");
        Err(SpecError::new(FEATURES.name, allowed, given))
    };
    let Some(features) = args.array(FEATURES.name) else {
        let n_cells: u64 = cells.iter().map(|&length| length as u64).product();
        if n_cells > MOST as u64 {
            return refuse(format!("none, in a game with {n_cells} cells"));
        }
        let indicators = Array::indicators(cells);
        args.fill(FEATURES.name, Value::Array(Arc::new(indicators)));
        return Ok(());
    };
    match features.shape().split_last() {
        Some((1..=MOST, shape)) if *shape == cells => Ok(()),
        _ => refuse(format!("shape {}", Shape(features.shape()))),
    }
}

struct LinUcb {
    model: Ridge,
    /// Times its norm, the radius of a cell.
    width: f64,
    n_arms: usize,
    n_cells: usize,
    /// The first cell of the leader action that is answered; of a leader, 0.
    first: usize,
}

impl LinUcb {
    fn new(args: &Args, seat: &Seat) -> Self {
        let n_cells = cells(seat).iter().product();
        let features = args.array(FEATURES.name);
        let log = 2.0 * args.real("confidence") * ln(seat.horizon as f64);
        Self {
            model: Ridge::new(
                args.real(RIDGE.name),
                n_cells,
                seat.n_arms(),
                features.as_ref().map_or(&[], |features| features.values()),
            ),
            width: args.real("sigma") * log.sqrt(),
            n_arms: seat.n_arms(),
            n_cells,
            first: 0,
        }
    }
}

impl RoundByRound for LinUcb {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        let (mut chosen, mut largest) = (0, f64::NEG_INFINITY);
        for arm in 0..self.n_arms {
            let [estimate, norm] = self.model.estimate(self.first + arm);
            let radius = self.width * norm;
            let bound = estimate + radius;
            if bound - TIE * (estimate.abs() + radius) > largest {
                (chosen, largest) = (arm, bound);
            }
        }
        chosen
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.model.add(self.first + arm, reward);
    }

    fn face(&mut self, action: usize) {
        // A leader has one row only.
        if self.n_cells > self.n_arms {
            self.first = action * self.n_arms;
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.model.exchange(archive);
        let mut action = self.first / self.n_arms;
        archive.index(&mut action, self.n_cells / self.n_arms);
        self.first = action * self.n_arms;
    }
}
