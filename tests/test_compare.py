"""Comparisons between pairs of learners: no winner without evidence.

The statistical test would reject a correct comparison with probability below 1e-4: a binomial bound
at four standard deviations.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy import stats

import stackel as sk
from stackel.analysis._compare import compare_regrets

GAME = sk.games.etc_failure()
FIXED = {
    "good": (sk.FixedAction(0), sk.BestResponse()),
    "bad": (sk.FixedAction(1), sk.BestResponse()),
    "worst": (sk.FixedAction(0), sk.FixedAction(1)),
}
"""Pairs with 0, 0.1 and 0.4 regret a round."""


def made(regret, **options):
    """Comparison of regrets of shape (2, P, R) made by hand."""
    regret = np.array(regret, dtype=float)
    names = tuple("abcdefgh"[: regret.shape[1]])
    settings = {"confidence": 0.95, "bootstrap": 500, "seed": np.random.SeedSequence(1)} | options
    zeros, chance = np.zeros(2), np.ones((2, len(names), len(names)), dtype=bool)
    return compare_regrets(
        names, 100, zeros, regret, zeros, chance=chance, provenance={"spec": {}, "seed": 0}, **settings
    )


def test_fixed_actions_are_told_apart_exactly():
    found = sk.compare(GAME, FIXED, 1000, seed=1)
    gaps = np.subtract.outer([0, 100, 400], [0, 100, 400])
    for part in (found.difference, found.low, found.high):
        np.testing.assert_allclose(part, [gaps] * 3, atol=1e-9)
    for player in ("leader", "follower", "max"):
        assert found.best(player) == ("good",)
        assert found.verdict("good", "bad", player) == "better"
        assert found.verdict("worst", "bad", player) == "worse"
        assert found.verdict("bad", "bad", player) == "not distinguishable"
    assert "the same in all 64 replications" in found.notes[0]
    assert "max: good is best" in repr(found)


def test_the_same_pair_twice_is_the_same():
    pairs = {"one": (sk.UCB(), sk.UCB()), "other": (sk.UCB(), sk.UCB())}
    found = sk.compare(GAME, pairs, 500, seed=1)
    assert (found.difference == 0).all()
    assert (found.low == found.high).all()
    assert found.best() == ("one", "other")
    assert found.notes == ()
    assert "not distinguishable: one, other" in repr(found)


def test_a_lower_mean_alone_makes_no_winner():
    rng = np.random.default_rng(2)
    regret = rng.normal(size=(2, 2, 40)) + np.array([[10.0], [10.05]])
    found = made(regret)
    lower = ("a", "b") if found.difference[0, 0, 1] < 0 else ("b", "a")
    assert found.difference[0, 0, 1] != 0
    assert found.verdict(*lower, "leader") == "not distinguishable"
    assert set(found.best("leader")) == {"a", "b"}
    assert found.best("leader")[0] == lower[0]


def test_equal_learners_are_called_different_as_seldom_as_promised():
    rng = np.random.default_rng(3)
    sets, wrong = 400, 0
    for key in range(sets):
        found = made(rng.normal(size=(2, 5, 40)), seed=np.random.SeedSequence(key), bootstrap=300)
        wrong += np.array([len(found.best(player)) < 5 for player in ("leader", "follower", "max")])
    assert (wrong < 0.06 * sets + 4 * math.sqrt(0.06 * 0.94 * sets)).all()


def test_the_larger_regret_counts_for_both():
    means = np.array([[5.0, 1.0, 3.0], [1.0, 5.0, 3.0]])
    found = made(means[:, :, None] + 0.01 * np.random.default_rng(4).normal(size=(2, 3, 30)))
    np.testing.assert_allclose(found.difference[2, :, 2], [2, 2, 0], atol=0.01)
    assert found.best("max") == ("c",)
    assert found.best("leader") == ("b",)
    assert found.best("follower") == ("a",)
    np.testing.assert_allclose(found.low, -found.high.swapaxes(1, 2), atol=1e-12)
    assert (found.low <= found.difference).all()
    assert (found.difference <= found.high).all()


def test_a_pair_may_be_beaten_by_another_than_the_lowest():
    """The lowest mean is uncertain, the second lowest is not: it alone beats the third."""
    rng = np.random.default_rng(5)
    sure = rng.normal(size=64)
    vague = 40 * rng.normal(size=64)
    leader = np.stack([vague - vague.mean(), sure - sure.mean() + 1, sure - sure.mean() + 2])
    found = made([leader, leader])
    assert found.verdict("c", "a", "leader") == "not distinguishable"
    assert found.verdict("c", "b", "leader") == "worse"
    assert found.best("leader") == ("a", "b")


def test_every_run_has_the_same_seed():
    pairs = [(sk.UCB(), sk.UCB()), (sk.UCB(anytime=True), sk.UCB())]
    found = sk.compare(GAME, pairs, 2000, seed=11, replications=4)
    assert found.names == ("UCB v UCB", "UCB(anytime=True) v UCB")
    for place, pair in enumerate(pairs):
        run = sk.simulate(GAME, *pair, 2000, replications=4, seed=11, checkpoints=[2000])
        np.testing.assert_array_equal(found.regret[:, place], run.regret(sk.stackelberg)[:, :, 0])
    again = sk.compare(GAME, pairs, 2000, seed=11, replications=4, threads=1)
    np.testing.assert_array_equal(again.low, found.low)


def test_correlation_is_measured():
    regret = np.random.default_rng(6).normal(size=(2, 3, 50))
    regret[:, 2] = 1.0
    found = made(regret)
    table = found.against("b")
    row = table[(table["player"] == "follower") & (table["pair"] == "a")]
    expected = stats.pearsonr(regret[1, 0], regret[1, 1]).statistic
    assert row["correlation"].item() == pytest.approx(expected)
    assert np.isnan(table[table["pair"] == "c"]["correlation"]).all()


def test_table_compares_with_the_lowest_or_with_a_given_pair():
    found = sk.compare(GAME, FIXED, 1000, seed=1)
    table = found.table
    assert table["player"].tolist() == ["leader"] * 3 + ["follower"] * 3 + ["max"] * 3
    assert table["pair"].tolist() == list(FIXED) * 3
    assert set(table["other"]) == {"good"}
    assert table["verdict"].tolist() == ["not distinguishable", "worse", "worse"] * 3
    np.testing.assert_allclose(table["regret"], [0, 100, 400] * 3, atol=1e-9)
    other = found.against("bad")
    assert other["verdict"].tolist() == ["better", "not distinguishable", "worse"] * 3
    np.testing.assert_allclose(other["difference"], [-100, 0, 300] * 3)
    assert json.loads(table.attrs["spec"])["analysis"] == "compare"


def test_to_xarray_names_everything():
    found = sk.compare(GAME, FIXED, 1000, seed=1, replications=4)
    data = found.to_xarray()
    assert data["difference"].sel(player="max", pair="worst", other="bad").item() == pytest.approx(300)
    np.testing.assert_array_equal(data["regret"].sel(player="leader", pair="bad"), found.regret[0, 1])
    assert data.attrs["stream_version"] == sk.build_info()["stream_version"]


def test_one_replication_decides_nothing():
    found = sk.compare(GAME, FIXED, 1000, seed=1, replications=1)
    assert np.isnan(found.low).all()
    assert found.best() == ("good", "bad", "worst")
    assert found.verdict("good", "worst") == "not distinguishable"
    assert found.notes == ("one replication: no intervals",)


@pytest.mark.parametrize("other", [None, "worst"])
def test_plot_shows_every_pair(other):
    found = sk.compare(GAME, FIXED, 1000, seed=1, replications=4)
    (axes,) = found.plot(other).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == list(FIXED)
    reference = other or "good"
    shown = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert shown == [f"leader, from {reference}", f"follower, from {reference}"]
    drawn = [container.lines[0].get_xdata() for container in axes.containers]
    column = found.names.index(reference)
    np.testing.assert_allclose(drawn, found.difference[:2, :, column])


PAIR = (sk.UCB(), sk.UCB())


@pytest.mark.parametrize(
    ("argument", "changes"),
    [
        ("pairs", {"pairs": None}),
        ("pairs", {"pairs": "UCB"}),
        ("pairs", {"pairs": []}),
        ("pairs", {"pairs": [PAIR]}),
        ("pairs", {"pairs": [PAIR, PAIR]}),
        ("pairs", {"pairs": [PAIR, (sk.UCB(),)]}),
        ("pairs", {"pairs": [PAIR, (sk.UCB(), sk.UCB)]}),
        ("pairs", {"pairs": {1: PAIR, 2: PAIR}}),
        ("game", {"game": "chess"}),
        ("leader", {"pairs": [PAIR, (sk.BestResponse(), sk.UCB())]}),
        ("horizon", {"horizon": 0}),
        ("benchmark", {"benchmark": 0.5}),
        ("replications", {"replications": 0}),
        ("seed", {"seed": -1}),
        ("confidence", {"confidence": 1}),
        ("bootstrap", {"bootstrap": 0}),
        ("engine", {"engine": "steam"}),
        ("threads", {"threads": 0}),
    ],
)
def test_bad_arguments_are_named(argument, changes):
    settings = {"game": GAME, "pairs": FIXED, "horizon": 10} | changes
    with pytest.raises(sk.SpecError) as caught:
        sk.compare(**settings)
    assert caught.value.argument == argument


def test_unknown_names_are_refused():
    found = sk.compare(GAME, FIXED, 10, seed=1)
    for use, argument in (
        (lambda: found.against("nobody"), "other"),
        (lambda: found.plot("nobody"), "other"),
        (lambda: found.verdict("nobody", "bad"), "pair"),
        (lambda: found.best("referee"), "player"),
    ):
        with pytest.raises(sk.SpecError) as caught:
            use()
        assert caught.value.argument == argument


GOLDEN = [np.modf(0.6180339887498949 * np.arange(first, first + 16))[0].reshape(4, 4) for first in (1, 17)]
"""Utilities that lie apart from each other."""


@pytest.mark.parametrize(
    "game",
    [
        sk.Game(*GOLDEN),
        sk.Game(*(0.5 + 0.1 * (utility - 0.5) for utility in GOLDEN)),
        sk.games.random(4, 4, seed=11),
    ],
    ids=["apart", "close", "random"],
)
def test_differences_vary_much_less_than_those_of_independent_runs(game):
    pairs = {
        "UCB": (sk.UCB(), sk.UCB()),
        "leader 0.9": (sk.UCB(confidence=0.9), sk.UCB()),
        "follower 0.9": (sk.UCB(), sk.UCB(confidence=0.9)),
        "MOSS": (sk.MOSS(), sk.UCB()),
    }
    regret = sk.compare(game, pairs, 10_000, seed=2, replications=256, bootstrap=10).regret
    alone, paired = regret.var(axis=2, ddof=1), (regret - regret[:, :1]).var(axis=2, ddof=1)
    factors = ((alone + alone[:, :1])[:, 1:] / paired[:, 1:]).round(1)
    assert (factors >= 10).all(), factors


def test_intervals_of_paired_differences_cover_as_often_as_they_say():
    """At most 5% of 200 intervals miss; more than 23 do so with probability below 1e-4."""
    game, pairs = sk.games.random(2, 2, seed=4), {"1": (sk.UCB(),) * 2, "0.9": (sk.UCB(confidence=0.9),) * 2}
    truth = sk.compare(game, pairs, 300, seed=0, replications=2**16, bootstrap=1).difference[:2, 1, 0]
    missed = np.zeros(2)
    for seed in range(1, 201):
        found = sk.compare(game, pairs, 300, seed=seed, replications=96, bootstrap=200)
        missed += (truth < found.low[:2, 1, 0]) | (found.high[:2, 1, 0] < truth)
    assert (missed <= 23).all(), missed
