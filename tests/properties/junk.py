"""Things that are no sensible argument of anything, or only by accident."""

from __future__ import annotations

import decimal
import fractions
import math

import numpy as np

import stackel as sk


class Unshowable:
    """Its `repr` fails."""

    def __repr__(self):
        raise RuntimeError("nobody knows what this is")


class Whatever:
    """A class that can be called with anything."""

    def __init__(self, *_args, **_options):
        pass


def nest(depth):
    """Lists in lists."""
    return [] if depth == 0 else [nest(depth - 1)]


def deep():
    """Deeper than Python can show."""
    made: list[object] = []
    for _ in range(5000):
        made = [made]
    return made


ITSELF: list[object] = []
ITSELF.append(ITSELF)

JUNK = {
    "None": None,
    "...": ...,
    "NotImplemented": NotImplemented,
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "-1": -1,
    "0": 0,
    "True": True,
    "False": False,
    "0.5": 0.5,
    "2**53 + 1": 2**53 + 1,
    "2**63": 2**63,
    "2**64": 2**64,
    "10**400": 10**400,
    "more digits than Python converts": 10**5000,
    "fewer than none of them": -(10**5000),
    "largest float": 1.7e308,
    "float64 nan": np.float64("nan"),
    "int8": np.int8(-3),
    "uint64": np.uint64(2**64 - 1),
    "float16": np.float16(3),
    "bool_": np.True_,
    "complex": 1j,
    "complex128": np.complex128(1j),
    "Fraction": fractions.Fraction(1, 3),
    "Decimal": decimal.Decimal("0.5"),
    "signaling nan": decimal.Decimal("sNaN"),
    "0-d": np.array(3.0),
    "0-d int": np.array(3),
    "no numbers": np.array([]),
    "0x0": np.empty((0, 0)),
    "ones": np.ones((2, 2)),
    "2x2x2": np.ones((2, 2, 2)),
    "9-d": np.ones((1,) * 9),
    "nans": np.full((2, 2), np.nan),
    "complex matrix": np.array([[1j, 2], [3, 4]]),
    "words": np.array([["a", "b"], ["c", "d"]]),
    "objects": np.array([object(), None], dtype=object),
    "dates": np.array(["2020-01-01"], dtype="M8[D]"),
    "records": np.zeros(2, dtype=[("a", "i4")]),
    "masked": np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], mask=[[0, 1], [0, 0]]),
    "large": np.zeros((1200, 1200)),
    "ragged": [[1], [1, 2]],
    "ragged from the start": [[1, 2], [3]],
    "empty list": [],
    "empty tuple": (),
    "empty dict": {},
    "empty text": "",
    "text": "junk",
    "digits": "1",
    "null": "a\0b",
    "half a character": "\ud800",
    "bytes": b"bytes",
    "memoryview": memoryview(b"abc"),
    "long text": "x" * 10**6,
    "long list": list(range(10**5)),
    "set": {1, 2},
    "generator": (i for i in ()),
    "range": range(3),
    "dict": {"a": 1},
    "dict of numbers": {1: 2},
    "nothings": [None, None],
    "list of text": ["a", "b"],
    "nest": nest(60),
    "deep nest": deep(),
    "list in itself": ITSELF,
    "object": object(),
    "unshowable": Unshowable(),
    "module": math,
    "class": Whatever,
    "function": lambda *_args, **_options: None,
    "exception": ValueError("x"),
    "game": sk.games.etc_failure(),
    "learner": sk.UCB(),
    "law": sk.Bernoulli(),
    "no learner": sk.Learner(),
    "no law": sk.Noise(),
}
