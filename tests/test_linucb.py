"""LinUCB: what it shares, its published bound, the arrays that it takes. False alarms: 1e-5 a test."""

from __future__ import annotations

import json
import math
import pickle
from fractions import Fraction
from operator import mul

import numpy as np
import pytest
from scipy import stats
from test_bad_input import assert_refused

import stackel as sk
from stackel.sweeps.config import run_file

ALPHA = 1e-5
T = 4000


@pytest.mark.parametrize("ridge", [1e-9, 1e-16, 1e-50])
@pytest.mark.parametrize("noise", [sk.Gaussian(0.3), sk.Bernoulli()], ids=repr)
def test_without_common_features_it_is_ucb(noise, ridge):
    """A ridge of 1e-9 changes bounds in the tenth digit."""
    game = sk.games.random(4, 3, seed=1, noise=noise)
    pairs = [
        ("leader", np.eye(4)),
        ("follower", np.eye(12).reshape(4, 3, 12)),
        ("leader", None),
        ("follower", None),
    ]
    for seat, features in pairs:
        players = [
            {"leader": sk.UCB(sigma=0.5), "follower": sk.UCB(sigma=0.5)} | {seat: rule}
            for rule in (sk.UCB(sigma=0.5), sk.LinUCB(features, ridge=ridge, sigma=0.5))
        ]
        one, other = (sk.simulate(game, **pair, horizon=T, seed=2, replications=3) for pair in players)
        if noise == sk.Gaussian(0.3):
            assert (one.pulls == other.pulls).all()
        else:  # coins tie, and ties may then go to another arm
            assert abs(one.utility - other.utility).max() < 0.1 * T


def solved(matrix, right):
    """Solve a symmetric positive definite system in exact fractions."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k, pivot in enumerate(rows):
        rows[k] = [value / pivot[k] for value in pivot]
        for i in set(range(len(rows))) - {k}:
            rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]


def exact_pulls(features, means, ridge, horizon):
    """How often LinUCB plays each arm, whose rewards are always its mean: by exact fractions."""
    rows, size = [[Fraction(x) for x in row] for row in features.tolist()], features.shape[1]
    gram = [[Fraction(ridge) * (i == j) for j in range(size)] for i in range(size)]
    moments, pulls = [Fraction(0)] * size, [0] * len(rows)
    for _ in range(horizon):
        bounds = []
        for x in rows:
            uncertain = solved(gram, x)
            estimate, square = (sum(map(mul, each, uncertain)) for each in (moments, x))
            bounds.append(float(estimate) + math.sqrt(2 * math.log(horizon) * square))
        arm = bounds.index(max(bounds))
        pulls[arm] += 1
        moments = [m + Fraction(means[arm]) * x for m, x in zip(moments, rows[arm], strict=True)]
        gram = [
            [g + x * y for g, y in zip(line, rows[arm], strict=True)]
            for line, x in zip(gram, rows[arm], strict=True)
        ]
    return pulls


@pytest.mark.parametrize("ridge", [1.0, 1e-4, 1e-8, 1e-11])
def test_common_features_with_a_small_ridge(ridge):
    rng = np.random.default_rng(5)
    features = rng.normal(size=(5, 3)).round(2)
    means = (features @ [0.3, -0.2, 0.5]).round(3).tolist()
    game = sk.Game([[mean] for mean in means], np.zeros((5, 1)), noise=sk.Deterministic())
    run = sk.simulate(game, sk.LinUCB(features, ridge=ridge), sk.FixedAction(0), 80, seed=1)
    assert run.pulls[0, :, 0].tolist() == exact_pulls(features, means, ridge, 80)


def test_answers_are_learnt_for_all_leader_actions_at_once():
    """A follower whose answers are alike under all actions plays as in a game with one action."""
    means = np.array([0.2, 0.7, 0.4, 0.9])
    shared = np.stack([np.random.default_rng(7).normal(size=(4, 3))] * 3)
    many = sk.Game(np.zeros((3, 4)), np.stack([means] * 3), noise=sk.Deterministic())
    one = sk.Game(np.zeros((1, 4)), means[None], noise=sk.Deterministic())
    split = sk.simulate(many, sk.ExploreThenCommit(exploration=50), sk.LinUCB(shared, sigma=0.3), T, seed=1)
    whole = sk.simulate(one, sk.FixedAction(0), sk.LinUCB(shared[:1], sigma=0.3), T, seed=1)
    assert (split.pulls.sum(axis=1) == whole.pulls.sum(axis=1)).all()
    assert (split.pulls[0].sum(axis=1) > 0).all()


def linear_bandit(arms=40, size=3):
    """Features of arms in the unit ball, and their means: the largest one and the weights have length 1."""
    rng = np.random.default_rng(7)
    features = rng.normal(size=(arms, size))
    features /= np.linalg.norm(features, axis=1).max()
    theta = rng.normal(size=size)
    theta /= np.linalg.norm(theta)
    return features, (features @ theta)[:, None]


def regrets(means, rule, horizon, sigma):
    game = sk.Game(means, means, noise=sk.Gaussian(sigma))
    run = sk.simulate(game, rule, sk.FixedAction(0), horizon, replications=40, seed=3)
    return horizon * means.max() - run.utility[0, :, -1]


def test_published_bound_on_linear_games():
    # Abbasi-Yadkori, Pal and Szepesvari (2011), theorem 3, for a ridge of 1: it fails with probability 1 / T.
    horizon, sigma, size = 30_000, 0.1, 3
    features, means = linear_bandit(size=size)
    log = math.log(horizon)
    radius = sigma * math.sqrt(size * math.log(1 + horizon / size) + 2 * log) + 1
    bound = 2 * radius * math.sqrt(2 * horizon * size * math.log(1 + horizon / size))
    rule = sk.LinUCB(features, sigma=sigma, confidence=(radius / sigma) ** 2 / (2 * log))
    found = regrets(means, rule, horizon, sigma)
    failures = int((found > bound).sum())
    assert stats.binomtest(failures, len(found), 1 / horizon, alternative="greater").pvalue > ALPHA
    assert found.mean() > 0
    # The bound asks for something.
    assert regrets(means, sk.UniformLearner(), horizon, sigma).min() > 2 * bound


def test_it_need_not_try_every_arm():
    """UCB has no features."""
    features, means = linear_bandit()
    linear, plain = (
        regrets(means, rule, 3000, 0.5) for rule in (sk.LinUCB(features, sigma=0.5), sk.UCB(sigma=0.5))
    )
    assert linear.mean() < plain.mean() / 3


def test_features_are_numbers_of_any_array():
    rows = [[0.5, 1.0], [2.0, -0.25]]
    made = sk.LinUCB(rows)
    for given in (np.array(rows), tuple(map(tuple, rows)), np.array(rows, np.float32)):
        assert sk.LinUCB(given) == made
        assert hash(sk.LinUCB(features=given)) == hash(made)
    assert made.features == ((0.5, 1.0), (2.0, -0.25))
    again = sk.Learner.from_dict(json.loads(json.dumps(made.to_dict())))
    assert again == made == pickle.loads(pickle.dumps(made))
    tasks = [
        sk.Task(sk.games.etc_failure(), sk.LinUCB(given), sk.UCB(), 100) for given in (rows, np.array(rows))
    ]
    assert tasks[0].id == tasks[1].id != sk.Task(sk.games.etc_failure(), sk.LinUCB(), sk.UCB(), 100).id


def test_files_have_features_as_lists(tmp_path):
    file = tmp_path / "run.toml"
    file.write_text(
        'horizon = 100\nseed = 1\nfollower = "UCB"\ngame = { family = "etc_failure" }\n'
        'leader = { learner = "LinUCB", features = [[1, 0.5], [0.0, 1.0]] }\n',
        encoding="utf-8",
    )
    run = run_file(file)
    leader = sk.LinUCB([[1, 0.5], [0, 1]])
    assert (run.pulls == sk.simulate(sk.games.etc_failure(), leader, sk.UCB(), 100, seed=1).pulls).all()
    run.save(tmp_path / "run.npz")
    assert sk.load(tmp_path / "run.npz").spec == run.spec


@pytest.mark.parametrize(
    ("role", "features", "words"),
    [
        (
            "leader",
            np.ones((3, 2)),
            r"of shape \(2, d\) for this leader, with d from 1 to 256, got shape",
        ),
        ("follower", np.ones((2, 2)), r"of shape \(2, 2, d\) for this follower"),
        ("leader", np.ones((2, 2, 1)), r"of shape \(2, d\) for this leader"),
        ("leader", np.ones((2, 257)), r"with d from 1 to 256"),
    ],
)
def test_features_of_another_game_are_refused(role, features, words):
    learners = {"leader": sk.UCB(), "follower": sk.UCB()} | {role: sk.LinUCB(features)}
    with pytest.raises(sk.SpecError, match=words):
        sk.simulate(sk.games.etc_failure(), **learners, horizon=10)


def test_large_games_need_features():
    with pytest.raises(sk.SpecError, match="got none, in a game with 400 cells"):
        sk.LinUCB().resolve("follower", 100, 20, 20)


@pytest.mark.parametrize(
    "features",
    [[[math.nan]], [[1e51]], [[1.0], [1.0, 2.0]], [1.0], np.ones((2, 0)), np.ones((1, 1, 1, 1))],
    ids=str,
)
def test_what_is_no_array_of_features_is_refused(features):
    assert_refused("features", lambda: sk.LinUCB(features))


def by_formula(features, told, action, horizon, sigma):
    """The answer to a leader action by what was told: solved anew, with V and theta as they are defined."""
    gram, moments = np.eye(features.shape[-1]), np.zeros(features.shape[-1])
    for a, b, reward in told:
        gram += np.outer(features[a, b], features[a, b])
        moments += reward * features[a, b]
    inverse = np.linalg.inv(gram)
    norms = np.sqrt(np.einsum("bi,ij,bj->b", features[action], inverse, features[action]))
    return int(
        np.argmax(features[action] @ inverse @ moments + sigma * math.sqrt(2 * math.log(horizon)) * norms)
    )


ROUNDS = 300
WITHIN = {
    "Doubling": (
        lambda of: sk.Doubling(of, 20),
        lambda n: (20 * (2 ** doubled(n) - 1), n, 20 * 2 ** doubled(n)),
    ),
    "Restarting": (lambda of: sk.Restarting(of, 70), lambda n: (n // 70 * 70, n, 70)),
    "Batched": (lambda of: sk.Batched(of, 7), lambda n: (0, n // 7 * 7, ROUNDS)),
    "Delayed": (lambda of: sk.Delayed(of, 9), lambda n: (0, n - 9, ROUNDS)),
    "Batched(Delayed)": (
        lambda of: sk.Batched(sk.Delayed(of, 9), 7),
        lambda n: (0, n // 7 * 7 - 9, ROUNDS),
    ),
    "Delayed(Batched)": (
        lambda of: sk.Delayed(sk.Batched(of, 7), 9),
        lambda n: (0, n // 7 * 7 - 9, ROUNDS),
    ),
    "Restarting(Delayed)": (
        lambda of: sk.Restarting(sk.Delayed(of, 9), 70),
        lambda n: (n // 70 * 70, n - 9, 70),
    ),
}
"""For each: the rounds, from 0, whose rewards LinUCB is told before round n, and the horizon it is told."""


def doubled(n):
    """The epoch of round n, if the first one has 20 rounds."""
    return int(math.log2(n / 20 + 1) + 1e-12)


@pytest.mark.parametrize("name", WITHIN)
@pytest.mark.parametrize("kept", [False, True])
def test_within_another_learner_it_is_one_for_all_actions(name, kept):
    """Any leader: its actions are drawn."""
    make, told_before = WITHIN[name]
    rng = np.random.default_rng(4)
    features, sigma = rng.normal(size=(3, 4, 5)), 0.4
    means = features @ rng.normal(size=5)
    follower = make(sk.LinUCB(features, sigma=sigma))
    agent = sk.Agent(follower, (3, 4), ROUNDS, role="follower")
    history = []
    for n in range(ROUNDS):
        a = int(rng.integers(3))
        first, last, horizon = told_before(n)
        b = agent.choose(a)
        assert b == by_formula(features, history[first : max(first, last)], a, horizon, sigma), n
        if kept:
            agent = sk.Agent.restore(agent.snapshot())
        history.append((a, b, means[a, b] + rng.normal(scale=sigma)))
        agent.observe(history[-1][2])
