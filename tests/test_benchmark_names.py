"""Benchmarks by name, and equilibria and commitments as benchmarks, wherever a benchmark is taken."""

from __future__ import annotations

import numpy as np
import pytest

import stackel as sk
from stackel.benchmarks._pieces import Alphas
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
    commitment = Alphas.of(sk.mixed_stackelberg, GAME, T)
    np.testing.assert_allclose(commitment.mean, [3.5, 0.5])
    np.testing.assert_allclose(RUN.regret(sk.mixed_stackelberg), RUN.regret((3.5, 0.5)))
    (equilibrium,) = sk.nash(GAME)
    np.testing.assert_array_equal(RUN.regret(equilibrium), RUN.regret((2.0, 1.0)))
    assert commitment.name == "commitment benchmark"
    assert Alphas.of(equilibrium, GAME, T).name == "Nash benchmark"


LEARNERS = sk.UCB(), sk.UCB()
ASKED = {
    "regret": RUN.regret,
    "plot": RUN.plot,
    "plot_regret": lambda asked: plot_regret(RUN, asked),
    "scaling": lambda asked: sk.scaling(GAME, *LEARNERS, [10**2, 10**3], asked, replications=6, seed=1),
    "portfolio": lambda asked: sk.portfolio(*LEARNERS, GAME, 9, benchmarks={"own": asked}, replications=2),
    "meta_game": lambda asked: sk.meta_game(*LEARNERS, GAME, 9, payoff=asked, replications=2, seed=1),
    "sweep": lambda asked: SWEPT.scaling(by=[], benchmark=asked),
}
SWEPT = sk.sweep([sk.Task(GAME, *LEARNERS, horizon, 6, 1) for horizon in (10**2, 10**3)])


@pytest.mark.filterwarnings("ignore::stackel.StackelWarning")
@pytest.mark.parametrize("name", ASKED)
def test_a_function_is_called_once_for_each_game_and_horizon(name):
    """Linear programs and equilibria take time."""
    calls = []

    def asked(game, horizon):
        calls.append((game, horizon))
        return sk.stackelberg(game)

    ASKED[name](asked)
    assert calls
    assert len(calls) == len(set(calls))


def test_wrong_names():
    with pytest.raises(sk.SpecError, match=r"'stackelberg', 'tolerant', .*did you mean tolerant\?") as caught:
        RUN.regret("tolernat")
    assert caught.value.argument == "benchmark"


def test_a_benchmark_in_the_place_of_a_game():
    table = sk.portfolio(sk.UCB(), sk.UCB(), GAME, 20, seed=1, replications=3)
    for method in (table.plot, table.compare):
        with pytest.raises(sk.SpecError, match="which is a benchmark: use benchmark='tolerant'"):
            method("tolerant")
