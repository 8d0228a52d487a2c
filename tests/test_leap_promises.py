"""What leaping promises beside the game: bounds, and an end in reasonable time.

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


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("means", MEANS)
def test_error_bound_is_tiny(means, noise):
    game = make_game(means, noise)
    for pair in PAIRS:
        options = {"replications": 5, "seed": 1}
        assert 0 <= sk.simulate(game, *pair, 5000, engine="leap", **options).error_bound < 1e-9
        for engine in ("stepwise", "reference"):
            assert sk.simulate(game, *pair, 200, engine=engine, **options).error_bound == 0


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
