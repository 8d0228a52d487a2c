"""The game between algorithms: payoffs, limits and sampling, on portfolios whose payoffs are known."""

from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

import stackel as sk

GAME = sk.games.etc_failure()
OTHER = sk.Game([[0.9, 0.1], [0.3, 0.7]], [[0.2, 0.8], [1.0, 0.4]], noise=sk.Bernoulli(), name="other")
FIXED = [sk.FixedAction(0), sk.FixedAction(1)]
CHANCE = {"first": sk.FixedAction(0), "uniform": sk.UniformLearner()}


def uniform_means(game):
    """Expected payoffs of `CHANCE` against uniform and the first action: closed form, at any horizon."""
    mixes = [np.array([1.0, 0.0]), np.array([0.5, 0.5])]
    return np.array([[[x @ u @ y for y in mixes] for x in mixes] for u in (game.leader, game.follower)])


def chance(horizon=2, **options):
    settings = {"replications": 32, "seed": 1} | options
    return sk.meta_game(CHANCE, CHANCE, GAME, horizon, **settings)


def true_gains(payoff):
    leader = payoff[0][:, None] - payoff[0][None]
    follower = payoff[1].T[:, None] - payoff[1].T[None]
    return leader, follower.transpose(0, 2, 1)


def covers(meta, payoff):
    """Whether every limit of a result holds."""
    fine = (meta.low <= payoff + 1e-12).all() and (payoff <= meta.high + 1e-12).all()
    for player, gains in zip(("leader", "follower"), true_gains(payoff), strict=True):
        found = meta.gains(player)
        fine &= (found.low <= gains + 1e-12).all() and (gains <= found.high + 1e-12).all()
    for solution in meta.solve("nash"):
        real = [np.einsum("kxy,xy->k", gains, solution.joint).max() for gains in true_gains(payoff)]
        fine &= (np.array(real) <= solution.epsilon + 1e-12).all()
    return bool(fine)


def test_payoffs_of_fixed_actions_are_the_game():
    meta = sk.meta_game(FIXED, FIXED, OTHER, 1000, replications=3, seed=1)
    np.testing.assert_allclose(meta.payoff, [OTHER.leader, OTHER.follower])
    assert meta.exact.all()
    assert (meta.error == 0).all()
    assert meta.game.leader_labels == ("FixedAction(a=0)", "FixedAction(a=1)")
    (best,) = meta.solve("stackelberg")
    assert best.certified
    assert best.epsilon.max() == 0
    np.testing.assert_allclose(best.payoff, [0.3, 1.0])


def test_samples_are_those_of_single_runs():
    """Replication r is the game of replication r of a task."""
    learners = [sk.UCB(), sk.ExploreThenCommit()]
    games = [GAME, OTHER]
    meta = sk.meta_game(learners, learners, games, 300, weights=[0.25, 0.75], replications=4, seed=5)
    seeds = sk.Task(GAME, *learners, 300, seed=5).seeds(0, 4)
    expected = []
    for x, y in itertools.product(learners, learners):
        runs = [
            [sk.simulate(game, x, y, 300, seed=int(seed), checkpoints=1).utility[:, 0, 0] for seed in seeds]
            for game in games
        ]
        expected.append(np.tensordot([0.25, 0.75], runs, axes=1).T / 300)
    np.testing.assert_allclose(meta.samples, np.concatenate(expected, axis=1), rtol=1e-12)
    np.testing.assert_allclose(meta.payoff[:, 1, 0], expected[2].mean(axis=1))
    assert meta.replications.tolist() == [[4, 4], [4, 4]]


def test_limits_cover_in_all_of_a_thousand_repeats():
    """At least 95% are promised; more than 80 misses of 1000 have probability below 1e-4 at this level."""
    truth = uniform_means(GAME)
    widths = []
    missed = 0
    for seed in range(1000):
        meta = chance(seed=seed)
        missed += not covers(meta, truth)
        widths.append(meta.error[0, 1, 1])
    assert missed <= 80
    assert max(widths) < 0.35 * 0.6  # of limits that say something: payoffs range from 0.2 to 0.6


def test_limits_cover_when_the_data_decide_when_to_stop():
    truth = uniform_means(GAME)
    missed, games = 0, 0
    for seed in range(1000):
        meta = chance(seed=seed, replications=16, precision=0.12, max_replications=256)
        missed += not covers(meta, truth)
        games += int(meta.replications.sum())
        for each in meta.solve("pure"):
            assert each.certified == bool((each.epsilon <= 0.12).all())
    assert missed <= 80
    assert games < 1000 * 4 * 256  # no pair is played to the end for nothing


def test_progressive_sampling_needs_fewer_games_than_uniform_sampling():
    """The same certificate, with the same number of replications of all pairs."""
    leaders = {"a": sk.FixedAction(0), "b": sk.FixedAction(1), "u": sk.UniformLearner()}
    adaptive = sk.meta_game(
        leaders, leaders, OTHER, 3, payoff="utility", seed=3, precision=0.1, replications=16
    )
    assert max(each.epsilon.max() for each in adaptive.solve("nash")) <= 0.1
    most = int(adaptive.replications.max())
    below = sk.meta_game(leaders, leaders, OTHER, 3, seed=3, replications=most // 2)
    assert max(each.epsilon.max() for each in below.solve("nash")) > 0.1
    assert adaptive.replications.sum() < 9 * most


def test_twins_gain_nothing_from_each_other():
    meta = sk.meta_game({"one": sk.UCB(), "same": sk.UCB()}, sk.UCB(), GAME, 500, replications=5, seed=1)
    gains = meta.gains("leader")
    assert (gains.low == 0).all()
    assert (gains.high == 0).all()


def test_gains_are_paired():
    """Close variants differ far less than they vary."""
    learners = {"a": sk.UCB(), "b": sk.UCB(confidence=1.02)}
    meta = sk.meta_game(learners, sk.UCB(), GAME, 20_000, replications=512, seed=1)
    gains = meta.gains("leader")
    apart = meta.high[0, 0, 0] - meta.low[0, 1, 0]
    assert gains.high[0, 1, 0] < apart
    np.testing.assert_allclose(gains.mean[0, 1, 0], meta.payoff[0, 0, 0] - meta.payoff[0, 1, 0], atol=1e-15)
    np.testing.assert_array_equal(gains.low[0, 1], -gains.high[1, 0])


@pytest.mark.parametrize(
    "against", ["regret", "stackelberg", sk.stackelberg, (0.5, 0.25), partial(sk.tolerant, gamma=0.1)]
)
def test_regret_is_a_payoff_with_its_sign_turned(against):
    learners = [sk.UCB(), sk.ExploreThenCommit()]
    options = {"replications": 6, "seed": 2}
    plain = sk.meta_game(learners, learners, GAME, 400, **options)
    meta = sk.meta_game(learners, learners, GAME, 400, payoff=against, **options)
    alpha = against if isinstance(against, tuple) else None
    if alpha is None:
        found = sk.stackelberg(GAME) if isinstance(against, str) else against(GAME)
        alpha = found.leader, found.follower
    np.testing.assert_allclose(meta.payoff, plain.payoff - np.array(alpha)[:, None, None], atol=1e-12)
    np.testing.assert_allclose(meta.error, plain.error, atol=1e-12)


def test_a_function_of_both_is_a_payoff():
    learners = [sk.UCB(), sk.ExploreThenCommit()]
    options = {"replications": 6, "seed": 2}
    plain = sk.meta_game(learners, learners, GAME, 400, **options)
    kind = sk.meta_game(
        learners,
        learners,
        GAME,
        400,
        payoff=lambda leader, follower: (leader + follower, 1 - leader),
        **options,
    )
    u1, u2 = plain.payoff
    np.testing.assert_allclose(kind.payoff, [u1 + u2, 1 - u1], atol=1e-12)
    np.testing.assert_allclose(kind.bounds, [[0.2, 1.0], [0.4, 0.8]])


def test_only_affine_functions_have_bounds():
    with pytest.raises(sk.SpecError, match=r"payoff.*affine"):
        sk.meta_game(FIXED, FIXED, GAME, 10, payoff=lambda leader, follower: (leader * follower, follower))


def test_student_is_narrower_and_never_certifies():
    learners = [sk.UCB(), sk.ExploreThenCommit()]
    honest, normal = (
        sk.meta_game(learners, learners, GAME, 10_000, replications=32, seed=2, interval=interval)
        for interval in ("betting", "student")
    )
    assert (normal.error < honest.error).all()
    assert not any(each.certified for each in normal.solve("nash"))
    assert all(each.certified for each in honest.solve("nash"))


def test_roles_are_never_exchanged():
    """Equal lists of learners in an asymmetric game: payoffs of leader and follower are not transposed."""
    meta = sk.meta_game(FIXED, FIXED, OTHER, 10, replications=1, seed=1)
    assert not np.allclose(meta.payoff[0], meta.payoff[1].T)
    described = sk.interop.to_gameanalysis(meta.game)
    assert described["players"] == {"leader": 1, "follower": 1}
    second = described["profiles"][1]
    assert (second["leader"][0][2], second["follower"][0][2]) == (0.1, 0.8)
    for profile in described["profiles"]:
        (x, _, u1), (y, _, u2) = profile["leader"][0], profile["follower"][0]
        place = meta.game.leader_labels.index(x), meta.game.follower_labels.index(y)
        assert (u1, u2) == (meta.game.leader[place], meta.game.follower[place])


def test_store_and_workers_play_the_same_games(tmp_path):
    learners = [sk.UCB(), sk.ExploreThenCommit()]
    settings = {"seed": 4, "replications": 8, "precision": 0.05, "max_replications": 64}
    plain = sk.meta_game(learners, learners, [GAME, OTHER], 200, **settings)
    with ThreadPoolExecutor(2) as pool:
        worked = sk.meta_game(learners, learners, [GAME, OTHER], 200, executor=pool, **settings)
    first = sk.meta_game(learners, learners, [GAME, OTHER], 200, store=tmp_path / "s", **settings)
    files = {path.name for path in (tmp_path / "s" / "results").iterdir()}
    again = sk.meta_game(learners, learners, [GAME, OTHER], 200, store=tmp_path / "s", **settings)
    assert {path.name for path in (tmp_path / "s" / "results").iterdir()} == files
    assert plain.provenance["engine"] == "leap"
    for other in (worked, first, again):
        np.testing.assert_array_equal(other.samples, plain.samples)
        np.testing.assert_array_equal(other.replications, plain.replications)
        assert other.provenance == plain.provenance


def test_error_bounds_are_those_of_single_runs(tmp_path):
    """Ranges of replications overlap in the store; each counts once."""
    pair, options = (sk.UCB(), sk.MOSS()), {"seed": 4, "engine": "leap"}
    tasks = [sk.Task(GAME, *pair, 3000, count, 4, engine="leap") for count in (3, 7)]
    sk.sweep(tasks[:1], store=tmp_path / "one")
    sk.sweep(tasks, store=tmp_path / "all", batch=2)
    for file in (tmp_path / "one" / "results").iterdir():
        file.rename(tmp_path / "all" / "results" / file.name)
    bounds = [sk.simulate(GAME, *pair, 3000, seed=int(seed)).error_bound for seed in tasks[1].seeds(0, 7)]
    assert np.count_nonzero(bounds) > 3
    for store in (None, tmp_path / "all"):
        meta = sk.meta_game(*pair, GAME, 3000, replications=7, store=store, **options)
        assert meta.provenance["engine"] == "leap"
        assert meta.provenance["error_bound"] == pytest.approx(sum(bounds), rel=1e-12)


@pytest.mark.parametrize("newcomer", [None, "follower"])
@pytest.mark.parametrize("payoff", ["utility", "regret", lambda leader, follower: (leader - follower, 1.0)])
def test_games_that_change(tmp_path, newcomer, payoff):
    """Samples are those of single runs, whose regret is taken game by game; bounds hold game by game."""
    other = sk.Game(OTHER.leader, OTHER.follower, noise=GAME.noise)
    changing = sk.ChangingGame([GAME, other], [0, 150], newcomer, name="changing")
    learners = [sk.UCB(), sk.FixedAction(1)]
    settings = {"payoff": payoff, "replications": 4, "seed": 5}
    meta = sk.meta_game(learners, learners, [GAME, changing], 500, **settings)
    expected = []
    for x, y in itertools.product(learners, learners):
        each = []
        for game in (GAME, changing):
            batch = [
                sk.simulate(game, x, y, 500, seed=int(seed), checkpoints=1)
                for seed in sk.Task(game, x, y, 500, seed=5).seeds(0, 4)
            ]
            if payoff == "regret":
                each.append([-run.regret("stackelberg")[:, 0, 0] / 500 for run in batch])
            else:
                u1, u2 = np.array([run.utility[:, 0, 0] / 500 for run in batch]).T
                each.append(np.array([u1, u2] if payoff == "utility" else [u1 - u2, np.ones(4)]).T)
        expected.append(np.mean(each, axis=0).T)
    np.testing.assert_allclose(meta.samples, np.concatenate(expected, axis=1), rtol=1e-12, atol=1e-12)
    swept = sk.meta_game(learners, learners, [GAME, changing], 500, store=tmp_path / "store", **settings)
    np.testing.assert_array_equal(swept.samples, meta.samples)
    meta.save(tmp_path / "meta")
    assert sk.load(tmp_path / "meta").games == meta.games == {GAME.name: GAME, "changing": changing}
    if payoff == "utility":
        ends = [[(g.leader, g.follower)[i] for g in (GAME, other)] for i in range(2)]
        for i, (first, then) in enumerate(ends):
            for which, end in ((0, np.min), (1, np.max)):
                mixed = 0.3 * end(first) + 0.7 * end(then)
                assert meta.bounds[i, which] == pytest.approx((end(first) + mixed) / 2)


def test_benchmarks_of_single_games_are_refused_for_those_that_change():
    changing = sk.ChangingGame([GAME, GAME], [0, 5], name="changing")
    with pytest.raises(sk.SpecError, match=r"payoff: .*called for each of the games") as error:
        sk.meta_game(FIXED, FIXED, changing, 10, payoff=sk.stackelberg(GAME))
    assert error.value.argument == "payoff"


def test_a_stopped_call_continues(tmp_path):
    """What a shorter call left in the store is not played again."""
    settings = {"seed": 4, "store": tmp_path / "s"}
    sk.meta_game(FIXED, [sk.UCB(), sk.UniformLearner()], GAME, 50, replications=8, **settings)
    tasks = [sk.Task(GAME, x, y, 50, 24, 4) for x in FIXED for y in (sk.UCB(), sk.UniformLearner())]
    found = sk.sweep(tasks, store=tmp_path / "s")
    assert (found.played, found.reused) == (4 * 16, 4 * 8)


def test_a_portfolio_is_a_meta_game():
    learners = [sk.UCB(), sk.ExploreThenCommit()]
    table = sk.portfolio(learners, learners, [GAME, OTHER], 500, replications=8, seed=3)
    meta = table.meta_game(weights=[0.5, 0.5])
    np.testing.assert_allclose(meta.payoff, table.utility.mean(axis=(0, -1)) / 500)
    against = table.meta_game(payoff="regret", weights=[1.0, 0.0])
    np.testing.assert_allclose(against.payoff, -table.regret("stackelberg")[0].mean(axis=-1) / 500)
    assert meta.looks == 1


def test_a_portfolio_of_games_that_change_is_a_meta_game():
    changing = sk.ChangingGame([GAME, sk.Game(OTHER.leader, OTHER.follower)], [0, 100])
    table = sk.portfolio(sk.UCB(), FIXED, {"g": changing}, 500, replications=3, seed=3)
    meta = table.meta_game(payoff="regret")
    np.testing.assert_allclose(meta.payoff, -table.regret("stackelberg")[0].mean(axis=-1) / 500)
    assert meta.games == {"g": changing}


def test_own_learners_play():
    class First:
        def choose(self, rng):
            return 0

        def observe(self, arm, reward):
            pass

    meta = sk.meta_game({"mine": First, "fixed": FIXED[0]}, sk.UCB(), GAME, 50, replications=4, seed=1)
    np.testing.assert_array_equal(meta.payoff[:, 0], meta.payoff[:, 1])
    assert not meta.exact.any()


def test_one_algorithm_a_side():
    meta = sk.meta_game(sk.FixedAction(1), sk.BestResponse(), GAME, 10, seed=1)
    for kind in ("pure", "nash", "stackelberg", "commitment", "cce"):
        (found,) = meta.solve(kind)
        np.testing.assert_allclose(found.payoff, [0.5, 0.3])
        assert found.epsilon.max() == 0
    assert meta.alpharank()["mass"].tolist() == [1.0]
    assert meta.price_of_anarchy().ratio == 1.0


def test_files_keep_everything(tmp_path):
    meta = chance(precision=0.2)
    meta.save(tmp_path / "meta")
    again = sk.load(tmp_path / "meta")
    assert isinstance(again, sk.MetaGame)
    for name in ("weights", "bounds", "replications", "samples", "exact"):
        np.testing.assert_array_equal(getattr(again, name), getattr(meta, name))
    for name in (
        "leaders",
        "followers",
        "games",
        "horizon",
        "payoff_kind",
        "confidence",
        "interval",
        "looks",
    ):
        assert getattr(again, name) == getattr(meta, name)
    assert again.precision == 0.2
    assert json.dumps(again.provenance) == json.dumps(meta.provenance)
    np.testing.assert_array_equal(again.high, meta.high)


def test_nothing_in_it_can_be_changed():
    meta = chance()
    for array in (meta.samples, meta.replications, meta.solve("pure")[0].joint):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("payoff", "profit"),
        ("payoff", 3),
        ("weights", [0.5, 0.6]),
        ("precision", 0.0),
        ("max_replications", 1),
        ("interval", "normal"),
        ("confidence", 1.0),
        ("engine", "fast"),
        ("horizon", 0),
        ("games", []),
        ("leaders", {}),
        ("store", 3),
    ],
)
def test_errors_name_the_argument(argument, value):
    settings = {"leaders": FIXED, "followers": FIXED, "games": GAME, "horizon": 10, "precision": 0.5}
    with pytest.raises(sk.SpecError) as error:
        sk.meta_game(**settings | {argument: value})
    assert error.value.argument == argument


def test_learners_that_cannot_sit_are_refused():
    with pytest.raises(sk.SpecError, match="leader"):
        sk.meta_game(sk.BestResponse(), sk.UCB(), GAME, 10)
