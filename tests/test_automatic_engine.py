"""The automatic engine leaps, unless one of the learners has to decide anew in every round."""

from __future__ import annotations

import pytest
from cases import FOLLOWERS, LEADERS, NOISES, PAIRS, make_game

import stackel as sk
from stackel.learners._examples import leaps


def expected(leader, follower):
    ways = {leaps(leader), leaps(follower)}
    return "leap" if "in law" in ways or "no" not in ways else "stepwise"


@pytest.mark.parametrize("noise", NOISES)
def test_which_engine_plays_depends_on_the_learners_alone(noise):
    for leader, follower in PAIRS:
        for horizon in (1, 50):
            run = sk.simulate(make_game("2x3", noise), leader, follower, horizon, seed=1)
            assert run.engine == run.spec["engine"] == expected(leader, follower)


@pytest.mark.parametrize("trace", [False, True])
def test_naming_the_engine_gives_the_same_result(trace):
    game = make_game("5x3", "Gaussian")
    for leader, follower in zip(LEADERS, [*FOLLOWERS[3:], *FOLLOWERS], strict=False):
        options = {
            "replications": 3,
            "seed": 2,
            "checkpoints": [50, 5000],
            "crossing_tolerance": 1e-9,
            "trace": trace,
        }
        run = sk.simulate(game, leader, follower, 5000, **options)
        assert run == sk.simulate(game, leader, follower, 5000, **options, engine="auto")
        assert run == sk.simulate(game, leader, follower, 5000, **options, engine=run.engine)
        assert run.engine == expected(leader, follower)


def test_where_nothing_can_be_leapt_over_nothing_is_neglected():
    run = sk.simulate(make_game("5x3", "Gaussian"), sk.PhasedUCB(), sk.ActiveArmElimination(), 5000, seed=1)
    assert (run.engine, run.error_bound) == ("stepwise", 0)


def test_a_trillion_rounds_are_no_matter():
    run = sk.simulate(make_game("5x3", "Gaussian"), sk.UCB(), sk.UCB(), 10**12, seed=1)
    assert run.engine == "leap"
    assert run.pulls.sum() == 10**12
    assert 0 < run.error_bound < 1e-12
