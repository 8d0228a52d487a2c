"""Bad input is refused by one clear SpecError before anything runs, and the process lives on."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import stackel as sk

LEADER = [[0.6, 0.2], [0.5, 0.4]]
FOLLOWER = [[0.4, 0.0], [0.3, 0.2]]
GAME = sk.Game(LEADER, FOLLOWER)


def simulate(**changes: Any) -> sk.Result:
    arguments = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB(), "horizon": 100, "seed": 1, **changes}
    return sk.simulate(**arguments)


def assert_refused(argument: str, call: Any) -> sk.SpecError:
    with pytest.raises(sk.SpecError) as caught:
        call()
    error = caught.value
    assert error.argument == argument
    assert str(error) == f"{argument}: must be {error.allowed}, got {error.given}"
    assert error.allowed
    assert error.given
    assert isinstance(error, ValueError)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.argument) == (sk.SpecError, str(error), argument)
    assert simulate().pulls.sum() == 100
    return error


NOT_MATRICES = {
    "empty": [],
    "no columns": [[], []],
    "flat": [0.6, 0.2],
    "scalar": 0.6,
    "three-dimensional": np.zeros((2, 2, 2)),
    "ragged": [[0.6, 0.2], [0.5]],
    "strings": [["0.6", "0.2"], ["0.5", "0.4"]],
    "words": [["a", "b"], ["c", "d"]],
    "objects": [[object(), 1.0], [1.0, 1.0]],
    "complex": np.ones((2, 2), complex),
    "dates": np.zeros((2, 2), "datetime64[s]"),
    "None": None,
    "None inside": [[None, 0.2], [0.5, 0.4]],
    "nan": [[math.nan, 0.2], [0.5, 0.4]],
    "inf": [[0.6, math.inf], [0.5, 0.4]],
    "-inf": [[0.6, 0.2], [-math.inf, 0.4]],
    "sums would overflow": [[0.6, 0.2], [0.5, -1.1e100]],
    "beyond any float": [[0.6, 0.2], [0.5, 10**400]],
}


@pytest.mark.parametrize("matrix", NOT_MATRICES.values(), ids=NOT_MATRICES)
@pytest.mark.parametrize("player", ["leader", "follower"])
def test_matrices(matrix, player):
    means = {"leader": LEADER, "follower": FOLLOWER, player: matrix}
    assert_refused(player, lambda: sk.Game(**means))


@pytest.mark.parametrize("follower", [[[0.1, 0.2]], np.zeros((2, 3)), np.zeros((3, 2))], ids=np.shape)
def test_shapes_differ(follower):
    error = assert_refused("follower", lambda: sk.Game(LEADER, follower))
    assert str(np.shape(follower)) in error.given
    assert "(2, 2)" in error.allowed


@pytest.mark.parametrize("mean", [-0.01, 1.0000001, 7.0, -1e-300])
@pytest.mark.parametrize("player", ["leader", "follower"])
@pytest.mark.parametrize("both", [True, False])
def test_bernoulli_means(mean, player, both):
    means = {"leader": LEADER, "follower": FOLLOWER, player: [[0.5, 0.5], [mean, 0.5]]}
    laws = {"leader": sk.Gaussian(), "follower": sk.Gaussian(), player: sk.Bernoulli()}
    noise = sk.Bernoulli() if both else tuple(laws.values())
    error = assert_refused(player, lambda: sk.Game(**means, noise=noise))
    assert "[0, 1]" in error.allowed
    assert str(mean)[:4] in error.given


def test_bernoulli_bounds_only_its_own_player():
    assert sk.Game([[7.0]], [[0.5]], noise=(sk.Gaussian(), sk.Bernoulli())).shape == (1, 1)


@pytest.mark.parametrize(
    "scale", [-1.0, -1e-300, math.nan, math.inf, -math.inf, "1", None, [1.0], 1j], ids=repr
)
@pytest.mark.parametrize(("law", "argument"), [(sk.Gaussian, "sigma"), (sk.Uniform, "half_width")])
def test_noise_scales(law, argument, scale):
    assert_refused(argument, lambda: law(scale))


@pytest.mark.parametrize(
    "noise",
    [1.0, "Gaussian", None, sk.Gaussian, (sk.Gaussian(),), (sk.Gaussian(),) * 3, (sk.Gaussian(), 1.0)],
    ids=repr,
)
def test_noise_laws(noise):
    assert_refused("noise", lambda: sk.Game(LEADER, FOLLOWER, noise=noise))


@pytest.mark.parametrize(
    "horizon",
    [
        0,
        -1,
        2**53 + 1,
        2**64,
        10**400,
        1.5,
        True,
        False,
        math.nan,
        math.inf,
        "100",
        None,
        [100],
        np.array([1, 2]),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_horizon(horizon):
    error = assert_refused("horizon", lambda: simulate(horizon=horizon))
    assert "from 1 to 2**53" in error.allowed


@pytest.mark.parametrize("horizon", [100, 100.0, np.int8(100), np.uint64(100), np.float32(100)], ids=repr)
def test_horizon_may_be_any_whole_number(horizon):
    assert simulate(horizon=horizon).pulls.sum() == 100


@pytest.mark.parametrize(
    "checkpoints",
    [
        [],
        [1, 1],
        [2, 1],
        [5, 100, 100],
        [0, 1],
        [-1],
        [101],
        [1.5],
        [True],
        [math.nan],
        ["1"],
        [[1, 2]],
        [None],
        "all",
        object(),
        0,
        -3,
        2.5,
        True,
        math.inf,
        2**70,
    ],
    ids=lambda value: repr(value)[:20],
)
def test_checkpoints(checkpoints):
    assert_refused("checkpoints", lambda: simulate(checkpoints=checkpoints))


@pytest.mark.parametrize("replications", [0, -1, 1.5, True, None, "3", math.nan], ids=repr)
def test_replications(replications):
    assert_refused("replications", lambda: simulate(replications=replications))


@pytest.mark.parametrize(("replications", "checkpoints"), [(10**12, 1), (2**53, 64), (10**9, 10_000)])
def test_results_that_do_not_fit_in_memory(replications, checkpoints):
    error = assert_refused(
        "replications", lambda: simulate(replications=replications, checkpoints=checkpoints)
    )
    needed = 8 * replications * (4 + 4 * checkpoints) / 2**30
    assert f"{needed:.1f} GiB" in error.given
    assert "GiB" in error.allowed


def test_traces_that_do_not_fit_in_memory():
    options = {"replications": 10**8, "checkpoints": 100}
    error = assert_refused("replications", lambda: simulate(**options, trace=True))
    assert f"{8 * 10**8 * (4 + 4 * 100 + 4 * 100 + 4) / 2**30:.1f} GiB" in error.given
    assert "100 checkpoints" in error.given


@pytest.mark.parametrize(
    "crossing_tolerance",
    [
        0,
        0.0,
        1e-301,
        5e-324,
        -1e-18,
        1.1e-6,
        0.5,
        1,
        True,
        math.nan,
        math.inf,
        "1e-18",
        None,
        [1e-18],
        1e-18j,
    ],
    ids=repr,
)
@pytest.mark.parametrize("engine", ["auto", "leap", "stepwise", "reference"])
def test_crossing_tolerance(crossing_tolerance, engine):
    error = assert_refused(
        "crossing_tolerance", lambda: simulate(crossing_tolerance=crossing_tolerance, engine=engine)
    )
    assert error.allowed == "a probability from 1e-300 to 1e-06"
    assert error.given == repr(crossing_tolerance)


@pytest.mark.parametrize(
    "crossing_tolerance", [1e-300, 1e-6, np.float64(1e-9), np.float32(1e-9), Fraction(1, 10**9)]
)
def test_crossing_tolerance_may_be_any_real_number_in_between(crossing_tolerance):
    run = simulate(crossing_tolerance=crossing_tolerance)
    assert run.crossing_tolerance == float(crossing_tolerance)
    assert type(run.crossing_tolerance) is float


@pytest.mark.parametrize("trace", [1, 0, "yes", None, [True], np.array([True])], ids=repr)
def test_trace(trace):
    error = assert_refused("trace", lambda: simulate(trace=trace))
    assert error.allowed == "True or False"


@pytest.mark.parametrize("engine", ["fast", "", "Auto", None, 1, b"auto"], ids=repr)
def test_engine(engine):
    error = assert_refused("engine", lambda: simulate(engine=engine))
    assert "'stepwise'" in error.allowed


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "2", math.inf], ids=repr)
def test_threads(threads):
    assert_refused("threads", lambda: simulate(threads=threads))


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "1", True, math.nan, [1, 2]], ids=repr)
def test_seed(seed):
    assert_refused("seed", lambda: simulate(seed=seed))


@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize("learner", ["UCB", sk.UCB, None, 3, sk.Uniform(1.0)], ids=repr)
def test_things_that_are_not_learners(seat, learner):
    assert_refused(seat, lambda: simulate(**{seat: learner}))


@pytest.mark.parametrize(
    "game", [None, LEADER, (LEADER, FOLLOWER), sk.Game], ids=lambda value: repr(value)[:20]
)
def test_things_that_are_not_games(game):
    assert_refused("game", lambda: simulate(game=game))


def test_game_is_checked_in_each_call_of_the_same_process():
    for _ in range(1000):
        with pytest.raises(sk.SpecError):
            sk.Game([[math.nan]], [[0.0]])
    assert simulate().pulls.sum() == 100
