"""Noise whose scale differs from cell to cell."""

from __future__ import annotations

import itertools
import json
import pickle

import drawn
import numpy as np
import oracle
import pytest
import reward_table as definition
from cases import MEANS, named

import stackel as sk
from stackel.games._file import write_game

SIGMAS = np.array([[0.5, 2.0, 0.0], [1 / 3, 1e-3, 0.7]])
BY_ROW = np.repeat([[0.5], [1 / 3]], 3, axis=1)
WILD = np.array([[1e-3, 1e12, 1e-12], [7.0, 0.0, 3e5]])
TOO_WILD = np.array([[1e-30, 1e30, 1.0], [1e-290, 0.0, 1e60]])
LAWS = {
    "normal": (sk.Gaussian(SIGMAS), sk.Gaussian(SIGMAS[::-1])),
    "by row": (sk.Gaussian(BY_ROW), sk.Gaussian(BY_ROW)),
    "wild": (sk.Gaussian(WILD), sk.Gaussian(WILD)),
    "too wild": (sk.Gaussian(TOO_WILD), sk.Gaussian(TOO_WILD)),
    "uniform": (sk.Uniform(SIGMAS), sk.Uniform(SIGMAS[::-1])),
    "one player": (sk.Gaussian(SIGMAS), sk.Bernoulli()),
}
PAIRS = (
    (sk.UCB(), sk.UCB()),
    (sk.UCB(sigma=0.3), sk.ActiveArmElimination(sigma=0.5)),
    (sk.ActiveArmElimination(sigma=0.7), sk.ActiveArmElimination(sigma=0.5)),
    (sk.ExploreThenCommit(), sk.ExploreThenCommit()),
    (sk.ExploreThenUCB(), sk.ExploreThenCommit()),
    (sk.UCB(sigma=0.5), sk.Blind(sk.UCB(sigma=0.5))),
    (sk.MOSS(), sk.KLUCB()),
    (sk.Batched(sk.UCB(), 7), sk.Delayed(sk.UCB(), 5)),
)


def game_of(laws, means="2x3"):
    return sk.Game(*MEANS[means], noise=laws)


def same(one, other):
    np.testing.assert_array_equal(one.utility, other.utility)
    np.testing.assert_array_equal(one.pulls, other.pulls)


def units_of(law):
    return drawn.scales(law) / (2.0**31 if isinstance(law, sk.Uniform) else 2.0**30)


@pytest.mark.parametrize("laws", LAWS)
def test_rewards_are_those_of_the_definition(laws):
    """Of learners that choose at random, to the last bit."""
    game, anyone, rounds = game_of(LAWS[laws]), sk.UniformLearner(), 300
    actions, rewards = sk.Simulation(game, anyone, anyone, rounds, 5, replication=9).step(rounds)
    pulls = [dict.fromkeys(itertools.product(range(2), range(3)), 0) for _ in range(2)]
    for (a, b), earned in zip(actions.T.tolist(), rewards.T.tolist(), strict=True):
        for player, (law, means) in enumerate(zip(game.noise, (game.leader, game.follower), strict=True)):
            if isinstance(law, sk.Bernoulli):
                continue
            by_action = player == 0 and laws == "by row"
            place, number = ((a, 0), a) if by_action else ((a, b), a * 3 + b)
            tape = definition.tape(definition.table(5, 9, player), number)
            sums = definition.sum_of_uniforms if isinstance(law, sk.Uniform) else definition.sum_of_normals
            n, units = pulls[player][place], units_of(law)
            entry = sums(tape, n + 1) - sums(tape, n)
            if player == 0 and not by_action:
                expected = definition.reward_of_cells(means[a], units[a], b, entry)
            else:
                expected = means[a, b] + entry * units[a, b]
            assert earned[player] == pytest.approx(means[a, b] + entry * units[a, b], rel=1e-14, abs=1e-14)
            assert earned[player] == expected
            pulls[player][place] += 1


@pytest.mark.parametrize("laws", LAWS)
@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_engines_play_one_game(laws, pair):
    runs = [
        sk.simulate(game_of(LAWS[laws]), *pair, 4000, replications=3, seed=2, engine=engine)
        for engine in ("reference", "stepwise", "leap")
    ]
    same(runs[0], runs[1])
    same(runs[0], runs[2])


@pytest.mark.parametrize("laws", ["normal", "by row", "wild", "uniform"])
@pytest.mark.parametrize("pair", PAIRS[:5], ids=str)
def test_long_games_are_leapt_over(laws, pair):
    game = game_of(LAWS[laws])
    leapt, stepped = (
        sk.simulate(game, *pair, 200_000, replications=2, seed=3, engine=engine)
        for engine in ("leap", "stepwise")
    )
    same(leapt, stepped)
    assert leapt.error_bound < 1e-10


@pytest.mark.parametrize("laws", ["normal", "uniform", "one player"])
@pytest.mark.parametrize("pair", [PAIRS[0], PAIRS[2], PAIRS[5]], ids=str)
def test_the_oracle_plays_the_same_game(laws, pair):
    game = game_of(LAWS[laws])
    run = sk.simulate(game, *pair, 400, seed=1, checkpoints=400)
    path = oracle.play(
        (game.leader.tolist(), game.follower.tolist()),
        *map(named, pair),
        400,
        reward=drawn.as_reward(game, 1, 0),
    )
    np.testing.assert_array_equal(run.pulls[0], path.pulls)


@pytest.mark.parametrize("newcomer", [None, "follower"])
def test_games_that_change(newcomer):
    laws, starts = LAWS["normal"], (0, 150)
    means = [MEANS["2x3"], MEANS["2x3"][::-1]]
    game = sk.ChangingGame([sk.Game(*each, noise=laws) for each in means], starts, newcomer)
    pair = sk.UCB(), sk.UCB()
    runs = [sk.simulate(game, *pair, 400, seed=1, engine=each) for each in ("reference", "stepwise", "leap")]
    same(runs[0], runs[1])
    same(runs[0], runs[2])
    again = sk.ChangingGame.from_dict(json.loads(json.dumps(game.to_dict())))
    assert again == game
    one = sk.ChangingGame([game.games[0]] * 2, starts)
    same(sk.simulate(one, *pair, 400, seed=1), sk.simulate(game.games[0], *pair, 400, seed=1))
    with pytest.raises(sk.SpecError, match=r"^games: must be games of the same shape, noise and labels"):
        sk.ChangingGame([game.games[0], sk.Game(*means[0])], starts)


def test_one_scale_for_all_cells_is_that_scale():
    for law, one in ((sk.Gaussian, 0.7), (sk.Uniform, 0.25), (sk.Gaussian, 0.0), (sk.Uniform, 1e-300)):
        plain, scaled = (
            sk.simulate(game_of(each), sk.UCB(), sk.UCB(), 20_000, replications=3, seed=4)
            for each in (law(one), law(np.full((2, 3), one)))
        )
        same(plain, scaled)


def test_noise_in_cells_that_nobody_plays_changes_nothing():
    """Of a follower; a leader's action has another tape for each of its cells."""
    game, other = (
        sk.Game(*MEANS["2x3"], noise=(sk.Deterministic(), sk.Gaussian(sigmas)))
        for sigmas in (SIGMAS, np.where([[0, 1, 0], [0, 1, 0]], 9.0, SIGMAS))
    )
    pair = sk.UCB(), sk.FixedAction(0)
    same(sk.simulate(game, *pair, 5000, seed=1), sk.simulate(other, *pair, 5000, seed=1))


def test_another_unit_of_utility():
    game, large = (
        sk.Game(*(c * np.array(MEANS["2x3"])), noise=[sk.Gaussian(c * SIGMAS), sk.Gaussian(c * SIGMAS)])
        for c in (1.0, 2.0**40)
    )
    small, scaled = (
        sk.simulate(each, sk.UCB(sigma=c), sk.UCB(sigma=c), 50_000, replications=2, seed=6)
        for each, c in ((game, 1.0), (large, 2.0**40))
    )
    np.testing.assert_array_equal(small.pulls, scaled.pulls)
    np.testing.assert_array_equal(2.0**40 * small.utility, scaled.utility)


def test_leaps_go_far():
    """Stepping through as many rounds would take hours."""
    game = game_of((sk.Gaussian(SIGMAS), sk.Gaussian(SIGMAS)))
    for pair in PAIRS[:5]:
        assert sk.simulate(game, *pair, 10**11, seed=1).pulls.sum() == 10**11


def test_every_way_to_describe_it(tmp_path):
    law = sk.Gaussian(SIGMAS)
    assert law == sk.Gaussian(SIGMAS.tolist()) == sk.Gaussian(tuple(map(tuple, SIGMAS)))
    assert law != sk.Gaussian(SIGMAS[::-1])
    assert law.sigma == tuple(map(tuple, SIGMAS.tolist()))
    assert eval(repr(law), vars(sk)) == pickle.loads(pickle.dumps(law)) == law  # noqa: S307 our own
    assert hash(pickle.loads(pickle.dumps(law))) == hash(law)
    game = sk.Game(*MEANS["2x3"], noise=(law, sk.Uniform(2 * SIGMAS)), name="g")
    write_game(game, tmp_path / "game.json")
    keys = {key: json.dumps(value) for key, value in game.to_dict().items() if value and key != "noise"}
    laws = [
        f'{{ law = "{law["law"]}", {(key := list(law)[1])} = {law[key]} }}' for law in game.to_dict()["noise"]
    ]
    lines = [f"{key} = {value}" for key, value in (keys | {"noise": f"[{', '.join(laws)}]"}).items()]
    (tmp_path / "game.toml").write_text("\n".join(lines), encoding="utf-8")
    for name in ("game.json", "game.toml"):
        assert sk.read_game(tmp_path / name) == game
    run = sk.simulate(game, sk.UCB(), sk.UCB(), 1000, seed=1)
    run.save(tmp_path / "run.stackel")
    loaded = sk.load(tmp_path / "run.stackel")
    assert loaded.game == game
    same(loaded, run)
    many = sk.simulate_many(
        [game.leader] * 2, [game.follower] * 2, sk.UCB(), sk.UCB(), 1000, noise=game.noise, seed=[1, 2]
    )
    np.testing.assert_array_equal(many[0].pulls, run.pulls)
    sim = sk.Simulation(game, sk.UCB(), sk.UCB(), 1000, 1)
    sim.step(300)
    again = sk.Simulation.restore(sim.snapshot())
    again.advance(700)
    np.testing.assert_array_equal(again.pulls, run.pulls[0])
    tasks = sk.grid(seed=[1, 2]).tasks(game=game, leader=sk.UCB(), follower=sk.UCB(), horizon=1000)
    found = sk.sweep(tasks, store=tmp_path / "sweep").summary()
    again = sk.open_sweep(tmp_path / "sweep").summary()
    assert again.equals(found)


def test_what_is_shown():
    small = sk.Game([[0.0, 1.0]], [[0.0, 1.0]], noise=sk.Gaussian([[0.5, 2.0]]))
    assert repr(small) == "Game(1x2, noise=Gaussian(sigma=((0.5, 2.0),)))"
    zeros = np.zeros((6, 5))
    large = sk.Game(zeros, zeros, noise=sk.Gaussian(np.linspace(0.5, 3, 30).reshape(6, 5)))
    assert repr(large) == "Game(6x5, noise=Gaussian(sigma=<6x5, 0.5 to 3>))"


@pytest.mark.parametrize(
    ("sigma", "message"),
    [
        (-SIGMAS, r"^sigma: must be a number from 0 to 1e100, or a matrix .*, got -0.5 at \[0, 0\]$"),
        (np.where(SIGMAS == 2.0, np.nan, SIGMAS), r"^sigma: must be .*, got NaN at \[0, 1\]$"),
        (SIGMAS * 1e101, r"^sigma: must be .* at \[0, 0\]$"),
        ([0.5, 2.0], "^sigma: must be a number from 0 to 1e100, or a matrix"),
        (SIGMAS[None], "^sigma: must be a number from 0 to 1e100, or a matrix"),
        ([[0.5], [1.0, 2.0]], "^sigma: must be a number from 0 to 1e100, or a matrix"),
        ([], "^sigma: must be a number from 0 to 1e100, or a matrix"),
        ([[]], "^sigma: must be a number from 0 to 1e100, or a matrix"),
        ([["a", "b"]], "^sigma: must be a number from 0 to 1e100, or a matrix"),
        ("abc", "^sigma: must be a number from 0 to 1e100, or a matrix"),
        (np.ma.masked_array(SIGMAS, SIGMAS == 2), "^sigma: must be"),
    ],
)
def test_scales_that_are_refused(sigma, message):
    with pytest.raises(sk.SpecError, match=message):
        sk.Gaussian(sigma)


def test_tables_with_labels_are_refused():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(sk.SpecError, match=r"^sigma: must be"):
        sk.Gaussian(pandas.DataFrame(SIGMAS, index=["a", "b"]))


def test_scales_of_another_shape_are_refused():
    message = r"^noise: must be a law with scales of the shape .*, \[3, 2\], got sigma of shape \[2, 3\]$"
    with pytest.raises(sk.SpecError, match=message):
        sk.Game(np.zeros((3, 2)), np.zeros((3, 2)), noise=sk.Gaussian(SIGMAS))
    with pytest.raises(sk.SpecError, match=r"^noise: must be a law with scales of the shape"):
        sk.simulate_many(
            np.zeros((2, 3, 2)), np.zeros((2, 3, 2)), sk.UCB(), sk.UCB(), 10, noise=sk.Gaussian(SIGMAS)
        )


def test_bandits_with_arms_of_several_scales():
    arms = [(0.5, sk.Gaussian(0.1)), (0.75, sk.Gaussian(2.0)), (0.25, sk.Deterministic())]
    run = sk.bandit(arms, sk.UCB(), 3000, seed=2, trace=True)
    assert run.noise == sk.Gaussian([[0.1], [2.0], [0.0]])
    column = sk.bandit([0.5, 0.75, 0.25], sk.UCB(), 3000, noise=run.noise, seed=2, trace=True)
    np.testing.assert_array_equal(run.pulls, column.pulls)
    assert run.bound_constant == pytest.approx(2 * 0.01 / 0.25)
    sums = [drawn.sums(sk.Gaussian(), a, int(n), seed=2)[()] for a, n in enumerate(run.pulls[0])]
    expected = (np.array([0.1, 2.0, 0.0]) * sums).sum() / 2**30 + run.pulls[0] @ [0.5, 0.75, 0.25]
    assert run.total_rewards[0] == pytest.approx(expected, rel=1e-12)
