"""MABWiser's simulator beside its own: the same numbers where nothing is random, else the same law.

The test of a law raises a false alarm with a probability of at most LEVEL.
"""

from __future__ import annotations

import logging

import numpy as np
import pytest
from mabwiser import simulator as theirs
from mabwiser.mab import MAB, LearningPolicy, NeighborhoodPolicy
from scipy import stats

from stackel.interop.mabwiser import Simulator

pytestmark = pytest.mark.filterwarnings("ignore:A single label was found")
LEVEL = 1e-5
ARMS = ["c", "a", "b"]
METRICS = ["bandit_to_arm_to_stats_min", "bandit_to_arm_to_stats_avg", "bandit_to_arm_to_stats_max"]


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def log(rows=400, arms=ARMS):
    rng = np.random.default_rng(1)
    decisions = rng.choice(arms, rows)
    means = np.array([{"a": 0.2, "b": 0.5, "c": 0.4}[arm] for arm in decisions])
    return decisions, (rng.random(rows) < means).astype(float)


def run(make, policies, *, rows=400, arms=ARMS, **options):
    bandits = [(f"{i} {policy}", MAB(ARMS, policy, seed=i)) for i, policy in enumerate(policies)]
    simulator = make(bandits, *log(rows, arms), seed=3, **options)
    simulator.run()
    return simulator


def assert_same_stats(ours, own):
    assert list(ours) == list(own)
    for key, value in own.items():
        if isinstance(value, dict):
            assert_same_stats(ours[key], value)
        else:
            assert ours[key] == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("options", [{}, {"batch_size": 1}, {"batch_size": 7, "is_ordered": True}], ids=str)
@pytest.mark.parametrize("arms", [ARMS, ["a", "b"]], ids=["all arms", "an arm that was never logged"])
def test_certain_predictions_are_the_same(options, arms):
    policies = [LearningPolicy.UCB1(alpha=0.7), LearningPolicy.EpsilonGreedy(epsilon=0.0)]
    ours, own = (run(make, policies, arms=arms, **options) for make in (Simulator, theirs.Simulator))
    assert set(ours.ways.values()) == {"all rows at once"}
    assert isinstance(ours, theirs.Simulator)
    for name, _ in own.bandits:
        assert ours.bandit_to_predictions[name] == own.bandit_to_predictions[name]
        for metric in METRICS:
            assert_same_stats(getattr(ours, metric)[name], getattr(own, metric)[name])
        matrices = ours.bandit_to_confusion_matrices[name], own.bandit_to_confusion_matrices[name]
        assert len(matrices[0]) == len(matrices[1])
        assert all((one == other).all() for one, other in zip(*matrices, strict=True))
        kept = ours.bandit_to_expectations[name], own.bandit_to_expectations[name]
        if options:
            assert len(kept[0]) == len(kept[1])
            assert all(one == pytest.approx(other) for one, other in zip(*kept, strict=True))
        else:
            assert kept[0] == pytest.approx(kept[1])
    left = [dict(zip(ARMS, (mab._imp.arm_to_sum[a] for a in ARMS), strict=True)) for _, mab in ours.bandits]
    assert left[0] == pytest.approx({arm: own.bandits[0][1]._imp.arm_to_sum[arm] for arm in ARMS})


@pytest.mark.parametrize(
    "policy", [LearningPolicy.EpsilonGreedy(epsilon=0.4), LearningPolicy.Random()], ids=str
)
@pytest.mark.parametrize("batch", [0, 50])
def test_random_predictions_have_the_same_law(policy, batch):
    def counts(make):
        simulator = run(make, [policy] * 3, rows=4000, batch_size=batch)
        predicted = [simulator.bandit_to_predictions[name] for name, _ in simulator.bandits]
        return [[row.count(arm) for arm in ARMS] for row in predicted]

    ours, own = counts(Simulator), counts(theirs.Simulator)
    assert stats.chi2_contingency([np.sum(ours, axis=0), np.sum(own, axis=0)]).pvalue > LEVEL
    assert ours == counts(Simulator)
    assert ours[0] != ours[1]


def test_other_bandits_are_run_by_their_own_code():
    policies = [LearningPolicy.UCB1(), LearningPolicy.ThompsonSampling(), LearningPolicy.Softmax()]
    ours, own = (run(make, policies, batch_size=20) for make in (Simulator, theirs.Simulator))
    assert [way.startswith("MABWiser's code") for way in ours.ways.values()] == [False, True, True]
    assert [name for name, _ in ours.bandits] == [name for name, _ in own.bandits]
    for name, _ in own.bandits:
        assert ours.bandit_to_predictions[name] == own.bandit_to_predictions[name]


def test_contexts_and_evaluators_of_your_own():
    def mine(*args, **kwargs):
        return theirs.default_evaluator(*args, **kwargs)

    simulator = run(Simulator, [LearningPolicy.UCB1()], evaluator=mine)
    assert "evaluator of its own" in next(iter(simulator.ways.values()))
    decisions, rewards = log()
    bandits = [
        ("near", MAB(ARMS, LearningPolicy.UCB1(), NeighborhoodPolicy.KNearest(k=3))),
        ("free", MAB(ARMS, LearningPolicy.UCB1())),
    ]
    contexts = np.random.default_rng(2).random((400, 2))
    simulator = Simulator(bandits, decisions, rewards, contexts=contexts)
    simulator.run()
    assert simulator.ways["free"] == "all rows at once"
    assert "one by one" in simulator.ways["near"]
    assert len(simulator.bandit_to_predictions["near"]) == 120


def test_its_plots(monkeypatch):
    import matplotlib.pyplot as plt  # noqa: PLC0415 only here

    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gca().get_children()))
    for options in ({}, {"batch_size": 10}):
        simulator = run(Simulator, [LearningPolicy.UCB1(), LearningPolicy.Random()], **options)
        simulator.plot("avg")
        simulator.plot("max", is_per_arm=True)
    assert len(shown) == 4
