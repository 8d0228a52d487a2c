"""MABWiser's policies as learners: the games of built-in learners of the same rule, or their law.

The tests of laws raise a false alarm with a probability of at most LEVEL each.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest
from mabwiser.mab import LearningPolicy
from two_samples import holm, p_values, statistics

import stackel as sk
from stackel.interop import from_mabwiser

GAME = sk.games.random(3, 4, seed=1)
COINS = sk.Game(GAME.leader / 2 + 0.5, GAME.follower / 2 + 0.5, noise=sk.Bernoulli())
LEVEL = 1e-5


def play(leader, follower, horizon=150, *, game=GAME, replications=2, seed=5):
    options = {"replications": replications, "seed": seed, "engine": "stepwise"}
    return sk.simulate(game, leader, follower, horizon, **options)


def assert_same_games(one, other):
    assert np.array_equal(one.pulls, other.pulls)
    assert np.array_equal(one.utility, other.utility)


@pytest.mark.parametrize("game", [GAME, COINS], ids=["normal", "coins"])
@pytest.mark.parametrize("alpha", [1.0, 0.25])
def test_ucb1_plays_the_games_of_ucb(game, alpha):
    theirs, ours = from_mabwiser(LearningPolicy.UCB1(alpha=alpha)), sk.UCB(anytime=True, sigma=alpha)
    for other in (sk.UCB(), sk.UniformLearner()):
        assert_same_games(play(theirs, other, game=game), play(ours, other, game=game))
        assert_same_games(play(other, theirs, game=game), play(other, ours, game=game))
    assert_same_games(play(theirs, theirs, game=game), play(ours, ours, game=game))


def test_epsilon_greedy_has_the_law_of_epsilon_greedy():
    """Both draw at random, from other numbers."""
    theirs, ours = from_mabwiser(LearningPolicy.EpsilonGreedy(epsilon=0.3)), sk.EpsilonGreedy(epsilon=0.3)
    runs = [play(own, sk.BestResponse(), 40, replications=300, seed=s) for own, s in ((theirs, 1), (ours, 2))]
    p = p_values(*map(statistics, runs))
    assert not len(holm(p.ravel(), LEVEL))
    elsewhere = play(sk.EpsilonGreedy(epsilon=0.9), sk.BestResponse(), 40, replications=300, seed=3)
    assert len(holm(p_values(*map(statistics, (runs[0], elsewhere))).ravel(), LEVEL))


@pytest.mark.parametrize(
    "policy",
    [
        LearningPolicy.EpsilonGreedy(epsilon=0.5),
        LearningPolicy.Popularity(),
        LearningPolicy.Random(),
        LearningPolicy.Softmax(tau=1),
        LearningPolicy.ThompsonSampling(),
        LearningPolicy.UCB1(),
    ],
    ids=lambda policy: type(policy).__name__,
)
def test_seeds_repeat_every_policy(policy):
    own = from_mabwiser(policy)
    assert own.label == type(policy).__name__
    run = play(own, own, 60, game=COINS)
    assert_same_games(run, play(own, own, 60, game=COINS))
    assert (run.pulls.sum(axis=2) > 0).all()
    alone = play(own, own, 60, game=COINS, replications=1)
    assert np.array_equal(alone.pulls, run.pulls[:1])
    if not isinstance(policy, LearningPolicy.UCB1):
        assert not np.array_equal(run.pulls[0], run.pulls[1])


def test_the_best_arm_is_found():
    own = from_mabwiser(LearningPolicy.ThompsonSampling())
    run = play(own, sk.BestResponse(), 400, game=COINS, replications=1)
    best = sk.stackelberg(COINS).leader_action
    assert run.pulls[0].sum(axis=1).argmax() == best


def test_names():
    assert from_mabwiser(LearningPolicy.UCB1(), name="theirs").label == "theirs"


@pytest.mark.parametrize(
    "bad",
    [None, "UCB1", LearningPolicy.UCB1, LearningPolicy.UCB1(alpha=-1), LearningPolicy.LinUCB(), sk.UCB()],
)
def test_what_is_no_policy(bad):
    with pytest.raises(sk.SpecError, match="learning_policy: must be a learning policy of MABWiser"):
        from_mabwiser(bad)


def test_not_installed(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "mabwiser"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(sk.MissingExtraError, match=r"pip install 'stackel\[bandits\]'"):
        from_mabwiser(LearningPolicy.UCB1())
