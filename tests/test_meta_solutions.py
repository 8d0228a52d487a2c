"""Solutions of meta-games, beside other libraries and by hand; and what their certificates promise."""

from __future__ import annotations

import itertools

import nashpy
import numpy as np
import pygambit
import pytest
from open_spiel.python.algorithms import stackelberg_lp
from scipy.optimize import linprog

import stackel as sk
from stackel.interop import to_openspiel, to_pygambit

KINDS = ("pure", "nash", "stackelberg", "commitment", "cce")
rng = np.random.default_rng(7)
MATRICES = [rng.random((2, *shape)) for shape in ((2, 2), (3, 3), (3, 4), (4, 3), (2, 5)) for _ in range(6)]
TIED = [
    np.zeros((2, 2, 2)),
    np.array([[[1.0, 1.0], [1.0, 0.0]], [[1.0, 1.0], [1.0, 0.0]]]),
    np.array([[[0.0, 1.0], [0.0, 1.0]], [[1.0, 1.0], [0.0, 2.0]]]),
    rng.integers(0, 3, (2, 3, 3)).astype(float),
    rng.integers(0, 2, (2, 2, 4)).astype(float),
]


def fixed(matrices):
    """The meta-game of fixed actions: its payoffs are the game's."""
    leader, follower = matrices
    game = sk.Game(leader, follower, name="matrices")
    seats = [[sk.FixedAction(a) for a in range(count)] for count in leader.shape]
    return sk.meta_game(*seats, game, 1, replications=1, seed=1)


def as_set(pairs):
    return sorted(tuple(np.round(np.append(*pair), 6) + 0.0) for pair in pairs)


def equilibria(meta, **options):
    return [(each.leader_mix, each.follower_mix) for each in meta.solve("nash", **options)]


@pytest.mark.parametrize("matrices", MATRICES, ids=lambda each: str(each.shape[1:]))
def test_equilibria_are_those_of_nashpy(matrices):
    found = equilibria(fixed(matrices))
    assert as_set(found) == as_set(nashpy.Game(*matrices).support_enumeration())


@pytest.mark.parametrize("matrices", [*MATRICES[:12], *TIED])
def test_equilibria_are_those_of_gambit(matrices):
    """All extreme ones, in degenerate games too; payoffs are decimals there."""
    rounded = np.round(matrices, 3)
    meta = fixed(rounded)
    source = to_pygambit(sk.Game(*rounded))
    profiles = pygambit.nash.enummixed_solve(source).equilibria
    expected = [
        [np.array([float(p) for _, p in profile[player]]) for player in source.players]
        for profile in profiles
    ]
    assert as_set(equilibria(meta)) == as_set(expected)


@pytest.mark.parametrize("matrices", [*MATRICES, *TIED])
def test_pure_equilibria_are_best_responses_to_each_other(matrices):
    leader, follower = matrices
    expected = {
        (x, y)
        for x, y in itertools.product(*map(range, leader.shape))
        if leader[x, y] == leader[:, y].max() and follower[x, y] == follower[x].max()
    }
    found = {tuple(np.argwhere(each.joint == 1)[0].tolist()) for each in fixed(matrices).solve("pure")}
    assert found == expected


@pytest.mark.parametrize("matrices", MATRICES, ids=lambda each: str(each.shape[1:]))
def test_commitments_are_those_of_openspiel(matrices):
    (found,) = fixed(matrices).solve("commitment")
    *_, leader_value, follower_value = stackelberg_lp.solve_stackelberg(to_openspiel(sk.Game(*matrices)))
    np.testing.assert_allclose(found.payoff[0], leader_value, atol=1e-6)
    np.testing.assert_allclose(found.payoff[1], follower_value, atol=1e-5)


@pytest.mark.parametrize("matrices", [*MATRICES, *TIED])
def test_correlated_equilibria_are_those_of_a_linear_program(matrices):
    leader, follower = matrices
    rows, columns = leader.shape
    gains = [(leader[k] - leader).ravel() for k in range(rows)]
    gains += [(follower[:, [k]] - follower).ravel() for k in range(columns)]
    expected = linprog(
        -(leader + follower).ravel(),
        A_ub=gains,
        b_ub=np.zeros(len(gains)),
        A_eq=[np.ones(leader.size)],
        b_eq=[1],
    )
    (found,) = fixed(matrices).solve("cce")
    assert found.leader_mix is found.follower_mix is None
    np.testing.assert_allclose(found.joint.sum(), 1)
    assert found.gain.max() < 1e-12
    np.testing.assert_allclose(found.payoff.sum(), -expected.fun, atol=1e-9)


@pytest.mark.parametrize("matrices", [*MATRICES, *TIED])
@pytest.mark.parametrize("kind", KINDS)
def test_solutions_of_exact_games_leave_nothing_to_gain(matrices, kind):
    meta = fixed(matrices)
    for each in meta.solve(kind):
        assert each.certified
        assert each.gain.max() < 1e-9
        assert each.epsilon.max() < 1e-9
        for role, payoff in enumerate(each.payoff):
            np.testing.assert_allclose(payoff, (each.joint * matrices[role]).sum(), atol=1e-12)


def test_a_leader_that_deploys_first_earns_at_least_as_much_as_in_a_pure_equilibrium():
    for matrices in MATRICES:
        meta = fixed(matrices)
        (first,), (mixed,) = meta.solve("stackelberg"), meta.solve("commitment")
        assert mixed.payoff[0] >= first.payoff[0] - 1e-12
        for each in meta.solve("pure"):
            assert first.payoff[0] >= each.payoff[0] - 1e-12


def stationary(payoffs, alpha, population):
    """Alpha-rank from its definition: Fermi fixation, single mutations, the stationary law."""
    rows, columns = payoffs[0].shape
    profiles = list(itertools.product(range(rows), range(columns)))
    chain = np.zeros((len(profiles),) * 2)
    share = 1 / (rows + columns - 2)
    for i, (x, y) in enumerate(profiles):
        for j, (k, m) in enumerate(profiles):
            if (x == k) == (y == m):
                continue
            player = 0 if y == m else 1
            ahead = alpha * (payoffs[player][k, m] - payoffs[player][x, y])
            fixes = 1 / population if abs(ahead) < 1e-12 else np.expm1(-ahead) / np.expm1(-population * ahead)
            chain[i, j] = share * fixes
        chain[i, i] = 1 - chain[i].sum()
    system = np.vstack([chain.T - np.eye(len(profiles)), np.ones(len(profiles))])
    return np.linalg.lstsq(system, np.append(np.zeros(len(profiles)), 1), rcond=None)[0]


@pytest.mark.parametrize("matrices", [MATRICES[0], MATRICES[6], MATRICES[12], MATRICES[18], TIED[3]])
def test_alpharank_is_its_definition(matrices):
    meta = fixed(matrices)
    ranked = meta.alpharank(2.0, population=10)
    expected = stationary(matrices, 2.0, 10).reshape(matrices[0].shape)
    for row in ranked.itertuples():
        place = list(meta.leaders).index(row.leader), list(meta.followers).index(row.follower)
        assert row.mass == pytest.approx(expected[place], abs=1e-6)
    assert ranked["mass"].is_monotonic_decreasing


def test_alpharank_of_large_alpha_finds_the_only_strict_equilibrium():
    meta = fixed(np.array([[[3.0, 3.0], [1.0, 1.0]], [[2.0, 1.0], [2.0, 1.0]]]))
    best = meta.alpharank().iloc[0]
    assert (best["leader"], best["follower"]) == ("FixedAction(a=0)", "FixedAction(a=0)")
    assert best["mass"] > 0.9


def test_price_of_anarchy_of_the_prisoners_dilemma():
    price = fixed(np.array([[[3.0, 0.0], [4.0, 1.0]], [[3.0, 4.0], [0.0, 1.0]]])).price_of_anarchy()
    assert (price.best, price.worst, price.ratio, price.loss) == (6.0, 2.0, 3.0, 4.0)
    assert price.certified
    lost = fixed(np.array([[[-3.0]], [[1.0]]])).price_of_anarchy()
    assert np.isnan(lost.ratio)


def test_a_profile_that_is_no_equilibrium_says_what_is_gained():
    meta = fixed(np.array([[[3.0, 0.0], [4.0, 1.0]], [[3.0, 4.0], [0.0, 1.0]]]))
    found = meta.profile([1, 0], [0.5, 0.5])
    np.testing.assert_allclose(found.payoff, [1.5, 3.5])
    np.testing.assert_allclose(found.gain, [1.0, 0.5])
    np.testing.assert_allclose(found.epsilon, [1.0, 0.5])
    with pytest.raises(sk.SpecError, match="leader_mix"):
        meta.profile([1, 1], [0.5, 0.5])


def test_true_gains_stay_below_their_limits():
    """Every kind of solution of an estimated game, judged by the true payoffs."""
    game = sk.Game([[0.9, 0.1], [0.3, 0.7]], [[0.2, 0.8], [1.0, 0.4]], noise=sk.Bernoulli(), name="g")
    seats = {"first": sk.FixedAction(0), "second": sk.FixedAction(1), "uniform": sk.UniformLearner()}
    mixes = np.array([[1, 0], [0, 1], [0.5, 0.5]])
    truth = np.array([mixes @ u @ mixes.T for u in (game.leader, game.follower)])
    exact = fixed(truth)
    for seed in range(40):
        meta = sk.meta_game(seats, seats, game, 4, seed=seed, replications=48)
        for kind in KINDS:
            for each in meta.solve(kind):
                real = joint_gain(truth, each.joint)
                if kind in {"stackelberg", "commitment"}:
                    real[0] = exact.solve(kind)[0].payoff[0] - (each.joint * truth[0]).sum()
                assert (real <= each.epsilon + 1e-9).all()
                assert (each.low <= (each.joint * truth).sum(axis=(1, 2)) + 1e-9).all()


def joint_gain(truth, joint):
    leader = ((truth[0][:, None] - truth[0]) * joint).sum(axis=(1, 2)).max()
    follower = ((truth[1].T[:, None] - truth[1].T) * joint.T).sum(axis=(1, 2)).max()
    return np.array([leader, follower])
