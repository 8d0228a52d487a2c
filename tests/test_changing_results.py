"""Games that change: regret is taken game by game, and figures and analyses know of changes."""

from __future__ import annotations

import numpy as np
import pytest
from changed_games import SEED, changing, played, same

import stackel as sk


def test_regret_is_taken_game_by_game():
    before = sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.4, 0.0], [0.3, 0.2]], noise=sk.Deterministic())
    after = sk.Game([[0.1, 0.0], [0.9, 0.8]], [[0.3, 0.1], [0.2, 0.7]], noise=sk.Deterministic())
    game = sk.ChangingGame([before, after, before], [0, 10, 40])
    run = played(game, sk.FixedAction(1), sk.BestResponse(), 100, checkpoints=[5, 10, 11, 40, 41, 100])
    # Before: (.6, .4) where (.5, .3) is played; after: b2 answers a2 with .7, and (.8, .7) is both.
    rounds = np.array([5, 10, 10, 10, 11, 70])
    np.testing.assert_allclose(run.regret(sk.stackelberg), 0.1 * rounds * np.ones((2, 1, 6)), atol=1e-12)
    np.testing.assert_array_equal(run.regret("stackelberg"), run.regret(sk.stackelberg))
    np.testing.assert_allclose(run.regret((0.0, 0.0)), -run.utility)
    told = []
    run.regret(lambda game, horizon: told.append((game, horizon)) or (0.0, 0.0))
    assert set(told) == {(before, 100), (after, 100)}
    table = run.summary("stackelberg")
    np.testing.assert_allclose(table["regret"], np.tile(0.1 * rounds, 2), atol=1e-12)
    run.plot("stackelberg")
    for value in (sk.stackelberg(before), sk.mixed_stackelberg(before)):
        with pytest.raises(sk.SpecError, match="'stackelberg', or a function such as"):
            run.regret(value)


def _marks(axes):
    """Rounds of upright lines."""
    return [line.get_xdata()[0] for line in axes.lines if list(line.get_ydata()) == [0, 1]]


def test_many_changes_are_not_marked():
    first, last = sk.games.lower_bound(0.1)
    for pieces, marked in ((25, 24), (26, 0)):
        run = played(sk.games.drift(first, last, pieces, 1000), sk.UCB(), sk.UCB(), 1000)
        axes = run.plot(scale="linear").axes[0]
        assert len(_marks(axes)) == marked


def test_default_checkpoints_have_the_changes_of_what_is_played():
    """And the numbers at others stay as they are."""
    first, last = sk.games.lower_bound(0.1)
    for pieces, horizon, changes in ((7, 5000, 6), (1025, 3000, 1024), (1026, 3000, 0)):
        game = sk.games.drift(first, last, pieces, 3000)
        run = played(game, sk.UCB(), sk.UCB(), horizon, trace=True)
        plain = played(first, sk.UCB(), sk.UCB(), horizon)
        also = set(game.starts[1:]) if changes else set()
        assert len(also) == changes
        assert set(run.rounds) == {*plain.rounds, *also}
        fewer = played(game, sk.UCB(), sk.UCB(), horizon, checkpoints=plain.rounds, trace=True)
        at = run.rounds.searchsorted(fewer.rounds)
        np.testing.assert_array_equal(run.utility[:, :, at], fewer.utility)
        np.testing.assert_array_equal(run.cell_counts[:, at], fewer.cell_counts)
    short = played(sk.games.drift(first, last, 7, 3000), sk.UCB(), sk.UCB(), 1000)
    assert {428, 857} <= set(short.rounds)
    assert short.rounds[-1] == 1000
    batch = sk.simulate_many(
        np.array([[first.leader, last.leader]] * 2),
        np.array([[first.follower, last.follower]] * 2),
        sk.UCB(),
        sk.UCB(),
        1000,
        starts=[0, 123],
        checkpoints=None,
        seed=1,
    )
    assert set(batch.rounds) == {*played(first, sk.UCB(), sk.UCB(), 1000).rounds, 123}
    game = sk.ChangingGame([first, last], [0, 123])
    assert 123 in sk.result_of(game, np.zeros(1000, int), np.zeros(1000, int)).rounds


def test_results_of_simulations_and_best_shares():
    before = sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.4, 0.0], [0.3, 0.2]], noise=sk.Deterministic())
    after = sk.Game([[0.1, 0.0], [0.9, 0.8]], [[0.3, 0.1], [0.2, 0.7]], noise=sk.Deterministic())
    game = sk.ChangingGame([before, after], [0, 10])
    pair = sk.FixedAction(1), sk.FixedAction(0)
    run = played(game, *pair, 40, checkpoints=[5, 10, 20, 40], trace=True)
    # At first the leader should play a1, and b1 answers well; then a2 is right, and b2 the answer.
    np.testing.assert_allclose(run.best_share()[:, 0], [[0, 0, 0.5, 0.75], [1, 1, 0.5, 0.25]])
    with pytest.raises(sk.SpecError, match=r"checkpoints at the changes of its game, \[10\]"):
        played(game, *pair, 40, checkpoints=[20, 40], trace=True).best_share()
    default = played(game, *pair, 10**6, trace=True)
    plain = played(before, *pair, 10**6)
    assert set(default.rounds) == {*plain.rounds, 10}
    some = default.rounds.searchsorted([10, 10**6])
    np.testing.assert_allclose(default.best_share()[:, 0, some], [[0, 1 - 1e-5], [1, 1e-5]])
    for figure in (
        default.plot_best_share(),
        default.plot(),
        sk.plotting.plot_regret({"a": default, "b": plain}),
    ):
        axes = figure.axes[0]
        assert _marks(axes) == [10]
        legend = [text.get_text() for text in axes.get_legend().get_texts()]
        assert legend.count("change of the game") == 1
    assert _marks(plain.plot().axes[0]) == []
    same_twice = sk.ChangingGame([before, before, after], [0, 5, 10], "leader")
    twice = played(same_twice, *pair, 10**6, trace=True)
    np.testing.assert_array_equal(twice.best_share(), default.best_share())
    simulation = sk.Simulation(game, *pair, 40, SEED)
    simulation.advance(40)
    assert same(simulation.result(), played(game, *pair, 40, checkpoints=[40]))


def test_a_benchmark_is_computed_once_for_a_game_that_comes_back():
    first, second = sk.games.random(2, 3, 1), sk.games.random(2, 3, 2)
    game = sk.ChangingGame([first, second] * 10, range(0, 200, 10))
    run, asked = sk.simulate(game, sk.UCB(), sk.UCB(), 200, seed=1), []

    def benchmark(piece):
        asked.append(piece)
        return sk.stackelberg(piece)

    assert np.array_equal(run.regret(benchmark), run.regret("stackelberg"))
    assert sorted(asked, key=repr) == sorted([first, second], key=repr)


def test_large_utilities_keep_small_regrets():
    large = 1e9
    games = [sk.Game([[large + x], [large]], [[0.0], [0.0]], noise=sk.Deterministic()) for x in (0.5, 0.25)]
    run = played(sk.ChangingGame(games, [0, 4 * 10**8]), sk.FixedAction(1), sk.FixedAction(0), 10**9)
    assert run.regret(sk.stackelberg)[0, 0, -1] == 0.5 * 4 * 10**8 + 0.25 * 6 * 10**8


def test_analyses_take_changing_games():
    game = changing("2x3", "Deterministic", None, starts=(0, 100))
    pair, other = (sk.FixedAction(1), sk.BestResponse()), (sk.FixedAction(0), sk.FixedAction(2))
    horizons = [200, 2000, 20_000]
    final, others = (
        np.array([played(game, *players, T).regret("stackelberg")[:, 0, -1] for T in horizons])
        for players in (pair, other)
    )
    with pytest.warns(sk.StackelWarning, match="follower: mean regret not positive"):
        fit = sk.scaling(game, *pair, horizons, seed=1, benchmark="stackelberg", replications=2)
    np.testing.assert_allclose(fit.regret, np.stack([final.T] * 2, axis=1), rtol=1e-12, atol=1e-9)
    found = sk.compare(game, {"one": pair, "two": other, "again": pair}, 2000, seed=1, replications=2)
    expected = np.stack([final[1], others[1], final[1]], axis=1)
    np.testing.assert_allclose(found.regret, np.stack([expected] * 2, axis=2), rtol=1e-12, atol=1e-9)
    many = sk.portfolio(*pair, {"g": game}, 2000, seed=1, replications=1, benchmarks={"s": "stackelberg"})
    np.testing.assert_allclose(np.ravel(many.regret("s")), final[1], rtol=1e-12)
