"""The claims about choosing a learner: what is played, and the closed forms that their rules rest on."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import tiny

import stackel as sk
from stackel.reproduce.claims import choice, guarantees, misreporting
from stackel.reproduce.experiments import Lab, in_unit_range, with_coins
from stackel.reproduce.experiments.source import made_for


@pytest.mark.parametrize("name", ["chicken", "battle_of_the_sexes", "security", "cournot"])
def test_scaled_games_are_the_named_ones_in_other_units(name):
    scaled, named = in_unit_range(name).game(100), sk.games.named(name)
    for utility, own in ((scaled.leader, named.leader), (scaled.follower, named.follower)):
        assert (utility.min(), utility.max()) == (0, 1)
        assert np.ptp(own) * utility + own.min() == pytest.approx(own, abs=1e-12)
    assert with_coins(in_unit_range(name)).game(100).noise == (sk.Bernoulli(), sk.Bernoulli())


def test_the_free_fall_is_one_action_and_then_the_other():
    falling = made_for(guarantees.FALLING, 100)
    game = guarantees.free_fall().game(100)
    run = sk.simulate(game, falling, sk.FixedAction(0), 100, trace=True, checkpoints=[50, 100])
    assert run.cell_counts[0, :, :, 0].tolist() == [[50, 0], [50, 50]]


def test_every_guarantee_meets_the_same_opponents():
    played = {}
    for (setting, kind), match in guarantees.experiments(guarantees.CLAIM.modes["quick"]).items():
        opponent = match.pair.follower if setting == guarantees.IN_ORDER else match.pair.leader
        played.setdefault(setting, set()).add((opponent, tuple(match.instances), match.effort))
        assert kind in guarantees.GUARANTEES
    assert len(played) == 5
    assert all(len(each) == 1 for each in played.values())


def test_what_a_follower_gains_by_lying_in_the_end():
    """Its favourite outcome instead of the leader's, if the leader can be driven there."""
    found = {name: misreporting.limit_gain(name) for name in misreporting.GAMES}
    assert found == pytest.approx(
        {"unachievable I": 0.6 - 0.05, "lower_bound I": 0.15 - 0.05, "etc_failure": 0}
    )


@pytest.mark.parametrize("player", [0, 1])
@pytest.mark.parametrize("name", misreporting.GAMES)
def test_lies_are_scored_by_true_utilities(name, player):
    """The weighted regrets of the claim are what `Result.rescored` counts."""
    honest = misreporting.GAMES[name]
    effort = tiny(misreporting.CLAIM).modes["quick"]["lies"]
    pair = next(iter(misreporting.seats(player, name)))
    settings = {"lies": effort}
    matches = misreporting.experiments(settings)
    found = Lab(5, engine="stepwise").play(
        {kind: matches[name, player, pair, kind] for kind in misreporting.REPORTS}
    )
    trend = misreporting.gain([found[kind][0] for kind in misreporting.REPORTS], player)
    seeds = np.random.SeedSequence(5).generate_state(effort.replications, np.uint64).tolist()
    both = misreporting.seats(player, name)[pair]
    for column, horizon in enumerate(effort.horizons):
        earned = []
        for report in misreporting.REPORTS.values():
            game = misreporting.as_reported(honest, player, report).game(horizon)
            runs = [sk.simulate(game, *both, horizon, seed=seed, engine="stepwise") for seed in seeds]
            earned.append(
                np.mean([run.rescored(honest.game(horizon)).utility[player, 0, -1] for run in runs])
            )
        assert trend.mean[column] == pytest.approx(max(earned[1:]) - earned[0], abs=1e-9)


def test_gains_by_deviating_are_those_of_the_best_deviation():
    found = Lab(3).play(choice.experiments(tiny(choice.CLAIM).modes["quick"]))
    evidence = choice.evidence(found)
    for arena in choice.arenas():
        own = found[arena, "ThrowOut", "ETC"]
        others = [found[arena, *pair] for pair in choice.deviations(("ThrowOut", "ETC"), 1)]
        regret, *rest = (
            np.mean([part.samples[1, :, -1].mean() for part in parts]) for parts in (own, *others)
        )
        gain = (regret - min(rest)) / own[0].horizons[-1]
        setting = f"{arena}, ThrowOut v ETC, follower deviates, T = 256"
        (finding,) = (each for each in evidence.findings if each.setting == setting)
        assert finding.measured.value == pytest.approx(gain)
