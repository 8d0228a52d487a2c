"""Every learner is where it has to be, and says everywhere the same. What is missing is named with its file.

CONTRIBUTING lists the places.
"""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import math
import pickle
import re
from pathlib import Path

import pytest
from cases import FACTS, FOLLOWERS, LEADERS, cases_of
from chance import Sure
from oracle_learners import rule_of
from oracle_seat import Seat

import stackel as sk
from stackel.learners._base import REGISTERED, Learner

ROOT = Path(__file__).parents[1]
MODULES = "a module of python/stackel/learners"


def source(entry):
    """The class to paste into a module of stackel.learners when it and the registry differ."""
    lines = [
        "@learner",
        f"class {entry['name']}(Learner):",
        f'    """{entry["summary"].capitalize()}."""',
        "",
    ]
    for parameter in entry["parameters"]:
        name, annotation = parameter["name"], parameter["type"]
        if parameter["required"]:
            lines.append(f"    {name}: {annotation} = field(kw_only=False)")
        elif parameter["default"] is None:
            lines.append(f"    {name}: {annotation} | None = None")
        else:
            lines.append(f"    {name}: {annotation} = {parameter['default']!r}")
    return "\n".join(lines)


def class_of(name):
    assert name in REGISTERED, f"add to {MODULES}:\n\n{source(FACTS[name])}"
    return REGISTERED[name]


@pytest.mark.parametrize("name", FACTS)
def test_class_in_python(name):
    ours = [(field.name, field.default) for field in dataclasses.fields(class_of(name))]
    registered = [
        (parameter["name"], parameter.get("default", dataclasses.MISSING))
        for parameter in FACTS[name]["parameters"]
    ]
    assert ours == registered, f"{inspect.getfile(class_of(name))} should hold:\n\n{source(FACTS[name])}"


@pytest.mark.parametrize("name", REGISTERED)
def test_class_has_a_rule_in_rust(name):
    assert name in FACTS, (
        f"{name} has a class in Python, but no line in REGISTRY of rust/stackel-core/src/learners/mod.rs"
    )


def test_source_to_paste_runs():
    names = {"learner": dataclasses.dataclass(kw_only=True), "Learner": object, "field": dataclasses.field}
    for name, entry in FACTS.items():
        exec("from __future__ import annotations\n" + source(entry), names)  # noqa: S102
        ours, pasted = (dataclasses.fields(cls) for cls in (class_of(name), names[name]))
        assert [(field.name, field.default) for field in ours] == [
            (field.name, field.default) for field in pasted
        ]


@pytest.mark.parametrize("name", FACTS)
def test_export(name):
    module = class_of(name).__module__
    lines = f'from {module} import {name}\n\n__all__ = [..., "{name}", ...]'
    assert name in sk.learners.__all__, f"add to python/stackel/learners/__init__.py:\n\n{lines}"
    assert getattr(sk, name) is getattr(sk.learners, name) is class_of(name)
    assert name in sk.__all__


@pytest.mark.parametrize("name", FACTS)
def test_docstring(name):
    doc = class_of(name).__doc__
    file = inspect.getfile(class_of(name))
    assert doc, f"{file}: {name} needs a docstring"
    assert not doc.startswith(f"{name}("), (
        f"{file}: {name} needs a docstring of its own, not that of a dataclass"
    )


@pytest.mark.parametrize("name", FACTS)
def test_rule_in_the_oracle(name):
    taken = [each.name for each in inspect.signature(rule_of(name)).parameters.values()]
    assert taken[: len(FACTS[name]["parameters"]) + 1] == [
        "seat",
        *(parameter["name"] for parameter in FACTS[name]["parameters"]),
    ], f"{inspect.getfile(rule_of(name))}: the rule of {name} takes other parameters than the learner"


@pytest.mark.parametrize("name", FACTS)
def test_cases(name):
    assert cases_of(name)


def rows():
    """Learners in the order of the definitions, and their rows' beginnings."""
    page = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8").partition("\n## 3. Learners")[2]
    return dict(re.findall(r"^\| `(\w+)(\(.*?\)` \| \w+ \|)", page.partition("\n## ")[0], re.MULTILINE))


@pytest.mark.parametrize("name", FACTS)
def test_row_in_the_definitions(name):
    parameters = ", ".join(
        parameter["name"] if parameter["required"] else f"{parameter['name']}={parameter['default']!r}"
        for parameter in FACTS[name]["parameters"]
    )
    seats = "both" if len(FACTS[name]["roles"]) == 2 else FACTS[name]["roles"][0]
    row = f"({parameters})` | {seats} |"
    assert rows().get(name) == row, (
        f"the table in section 3 of docs/definitions.md should hold: | `{name}{row} ... |"
    )


def test_definitions_come_in_the_order_of_the_registry():
    assert list(rows()) == list(FACTS), (
        "docs/definitions.md and REGISTRY in rust/stackel-core/src/learners/mod.rs should list the same "
        "learners in the same order"
    )
    assert sk.registered_learners() == list(FACTS)


@pytest.mark.parametrize("name", FACTS)
def test_changelog(name):
    assert re.search(rf"\b{name}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")), (
        f"CHANGELOG.md says nothing of {name}"
    )


@pytest.mark.parametrize("learner", [*LEADERS, *FOLLOWERS], ids=repr)
def test_learners_are_values(learner):
    again = Learner.from_dict(learner.to_dict())
    assert again == learner == pickle.loads(pickle.dumps(learner))
    assert hash(again) == hash(learner)
    with pytest.raises(dataclasses.FrozenInstanceError):
        learner.sigma = 2.0


def test_files_of_earlier_builds_call_it_uniform():
    assert Learner.from_dict({"learner": "Uniform"}) == sk.UniformLearner()
    assert sk.UniformLearner().to_dict() == {"learner": "UniformLearner"}


GRID = list(itertools.product([1, 2, 3, 10, 387, 10_000, 10**6, 2**53], [1, 2, 5, 64], [1, 2, 3, 64]))


@pytest.mark.parametrize(("horizon", "n_leader", "n_follower"), GRID)
def test_default_lengths_follow_their_formulas(horizon, n_leader, n_follower):
    seat = Seat("leader", horizon, n_leader, n_follower, (), Sure())
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
        if isinstance(before, Learner):  # that is filled in for its own seat
            assert type(now) is type(before)
            continue
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


def described(thing):
    """Names in the section Parameters of a docstring, with their default if it is given."""
    section = re.search(
        r"^Parameters\n-+\n(.*?)(?:\n\n[A-Z]\w+\n-+\n|\Z)", inspect.getdoc(thing), re.DOTALL | re.MULTILINE
    )
    heads = [line for line in section[1].splitlines() if not line.startswith((" ", "\n")) and line]
    found = {}
    for head in heads:
        names, _, kind = head.partition(" : ")
        names, defaults = names.split(", "), kind.partition("default ")[2].split(" and ")
        found |= dict(
            zip(names, defaults if len(defaults) == len(names) else defaults * len(names), strict=True)
        )
    return found


@pytest.mark.parametrize(
    "thing",
    [thing for thing in (*REGISTERED.values(), *sk.Noise._laws.values()) if dataclasses.fields(thing)],
    ids=lambda thing: thing.__name__,
)
def test_every_parameter_is_described_with_its_default(thing):
    """By ``help``, in the order of the parameters."""
    known = {each.name: each.default for each in dataclasses.fields(thing)}
    told = described(thing)
    assert list(told) == list(known)
    for name, default in told.items():
        assert default in {"", str(known[name]), f'"{known[name]}"'}, name


def test_wrong_seats_are_said_in_a_line():
    """With what is to be done, and no list of all learners."""
    game = sk.games.etc_failure()
    for pair, role in (
        ((sk.BestResponse(), sk.UCB()), "leader"),
        ((sk.UCB(), sk.LipschitzUCB()), "follower"),
    ):
        with pytest.raises(sk.SpecError) as caught:
            sk.simulate(game, *pair, 10)
        wrong = pair[0 if role == "leader" else 1].label
        other = "follower" if role == "leader" else "leader"
        assert str(caught.value) == (
            f"{role}: must be a learner that can be the {role}, which {wrong} cannot: it is a {other}; "
            f"learner_schema() lists the seats of all, got {wrong}"
        )


def test_laws_that_were_meant_are_said():
    with pytest.raises(sk.SpecError, match=r"did you mean StudentT\?"):
        sk.Noise.from_dict({"law": "studntt", "df": 3})
    for junk in (None, {}, {"law": None}, {"law": ["Gaussian"]}):
        with pytest.raises(sk.SpecError, match="a table with law"):
            sk.Noise.from_dict(junk)
