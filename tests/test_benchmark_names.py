"""Benchmarks by name, and equilibria and commitments as benchmarks, wherever a benchmark is taken."""

from __future__ import annotations

import numpy as np
import pytest

import stackel as sk
from stackel.benchmarks._benchmark_like import alphas, kind
from stackel.plotting import plot_regret

GAME = sk.games.named("conitzer_sandholm")
T = 1000
RUN = sk.simulate(GAME, sk.UCB(), sk.UCB(), T, replications=7, seed=1)
NAMES = {
    "stackelberg": sk.stackelberg(GAME),
    "tolerant": sk.tolerant(GAME, sk.tolerance(GAME, T)),
    "self_tolerant": sk.self_tolerant(GAME, sk.tolerance(GAME, T, exponent=1 / 4)),
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    expected = RUN.regret(NAMES[name])
    np.testing.assert_array_equal(RUN.regret(name), expected)
    pd = pytest.importorskip("pandas")
    pd.testing.assert_frame_equal(RUN.summary(name), RUN.summary(NAMES[name]))
    task = sk.Task(GAME, sk.UCB(), sk.UCB(), T, replications=2)
    (regret,) = sk.sweep([task]).regrets(name)
    np.testing.assert_array_equal(regret, sk.sweep([task]).regrets(NAMES[name])[0])
    table = sk.portfolio(sk.UCB(), sk.UCB(), GAME, T, seed=1, replications=7)
    again = sk.portfolio(sk.UCB(), sk.UCB(), GAME, T, seed=1, replications=7, benchmarks={"mine": name})
    np.testing.assert_array_equal(table.regret(name), again.regret("mine"))
    assert name.replace("_", "-") in plot_regret(RUN, name).axes[0].get_ylabel().lower()


def test_commitments_and_equilibria():
    # With the mixture seen, the leader gets 3.5 and the follower 1/2; at the equilibrium 2 and 1.
    np.testing.assert_allclose(alphas(sk.mixed_stackelberg, GAME, T), [3.5, 0.5])
    np.testing.assert_allclose(RUN.regret(sk.mixed_stackelberg), RUN.regret((3.5, 0.5)))
    (equilibrium,) = sk.nash(GAME)
    np.testing.assert_array_equal(RUN.regret(equilibrium), RUN.regret((2.0, 1.0)))
    assert kind(sk.mixed_stackelberg, GAME, T) == "commitment benchmark"
    assert kind(equilibrium, GAME, T) == "Nash benchmark"


def test_wrong_names():
    with pytest.raises(sk.SpecError, match=r"'stackelberg', 'tolerant', .*did you mean tolerant\?") as caught:
        RUN.regret("tolernat")
    assert caught.value.argument == "benchmark"


def test_a_benchmark_in_the_place_of_a_game():
    table = sk.portfolio(sk.UCB(), sk.UCB(), GAME, 20, seed=1, replications=3)
    for method in (table.plot, table.compare):
        with pytest.raises(sk.SpecError, match="which is a benchmark: use benchmark='tolerant'"):
            method("tolerant")
