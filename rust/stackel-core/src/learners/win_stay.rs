//! `WinStay(aspiration)`: an arm as long as its last reward reached the aspiration, then the next arm.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round, nothing_to_fill};
use super::schema::{Args, Param};
use crate::archive::Archive;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "WinStay",
    roles: BOTH,
    summary: "an arm as long as its last reward reached the aspiration, then the next arm",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: None,
    params: &[Param::real("aspiration", 0.0, 0.5)],
    fill: nothing_to_fill,
    play: every_round!(|args, seat| WinStay::new(args, seat)),
};

struct WinStay {
    aspiration: f64,
    n_arms: usize,
    arm: usize,
}

impl WinStay {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            aspiration: args.real("aspiration"),
            n_arms: seat.n_arms(),
            arm: 0,
        }
    }
}

impl RoundByRound for WinStay {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        self.arm
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        if reward.value() < self.aspiration {
            self.arm = (arm + 1) % self.n_arms;
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.index(&mut self.arm, self.n_arms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::Config;
    use crate::learners::schema::Value;
    use crate::{Checkpoints, EngineKind, Experiment, Game, Noise, Outcome, Simulation};

    const HORIZON: u64 = 500;

    fn game(noise: Noise) -> Game {
        let means = vec![0.25, 0.5, 0.75];
        Game::new(1, 3, means.clone(), means, [noise; 2]).unwrap()
    }

    fn experiment(game: &Game, aspiration: f64, engine: EngineKind) -> Experiment<'_> {
        let given = vec![("aspiration".to_string(), Value::Real(aspiration))];
        let leader = Config::new("UCB", vec![]).unwrap();
        let follower = Config::of(&ENTRY, given).unwrap();
        let marks = Checkpoints::Rounds(vec![HORIZON]);
        Experiment::new(game, &leader, &follower, HORIZON, 1, 7, marks, engine).unwrap()
    }

    fn play(noise: Noise, aspiration: f64, engine: EngineKind) -> Outcome {
        let game = game(noise);
        let run = experiment(&game, aspiration, engine);
        run.run(1, &mut |_| true).unwrap()
    }

    #[test]
    fn it_stays_with_the_first_arm_that_is_good_enough() {
        for (aspiration, pulls) in [(0.0, [500, 0, 0]), (0.5, [1, 499, 0]), (0.6, [1, 1, 498])] {
            let run = play(Noise::Deterministic, aspiration, EngineKind::Stepwise);
            assert_eq!(run.pulls, pulls);
        }
        let never = play(Noise::Deterministic, 1.0, EngineKind::Stepwise);
        assert_eq!(never.pulls, [167, 167, 166]);
    }

    #[test]
    fn engines_agree_bit_for_bit() {
        let [stepwise, reference] = [EngineKind::Stepwise, EngineKind::Reference]
            .map(|engine| play(Noise::Bernoulli, 0.5, engine));
        assert_eq!(stepwise, reference);
    }

    #[test]
    fn what_was_kept_goes_on_bit_for_bit() {
        let game = game(Noise::Bernoulli);
        let begin = || {
            let run = experiment(&game, 0.5, EngineKind::Stepwise);
            Simulation::new(&run, 0).unwrap()
        };
        let [mut original, mut copy] = [begin(), begin()];
        original.advance(100, &mut |_| true).unwrap();
        copy.load(&original.save().unwrap()).unwrap();
        for simulation in [&mut original, &mut copy] {
            simulation.advance(400, &mut |_| true).unwrap();
        }
        assert_eq!(original.save(), copy.save());
    }
}
