"""What leaping promises beside its law: bits, bounds, and an end in reasonable time.

Limits in seconds are generous; of the short one the best of ATTEMPTS counts, as a busy machine may
delay one.
"""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from cases import FOLLOWERS, LEADERS, MEANS, NOISES, make_game

import stackel as sk

SECONDS_TO_END = 60
SECONDS_TO_STOP = 0.2
ATTEMPTS = 3
PAIRS = list(zip(LEADERS, [*FOLLOWERS[3:], *FOLLOWERS], strict=False))


def bits(run):
    return run.utility.tobytes(), run.pulls.tobytes(), run.error_bound


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("means", ["2x3", "ties", "5x3"])
def test_threads_do_not_matter_and_fewer_replications_are_a_prefix(means, noise):
    game = make_game(means, noise)
    for pair in PAIRS:
        options = {"seed": 5, "checkpoints": [10, 700, 3000], "engine": "leap"}
        one = sk.simulate(game, *pair, 3000, replications=24, threads=1, **options)
        two = sk.simulate(game, *pair, 3000, replications=24, threads=3, **options)
        few = sk.simulate(game, *pair, 3000, replications=7, threads=2, **options)
        assert bits(one) == bits(two), pair
        np.testing.assert_array_equal(few.utility, one.utility[:, :7], str(pair))
        np.testing.assert_array_equal(few.pulls, one.pulls[:7], str(pair))
        np.testing.assert_array_equal(one.pulls.sum(axis=(1, 2)), 3000)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("means", MEANS)
def test_error_bound_is_tiny(means, noise):
    game = make_game(means, noise)
    for pair in PAIRS:
        options = {"replications": 5, "seed": 1}
        assert 0 <= sk.simulate(game, *pair, 5000, engine="leap", **options).error_bound < 1e-9
        for engine in ("stepwise", "reference"):
            assert sk.simulate(game, *pair, 200, engine=engine, **options).error_bound == 0


@pytest.mark.parametrize(("scale", "shift"), [(1e-99, 0.0), (1e-6, 1.0), (1e6, -5.0), (1e99, 0.0)])
def test_law_is_equivariant(scale, shift):
    # The counts do not depend on the unit of utility. Bits may, where a shift rounds differently:
    # compared are means over replications, which have to agree within 6 standard errors (2e-9 each).
    leader, follower = MEANS["2x3"]
    rule = sk.UCB(sigma=0.2)
    plain = sk.Game(leader, follower, noise=sk.Gaussian(0.5))
    other = sk.Game(
        shift * scale + scale * np.array(leader), scale * np.array(follower), noise=sk.Gaussian(0.5 * scale)
    )
    scaled = sk.UCB(sigma=0.2 * scale)
    options = {"replications": 400, "engine": "leap"}
    one = sk.simulate(plain, rule, rule, 20_000, seed=1, **options).pulls
    two = sk.simulate(other, scaled, scaled, 20_000, seed=2, **options).pulls
    error = np.sqrt((one.var(axis=0) + two.var(axis=0)) / 400) + 1e-9
    assert (abs(one.mean(axis=0) - two.mean(axis=0)) < 6 * error).all()


TRILLION, LONGEST = 10**12, 2**53
UCB, ANYTIME = sk.UCB(), sk.UCB(anytime=True)
COMMIT = sk.ExploreThenCommit()
COINS = sk.KLUCB(family="bernoulli")
GREEDY = sk.EpsilonGreedy(epsilon=20.0, decay=1.0)
LONG_RUNS = [
    *(
        (noise, horizon, pair)
        for noise in (sk.Gaussian(1.0), sk.Bernoulli(), sk.Deterministic())
        for horizon in (TRILLION, LONGEST)
        for pair in [(COMMIT, COMMIT), (sk.ExploreThenCommitThrowOut(), COMMIT)]
    ),
    *(
        (noise, TRILLION, pair)
        for noise in (sk.Gaussian(1.0), sk.Bernoulli(), sk.Deterministic())
        for pair in [
            (UCB, UCB),
            (ANYTIME, ANYTIME),
            (sk.ExploreThenUCB(), COMMIT),
            (GREEDY, GREEDY),
            (COINS, COINS),
            (sk.MOSS(), sk.MOSS()),
            (sk.ExploreThenCommitAdaptive(), sk.ExploreThenCommitAdaptive()),
        ]
    ),
    (sk.Gaussian(1.0), LONGEST, (UCB, UCB)),
    (sk.Gaussian(1.0), LONGEST, (ANYTIME, ANYTIME)),
    (sk.Bernoulli(), LONGEST, (sk.ExploreThenUCB(), COMMIT)),
]


@pytest.mark.parametrize(("noise", "horizon", "pair"), LONG_RUNS, ids=str)
def test_longest_games_end_soon(noise, horizon, pair):
    token = sk.CancelToken()
    watchdog = threading.Timer(SECONDS_TO_END, token.cancel)
    watchdog.start()
    run = sk.simulate(
        sk.Game(*MEANS["2x3"], noise=noise), *pair, horizon, seed=3, engine="leap", cancel=token
    )
    watchdog.cancel()
    assert int(run.pulls.sum()) == horizon
    assert (run.pulls >= 0).all()
    assert np.isfinite(run.utility).all()
    assert run.error_bound < 1e-9


def seconds_to_stop(game, **options):
    """Seconds from cancel() to RunError in a game that would go on for minutes."""
    token, stopped = sk.CancelToken(), []

    def play():
        with pytest.raises(sk.RunError, match="cancelled"):
            sk.simulate(game, UCB, UCB, TRILLION, engine="leap", cancel=token, **options)
        stopped.append(time.monotonic())

    worker = threading.Thread(target=play)
    worker.start()
    time.sleep(0.3)
    sent = time.monotonic()
    token.cancel()
    worker.join(60)
    return stopped[0] - sent


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("noise", [sk.Gaussian(1.0), sk.Bernoulli()], ids=repr)
def test_leaping_stops_at_once(noise, threads):
    tied = sk.Game(np.full((4, 4), 0.5), np.full((4, 4), 0.5), noise=noise)
    options = {"threads": threads, "replications": threads}
    assert any(seconds_to_stop(tied, **options) < SECONDS_TO_STOP for _ in range(ATTEMPTS))
