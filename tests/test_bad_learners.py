"""Learners refuse unusable parameters when they are made, and unsuitable seats before a run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from test_bad_input import assert_refused, simulate

import stackel as sk

SCALED = [
    sk.ExploreThenUCB,
    sk.UCB,
    sk.ActiveArmElimination,
    sk.LipschitzUCB,
    sk.PhasedUCB,
    sk.ThompsonSampling,
    sk.KLUCB,
    sk.MOSS,
    sk.ManipulationUCB,
    sk.ExploreThenCommitAdaptive,
    sk.SlidingWindowUCB,
    sk.DiscountedUCB,
]
CONFIDENT = [
    sk.ExploreThenUCB,
    sk.UCB,
    sk.ActiveArmElimination,
    sk.PhasedUCB,
    sk.ExploreThenCommitAdaptive,
    sk.UCBV,
    sk.SlidingWindowUCB,
    sk.DiscountedUCB,
]
COUNTED = [
    (sk.ExploreThenCommit, "exploration"),
    (sk.ExploreThenCommitThrowOut, "exploration"),
    (sk.ExploreThenCommitThrowOut, "discard"),
    (sk.ExploreThenUCB, "exploration"),
    (sk.SlidingWindowUCB, "window"),
]
NOT_SCALES = [-1.0, -1e-300, math.nan, math.inf, -math.inf, "1", None, [1.0]]


@pytest.mark.parametrize("value", NOT_SCALES, ids=repr)
@pytest.mark.parametrize("learner", SCALED)
def test_sigma(learner, value):
    assert_refused("sigma", lambda: learner(sigma=value))


@pytest.mark.parametrize("value", NOT_SCALES, ids=repr)
@pytest.mark.parametrize("learner", CONFIDENT)
def test_confidence(learner, value):
    assert_refused("confidence", lambda: learner(confidence=value))


@pytest.mark.parametrize("value", [-1, 1.5, "3", math.nan, math.inf, 2**64, [1], True], ids=repr)
@pytest.mark.parametrize(("learner", "argument"), COUNTED)
def test_lengths(learner, argument, value):
    assert_refused(argument, lambda: learner(**{argument: value}))


@pytest.mark.parametrize("learner", [sk.ExploreThenCommit, sk.ExploreThenCommitThrowOut])
def test_nothing_to_average(learner):
    assert_refused("exploration", lambda: learner(exploration=0))


@pytest.mark.parametrize(
    "value", [[], (), [0], [1, -1], [1.5], ["1"], [math.nan], 3, "12", [[1]], [2**64]], ids=repr
)
@pytest.mark.parametrize("learner", [sk.ActiveArmElimination, sk.PhasedUCB])
def test_phases(learner, value):
    assert_refused("phases", lambda: learner(phases=value))


@pytest.mark.parametrize("value", [0, 1, "yes", None, 1.0], ids=repr)
def test_anytime(value):
    assert_refused("anytime", lambda: sk.UCB(anytime=value))


@pytest.mark.parametrize("value", [0.999, 0.0, -2.0, math.nan, math.inf, "2", None], ids=repr)
def test_lipschitz(value):
    assert_refused("lipschitz", lambda: sk.LipschitzUCB(lipschitz=value))


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "2", None], ids=repr)
def test_follower_constant(value):
    assert_refused("follower_constant", lambda: sk.LipschitzUCB(follower_constant=value))


@pytest.mark.parametrize("argument", ["epsilon", "decay"])
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "0.1", None], ids=repr)
def test_epsilon_greedy(argument, value):
    assert_refused(argument, lambda: sk.EpsilonGreedy(**{argument: value}))


@pytest.mark.parametrize("family", ["Gaussian", "beta", "", None, 1, ["gaussian"]], ids=repr)
@pytest.mark.parametrize("learner", [sk.ThompsonSampling, sk.KLUCB])
def test_family(learner, family):
    assert_refused("family", lambda: learner(family=family))


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "3", None], ids=repr)
def test_loglog(value):
    assert_refused("loglog", lambda: sk.KLUCB(loglog=value))


@pytest.mark.parametrize("argument", ["kappa", "constant"])
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "1", None], ids=repr)
def test_hierarchical(argument, value):
    assert_refused(argument, lambda: sk.HierarchicalUCB(**{argument: value}))


@pytest.mark.parametrize("value", [-0.1, 0, 1e-101, 1.5, math.nan, "0.1", [0.1]], ids=repr)
@pytest.mark.parametrize("learner", [sk.HierarchicalUCB, sk.ManipulationUCB])
def test_delta(learner, value):
    assert_refused("delta", lambda: learner(delta=value))


@pytest.mark.parametrize("learner", [sk.EXP3, sk.EXP3IX])
@pytest.mark.parametrize("argument", ["learning_rate", "low", "high"])
@pytest.mark.parametrize("value", [math.nan, math.inf, "0.5", [0.5]], ids=repr)
def test_exponential_weights(learner, argument, value):
    assert_refused(argument, lambda: learner(**{argument: value}))


@pytest.mark.parametrize("learner", [sk.EXP3, sk.EXP3IX])
def test_ranges_upside_down(learner):
    assert_refused("learning_rate", lambda: learner(learning_rate=-0.1))
    assert_refused("high", lambda: simulate(leader=learner(low=0.5, high=0.25)))
    assert_refused("high", lambda: learner(low=2.0).resolve("leader", 100, 2, 2))


@pytest.mark.parametrize("value", NOT_SCALES, ids=repr)
def test_reward_range(value):
    assert_refused("reward_range", lambda: sk.UCBV(reward_range=value))


@pytest.mark.parametrize("value", [0.999, -1.0, math.nan, math.inf, "2", None, [2.0]], ids=repr)
def test_growth(value):
    assert_refused("growth", lambda: sk.ExploreThenCommitAdaptive(growth=value))


def test_windows():
    assert_refused("window", lambda: sk.SlidingWindowUCB(window=0))
    rule = sk.SlidingWindowUCB(window=2**24 + 1)
    assert rule.resolve("leader", 2**24, 2, 2) == rule
    assert_refused("window", lambda: rule.resolve("leader", 2**24 + 1, 2, 2))
    assert sk.SlidingWindowUCB().resolve("follower", 2**53, 2, 2).window == 2**24


@pytest.mark.parametrize("value", [-0.1, 1.0 + 1e-15, math.nan, "0.5", [0.5]], ids=repr)
def test_discount(value):
    assert_refused("discount", lambda: sk.DiscountedUCB(discount=value))


@pytest.mark.parametrize("argument", ["prior_mean", "prior_weight"])
@pytest.mark.parametrize("value", [math.nan, math.inf, "0.5", [0.5]], ids=repr)
def test_priors(argument, value):
    assert_refused(argument, lambda: sk.ThompsonSampling(**{argument: value}))


@pytest.mark.parametrize(
    ("argument", "value"),
    [("prior_mean", -0.5), ("prior_mean", 0.0), ("prior_mean", 1.0), ("prior_weight", 0.0)],
)
def test_priors_of_coins(argument, value):
    rule = sk.ThompsonSampling(family="bernoulli", **{argument: value})
    assert_refused(argument, lambda: simulate(leader=rule))
    assert_refused(argument, lambda: rule.resolve("leader", 100, 2, 2))


@pytest.mark.parametrize("value", [-1, 0.5, "0", None, True, 2**64], ids=repr)
def test_fixed_action(value):
    assert_refused("a", lambda: sk.FixedAction(value))


@pytest.mark.parametrize("seat", ["leader", "follower"])
def test_fixed_action_outside_the_game(seat):
    error = assert_refused("a", lambda: simulate(**{seat: sk.FixedAction(2)}))
    assert "2" in error.given


@pytest.mark.parametrize(
    ("seat", "learner"),
    [
        ("leader", sk.BestResponse()),
        ("leader", sk.BestManipulation()),
        ("leader", sk.ManipulationUCB()),
        ("follower", sk.PhasedUCB()),
        ("follower", sk.LipschitzUCB()),
        ("follower", sk.HierarchicalUCB()),
    ],
    ids=repr,
)
def test_wrong_seat(seat, learner):
    error = assert_refused(seat, lambda: simulate(**{seat: learner}))
    assert type(learner).__name__ in str(error)


@pytest.mark.parametrize(
    ("argument", "changes"),
    [
        ("role", {"role": "referee"}),
        ("role", {"role": None}),
        ("horizon", {"horizon": 0}),
        ("horizon", {"horizon": 2.5}),
        ("n_leader", {"n_leader": 0}),
        ("n_follower", {"n_follower": -1}),
        ("n_follower", {"n_follower": "2"}),
    ],
    ids=repr,
)
def test_resolve(argument, changes):
    arguments = {"role": "leader", "horizon": 100, "n_leader": 2, "n_follower": 2, **changes}
    assert_refused(argument, lambda: sk.ExploreThenCommit().resolve(**arguments))


@pytest.mark.parametrize(
    "learner",
    [
        sk.ExploreThenCommit(exploration=np.int64(5)),
        sk.ExploreThenUCB(exploration=0),
        sk.ExploreThenCommitThrowOut(discard=0, exploration=1),
        sk.UCB(sigma=np.float32(0.5), confidence=2),
        sk.UCB(sigma=0, confidence=0),
        sk.ActiveArmElimination(phases=[1, 2]),
        sk.FixedAction(np.uint8(1)),
    ],
    ids=repr,
)
def test_every_number_type_is_welcome(learner):
    assert simulate(leader=learner, follower=learner).pulls.sum() == 100
    assert hash(learner) == hash(type(learner)(**vars(learner)))


@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize(
    "learner",
    [
        sk.ExploreThenCommit(exploration=2**64 - 1),
        sk.ExploreThenCommitThrowOut(discard=2**64 - 1, exploration=2**64 - 1),
        sk.ExploreThenUCB(exploration=2**63),
        sk.ActiveArmElimination(phases=[2**64 - 1, 2**64 - 1]),
        sk.UCB(sigma=1e100, confidence=1e100),
        sk.UCB(sigma=5e-324),
        sk.EpsilonGreedy(epsilon=1e100, decay=1e100),
        sk.KLUCB(family="bernoulli", loglog=1e100),
        sk.UCBV(reward_range=1e100, confidence=1e100),
        sk.UCBV(reward_range=0, confidence=0),
        sk.MOSS(sigma=1e100),
        sk.ExploreThenCommitAdaptive(growth=1e100, sigma=1e100),
        sk.ExploreThenCommitAdaptive(growth=1, sigma=0, confidence=0),
        sk.EXP3(learning_rate=1e100, low=-1e100, high=1e100),
        sk.EXP3(learning_rate=0.0, low=0.5, high=0.5),
        sk.EXP3IX(learning_rate=1e100, implicit_exploration=5e-324),
        sk.SlidingWindowUCB(window=1, sigma=1e100, confidence=1e100),
        sk.SlidingWindowUCB(window=2**64 - 1, sigma=0),
        sk.DiscountedUCB(discount=0, sigma=1e100),
        sk.DiscountedUCB(discount=1, sigma=0),
        sk.KLUCB(loglog=1e100, sigma=1e100),
        sk.ThompsonSampling(prior_mean=-1e100, prior_weight=1e100, sigma=1e100),
        sk.ThompsonSampling(family="bernoulli", prior_mean=0.5, prior_weight=5e-324),
    ],
    ids=repr,
)
def test_extreme_parameters_do_not_overflow(seat, learner):
    # Lengths that never end are allowed: the learner just keeps exploring.
    run = simulate(**{seat: learner})
    assert run.pulls.sum() == 100
    assert np.isfinite(run.utility).all()


@pytest.mark.parametrize(
    ("seat", "learner"),
    [
        ("leader", sk.HierarchicalUCB(kappa=1e100, constant=1e100, delta=1e-100)),
        ("leader", sk.HierarchicalUCB(kappa=0.0, constant=0.0, delta=1.0)),
        ("follower", sk.ManipulationUCB(delta=1e-100, sigma=1e100)),
        ("follower", sk.ManipulationUCB(delta=1.0, sigma=5e-324)),
    ],
    ids=repr,
)
def test_extremes_in_one_seat_do_not_overflow(seat, learner):
    run = simulate(**{seat: learner})
    assert run.pulls.sum() == 100
    assert np.isfinite(run.utility).all()


@pytest.mark.parametrize(
    ("argument", "table"),
    [
        ("learner", {}),
        ("learner", None),
        ("learner", {"learner": "Oracle"}),
        ("learner", {"learner": ["UCB"]}),
        ("UCB", {"learner": "UCB", "sgima": 1.0}),
        ("a", {"learner": "FixedAction"}),
        ("sigma", {"learner": "UCB", "sigma": "1"}),
        ("phases", {"learner": "PhasedUCB", "phases": [1, 0]}),
    ],
    ids=repr,
)
def test_learner_tables(argument, table):
    assert_refused(argument, lambda: sk.Learner.from_dict(table))


@pytest.mark.parametrize(
    ("argument", "table"),
    [
        ("noise", {}),
        ("noise", None),
        ("noise", {"law": "Cauchy"}),
        ("noise", {"law": ["Gaussian"]}),
        ("Gaussian", {"law": "Gaussian", "half_width": 1.0}),
        ("half_width", {"law": "Uniform"}),
        ("sigma", {"law": "Gaussian", "sigma": -1.0}),
    ],
    ids=repr,
)
def test_noise_tables(argument, table):
    assert_refused(argument, lambda: sk.Noise.from_dict(table))


@pytest.mark.parametrize(
    ("argument", "build"),
    [
        ("sigma", lambda: sk.Gaussian(1e200)),
        ("half_width", lambda: sk.Uniform(1e200)),
        ("sigma", lambda: sk.UCB(sigma=1e101)),
        ("confidence", lambda: sk.ExploreThenUCB(confidence=1e101)),
        ("lipschitz", lambda: sk.LipschitzUCB(lipschitz=1e101)),
        ("follower_constant", lambda: sk.LipschitzUCB(follower_constant=1e101)),
        ("phases", lambda: sk.PhasedUCB(phases=[True])),
    ],
)
def test_what_could_overflow_or_mislead_is_refused(argument, build):
    with pytest.raises(sk.SpecError) as caught:
        build()
    assert caught.value.argument == argument


@pytest.mark.parametrize("phases", [[1, 2], (1, 2), range(1, 3), np.array([1, 2])], ids=repr)
def test_phases_come_as_any_sequence(phases):
    assert sk.PhasedUCB(phases=phases) == sk.PhasedUCB(phases=(1, 2))
    assert hash(sk.ActiveArmElimination(phases=phases)) == hash(sk.ActiveArmElimination(phases=(1, 2)))
