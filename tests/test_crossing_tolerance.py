"""What leaping may neglect is a setting: it scales the error bound, and leaves the law as it is.

Statistical tests compare samples from different seeds. False alarms: FAMILY_WISE over the whole file
(Bonferroni).
"""

from __future__ import annotations

import numpy as np
import pytest
from stackel._selftest.two_samples import number_of_tests, p_values, statistics

import stackel as sk
from stackel._selftest.cases import DELICATE_PAIRS, Case

FAMILY_WISE = 1e-4
HORIZON = 4000
REPLICATIONS = 700
LAXEST, USUAL, STRICTEST = 1e-6, 1e-18, 1e-300
PAIRS = [
    (sk.UCB(sigma=0.2), sk.UCB(sigma=0.2, confidence=2.0)),
    (sk.UCB(anytime=True, sigma=0.3), sk.UCB(sigma=0.3)),
    (sk.ExploreThenUCB(exploration=100, sigma=0.3), sk.ExploreThenCommit(exploration=40)),
    *DELICATE_PAIRS[::9],
]
CASES = [
    Case(HORIZON, means, noise, *pair)
    for pair in PAIRS
    for means, noise in (("tied", "Gaussian"), ("separated", "Bernoulli"))
]
LEAPT = CASES[0]._replace(means="separated")
ALPHA = FAMILY_WISE / (3 * len(CASES) * max(number_of_tests(case.game, 1) for case in CASES))


def play(case, engine="leap", seed=1, **options):
    run = sk.simulate(
        case.game,
        case.leader,
        case.follower,
        case.horizon,
        replications=REPLICATIONS,
        seed=seed,
        checkpoints=1,
        engine=engine,
        **options,
    )
    assert run.engine == engine
    return run


@pytest.mark.parametrize("crossing_tolerance", [LAXEST, 1e-9, USUAL, 1e-100, STRICTEST])
def test_the_error_bound_is_a_multiple_of_it(crossing_tolerance):
    """The multiple is the number of blocks that were taken for safe: some in every game, few in each."""
    run = play(LEAPT, crossing_tolerance=crossing_tolerance)
    blocks = run.error_bound / crossing_tolerance
    assert blocks == pytest.approx(round(blocks), rel=1e-12)
    assert 10 < blocks / REPLICATIONS < 100
    assert run.crossing_tolerance == run.spec["crossing_tolerance"] == crossing_tolerance


def test_stricter_is_more_careful():
    """Blocks of Bernoulli rewards are short in any case, so that fewer of them are safe."""
    case = LEAPT._replace(noise="Bernoulli")
    blocks = [play(case, crossing_tolerance=each).error_bound / each for each in (LAXEST, USUAL, STRICTEST)]
    assert blocks[0] > 1.1 * blocks[1]
    assert blocks[1] > 1.3 * blocks[2]


def test_the_usual_value_is_the_default():
    assert play(LEAPT) == play(LEAPT, crossing_tolerance=USUAL)


@pytest.mark.parametrize("engine", ["stepwise", "reference"])
def test_nothing_is_neglected_where_every_reward_is_drawn(engine):
    lax, strict = (play(LEAPT, engine, crossing_tolerance=each) for each in (LAXEST, STRICTEST))
    assert lax.error_bound == strict.error_bound == 0
    assert lax.utility.tobytes() == strict.utility.tobytes()
    assert lax.pulls.tobytes() == strict.pulls.tobytes()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_law_does_not_depend_on_it(case):
    lax, strict = (statistics(play(case, seed=1, crossing_tolerance=each)) for each in (LAXEST, STRICTEST))
    other_strict = statistics(play(case, seed=2, crossing_tolerance=STRICTEST))
    stepped = statistics(play(case, "stepwise", seed=3))
    for ours, theirs in ((lax, other_strict), (lax, stepped), (strict, stepped)):
        assert p_values(ours, theirs).min() > ALPHA


def test_bits_depend_on_it_while_leaping():
    lax, strict = (play(LEAPT, crossing_tolerance=each) for each in (LAXEST, STRICTEST))
    assert (lax.pulls != strict.pulls).any()
    assert np.isfinite(lax.utility).all()
