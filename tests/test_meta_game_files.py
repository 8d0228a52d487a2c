"""Files of meta-games that are damaged, foreign or made to do harm."""

from __future__ import annotations

import numpy as np
import pytest
from hostile import npy, rebuild, refused, retext

import stackel as sk


@pytest.fixture(scope="module")
def meta():
    seats = {"first": sk.FixedAction(0), "uniform": sk.UniformLearner()}
    return sk.meta_game(seats, seats, sk.games.etc_failure(), 10, replications=3, seed=1, precision=0.5)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "meta"


@pytest.fixture
def good(path, meta):
    meta.save(path)
    return path.read_bytes()


def same(one, other):
    return one.to_xarray().identical(other.to_xarray()) and (one.samples == other.samples).all()


def test_the_tools_of_this_file_work(path, good, meta):
    rebuild(path, good, {})
    assert same(sk.load(path), meta)
    retext(path, good)
    assert same(sk.load(path), meta)


def test_every_truncation(path, good):
    for length in range(0, len(good), 13):
        path.write_bytes(good[:length])
        refused(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "stackel-other"),
        ("format_version", 2),
        ("format_version", True),
        ("horizon", 0),
        ("horizon", 1.5),
        ("payoff_kind", 3),
        ("payoff_kind", "a\u0000b"),
        ("confidence", 1.0),
        ("interval", "normal"),
        ("looks", 0),
        ("precision", -1.0),
        ("provenance", []),
        ("leaders", {}),
        ("leaders", []),
        ("leaders", [["a", {"learner": "UCB"}], ["a", {"learner": "UCB"}]]),
        ("leaders", [["a", {"learner": "UCB"}]]),
        ("followers", [["a", {"learner": "Unknown"}], ["b", {"learner": "UCB"}]]),
        ("games", [["a", {"leader": [[1]]}]]),
        ("games", [[1, {"leader": [[1]], "follower": [[1]]}]]),
        ("looks", ...),
        ("more", 1),
    ],
)
def test_texts_that_cannot_be(path, good, key, value):
    retext(path, good, **{key: value})
    refused(path)


@pytest.mark.parametrize(
    ("name", "array", "word"),
    [
        ("weights", np.array([0.5, 0.5]), "shapes"),
        ("bounds", np.zeros((3, 2)), "shapes"),
        ("bounds", np.zeros((2, 2)), "outside"),
        ("bounds", np.array([[1.0, 0.0], [1.0, 0.0]]), "outside"),
        ("replications", np.array([[3, 3], [3, 4]]), "samples"),
        ("replications", np.array([[3, 3], [6, 0]]), "shapes"),
        ("replications", np.array([[2**62, 2**62], [2**62, 2**62]]), "shapes"),
        ("replications", np.array([[3, 3, 3]]), "shapes"),
        ("samples", np.full((2, 12), np.nan), "finite"),
        ("samples", np.full((2, 12), 1e9), "outside"),
        ("samples", np.zeros((2, 12), np.float32), "float32"),
        ("exact", np.zeros((2, 2)), "exact"),
    ],
)
def test_arrays_that_cannot_be(path, good, name, array, word):
    rebuild(path, good, {f"{name}.npy": npy(array)})
    refused(path, word)


def test_members_that_are_missing_or_too_many(path, good):
    rebuild(path, good, {"exact.npy": None})
    refused(path, "archive of")
    rebuild(path, good, {"more.npy": npy(np.zeros(1))})
    refused(path, "archive of")
