"""Arrays that say more than numbers: what they say is kept, or they are refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import stackel as sk

GAME = sk.games.etc_failure()
NAMED = sk.Game(GAME.leader, GAME.follower, leader_labels=["up", "down"])
RUN = sk.simulate(GAME, sk.UCB(), sk.UCB(), 20, seed=1)
MANY = sk.simulate_many(np.zeros((2, 2, 2)), np.zeros((2, 2, 2)), sk.UCB(), sk.UCB(), 20, seed=1)
ROWS, COLUMNS = ("up", "mid", "down"), ("left", "right")


def many(**options):
    return sk.simulate_many(GAME.leader, GAME.follower, sk.UCB(), sk.UCB(), 20, **options)


PLACES = {
    "row of a game": lambda x: sk.Game([x, [0.5, 0.4]], GAME.follower),
    "stack": lambda x: sk.simulate_many([[x, x]], [GAME.follower], sk.UCB(), sk.UCB(), 20),
    "strategy": lambda x: sk.commit(GAME, x),
    "strategy by name": lambda x: sk.commit(NAMED, x),
    "parameters": lambda x: many(leader_parameters={"sigma": x}),
    "seeds": lambda x: many(seed=x),
    "actions": lambda x: sk.Simulation(GAME, None, sk.UCB(), 20).step(2, leader_actions=x),
    "benchmark": RUN.regret,
    "benchmark of many": MANY.regret,
    "quantiles": lambda x: sk.diagnostics(RUN, "stackelberg" and (0.6, 0.4), quantiles=x),
    "checkpoints": lambda x: sk.simulate(GAME, sk.UCB(), sk.UCB(), 20, checkpoints=x),
    "horizons": lambda x: sk.scaling(GAME, sk.UCB(), sk.UCB(), x, replications=2),
    "grid": lambda x: sk.worst_case(
        sk.games.unachievable, sk.UCB(), sk.UCB(), [10, 20], (0.6, 0.4), x, replications=2
    ),
    "axis": lambda x: sk.grid(delta=x),
    "shape": lambda x: sk.Agent(sk.UCB(), x, 20),
}
"""Every place that takes an array, with two numbers; none of them may be read from those below."""
UNREADABLE = {
    "masked": np.ma.array([0.25, 0.75], mask=[False, True]),
    "masked ints": np.ma.array([1, 2], mask=[False, True]),
    "named": pd.Series([0.25, 0.75], index=["left", "right"]),
    "sorted": pd.Series([2, 1], index=[1, 0]).iloc[[1, 0]].set_axis([5, 7]),
    "nullable": pd.Series([1, None], dtype="Int64"),
    "null": pl.Series([1, None]),
    "categories": pd.Series(pd.Categorical([1, 2])),
    "dates": pd.Series(pd.to_datetime([1, 2])),
    "coordinates": xr.DataArray([1, 2], dims="a", coords={"a": ["x", "y"]}),
    "text": ["1", "2"],
    "complex": [1 + 0j, 2 + 0j],
    "set": {1, 2},
    "table": {1: 0.25, 2: 0.75},
    "structured": np.array([(1, 2), (3, 4)], dtype="i,i"),
}


ANYTHING = ("text", "complex", "structured", "categories", "dates", "null", "table")
"""Values that an axis may have."""


@pytest.mark.parametrize(
    ("place", "carrier"),
    [
        pytest.param(place, carrier, id=f"{place}-{kind}")
        for place in PLACES
        for kind, carrier in UNREADABLE.items()
        if place != "axis" or kind not in ANYTHING
    ],
)
def test_what_cannot_be_kept_is_refused(place, carrier):
    with pytest.raises(sk.SpecError):
        PLACES[place](carrier)


class Metres:
    """An array with a unit, as those of pint and astropy."""

    units = "m"

    def __array__(self, dtype=None, copy=None):
        return np.ones((2, 2))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (np.ma.array([[1, 2], [3, 4]], mask=[[0, 0], [0, 1]]), "1 masked"),
        ([[1, np.ma.masked], [3, 4]], "1 masked"),
        (pd.DataFrame({"l": [1.0, None], "r": [1, 2]}), "1 missing"),
        (pl.DataFrame({"l": [1, None], "r": [1, 2]}), "1 missing"),
        (Metres(), "units"),
        (xr.Dataset({"a": ("x", [1, 2])}), "Dataset"),
        ([[2**53 + 1, 0.5], [0, 0]], "would be rounded"),
        (np.array([[2**53 + 1, 0], [0, 0]]), "would be rounded"),
        (np.array([[2**64 - 1, 0], [0, 0]], np.uint64), "would be rounded"),
        (pd.DataFrame({"l": [2**53 + 1, 0], "r": [0.5, 0.5]}), "would be rounded"),
        ([[Fraction(2**53 + 1), 0], [0, 0]], "would be rounded"),
        ([[Decimal(2**53 + 1), 0], [0, 0]], "would be rounded"),
        ([[Decimal("1e-400"), 0], [0, 0]], "would be rounded"),
        ([[np.int64(2**53 + 1), 0.5], [0, 0]], "would be rounded"),
        ([[np.longdouble(2**53) + 1, 0], [0, 0]], "would be rounded"),
    ],
)
def test_the_reason_is_said(bad, reason):
    with pytest.raises(sk.SpecError) as caught:
        sk.Game(bad, [[1, 2], [3, 4]])
    assert caught.value.argument == "leader"
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("number", "float_"),
    [
        (2**60, 2.0**60),
        (np.uint64(2**63), 2.0**63),
        (Fraction(1, 3), 1 / 3),
        (Decimal("0.1"), 0.1),
        (np.float32(0.1), 13421773 / 2**27),
        (np.longdouble("0.1"), 0.1),
        (True, 1.0),
    ],
    ids=repr,
)
def test_numbers_that_a_float_holds(number, float_):
    assert sk.Game([[number, 0.5]], [[0, 0]]).leader.tolist() == [[float_, 0.5]]


def as_pandas(cells, rows, columns):
    return pd.DataFrame([[cells[a, b] for b in columns] for a in rows], index=rows, columns=columns)


def as_xarray(cells, rows, columns):
    values = [[cells[a, b] for a in rows] for b in columns]
    return xr.DataArray(values, dims=("b", "a"), coords={"a": list(rows), "b": list(columns)})


@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data(), table=st.sampled_from([as_pandas, as_xarray]))
def test_tables_are_paired_by_their_labels(data, table):
    """Whatever the order of rows and columns, an outcome keeps both of its utilities."""
    u1, u2 = ({(a, b): data.draw(st.integers(-9, 9)) for a in ROWS for b in COLUMNS} for _ in range(2))
    orders = [data.draw(st.permutations(names)) for names in (ROWS, COLUMNS, ROWS, COLUMNS)]
    leader, follower = table(u1, *orders[:2]), table(u2, *orders[2:])
    if table is as_xarray:  # the leader's axes say which are rows
        leader = leader.transpose()
    game = sk.Game(leader, follower)
    assert set(game.leader_labels) == set(ROWS)
    for i, a in enumerate(game.leader_labels):
        for j, b in enumerate(game.follower_labels):
            assert (game.leader[i, j], game.follower[i, j]) == (u1[a, b], u2[a, b])
    assert sk.Game(leader, as_pandas(u2, *map(tuple, (game.leader_labels, game.follower_labels)))) == game
    weights = pd.Series([0.5, 0.25, 0.25], index=data.draw(st.permutations(ROWS)))
    assert sk.commit(game, weights).strategy.tolist() == [weights[a] for a in game.leader_labels]


def test_labels_of_tables():
    table = as_pandas(dict.fromkeys([(a, b) for a in ROWS for b in COLUMNS], 1), ROWS, COLUMNS)
    bare = [[1, 2], [3, 4], [5, 6]]
    for game in (sk.Game(table, bare), sk.Game(bare, table), sk.Game(pd.DataFrame(bare), table)):
        assert (game.leader_labels, game.follower_labels) == (ROWS, COLUMNS)
    assert sk.Game(pd.DataFrame(bare), bare).leader_labels is None
    assert sk.Game(table, bare, leader_labels=ROWS).leader_labels == ROWS
    crossed = pl.DataFrame({"right": [1, 2, 3], "left": [4, 5, 6]})
    assert sk.Game(table, crossed).follower.tolist() == [[4, 1], [5, 2], [6, 3]]
    turned = xr.DataArray(np.transpose(bare), dims=("follower", "leader"))
    assert sk.Game(turned, bare) == sk.Game(bare, bare)
    for argument, call in {
        "follower": lambda: sk.Game(table, table.rename(index={"up": "top"})),
        "leader_labels": lambda: sk.Game(table, bare, leader_labels=ROWS[::-1]),
        "leader": lambda: sk.Game([table.loc["up"], table.loc["mid", ["right", "left"]], [1, 2]], bare),
        "strategy": lambda: sk.commit(NAMED, pd.Series([0.5, 0.5], index=["up", "left"])),
    }.items():
        with pytest.raises(sk.SpecError) as caught:
            call()
        assert caught.value.argument == argument
    with pytest.raises(sk.SpecError, match="axes"):
        sk.Game(xr.DataArray(bare, dims=("a", "b")), xr.DataArray(bare, dims=("a", "c")))
