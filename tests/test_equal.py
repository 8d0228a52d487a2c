"""What compares equal has the same hash, id, specification, text and name, whatever types its numbers had."""

from __future__ import annotations

import copy
import enum
import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from properties.made_up import games

import stackel as sk
from stackel.learners._names import short

GAME = sk.games.etc_failure(noise=sk.Bernoulli())
WORDS = {
    word: word
    for entry in sk.learner_schema()
    for parameter in entry["parameters"]
    for word in parameter.get("choices") or ()
}
Word = enum.StrEnum("Word", WORDS)
"""Text that is an enumeration as well: the words that parameters of learners may be."""


def forms(value):
    """The same value in other types."""
    if isinstance(value, bool):
        return [value, np.bool_(value)]
    if isinstance(value, sk.Learner):
        return [value, copy.copy(value), type(value)(**vars(value))]
    if isinstance(value, str):
        return [value, np.str_(value), Word(value)]
    if isinstance(value, tuple):
        as_rows = all(isinstance(row, tuple) for row in value)
        return [value, list(value), np.array(value), tuple(map(list if as_rows else np.int64, value))]
    if isinstance(value, int):
        return [value, np.int64(value), np.uint32(value), np.array(value)]
    whole = (
        [int(value), np.int16(value), True * Fraction(value)]
        if value.is_integer() and abs(value) < 99
        else []
    )
    single = [np.float32(value)] if abs(value) < 99 and float(np.float32(value)) == value else []
    zero = [-0.0, np.float64(-0.0)] if value == 0 else []
    return [
        value,
        np.float64(value),
        np.array(value),
        Fraction(value),
        Decimal(value),
        *whole,
        *single,
        *zero,
    ]


def values(parameter):
    """Values that a parameter may have."""
    least = parameter.get("least", 0)
    choices = parameter.get("choices", [sk.UCB(), sk.ExploreThenCommit(exploration=3)])
    match parameter["type"]:
        case "bool":
            return st.booleans()
        case "str" | "Learner":
            return st.sampled_from(choices)
        case "int":
            return st.integers(least, least + 1)
        case "float":
            if parameter["name"] == "high":
                return st.floats(1.25, 3.0)
            least, most = max(least, -1), min(parameter["most"], 1.0)
            return st.floats(least, most) | st.sampled_from(
                [each for each in (0.0, 0.1, 1.0) if least <= each <= most]
            )
    return st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple)


def told(thing):
    """Everything that is written of a thing somewhere."""
    texts = [repr(thing), json.dumps(thing.to_dict(), sort_keys=True)]
    if isinstance(thing, sk.Learner):
        texts.append(short(thing))
    return texts


def assert_alike(one, other):
    assert one == other
    assert hash(one) == hash(other)
    assert told(one) == told(other)
    assert "np." not in told(one)[0]
    assert type(one).from_dict(json.loads(told(one)[1])) == one


def task_of(learner, role, **options):
    players = {"leader": sk.FixedAction(0), "follower": sk.FixedAction(0)} | {role: learner}
    return sk.Task(GAME, **players, horizon=20, **options)


def describe(task):
    return task.id, json.dumps(task.spec), json.dumps(task.labels, sort_keys=True), hash(task)


@pytest.mark.parametrize("entry", sk.learner_schema(), ids=lambda entry: entry["name"])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_learners(entry, data):
    make, role = getattr(sk, entry["name"]), entry["roles"][0]
    drawn = {each["name"]: data.draw(values(each)) for each in entry["parameters"]}
    one, other = (
        {name: data.draw(st.sampled_from(forms(value))) for name, value in drawn.items()} for _ in range(2)
    )
    try:
        first = make(**one)
        task = task_of(first, role)
    except sk.SpecError:  # such as a window that is empty: then for both
        with pytest.raises(sk.SpecError):
            task_of(make(**other), role)
        return
    second = make(**other)
    assert_alike(first, second)
    assert first == make(**drawn)
    assert describe(task) == describe(task_of(second, role))
    assert task == task_of(second, role)
    if entry["parameters"]:
        changed = data.draw(st.sampled_from(entry["parameters"]))
        another = data.draw(values(changed).filter(lambda value: value != drawn[changed["name"]]))
        try:
            third = make(**one | {changed["name"]: another})
            spec = task_of(third, role)
        except sk.SpecError:
            return
        assert third != first
        assert told(third)[0] != told(first)[0]
        assert told(third)[1] != told(first)[1]
        assert spec.id != task.id


@settings(max_examples=60, deadline=None, derandomize=True)
@given(game=games(), data=st.data())
def test_games_and_laws(game, data):
    def again(matrix):
        rows = [[data.draw(st.sampled_from(forms(cell))) for cell in row] for row in matrix.tolist()]
        return data.draw(st.sampled_from([tuple(map(tuple, rows)), np.array(matrix) - 0.0, rows]))

    def law(noise):
        return type(noise)(**{k: data.draw(st.sampled_from(forms(v))) for k, v in vars(noise).items()})

    noise = tuple(map(law, game.noise))
    other = sk.Game(
        again(game.leader),
        again(game.follower),
        noise=noise,
        name=None if game.name is None else np.str_(game.name),
        leader_labels=game.leader_labels and np.array(game.leader_labels, dtype=object),
        follower_labels=game.follower_labels and list(map(np.str_, game.follower_labels)),
    )
    assert_alike(game, other)
    tasks = [sk.Task(each, sk.UCB(), sk.UCB(), 20) for each in (game, other)]
    assert describe(tasks[0]) == describe(tasks[1])
    assert repr(noise) == repr(game.noise)
    moved = game.leader.copy()
    moved[0, 0] += 0.5
    changed = sk.Game(moved, game.follower, noise=[sk.Gaussian(), game.noise[1]])
    assert changed != game
    assert sk.Task(changed, sk.UCB(), sk.UCB(), 20).id != tasks[0].id


@pytest.mark.parametrize(
    "options",
    [
        {"horizon": np.int64(20), "seed": np.uint64(3), "replications": 2.0},
        {"horizon": 20.0, "seed": 3, "checkpoints": np.array([5, 20]), "replications": 2},
        {"horizon": 20, "seed": 3, "checkpoints": [5.0, np.int8(20)], "engine": np.str_("leap")},
        {"horizon": 20, "seed": 3, "crossing_tolerance": np.float64(1e-9), "labels": {"x": np.float64(0.1)}},
        {"horizon": 20, "seed": 3, "crossing_tolerance": Fraction(1, 10**9), "labels": {np.str_("x"): 0.1}},
    ],
    ids=str,
)
def test_tasks(options):
    plain = {
        "replications": 2 if "replications" in options else 1,
        "horizon": 20,
        "seed": 3,
        "checkpoints": (5, 20) if "checkpoints" in options else 1,
        "engine": "leap" if "engine" in options else "auto",
        "crossing_tolerance": 1e-9 if "crossing_tolerance" in options else 1e-18,
        "labels": {"x": 0.1} if "labels" in options else {},
    }
    one, other = (sk.Task(GAME, sk.UCB(), sk.UCB(), **each) for each in (options, plain))
    assert one == other
    assert describe(one) == describe(other)
    assert repr(one) == repr(other)


def test_labels_are_as_different_as_their_texts():
    whole, flag, real, zero, negative, numpys = (
        task_of(sk.UCB(), "leader", labels={"x": label}) for label in (1, True, 1.0, 0.0, -0.0, np.int64(1))
    )
    assert whole != flag != real != whole
    assert zero == negative
    assert {whole, whole} == {numpys}


def test_columns_can_be_filtered():
    confidences = np.array([0.1, 1.0, 4.0])
    design = sk.grid(
        leader=[sk.UCB(confidence=c) for c in confidences],
        sigma=np.float64([0.5]),
        horizon=np.array([10, 20]),
    )
    tasks = design.tasks(game=GAME, follower=lambda sigma: sk.UCB(sigma=sigma))
    table = sk.sweep(tasks).summary()
    chosen = table[
        (table["leader"] == "UCB(anytime=False, sigma=1.0, confidence=0.1, ties='lowest', first='index')")
        & (table["sigma"] == 0.5)
        & (table["horizon"] == 10)
    ]
    assert len(chosen) == 2
    assert sk.sweep(tasks).tasks[0].labels == {
        "leader": "UCB(anytime=False, sigma=1.0, confidence=0.1, ties='lowest', first='index')",
        "sigma": 0.5,
        "horizon": 10,
    }
    arena = sk.portfolio([sk.UCB(confidence=c) for c in confidences], [sk.UCB()], [GAME], 20, replications=2)
    assert list(arena.leaders) == ["UCB(confidence=0.1)", "UCB", "UCB(confidence=4.0)"]


def test_benchmarks_and_own_learners():
    one = sk.Benchmark(np.str_("mine"), 1, np.float64(0.1), gamma=Fraction(1, 2), leader_action=np.int64(1))
    assert one == (other := sk.Benchmark("mine", 1.0, 0.1, gamma=0.5, leader_action=1))
    assert (hash(one), repr(one)) == (hash(other), repr(other))
    recorded = [sk.RecordedLearner(kind("CustomLearner"), kind("Mine"), kind("1")) for kind in (str, np.str_)]
    assert_alike(*recorded)


@pytest.mark.parametrize(
    "lost", [2**53 + 1, np.int64(2**53 + 1), 10**40 + 1, Decimal("1e-400"), Fraction(2**60 + 1)]
)
@pytest.mark.parametrize(
    "place",
    [
        lambda x: sk.UCB(sigma=x),
        sk.Gaussian,
        sk.games.unachievable,
        lambda x: sk.tolerant(GAME, x),
        lambda x: sk.best_responses(GAME, x),
        lambda x: sk.sweep([task_of(sk.UCB(), "leader")], standard_error={"leader": x}),
        lambda x: sk.simulate_many(
            GAME.leader, GAME.follower, sk.UCB(), sk.UCB(), 20, leader_parameters={"sigma": [x, 0.5]}
        ),
        lambda x: sk.simulate(GAME, sk.UCB(), sk.UCB(), 20).regret((x, 0.5)),
    ],
)
def test_numbers_that_no_float_holds(place, lost):
    with pytest.raises(sk.SpecError):
        place(lost)


@pytest.mark.parametrize("lost", [2**53 + 1, np.int64(2**53 + 1), 2**70 + 1])
def test_rewards_that_no_float_holds(lost):
    agent, simulation = sk.Agent(sk.UCB(), (2, 1), 9), sk.Simulation(GAME, sk.UCB(), sk.UCB(), 9)
    agent.choose()
    simulation.choose()
    for observe in (agent.observe, simulation.observe):
        with pytest.raises(sk.SpecError):
            observe(lost)
    agent.observe(2**60)
