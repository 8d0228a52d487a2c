"""Whole numbers as other programs write them: floats, decimals, and lists with rounding errors."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import stackel as sk

GAME = sk.games.etc_failure()
PAIR = GAME, sk.UCB(), sk.UCB()
HUNDRED = [100, 1e2, Decimal("1E+2"), Fraction(100), np.array(100.0), np.float32(100), 99.99999999999999]
SPACED = [
    np.geomspace(100, 800, 4),  # 200.00000000000003
    np.logspace(2, 2 + 3 * np.log10(2), 4),
    [Decimal(100), Fraction(200), 4e2, np.uint16(800)],
    pd.Series([100.0, 200.0, 400.0, 800.0]),
    pd.Index([100, 200, 400, 800]),
    100 * 2 ** pd.RangeIndex(4),
]
NONE = [
    100.5,
    100 + 1e-9,
    Decimal("100.1"),
    Fraction(201, 2),
    "100",
    True,
    np.nan,
    np.inf,
    Decimal("NaN"),
    1 + 0j,
]


def simulate(**options):
    return sk.simulate(*PAIR, **{"horizon": 1000, "seed": 1} | options)


@pytest.mark.parametrize("value", HUNDRED, ids=repr)
@pytest.mark.parametrize("argument", ["horizon", "replications", "seed", "checkpoints"])
def test_a_whole_number_in_any_form(argument, value):
    assert simulate(**{argument: value}) == simulate(**{argument: 100})


@pytest.mark.parametrize("value", NONE, ids=repr)
@pytest.mark.parametrize("argument", ["horizon", "replications", "seed", "checkpoints"])
def test_nothing_else(argument, value):
    with pytest.raises(sk.SpecError, match=f"^{argument}: must be"):
        simulate(**{argument: value})


def test_large_numbers_are_exact():
    assert simulate(seed=Decimal(2**64 - 1)).seed == 2**64 - 1
    assert simulate(seed=Decimal(2**60 + 1)).seed == 2**60 + 1
    with pytest.raises(sk.SpecError, match="seed"):
        simulate(seed=Decimal(2**60) + Decimal("0.5"))
    with pytest.raises(sk.SpecError, match="horizon"):
        simulate(horizon=1e12 + 0.25)


@pytest.mark.parametrize("values", SPACED, ids=lambda values: type(values).__name__)
def test_lists_in_any_form(values):
    expected = [100, 200, 400, 800]
    assert simulate(checkpoints=values).rounds.tolist() == expected
    players = sk.FixedAction(1), sk.BestResponse()
    assert sk.scaling(GAME, *players, values, replications=2, seed=1).horizons.tolist() == expected
    tasks = sk.grid(horizon=values).tasks(game=GAME, leader=sk.UCB(), follower=sk.UCB())
    assert [task.horizon for task in tasks] == [task.labels["horizon"] for task in tasks] == expected


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        (np.linspace(1, 100, 5), "got 25.75 at place 1, which is not whole: round it, as np.rint does"),
        ([5, 2000], "got 2000 at place 1, which is not from 1 to 1000"),
        ([5, 7, 7], "got 7 at place 2, after 7"),
        ([5, None], "got None at place 1"),
        ([5, "7"], "got '7' at place 1"),
        ([], "got ()"),
    ],
)
def test_the_message_names_the_fault(values, fault):
    with pytest.raises(sk.SpecError) as caught:
        simulate(checkpoints=values)
    assert str(caught.value).startswith("checkpoints: must be rounds that increase, whole numbers from 1 to")
    assert str(caught.value).endswith(fault)


def test_horizons_that_are_not_whole():
    with pytest.raises(
        sk.SpecError, match=r"^horizons: must be .* got 31.6\d* at place 1, which is not whole"
    ):
        sk.scaling(*PAIR, np.logspace(1, 2, 3))
    with pytest.raises(
        sk.SpecError, match=r"^horizon: must be .* got 31.6\d* at place 1, which is not whole"
    ):
        sk.worst_case(sk.games.lower_bound, *PAIR[1:], np.logspace(1, 2, 3), sk.stackelberg, [0.1, 0.2])


@pytest.mark.parametrize("value", [20.0, np.float32(20), Decimal(20)], ids=repr)
def test_parameters_of_learners(value):
    exact = sk.simulate(GAME, sk.ExploreThenCommit(exploration=20), sk.FixedAction(1), 200, seed=1)
    found = sk.simulate(
        GAME, sk.ExploreThenCommit(exploration=value), sk.FixedAction(value / 20), 200, seed=1
    )
    assert (found.utility == exact.utility).all()
    phases = [sk.ActiveArmElimination(phases=counts) for counts in ([8, 64], [8.0, 64.0])]
    alone, same = (sk.simulate(GAME, each, each, 200, seed=1) for each in phases)
    assert (alone.utility == same.utility).all()
    for wrong in (20.5, -1.0, 1e16, float("nan"), True):
        with pytest.raises(sk.SpecError, match="exploration: must be a whole number"):
            sk.ExploreThenCommit(exploration=wrong)


def test_actions_as_floats():
    exact, found = (
        sk.Simulation(GAME, None, sk.UCB(), 9, seed=1).step(3, leader_actions=actions).actions
        for actions in ([0, 1, 1], np.array([0.0, 1.0, 1.0]))
    )
    assert (found == exact).all()
    for wrong in ([0.5, 1.0, 1.0], [np.nan, 0.0, 0.0], [np.inf, 0.0, 0.0], [-1.0, 0.0, 0.0]):
        with pytest.raises(sk.SpecError, match="leader_actions"):
            sk.Simulation(GAME, None, sk.UCB(), 9, seed=1).step(3, leader_actions=wrong)
