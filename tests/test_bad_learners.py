"""Learners refuse unusable parameters when they are made, and unsuitable seats before a run."""

from __future__ import annotations

import inspect
import math
from itertools import product

import numpy as np
import pytest
from cases import FACTS, LEARNERS, facts
from test_bad_input import assert_refused, simulate

import stackel as sk
from stackel.learners import ROLES

CASES = {type(learner).__name__: learner for learner in LEARNERS}
PARAMETERS = [(name, parameter) for name in CASES for parameter in FACTS[name]["parameters"]]
NO_NUMBERS = (math.nan, math.inf, -math.inf, "1", [1.0], True)
NONE_OF = {
    "bool": (0, 1, "yes", 1.0),
    "int": (*NO_NUMBERS, 1.5, 2**64),
    "float": NO_NUMBERS,
    "Sequence[int]": ([], (), [0], [1, -1], [1.5], ["1"], [math.nan], 3, "12", [[1]], [2**64], [True]),
    "str": ("", "something else", 1, ["gaussian"]),
    "Learner": (0, "UCB", sk.UCB, [sk.UCB()]),
    "array": ([], 3, "12", [1.0, 2.0], [[]], [[1.0], [1.0, 2.0]], [["1"]], [[math.nan]], [[1e51]], True),
}


def unusable(parameter):
    """Values that a parameter does not take."""
    yield from NONE_OF[parameter["type"]]
    if parameter["required"] or parameter["default"] is not None:
        yield None
    if parameter["type"] == "int":
        yield parameter["least"] - 1
    if parameter["type"] == "float":
        yield from (
            math.nextafter(parameter["least"], -math.inf),
            math.nextafter(parameter["most"], math.inf),
        )


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [(name, parameter, value) for name, parameter in PARAMETERS for value in unusable(parameter)],
    ids=lambda given: given["name"] if isinstance(given, dict) else str(given),
)
def test_values_that_no_parameter_takes(name, parameter, value):
    given = vars(CASES[name]) | {parameter["name"]: value}
    assert_refused(parameter["name"], lambda: getattr(sk, name)(**given))


LIMITS = {
    **dict.fromkeys(("sigma", "confidence", "reward_range", "follower_constant", "kappa"), (0, 1e100)),
    **dict.fromkeys(("epsilon", "decay", "loglog", "constant", "prior_weight"), (0, 1e100)),
    **dict.fromkeys(("learning_rate", "implicit_exploration"), (0, 1e100)),
    **dict.fromkeys(("prior_mean", "low", "high"), (-1e100, 1e100)),
    **dict.fromkeys(("lipschitz", "growth"), (1, 1e100)),
    **dict.fromkeys(("a", "discard"), (0, None)),
    "window": (1, None),
    "discount": (0, 1),
    "gamma": (0, 1),
    "temperature": (1e-100, 1e100),
    "ridge": (1e-50, 1e100),
    "delta": (1e-100, 1),
}


@pytest.mark.parametrize("argument", LIMITS)
def test_limits(argument):
    found = [parameter for _, parameter in PARAMETERS if parameter["name"] == argument]
    assert found
    for parameter in found:
        assert (parameter["least"], parameter.get("most")) == LIMITS[argument]


@pytest.mark.parametrize("learner", [sk.ExploreThenCommit, sk.ExploreThenCommitThrowOut])
def test_nothing_to_average(learner):
    assert_refused("exploration", lambda: learner(exploration=0))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: sk.UCB(2.0),
            "UCB: must be given parameters by name, out of: anytime, sigma, confidence, ties, first, got 2.0",
        ),
        (lambda: sk.UCB(c=2), "got 'c' (did you mean confidence?)"),
        (lambda: sk.KLUCB(c=2), "got 'c' (did you mean confidence?)"),
        (lambda: sk.EpsilonGreedy(eps=0.1), "(did you mean epsilon?)"),
        (lambda: sk.UCB(sgima=2), "(did you mean sigma?)"),
        (lambda: sk.EXP3(eta=2), "(did you mean learning_rate?)"),
        (lambda: sk.DiscountedUCB(gamma=0.9), "(did you mean discount?)"),
        (lambda: sk.SlidingWindowUCB(tau=9), "(did you mean window?)"),
        (lambda: sk.ExploreThenCommit(n=9), "(did you mean exploration?)"),
        (lambda: sk.UCB(T=100), "got 'T' (the horizon is an argument of simulate)"),
        (lambda: sk.UCB(K=4), "got 'K' (the number of arms is that of the game)"),
        (lambda: sk.UCB(seed=4), "got 'seed' (the seed is an argument of simulate)"),
        (lambda: sk.UCB(whatever=4), "first, got 'whatever'"),
        (lambda: sk.BestResponse(1), "BestResponse: must be given no parameters, got 1"),
        (
            lambda: sk.FixedAction(0, 1),
            "FixedAction: must be given parameters by name, out of: a (a may go without)",
        ),
        (lambda: sk.FixedAction(0, a=1), "a: must be given once"),
        (sk.FixedAction, "a: must be a whole number >= 0, got nothing"),
        (lambda: sk.Learner.from_dict({"learner": "UCB", "alpha": 2}), "(did you mean confidence?)"),
    ],
)
def test_parameters_are_given_by_their_names(make, words):
    with pytest.raises(sk.SpecError) as caught:
        make()
    assert words in str(caught.value)


BY_PLACE = {("Doubling", "first")}
"""Parameters with a default that need no name: `Doubling(UCB(), 64)` gives the length of the first epoch."""


@pytest.mark.parametrize("name", CASES)
def test_only_what_says_everything_needs_no_name(name):
    """That is what has no default, such as the action of FixedAction."""
    signature = inspect.signature(getattr(sk, name)).parameters.values()
    nameless = [each.name for each in signature if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    assert nameless == [
        parameter["name"]
        for parameter in FACTS[name]["parameters"]
        if parameter["required"] or parameter["type"] == "array" or (name, parameter["name"]) in BY_PLACE
    ]


@pytest.mark.parametrize("learner", [sk.EXP3, sk.EXP3IX])
def test_ranges_upside_down(learner):
    assert_refused("learning_rate", lambda: learner(learning_rate=-0.1))
    assert_refused("high", lambda: simulate(leader=learner(low=0.5, high=0.25)))
    assert_refused("high", lambda: learner(low=2.0).resolve("leader", 100, 2, 2))


def test_windows():
    assert_refused("window", lambda: sk.SlidingWindowUCB(window=0))
    rule = sk.SlidingWindowUCB(window=2**24 + 1)
    assert rule.resolve("leader", 2**24, 2, 2) == rule
    assert_refused("window", lambda: rule.resolve("leader", 2**24 + 1, 2, 2))
    assert sk.SlidingWindowUCB().resolve("follower", 2**53, 2, 2).window == 2**24


@pytest.mark.parametrize(
    ("argument", "value"),
    [("prior_mean", -0.5), ("prior_mean", 0.0), ("prior_mean", 1.0), ("prior_weight", 0.0)],
)
def test_priors_of_coins(argument, value):
    rule = sk.ThompsonSampling(family="bernoulli", **{argument: value})
    assert_refused(argument, lambda: simulate(leader=rule))
    assert_refused(argument, lambda: rule.resolve("leader", 100, 2, 2))


@pytest.mark.parametrize("seat", ["leader", "follower"])
def test_fixed_action_outside_the_game(seat):
    error = assert_refused("a", lambda: simulate(**{seat: sk.FixedAction(2)}))
    assert "2" in error.given


@pytest.mark.parametrize(
    ("seat", "learner"),
    [(role, each) for role in ROLES for each in LEARNERS if role not in facts(each)["roles"]],
    ids=repr,
)
def test_wrong_seat(seat, learner):
    error = assert_refused(seat, lambda: simulate(**{seat: learner}))
    assert f"which {error.given} cannot: it is a {ROLES[seat == 'leader']}" in error.allowed
    assert f"{error.given}(" in repr(learner)  # it, or one that it is made of


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


def extremes():
    """Every learner with its parameters at the ends of what they take: all of them, and one by one."""
    for name, learner in CASES.items():
        ends = {}
        for parameter in FACTS[name]["parameters"]:
            least, most = parameter.get("least"), parameter.get("most", 2**64 - 1)
            ends[parameter["name"]] = {
                "bool": (False, True),
                "int": (least, most),
                "float": (least, most, 5e-324 if least == 0 else least),
                "Sequence[int]": ((1,), (2**64 - 1, 2**64 - 1)),
                "str": parameter.get("choices"),
                "Learner": (sk.UCB(), sk.ExploreThenCommit()),
                "array": (None,),
            }[parameter["type"]]
        given = [dict(zip(ends, some, strict=True)) for some in product(*ends.values())]
        given += [vars(learner) | {parameter: end} for parameter in ends for end in ends[parameter]]
        for role in facts(learner)["roles"]:
            yield from ((role, type(learner), parameters) for parameters in given)


@pytest.mark.parametrize(("role", "cls", "parameters"), [*extremes()], ids=str)
def test_extreme_parameters_do_not_overflow(role, cls, parameters):
    """Lengths that never end are allowed: the learner just keeps exploring."""
    try:
        learner = cls(**parameters).resolve(role, 100, 2, 2)
    except sk.SpecError as error:
        assert error.argument in parameters  # noqa: PT017 ends of ranges may exclude each other
        return
    run = simulate(**{role: learner})
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


@pytest.mark.parametrize(
    ("thing", "call"),
    [
        ("UCB", "UCB"),
        ("ucb", "UCB"),
        (sk.UCB, "UCB"),
        (sk.Uniform(1.0), "UniformLearner"),
        (sk.Uniform, "UniformLearner"),
        ("Uniform", "UniformLearner"),
    ],
)
def test_a_name_a_class_or_a_law_is_answered_with_the_call(thing, call):
    with pytest.raises(sk.SpecError) as found:
        sk.simulate(sk.games.etc_failure(), thing, sk.UCB(), 10)
    assert found.value.argument == "leader"
    assert found.value.given.endswith(f"(call it: stackel.{call}())")


def test_other_things_get_no_such_hint():
    with pytest.raises(sk.SpecError) as found:
        sk.simulate(sk.games.etc_failure(), 3, sk.UCB(), 10)
    assert found.value.given == "3"
