"""The Python dataclasses say what the Rust registry says, and defaults follow their formulas."""

from __future__ import annotations

import dataclasses
import itertools
import math
import pickle
from collections.abc import Sequence
from random import Random

import pytest
from cases import FOLLOWERS, LEADERS
from oracle_learners import RULES
from oracle_seat import Seat

import stackel as sk
from stackel.learners import Learner

SCHEMA = {entry["name"]: entry for entry in sk.learner_schema()}
TYPES = {
    "a whole": "int",
    "a number": "float",
    "True or": "bool",
    "a nonempty": "Sequence[int]",
    "one of": "str",
}


def source(entry):
    """The dataclass to paste into a module of stackel.learners when it and the registry differ."""
    lines = [
        "@dataclass(frozen=True)",
        f"class {entry['name']}(Learner):",
        f'    """{entry["summary"]}."""',
        "",
    ]
    for parameter in entry["parameters"]:
        annotation = next(kind for start, kind in TYPES.items() if parameter["allowed"].startswith(start))
        if parameter["required"]:
            lines.append(f"    {parameter['name']}: {annotation}")
        elif parameter["default"] is None:
            lines.append(f"    {parameter['name']}: {annotation} | None = None")
        else:
            lines.append(f"    {parameter['name']}: {annotation} = {parameter['default']!r}")
    return "\n".join(lines)


def test_every_registered_learner_has_a_dataclass_and_no_other():
    missing = [source(entry) for name, entry in SCHEMA.items() if name not in Learner._registry]
    assert not missing, "add to a module of python/stackel/learners:\n\n" + "\n\n".join(missing)
    assert sorted(Learner._registry) == sorted(SCHEMA) == sorted(sk.registered_learners())


@pytest.mark.parametrize("name", SCHEMA)
def test_dataclass_equals_the_registry(name):
    entry = SCHEMA[name]
    fields = dataclasses.fields(Learner._registry[name])
    ours = [(field.name, field.default) for field in fields]
    registered = [
        (parameter["name"], dataclasses.MISSING if parameter["required"] else parameter["default"])
        for parameter in entry["parameters"]
    ]
    assert ours == registered, "its module in python/stackel/learners should hold:\n\n" + source(entry)


@pytest.mark.parametrize("name", SCHEMA)
def test_oracle_and_sweeps_know_every_learner(name):
    assert name in RULES
    swept = {type(learner).__name__ for learner in (*LEADERS, *FOLLOWERS)}
    assert name in swept, "add it to tests/cases.py"


def test_source_to_paste_runs():
    names = {"dataclass": dataclasses.dataclass, "Learner": object, "Sequence": Sequence}
    for name, entry in SCHEMA.items():
        exec(source(entry), names)  # noqa: S102
        ours, pasted = (dataclasses.fields(cls) for cls in (Learner._registry[name], names[name]))
        assert [(field.name, field.default) for field in ours] == [
            (field.name, field.default) for field in pasted
        ]


@pytest.mark.parametrize("name", SCHEMA)
def test_documented_and_exported(name):
    cls = Learner._registry[name]
    assert cls in {getattr(sk, exported) for exported in sk.__all__}
    assert cls.__doc__
    assert not cls.__doc__.startswith(f"{name}(")


@pytest.mark.parametrize("learner", [*LEADERS, *FOLLOWERS], ids=repr)
def test_learners_are_values(learner):
    again = Learner.from_dict(learner.to_dict())
    assert again == learner == pickle.loads(pickle.dumps(learner))
    assert hash(again) == hash(learner)
    with pytest.raises(dataclasses.FrozenInstanceError):
        learner.sigma = 2.0


GRID = list(itertools.product([1, 2, 3, 10, 387, 10_000, 10**6, 2**53], [1, 2, 5, 64], [1, 2, 3, 64]))


@pytest.mark.parametrize(("horizon", "n_leader", "n_follower"), GRID)
def test_default_lengths_follow_their_formulas(horizon, n_leader, n_follower):
    seat = Seat("leader", horizon, n_leader, n_follower, (), Random(0))
    short, long = seat.follower_window, seat.leader_window
    where = (horizon, n_leader, n_follower)
    assert sk.ExploreThenCommit().resolve("follower", *where) == sk.ExploreThenCommit(exploration=short)
    assert sk.ExploreThenCommit().resolve("leader", *where) == sk.ExploreThenCommit(exploration=long)
    for role in ("leader", "follower"):
        assert sk.ExploreThenCommitThrowOut().resolve(role, *where) == sk.ExploreThenCommitThrowOut(
            discard=long, exploration=long
        )
        assert sk.ExploreThenUCB().resolve(role, *where) == sk.ExploreThenUCB(exploration=long)


def test_default_length_of_the_docstring():
    assert sk.ExploreThenCommit().resolve("follower", 10_000, 2, 2).exploration == math.ceil(
        2500 ** (2 / 3) * math.log(10_000) ** (1 / 3)
    )


@pytest.mark.parametrize("learner", LEADERS, ids=repr)
def test_resolving_fills_every_none_but_phases_and_changes_nothing_else(learner):
    after = learner.resolve("leader", 5000, 3, 2)
    for field in dataclasses.fields(learner):
        before, now = getattr(learner, field.name), getattr(after, field.name)
        assert now == before if before is not None else now is not None
    assert after.resolve("leader", 5000, 3, 2) == after


@pytest.mark.parametrize("learner", [*LEADERS, *FOLLOWERS], ids=repr)
def test_resolved_learners_play_alike(learner):
    game = sk.games.etc_failure()
    role = "follower" if learner in FOLLOWERS else "leader"
    filled = learner.resolve(role, 300, *game.shape)
    partner = {"leader": sk.UCB(), "follower": sk.UCB()}
    one = sk.simulate(game, **{**partner, role: learner}, horizon=300, seed=1)
    other = sk.simulate(game, **{**partner, role: filled}, horizon=300, seed=1)
    assert (one.utility == other.utility).all()
