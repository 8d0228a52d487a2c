"""Games, laws, learners and runs of any kind, small enough to play many of them."""

from __future__ import annotations

import numpy as np
from cases import FOLLOWERS, LEADERS
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import stackel as sk

EIGHTHS = st.integers(0, 8).map(lambda k: k / 8)
"""Utilities whose sums are exact, that any law fits."""
UTILITIES = EIGHTHS | st.floats(0.0, 1.0)
SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 4))
NAMES = st.text(st.characters(codec="utf-8"), max_size=8)
HORIZONS = st.integers(1, 300)
SEEDS = st.integers(0, 2**64 - 1)
LAWS = (
    st.floats(0.0, 2.0).map(sk.Gaussian)
    | st.floats(0.0, 2.0).map(sk.Uniform)
    | st.builds(sk.StudentT, st.floats(1.01, 100.0), st.floats(0.0, 2.0))
    | st.just(sk.Bernoulli())
    | st.just(sk.Deterministic())
)
SCALED = st.sampled_from([sk.Gaussian, sk.Uniform])
"""Laws that may have another scale in each cell."""
SETTLED = (sk.Gaussian(0.5), sk.Bernoulli(), sk.Uniform(0.25), sk.Deterministic())
"""Laws of which none needs numbers."""


def labels(count):
    return st.none() | st.lists(NAMES, min_size=count, max_size=count)


@st.composite
def games(draw, utilities=UTILITIES, shapes=SHAPES, laws=None):
    """Any small game."""
    shape = draw(shapes)
    if laws is None:
        scales = arrays(np.float64, shape, elements=st.floats(0.0, 2.0))
        laws = LAWS | st.builds(lambda law, scale: law(scale), SCALED, scales)
    leader, follower = (draw(arrays(np.float64, shape, elements=utilities)) for _ in range(2))
    return sk.Game(
        leader,
        follower,
        noise=draw(laws | st.tuples(laws, laws)),
        name=draw(st.none() | NAMES),
        leader_labels=draw(labels(shape[0])),
        follower_labels=draw(labels(shape[1])),
    )


@st.composite
def plays(draw, horizons=HORIZONS, leaders=LEADERS, followers=FOLLOWERS, **options):
    """Game, leader, follower, horizon and seed."""
    game = draw(games(**options))
    leader, follower = draw(st.sampled_from(leaders)), draw(st.sampled_from(followers))
    return game, leader, follower, draw(horizons), draw(SEEDS)


def run(play, **options):
    """Simulate a play."""
    *arguments, seed = play
    return sk.simulate(*arguments, seed=seed, **options)
