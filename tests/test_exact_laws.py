"""With sure rewards, the law of a learner's actions is exactly that of the definitions, round by round.

The oracle plays out every way in which chance can decide in the first rounds of a game: that gives each
sequence of actions and its probability. Games are played, and it is counted how often each sequence came, and
each action in each round. A learner whose choices are sure has one sequence, and that one has to be played.

False alarms: ALPHA a test, by chi-square tests whose classes expect at least LEAST games.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from functools import cache
from itertools import product, takewhile

import numpy as np
import pytest
from cases import BREAKING_TIES, FACTS, FOLLOWERS, LEADERS, can_be, cases_of, is_random, named
from exact_law import law_of_paths
from scipy import stats

import stackel as sk

ALPHA = 1e-5
LEAST = 50
GAMES = 25_000
LONG, SHORT = 200, 20
"""Lengths of games: of learners whose choices are sure, and of others."""
COURSES = 800
"""As many rounds are looked at as chance has at most this many ways to decide."""
MEANS = {
    "2x3": ([[0.5, 0.25, 0.0], [0.25, 0.75, 0.5]], [[0.25, 0.5, 0.125], [1.0, 0.625, 0.0]]),
    "3x2": ([[0.5, 0.25], [0.25, 0.75], [0.5, 1.0]], [[0.25, 0.5], [1.0, 0.625], [0.5, 0.75]]),
    "ties": ([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]], [[0.25, 0.75, 0.75], [0.5, 0.625, 0.625]]),
}
PARTNER = {
    "leader": sk.ActiveArmElimination(sigma=0.1),
    "follower": sk.ExploreThenCommit(exploration=LONG),
}
"""Whom a learner in a seat meets: a follower that drops arms, a leader that takes turns. Both are sure."""


def horizon_of(learner):
    return SHORT if is_random(learner) else LONG


def pair_of(learner, role):
    return (learner, PARTNER[role]) if role == "leader" else (PARTNER[role], learner)


@cache
def law_in(learner, role, means, rounds):
    """Probability of each sequence of cells in the first rounds; None if there are too many."""
    leader, follower = map(named, pair_of(learner, role))
    return law_of_paths(MEANS[means], leader, follower, horizon_of(learner), rounds=rounds, most=COURSES)


def exact(learner, role, means):
    """The same in as many rounds as possible."""
    horizon = horizon_of(learner)
    rounds = range(1 if is_random(learner) else horizon, horizon + 1)
    *_, law = takewhile(bool, (law_in(learner, role, means, count) for count in rounds))
    return law


def played(learner, role, means, rounds):
    """How often each sequence of cells was played in the first rounds."""
    run = sk.simulate(
        sk.Game(*MEANS[means], noise=sk.Deterministic()),
        *pair_of(learner, role),
        horizon_of(learner),
        replications=GAMES if is_random(learner) else 1,
        seed=1,
        checkpoints=sorted({*range(1, rounds + 1), horizon_of(learner)}),
        trace=True,
    )
    counts = run.cell_counts[:, :rounds].reshape(len(run.cell_counts), rounds, -1)
    cells = np.diff(counts, axis=1, prepend=0).argmax(axis=2).astype(np.uint8)
    often = Counter(cells.view(f"V{rounds}").ravel().tolist())
    return Counter({tuple(path): count for path, count in often.items()})


def chi_square(observed, law):
    """P value of counts of outcomes; rare outcomes are counted together."""
    games = sum(observed.values())
    classes = Counter()
    seen = Counter()
    for outcome, probability in law.items():
        kept = outcome if probability * games >= LEAST else "rare"
        classes[kept] += probability * games
        seen[kept] += observed.get(outcome, 0)
    if classes["rare"] < LEAST:
        most, _ = classes.most_common(1)[0]
        for counts in (classes, seen):
            counts[most] += counts.pop("rare", 0)
    if len(classes) == 1:
        return 1.0
    expected = np.array(list(classes.values()))
    found = [seen[outcome] for outcome in classes]
    return stats.chisquare(found, expected * sum(found) / expected.sum()).pvalue


def in_round(paths, t):
    """How often, or how probably, each cell comes in round t."""
    found = Counter()
    for path, often in paths.items():
        found[path[t]] += often
    return found


def rounds_of(law):
    return len(next(iter(law)))


def p_value(observed, law):
    """How well sequences of cells fit their law; 0 if one came that cannot."""
    if any(often >= 1 and path not in law for path, often in observed.items()):
        return 0.0
    rounds = [chi_square(in_round(observed, t), in_round(law, t)) for t in range(rounds_of(law))]
    return min(2 * chi_square(observed, law), 2 * len(rounds) * min(rounds))


def settings():
    """Every learner in every seat and game."""
    for role, learners in {"leader": LEADERS, "follower": FOLLOWERS}.items():
        breaking = [learner for learner in BREAKING_TIES if can_be(learner, role)]
        for learner, means in (*product(learners, MEANS), *product(breaking, ["ties"])):
            yield learner, role, means


@pytest.mark.parametrize(("learner", "role", "means"), [*settings()], ids=str)
def test_actions_have_the_law_of_the_definition(learner, role, means):
    law = exact(learner, role, means)
    assert p_value(played(learner, role, means, rounds_of(law)), law) > ALPHA


def moved(learner, parameter, *seat):
    """The learner with other values of a parameter, filled in for a seat."""
    learner = learner.resolve(*seat)
    value = getattr(learner, parameter["name"])
    others = {
        "bool": lambda: [not value],
        "int": lambda: [value + 1, value - 1],
        "float": lambda: [1.5 * value + 0.1, value / 2],
        "str": lambda: parameter["choices"],
        "Sequence[int]": lambda: [tuple(length + 1 for length in value)],
        "Learner": lambda: [sk.FixedAction(0)],
    }
    for other in others[parameter["type"]]():
        try:
            yield dataclasses.replace(learner, **{parameter["name"]: other}).resolve(*seat)
        except sk.SpecError:
            continue


def shows(learner, parameter, role, means):
    """Whether another value of the parameter would be found out."""
    law = exact(learner, role, means)
    for other in moved(learner, parameter, role, horizon_of(learner), *np.shape(MEANS[means][0])):
        wrong = law_in(other, role, means, rounds_of(law))
        if wrong and p_value({path: GAMES * chance for path, chance in wrong.items()}, law) < ALPHA / 100:
            return True
    return False


def values_that_have_to_show():
    """A value of its own for each parameter; and None, where a default depends on the seat."""
    for name, entry in FACTS.items():
        for parameter in entry["parameters"]:
            if parameter["type"] == "array":
                continue  # it fits games of one shape only: see the learner's own tests
            yield name, parameter, f"not {parameter.get('default')}"
            if parameter.get("default", ...) is None:
                yield name, parameter, "None"


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [*values_that_have_to_show()],
    ids=lambda given: given if isinstance(given, str) else given["name"],
)
def test_every_parameter_shows(name, parameter, value):
    """A case has such a value, and another one would be found out in one of the games above."""

    def has(learner):
        given = getattr(learner, parameter["name"])
        return given is None if value == "None" else given != parameter.get("default", ...)

    tried = product(filter(has, cases_of(name)), FACTS[name]["roles"], MEANS)
    assert any(shows(learner, parameter, role, means) for learner, role, means in tried), (
        f"add a case of {name} to tests/cases.py whose {parameter['name']} is {value} and shows: with sure "
        "rewards, it should play differently from one with another value"
    )
