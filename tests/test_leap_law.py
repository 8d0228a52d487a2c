"""Learners that leap in law: their leaps have the law of single steps. False alarms: LEVEL a test (Holm)."""

from __future__ import annotations

import numpy as np
import pytest
from two_samples import holm, p_values, statistics

import stackel as sk
from stackel._selftest.leaps import PAIRS as TESTED_AFTER_INSTALLATION
from stackel.learners._examples import leaps

LEVEL = 1e-4
HORIZON, RUNS = 2000, 2500
RNG = np.random.default_rng(4)
GAMES = {
    "apart": sk.Game([[0.9, 0.2, 0.5], [0.0, 1.0, 0.3]], [[0.1, 0.7, 1.3], [0.9, 0.0, 0.4]]),
    "near": sk.Game(*(0.5 + RNG.normal(size=(2, 2, 2)) / 20), noise=sk.Gaussian(0.3)),
    "tied": sk.Game(np.full((2, 2), 0.5), np.full((2, 2), 0.5)),
    "coins": sk.Game([[0.9, 0.2], [0.5, 0.4]], [[0.3, 0.8], [0.1, 0.6]], noise=sk.Bernoulli()),
    "mixed": sk.Game(
        [[0.9, 0.2], [0.5, 0.4]], [[0.3, 0.8], [0.1, 0.6]], noise=(sk.Uniform(0.5), sk.Gaussian(0.1))
    ),
}
THOMPSON, UNIFORM, GREEDY = sk.ThompsonSampling(), sk.UniformLearner(), sk.EpsilonGreedy()
BY_VARIANCE = sk.UCBV(reward_range=0.1)
BETA = sk.ThompsonSampling(family="bernoulli")
COINS = {
    "coins": GAMES["coins"],
    "near coins": sk.Game([[0.5, 0.48], [0.47, 0.5]], [[0.52, 0.5], [0.5, 0.53]], noise=sk.Bernoulli()),
    "tied coins": sk.Game(np.full((2, 3), 0.3), np.full((2, 3), 0.9), noise=sk.Bernoulli()),
    "sure coins": sk.Game([[1.0, 0.1], [0.2, 0.0]], [[0.0, 0.9], [1.0, 0.3]], noise=sk.Bernoulli()),
}
PAIRS = [
    (THOMPSON, THOMPSON),
    (sk.ThompsonSampling(sigma=0.3, prior_weight=0.0), sk.UCB(sigma=0.3)),
    (sk.UCB(sigma=0.3), sk.ThompsonSampling(sigma=0.3, prior_mean=1.0, prior_weight=4.0)),
    (UNIFORM, UNIFORM),
    (UNIFORM, sk.UCB(sigma=0.3)),
    (sk.UCB(sigma=0.3), UNIFORM),
    (sk.ThompsonSampling(sigma=0.3), UNIFORM),
    (sk.UCB(sigma=0.3), sk.QuantalResponse(0.5)),
    (UNIFORM, sk.QuantalResponse(0.2)),
    (BY_VARIANCE, BY_VARIANCE),
    (BY_VARIANCE, sk.UCB(sigma=0.3)),
    (sk.UCB(sigma=0.3), sk.UCBV(ties="random", first="random")),
    (sk.UCBV(reward_range=0.0), sk.ThompsonSampling(sigma=0.3)),
    (sk.ThompsonSampling(sigma=0.3), sk.UCBV(reward_range=0.0, count_current=False)),
]
RUN_BY_RUN = [(BY_VARIANCE, UNIFORM), (BY_VARIANCE, sk.ActiveArmElimination(sigma=0.3))]
"""The follower changes its response all the time, and the leader wants to know squares."""
COIN_PAIRS = [
    (BETA, BETA),
    (sk.ThompsonSampling(family="bernoulli", prior_mean=0.4, prior_weight=5.0), sk.UCB(sigma=0.5)),
    (sk.UCB(sigma=0.3), BETA),
    (sk.UCBV(reward_range=0.3), BETA),
]
LONG, LONG_RUNS = 1 << 16, 300
"""Epsilon-greedy learners are leapt over in long games only."""
LONG_PAIRS = [
    (GREEDY, sk.UCB(sigma=0.3)),
    (sk.UCB(sigma=0.3), sk.EpsilonGreedy(ties="random")),
    (sk.EpsilonGreedy(epsilon=0.02), sk.EpsilonGreedy(epsilon=0.5)),
    (GREEDY, BY_VARIANCE),
    (BY_VARIANCE, sk.UCB(sigma=0.3)),
]


def sample(game, pair, engine, seed, *, horizon=HORIZON, replications=RUNS, trace=True):
    """Runs of an engine; it leaps in law, or not at all."""
    run = sk.simulate(
        game,
        *pair,
        horizon,
        replications=replications,
        seed=seed,
        engine=engine,
        checkpoints=[horizon // 8, horizon],
        trace=trace,
    )
    return np.concatenate([statistics(run), *([run.switches.T] if trace else [])], axis=1)


def in_law(learner):
    """The rule of a learner that leaps in law: its name, and its family."""
    return (type(learner).__name__, getattr(learner, "family", None)) if leaps(learner) == "in law" else None


@pytest.mark.parametrize(
    "pairs",
    [[*PAIRS, *COIN_PAIRS, *LONG_PAIRS], [pair[:2] for pair in TESTED_AFTER_INSTALLATION]],
    ids=["here", "by the self-test"],
)
@pytest.mark.parametrize("seat", [0, 1], ids=sk.learners.ROLES)
def test_all_rules_that_leap_in_law_are_compared_in_each_seat(pairs, seat):
    rules = set()
    for entry in sk.learner_schema():
        if entry["leaps"] == "in law" and sk.learners.ROLES[seat] in entry["roles"]:
            choices = {each["name"]: each.get("choices") for each in entry["parameters"]}
            rules |= {(entry["name"], family) for family in choices.get("family", [None])}
    assert {in_law(pair[seat]) for pair in pairs} - {None} == rules


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("pair", [*PAIRS, *RUN_BY_RUN], ids=repr)
def test_leaps_have_the_law_of_steps(pair, game):
    assert "in law" in map(leaps, pair)
    one, other = (sample(GAMES[game], pair, *way) for way in (("leap", 1), ("stepwise", 2)))
    p = p_values(one, other).ravel()
    assert not len(holm(p, LEVEL)), np.sort(p)[:3]


@pytest.mark.parametrize("game", COINS)
@pytest.mark.parametrize("pair", COIN_PAIRS, ids=repr)
def test_leaps_over_coins_have_the_law_of_steps(pair, game):
    one, other = (
        sample(COINS[game], pair, *way, replications=1500) for way in (("leap", 1), ("stepwise", 2))
    )
    p = p_values(one, other).ravel()
    assert not len(holm(p, LEVEL)), np.sort(p)[:3]


@pytest.mark.parametrize("game", ["apart", "near", "coins"])
@pytest.mark.parametrize("pair", LONG_PAIRS, ids=repr)
def test_leaps_of_long_games_have_the_law_of_steps(pair, game):
    how = {"horizon": LONG, "replications": LONG_RUNS, "trace": False}
    one, other = (sample(GAMES[game], pair, *way, **how) for way in (("leap", 1), ("stepwise", 2)))
    p = p_values(one, other).ravel()
    assert not len(holm(p, LEVEL)), np.sort(p)[:3]


WRONG = {
    "thompson": (THOMPSON, sk.ThompsonSampling(sigma=1.05), {}),
    "beta": (
        BETA,
        sk.ThompsonSampling(family="bernoulli", prior_mean=0.45, prior_weight=4.0),
        {"game": COINS["coins"]},
    ),
    "variance": (sk.UCBV(reward_range=0.3), sk.UCBV(reward_range=0.3, confidence=1.26), {}),
    "greedy": (GREEDY, sk.EpsilonGreedy(epsilon=0.105), {"horizon": LONG, "replications": 200}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_by_a_twentieth_is_found(name):
    right, wrong, options = WRONG[name]
    how = dict(options)
    ways = ((wrong, "leap", 1), (right, "stepwise", 2))
    game = how.pop("game", GAMES["apart"])
    one, other = (sample(game, (rule, sk.FixedAction(0)), engine, seed, **how) for rule, engine, seed in ways)
    assert len(holm(p_values(one, other).ravel(), LEVEL))


@pytest.mark.parametrize("pair", [*PAIRS, *LONG_PAIRS, *COIN_PAIRS], ids=repr)
def test_the_comparison_is_of_leaps(pair):
    """A trillion rounds end, which they would not if they were stepped."""
    game = GAMES["coins" if pair in COIN_PAIRS else "apart"]
    run = sk.simulate(game, *pair, 10**12, seed=1)
    assert (run.engine, int(run.pulls.sum())) == ("leap", 10**12)
    assert 0 <= run.error_bound < 1e-9
