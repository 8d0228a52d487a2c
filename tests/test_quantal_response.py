"""QuantalResponse: the law of its responses is known. False alarms: 1e-5 a test."""

from __future__ import annotations

import numpy as np
import pytest
from goodness import goodness_of_fit
from scipy import special, stats

import stackel as sk

ALPHA = 1e-5
U2 = np.array([[0.5, 0.0, 0.25, 1.0], [0.5, -0.25, 0.0, 0.375]])
GAME = sk.Game(np.zeros((2, 4)), U2)


@pytest.mark.parametrize(("engine", "horizon"), [("reference", 40), ("stepwise", 1000), ("leap", 10**10)])
@pytest.mark.parametrize("temperature", [0.2, 1.0, 50.0])
@pytest.mark.parametrize("action", [0, 1])
def test_responses_are_logit_responses(action, temperature, engine, horizon):
    runs = 400
    run = sk.simulate(
        GAME,
        sk.FixedAction(action),
        sk.QuantalResponse(temperature),
        horizon,
        replications=runs,
        seed=2,
        engine=engine,
    )
    law = special.softmax(U2[action] / temperature)
    for response, chance in enumerate(law):
        counts = run.pulls[:, action, response]
        if horizon < 2000:
            fits = goodness_of_fit(counts, stats.binom.pmf(np.arange(horizon + 1), horizon, chance))
        else:
            normal = (counts - horizon * chance) / np.sqrt(horizon * chance * (1 - chance))
            fits = stats.kstest(normal, stats.norm.cdf).pvalue
        assert fits > ALPHA / len(law)


@pytest.mark.parametrize("engine", ["stepwise", "leap"])
def test_the_coldest_is_the_best_response(engine):
    game = sk.games.random(3, 4, seed=1)
    cold, best = (
        sk.simulate(game, sk.UCB(), follower, 10_000, seed=3, engine=engine)
        for follower in (sk.QuantalResponse(1e-100), sk.BestResponse())
    )
    assert (cold.utility == best.utility).all()


def test_ties_are_shared():
    game = sk.Game(np.zeros((1, 3)), [[1.0, 0.0, 1.0]])
    run = sk.simulate(game, sk.FixedAction(0), sk.QuantalResponse(1e-100), 10**6, seed=4)
    first, second, third = run.pulls[0, 0].tolist()
    assert second == 0
    assert stats.binomtest(first, first + third).pvalue > ALPHA
