"""What rounds are worth in another game: a player that plays a reported game and earns in the true one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import stackel as sk

TRUE = sk.Game([[0.1, 0.7], [1e9, -3.25]], [[0.2, 0.3], [0.5, 1e-9]])
REPORTED = sk.games.etc_failure()


def played(trace):
    leader, follower = sk.UCB(), sk.EpsilonGreedy()
    checkpoints = [3, 40, 500]
    return sk.simulate(
        REPORTED, leader, follower, 500, replications=3, seed=5, trace=trace, checkpoints=checkpoints
    )


def exact(counts, means):
    pairs = zip(counts.ravel().tolist(), means.ravel().tolist(), strict=True)
    return sum(count * Fraction(mean) for count, mean in pairs)


def test_utilities_are_sums_of_the_other_games_means():
    run = played(trace=True)
    told = run.rescored(TRUE)
    assert told.game == TRUE
    assert np.array_equal(told.rounds, run.rounds)
    for player, means in enumerate((TRUE.leader, TRUE.follower)):
        for place in np.ndindex(run.cell_counts.shape[:2]):
            wanted = exact(run.cell_counts[place], means)
            assert told.utility[player][place] == float(wanted)
            rest = Fraction(told.utility[player][place].item()) - wanted
            assert told.remainder[player][place] == pytest.approx(float(-rest), rel=1e-9, abs=1e-300)


def test_without_a_trace_only_the_end_is_known():
    run = played(trace=False)
    assert np.array_equal(run.rescored(TRUE).rounds, [500])
    assert np.array_equal(
        run.rescored(TRUE).utility[:, :, -1], played(trace=True).rescored(TRUE).utility[:, :, -1]
    )


def test_in_its_own_game_a_run_earns_what_it_earned():
    run = played(trace=True)
    own = run.rescored(REPORTED)
    assert own.utility == pytest.approx(run.utility, rel=1e-12)
    assert np.array_equal(own.pulls, run.pulls)
    assert own.engine == "external"
    assert own.error_bound == run.error_bound


def test_it_is_saved_and_loaded(tmp_path):
    told = played(trace=True).rescored(TRUE)
    told.save(tmp_path / "run")
    assert sk.load(tmp_path / "run") == told


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(
        sk.SpecError, match=r"^game: must be of the shape that was played, \(2, 2\), got shape"
    ):
        played(trace=False).rescored(sk.games.random(2, 3, 1))
    with pytest.raises(sk.SpecError, match=r"^game: "):
        played(trace=False).rescored("etc_failure")
    changing = sk.ChangingGame([REPORTED, TRUE], [0, 5])
    run = sk.simulate(changing, sk.UCB(), sk.UCB(), 20, seed=1)
    with pytest.raises(sk.SpecError, match=r"^result: must be a run of a game that stays the same"):
        run.rescored(TRUE)
    with pytest.raises(sk.SpecError, match=r"^game: "):
        played(trace=False).rescored(changing)
