"""Evidence with everything a report can hold, and text that would do harm if it were not escaped."""

import math
from fractions import Fraction

from made import LABELLED

import stackel as sk
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Estimate, Evidence, Finding, Panel, Rate, Series, at_least, at_most

EVIL = """</script><script>evil = 1</script><img src="https://evil.test/x" onerror='evil=1'>"&amp;{{ 1 }}"""
HORIZONS = (1e4, 1e5, 1e6, 1e7)
SOURCE = {
    "spec": {"analysis": "reproduce", "mode": "quick", "claims": []},
    "seed": 7,
    "engine": "auto",
    "error_bound": None,
    "version": "0.0",
    "stream_version": 1,
    "platform": "x86_64-unknown, Python 3.11.0, NumPy 2.0.0",
}


def growing(power, factor=1.0, spread=1.2):
    values = [factor * horizon**power for horizon in HORIZONS]
    return tuple(Estimate(value, value / spread, value * spread) for value in values)


def both(label, rank, growth=None):
    return (
        Series(label, HORIZONS, growing(2 / 3), rank, 0, growth),
        Series(label, HORIZONS, growing(1 / 2), rank, 1),
    )


NOTHING = Estimate(math.nan, math.nan, math.nan)
LOST = tuple(Estimate(value, value - 1, value + 1) for value in (-5.0, 0.0, 3.0, 40.0))
LOGARITHMIC = Panel(
    "Growth, T^(2/3)",
    "horizon T (rounds)",
    "regret (units of utility)",
    (
        *both("worst case", 0, Rate(Fraction(2, 3), Fraction(1, 3))),
        *both(EVIL, 1, Rate(Fraction(1, 2))),
        Series("partly negative", HORIZONS, LOST, 2),
        Series("proved", HORIZONS, growing(2 / 3, 0.2, 1.0), 3, predicted=True),
        *(Series(f"pair {i}", HORIZONS, growing(0.5 + i / 20), None, i % 2) for i in range(4)),
    ),
    level=(100.0, "proved bound 100"),
)
LINEAR = Panel(
    "Threshold",
    "share of the exploration of the one that overlaps with the exploration of the other",
    "regret / T (units of utility)",
    (Series("ETC v ETC", (1.0, 1.5, 2.0), (Estimate(0.1, 0.1, 0.1), Estimate(-0.1, -0.2, 0.2), NOTHING)),),
    level=(0.1, "0.1 a round"),
    threshold=(1.5, "expected change"),
    log=False,
)
SHORT = Panel("Sizes", "|B| - 1", "constant", (Series("best pair", (1.0, 3.0, 7.0), growing(0.1)[:3], 6),))


def finding(setting, bound, measured, **more):
    return Finding(setting, "exponent of R / (ln T)^(1/3)", bound, Estimate(*measured), **more)


def claim(key, **more):
    rest = {
        "game": "",
        "modes": {"quick": {}},
        "experiments": lambda _: {},
        "evidence": lambda _: Evidence(()),
    }
    return Claim(key, f"Title of {key}", "R is O(T^(2/3)).", **rest | more)


FOUND = {
    "first": (
        claim(
            "first",
            game="the pair of games",
            tables=(*sk.games.unachievable(0.05), LABELLED),
            limits="others",
        ),
        Evidence(
            (
                finding(
                    "it holds", at_most(0.7, "0.7"), (0.6, 0.5, 0.65), note="raw 0.7", call="print(1 < 2)"
                ),
                finding("it fails", at_least(0.7, "0.7"), (0.6, 0.5, 0.65)),
            ),
            (LOGARITHMIC, LINEAR),
        ),
    ),
    "second": (
        claim("second", caveat="nothing is wrong with the world"),
        Evidence(
            (
                finding(EVIL, at_most(0.6, EVIL), (0.6, 0.5, 0.65), note=EVIL, call=EVIL),
                finding("undefined", at_most(0.6, "0.6"), NOTHING),
                finding("it fails badly", at_most(0.4, "0.4"), (0.6, 0.5, 0.65)),
            ),
            (SHORT,),
        ),
    ),
    "third": (claim("third"), Evidence((finding("no figure", at_most(0.7, "0.7"), (0.6, 0.5, 0.65)),))),
}
