"""The stretch loop gives the same bits as recomputing every decision every round."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools

import numpy as np
import pytest
from cases import FACTS, LEADERS, LEARNERS, MEANS, NOISES, PAIRS, can_be, followers_of, make_game

import stackel as sk


def assert_engines_agree(game, leader, follower, horizon, **options):
    options = {"seed": 1, "replications": 2, "threads": 1, "checkpoints": 9, **options}
    stretches = sk.simulate(game, leader, follower, horizon, engine="stepwise", **options)
    rounds = sk.simulate(game, leader, follower, horizon, engine="reference", **options)
    assert (stretches.engine, rounds.engine) == ("stepwise", "reference")
    pair = f"{leader} x {follower} on {game!r}, horizon {horizon}, {options}"
    np.testing.assert_array_equal(stretches.pulls, rounds.pulls, pair)
    np.testing.assert_array_equal(stretches.utility.view(np.uint64), rounds.utility.view(np.uint64), pair)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_every_pair_in_every_game(leader, noise):
    for means, follower in itertools.product(MEANS, followers_of(leader)):
        assert_engines_agree(make_game(means, noise), leader, follower, 317)


@pytest.mark.parametrize("horizon", [1, 2, 3, 4, 5, 7, 16])
def test_every_pair_for_few_rounds(horizon):
    for leader, follower in PAIRS:
        assert_engines_agree(make_game("2x3", "Gaussian"), leader, follower, horizon)


@pytest.mark.parametrize("means", ["2x2", "ties", "5x3"])
def test_every_pair_for_many_rounds(means):
    for leader, follower in PAIRS:
        assert_engines_agree(make_game(means, "Gaussian"), leader, follower, 20_000, replications=1)


def random_real(rng, least, most):
    """A number in a range, at any order of magnitude from its ends; often an end."""
    if most == 1:
        share = 10 ** rng.uniform(-4, 0)
        return float(rng.choice([max(least, share), 1 - share]))
    away = float(rng.choice([0.0, 10 ** rng.uniform(-3, 1)]))
    return least + away if least >= 0 else float(rng.choice([-away, away]))


def random_value(rng, parameter):
    """Any value of a parameter, or None where that stands for a default."""
    value = {
        "bool": lambda: bool(rng.integers(2)),
        "int": lambda: parameter["least"] + int(10 ** rng.uniform(0, 3)) - 1,
        "float": lambda: random_real(rng, parameter["least"], parameter["most"]),
        "Sequence[int]": lambda: tuple(rng.integers(1, 9, rng.integers(1, 5)).tolist()),
        "str": lambda: str(rng.choice(parameter["choices"])),
    }[parameter["type"]]()
    return None if parameter.get("default", value) is None and rng.integers(2) else value


def random_learner(rng, role, shape):
    """Any learner that may take `role`, with parameters that fit."""
    kinds = list(dict.fromkeys(map(type, LEARNERS)))
    while True:
        kind = kinds[rng.integers(len(kinds))]
        parameters = {each["name"]: random_value(rng, each) for each in FACTS[kind.__name__]["parameters"]}
        with contextlib.suppress(sk.SpecError):
            learner = kind(**parameters)
            learner.resolve(role, 10, *shape)
            return learner


def random_game(rng):
    shape = tuple(rng.integers(1, 7, 2).tolist())
    decimals = int(rng.choice([0, 1, 17]))
    leader, follower = np.round(rng.random((2, *shape)), decimals)
    laws = [
        sk.Gaussian(float(rng.choice([0.0, 10 ** rng.uniform(-3, 1)]))),
        sk.Bernoulli(),
        sk.Uniform(10 ** rng.uniform(-3, 1)),
        sk.Deterministic(),
    ]
    return sk.Game(leader, follower, noise=tuple(laws[k] for k in rng.integers(4, size=2)))


@pytest.mark.parametrize("block", range(10))
def test_random_games_and_parameters(block):
    rng = np.random.default_rng([2024, block])
    for _ in range(60):
        game = random_game(rng)
        leader = random_learner(rng, "leader", game.shape)
        follower = random_learner(rng, "follower", game.shape)
        horizon = int(10 ** rng.uniform(0, 3.5))
        assert_engines_agree(game, leader, follower, horizon, seed=int(rng.integers(2**63)))


@pytest.mark.parametrize("scale", [1e-99, 1e-9, 1e9, 1e99])
def test_utilities_of_any_scale(scale):
    leader_means, follower_means = (np.array(means) * scale for means in MEANS["5x3"])
    game = sk.Game(leader_means, follower_means, noise=sk.Gaussian(scale))
    scaled = [dataclasses.replace(each, sigma=0.3 * scale) for each in LEADERS if hasattr(each, "sigma")]
    for leader, follower in itertools.product(scaled, scaled):
        if can_be(follower, "follower"):
            assert_engines_agree(game, leader, follower, 500)


@pytest.mark.parametrize("rule", [sk.UCB(sigma=0.0), sk.EpsilonGreedy(epsilon=0.0)], ids=repr)
def test_a_tie_at_zero_goes_to_the_lowest_index(rule):
    # The second action earns 1 and then -1: with a mean of 0 it no longer leads.
    game = sk.Game([[0, 0], [1, -1]], [[0, 0], [0, 1]], noise=sk.Deterministic())
    assert_engines_agree(game, rule, sk.ExploreThenCommit(exploration=1), 20, checkpoints=20)


def test_learners_that_assume_a_wrong_scale():
    game = sk.Game([[1e9, -1e9], [3e9, 2e9]], [[1e-9, 2e-9], [3e-9, -1e-9]], noise=sk.Gaussian(1e9))
    for leader, follower in PAIRS:
        assert_engines_agree(game, leader, follower, 500)
