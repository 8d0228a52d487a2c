"""Games that change: engines play the definition, newcomers are new, and regret is taken game by game."""

from __future__ import annotations

import copy
import itertools
import pickle
from zlib import crc32

import numpy as np
import oracle
import oracle_changing
import policies
import pytest
from cases import FOLLOWERS, LEADERS, MEANS, NOISES, is_random, named
from hypothesis import given, settings
from hypothesis import strategies as st

import stackel as sk
from stackel.games._file import write_game
from stackel.learners._examples import leaps
from stackel.sweeps.config import read_sweep, run_file

SEED = 20
CERTAIN = [[learner for learner in learners if not is_random(learner)] for learners in (LEADERS, FOLLOWERS)]
NEWCOMERS = (None, "leader", "follower", "both")
GAME = sk.games.etc_failure()


def turned(game):
    """Another game of the same means, which are multiples of 1/8."""
    u1, u2 = game.leader[::-1, ::-1], game.follower[::-1]
    return sk.Game(u1, u2, noise=game.noise)


def changing(means, noise, newcomer, starts=(0, 31, 60)):
    first = sk.Game(*MEANS[means], noise=NOISES[noise])
    games = itertools.islice(itertools.cycle([first, turned(first)]), len(starts))
    return sk.ChangingGame(list(games), starts, newcomer)


def played(game, leader, follower, horizon, **options):
    return sk.simulate(game, leader, follower, horizon, **{"seed": SEED, "threads": 1, **options})


def same(one, other):
    return (
        np.array_equal(one.pulls, other.pulls)
        and np.array_equal(one.utility, other.utility)
        and np.array_equal(one.remainder, other.remainder)
    )


@pytest.mark.parametrize("noise", ["Deterministic", "Gaussian", "Bernoulli", "Gaussian, Uniform"])
@pytest.mark.parametrize("newcomer", NEWCOMERS)
def test_every_learner_follows_the_oracle(noise, newcomer):
    turns = itertools.count(crc32(f"{noise} {newcomer}".encode()))
    for mine, others, seat in ((*CERTAIN, 0), (*CERTAIN[::-1], 1)):
        for learner in mine:
            other = others[next(turns) % len(others)]
            leader, follower = (learner, other) if seat == 0 else (other, learner)
            means = list(MEANS)[next(turns) % len(MEANS)]
            game, horizon = changing(means, noise, newcomer), 95
            reward = oracle_changing.as_reward(game, SEED, 1)
            slow = oracle_changing.play(game, named(leader), named(follower), horizon, reward)
            run = played(
                game,
                leader,
                follower,
                horizon,
                replications=2,
                checkpoints=range(1, horizon + 1),
                engine="stepwise",
                trace=True,
            )
            pair = f"{leader} x {follower} on {means}"
            np.testing.assert_array_equal(run.pulls[1], slow.pulls, pair)
            # Multiples of 1/8 add up exactly.
            np.testing.assert_array_equal(run.utility[:, 1], slow.utility, pair)
            assert run.switches[:, 1].tolist() == oracle.switches(slow.actions), pair
            assert run.last_exploration[:, 1].tolist() == oracle.last_exploration(slow.actions), pair


@st.composite
def changes(draw):
    """A changing game and two learners."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape, noise = (2, *rng.integers(1, 4, 2)), NOISES[draw(st.sampled_from(list(NOISES)))]
    games = [sk.Game(*rng.random(shape).round(rng.integers(1, 3)), noise=noise) for _ in range(3)]
    starts = sorted({0, *draw(st.sets(st.integers(1, 2500), max_size=5))})
    newcomer = draw(st.sampled_from(NEWCOMERS))
    game = sk.ChangingGame([games[rng.integers(3)] for _ in starts], starts, newcomer)
    return game, draw(st.sampled_from(LEADERS)), draw(st.sampled_from(FOLLOWERS))


@settings(max_examples=60, deadline=None)
@given(changes(), st.sets(st.integers(1, 1999), max_size=5))
def test_engines_agree(described, marks):
    runs = {
        engine: played(*described, 2000, engine=engine, checkpoints=[*sorted(marks), 2000], replications=2)
        for engine in ("reference", "stepwise", "leap")
    }
    assert same(runs["reference"], runs["stepwise"])
    if "in law" not in map(leaps, described[1:]):
        assert same(runs["reference"], runs["leap"])
    fewer = played(*described, 2000, engine="leap", checkpoints=[2000], replications=2)
    assert np.array_equal(runs["leap"].utility[:, :, -1], fewer.utility[:, :, 0])


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("engine", ["reference", "stepwise", "leap"])
def test_a_change_that_changes_nothing_has_the_bits_of_the_plain_game(noise, engine):
    plain = sk.Game(*MEANS["2x3"], noise=NOISES[noise])
    expected = played(plain, sk.UCB(sigma=0.4), sk.UCB(sigma=0.4), 5000, engine=engine)
    for games, starts in (([plain], [0]), ([plain, plain], [0, 1234]), ([plain, turned(plain)], [0, 5000])):
        game = sk.ChangingGame(games, starts)
        found = played(game, sk.UCB(sigma=0.4), sk.UCB(sigma=0.4), 5000, engine=engine)
        assert same(found, expected)
        assert found.error_bound == expected.error_bound


@pytest.mark.parametrize(
    "pair", [(sk.ExploreThenUCB(), sk.UCB()), (sk.LinUCB(), sk.UCB()), (sk.UCB(), sk.LinUCB())], ids=str
)
def test_newcomers_play_as_in_games_of_their_own(pair):
    first = sk.Game(*MEANS["5x3"], noise=sk.Deterministic())
    second = turned(first)
    both = played(sk.ChangingGame([first, second, first], [0, 300, 1000], "both"), *pair, 1600).pulls
    alone = [
        played(game, *pair, rounds).pulls for game, rounds in ((first, 300), (second, 700), (first, 600))
    ]
    np.testing.assert_array_equal(both, sum(alone))
    # The defaults of a learner that stays are those of the whole horizon.
    kept = played(sk.ChangingGame([first, second], [0, 300], "follower"), *pair, 1600).pulls
    assert not np.array_equal(kept, both)


@pytest.mark.parametrize("learner", [rule for rule in CERTAIN[0] if rule in CERTAIN[1]], ids=str)
@pytest.mark.parametrize("newcomer", ["leader", "follower"])
def test_a_newcomer_forgets_whoever_stays(learner, newcomer):
    first = sk.Game(*MEANS["5x3"], noise=sk.Deterministic())
    second = turned(first)
    # An action that is fixed is the same for one who stays and for one who is new.
    pair = (learner, sk.FixedAction(1)) if newcomer == "leader" else (sk.FixedAction(1), learner)
    found = played(sk.ChangingGame([first, second, first], [0, 100, 150], newcomer), *pair, 300).pulls
    alone = [played(game, *pair, rounds).pulls for game, rounds in ((first, 100), (second, 50), (first, 150))]
    np.testing.assert_array_equal(found, sum(alone))


@pytest.mark.parametrize("newcomer", NEWCOMERS)
@pytest.mark.parametrize("own", [policies.UCB, policies.ManyUCB])
@pytest.mark.parametrize("seat", [0, 1])
def test_policies_in_python_are_replaced_as_learners_are(newcomer, own, seat):
    game = changing("2x3", "Gaussian", newcomer, starts=(0, 100, 170))
    pair = [sk.UCB(), sk.UCB()]
    expected = played(game, *pair, 260, replications=3)
    pair[seat] = own
    assert same(played(game, *pair, 260, replications=3), expected)
    simulation = sk.Simulation(game, *pair, 260, SEED, replication=2)
    simulation.step(99)
    simulation.advance(161)
    np.testing.assert_array_equal(simulation.pulls, expected.pulls[2])


@pytest.mark.parametrize("newcomer", NEWCOMERS)
@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli"])
def test_simulations_and_agents_go_through_changes(newcomer, noise):
    game = changing("2x3", noise, newcomer, starts=(0, 100, 170))
    expected = played(game, sk.UCB(), sk.BestResponse(), 260)
    simulation = sk.Simulation(game, sk.UCB(), sk.BestResponse(), 260, SEED)
    for rounds in (99, 1, 1, 68, 1):
        simulation.advance(rounds)
        simulation = sk.Simulation.restore(simulation.snapshot())
    np.testing.assert_array_equal(copy.copy(simulation).step(1).actions, simulation.step(1).actions)
    simulation.advance(89)
    np.testing.assert_array_equal(simulation.pulls, expected.pulls[0])
    np.testing.assert_array_equal(simulation.utility, expected.utility[:, 0, -1])

    agents = [
        sk.Agent(learner, game, 260, SEED, role=role)
        for learner, role in ((sk.UCB(), "leader"), (sk.BestResponse(), "follower"))
    ]
    table = sk.Simulation(game, None, None, 260, SEED)
    for t in range(260):
        a = agents[0].choose()
        b = agents[1].choose(a)
        table.choose(a, b)
        rewards = table.observe()
        agents[0].observe(rewards[0])
        agents[1].observe(rewards[1])
        if t in {98, 99, 100}:
            agents = [sk.Agent.restore(agent.snapshot()) for agent in agents]
    np.testing.assert_array_equal(table.pulls, expected.pulls[0])


def test_a_cancelled_advance_returns_to_before_the_change():
    game = changing("2x3", "Gaussian", "both", starts=(0, 1000, 10**12))
    simulation = sk.Simulation(game, sk.UniformLearner(), sk.EXP3(), 10**13, SEED, engine="stepwise")
    simulation.advance(900)
    before = simulation.snapshot()
    token = sk.CancelToken()
    token.cancel()
    with pytest.raises(sk.RunError):
        simulation.advance(10**9, cancel=token)
    assert simulation.snapshot() == before
    simulation.advance(200)
    again = sk.Simulation.restore(before)
    again.advance(200)
    np.testing.assert_array_equal(simulation.pulls, again.pulls)


def test_many_games_and_sweeps_play_what_simulate_plays():
    pair = sk.UCB(sigma=0.4), sk.ThompsonSampling(sigma=0.4)
    one, two = (changing("2x3", "Bernoulli, Gaussian", "leader", starts) for starts in ((0, 31), (0, 50)))
    stacks = [
        np.array([[getattr(each, role) for each in game.games] for game in (one, one)])
        for role in ("leader", "follower")
    ]
    batch = sk.simulate_many(
        *stacks, *pair, 90, noise=one.noise, starts=one.starts, newcomer="leader", seed=[3, 4], replications=2
    )
    for i, seed in enumerate((3, 4)):
        alone = sk.simulate(batch.game(i), *pair, 90, seed=seed, replications=2, checkpoints=1)
        assert batch[i] == alone
        assert batch.game(i) == one
        expected = alone.regret(sk.stackelberg)
        np.testing.assert_array_equal(batch.regret(sk.stackelberg)[:, i], expected)
    own = sk.simulate_many(
        *stacks, policies.UCB, pair[1], 90, noise=one.noise, starts=one.starts, newcomer="leader", seed=3
    )
    assert own.game(1) == one
    tasks = [sk.Task(game, *pair, 90, replications=2, seed=7) for game in (one, two, one.games[0])]
    found = sk.sweep(tasks)
    for i, task in enumerate(tasks):
        for r, seed in enumerate(task.seeds(0, 2).tolist()):
            alone = sk.simulate(task.game, *pair, 90, seed=seed)
            np.testing.assert_array_equal(found.utility(i)[:, r, -1], alone.utility[:, 0, -1])
            expected = alone.regret(sk.stackelberg)[:, 0, -1]
            np.testing.assert_array_equal(found.regrets(sk.stackelberg)[i][:, r, -1], expected)
    assert len({task.id for task in tasks}) == 3
    others = [
        sk.ChangingGame(one.games, one.starts, "leader", name="other"),
        sk.ChangingGame(one.games, one.starts, "both"),
        sk.ChangingGame(one.games[::-1], one.starts, "leader"),
    ]
    assert [sk.Task(game, *pair, 90, seed=7).id == tasks[0].id for game in others] == [True, False, False]


def test_tasks_of_newcomers_keep_defaults_apart_from_the_numbers_that_they_are_at_first():
    # Both stays have other defaults, so that neither number stands for the default.
    game = changing("2x3", "Gaussian", "leader", starts=(0, 100))
    default = sk.ExploreThenCommit()
    first = default.resolve("leader", 100, *game.shape)
    tasks = [sk.Task(game, learner, sk.UCB(), 1000) for learner in (default, first)]
    assert tasks[0].id != tasks[1].id


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


def test_files_and_copies(tmp_path):
    plain = changing("2x3", "Gaussian, Uniform", "follower")
    labels = {"leader_labels": ["x", "y"], "follower_labels": ["p", "q", "r"]}
    games = [
        sk.Game(each.leader, each.follower, noise=each.noise, name="g", **labels) for each in plain.games
    ]
    game = sk.ChangingGame(games, plain.starts, "follower", name="users")
    for same_game in (copy.deepcopy(game), pickle.loads(pickle.dumps(game)), game.from_dict(game.to_dict())):
        assert same_game == game
        assert hash(same_game) == hash(game)
    assert game != plain
    assert repr(game) == "ChangingGame('users', 3 games 2x3, starts=[0, 31, 60], newcomer='follower')"
    assert "users" in game._repr_html_()
    write_game(game, tmp_path / "game.json")
    assert sk.read_game(tmp_path / "game.json") == game
    run = played(game, sk.UCB(), sk.UCB(), 200, replications=2, trace=True, checkpoints=[10, 31, 100])
    run.save(tmp_path / "run")
    again = sk.load(tmp_path / "run")
    assert again == run
    assert again.game == game
    assert run.to_xarray().sizes["follower_action"] == 3
    assert sk.Simulation.restore(sk.Simulation(game, sk.UCB(), sk.UCB(), 200).snapshot()).game == game


FILE = """
game = {{ games = [{{ file = "one.json" }}, {{ family = "lower_bound", delta = 0.1, member = 2 }}], {rest} }}
leader = "UCB"
follower = {{ learner = "ExploreThenCommit" }}
horizon = 200
seed = 3
"""


def test_experiments_in_files(tmp_path):
    one, two = sk.games.lower_bound(0.1)
    write_game(one, tmp_path / "one.json")
    path = tmp_path / "run.toml"
    path.write_text(FILE.format(rest='starts = [0, 90], newcomer = "both"'))
    found = run_file(path)
    game = sk.ChangingGame([one, two], [0, 90], "both")
    assert found == sk.simulate(game, sk.UCB(), sk.ExploreThenCommit(), 200, seed=3)
    path.write_text(FILE.format(rest="starts = [0]"))
    with pytest.raises(sk.SpecError, match=r"run\.toml:2: game, starts: must be 2 numbers of rounds"):
        run_file(path)
    (tmp_path / "sweep.toml").write_text(
        """
store = "store"
[task]
game = { family = "drift", first = { family = "lower_bound", delta = 0.1, member = 1 },
         last = { family = "lower_bound", delta = 0.1, member = 2 }, horizon = 100 }
leader = "UCB"
follower = "UCB"
seed = 1
[grid]
pieces = [2, 5]
horizon = [100, 200]
""".replace(",\n", ", ")
    )
    tasks = read_sweep(tmp_path / "sweep.toml").tasks
    assert [task.game for task in tasks] == [sk.games.drift(one, two, n, 100) for n in (2, 2, 5, 5)]
    assert [task.horizon for task in tasks] == [100, 200, 100, 200]


def test_drift():
    one, two = sk.games.lower_bound(0.1)
    game = sk.games.drift(one, two, 5, 103)
    assert game.starts == (0, 20, 41, 61, 82)
    assert (game.games[0], game.games[-1]) == (one, two)
    np.testing.assert_allclose(game.games[1].follower, 0.75 * one.follower + 0.25 * two.follower)
    coins = [sk.Game([[p]], [[1 - p]], noise=sk.Bernoulli()) for p in (0.1 + 0.2, 1.0)]
    assert len(sk.games.drift(*coins, 1000, 10**6).games) == 1000
    for bad, argument in (
        ((1, one, 2, 9), "first"),
        ((one, two, 1, 9), "pieces"),
        ((one, two, 10, 9), "pieces"),
    ):
        with pytest.raises(sk.SpecError) as error:
            sk.games.drift(*bad) if argument != "first" else sk.games.drift(*bad[:1], *bad[1:])
        assert error.value.argument == argument


WIDE = sk.Game([[0.5, 0.5]], [[0.5, 0.5]])
COINS = sk.Game([[0.5], [0.5]], [[0.5], [0.5]], noise=sk.Bernoulli())
NAMED = sk.Game(GAME.leader, GAME.follower, leader_labels=["x", "y"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "games: must be a sequence of one or more stackel.Game"),
        ((GAME, [0]), "games: must be a sequence of one or more stackel.Game"),
        (([GAME, 1], [0, 1]), "games: must be a sequence of one or more stackel.Game"),
        (
            ([GAME, WIDE], [0, 1]),
            "games: must be games of the same shape, noise and labels, got shape = (2, 2), and",
        ),
        (
            ([COINS, sk.Game(COINS.leader, COINS.follower)], [0, 1]),
            "games: must be games of the same shape, noise",
        ),
        (
            ([GAME, NAMED], [0, 1]),
            "games: must be games of the same shape, noise and labels, got leader_labels",
        ),
        (([sk.ChangingGame([GAME], [0])], [0]), "games: must be a sequence of one or more stackel.Game"),
        (
            ([GAME, GAME], [0]),
            "starts: must be 2 numbers of rounds, one for each game, of which the first is 0",
        ),
        (
            ([GAME, GAME], [1, 2]),
            "starts: must be 2 numbers of rounds, one for each game, of which the first is 0",
        ),
        (([GAME, GAME], [0, 0]), "starts: must be rounds that increase"),
        (([GAME, GAME], [0, 2**53]), "starts: must be rounds that increase, whole numbers from 0"),
        (([GAME, GAME], [0, 1.5]), "starts: must be rounds that increase"),
        (([GAME, GAME], [0, 9], "nobody"), "newcomer: must be one of 'leader', 'follower', 'both'"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(sk.SpecError) as error:
        sk.ChangingGame(*arguments)
    assert str(error.value).startswith(message)


def test_more_bad_input(tmp_path):
    game = sk.ChangingGame([GAME, turned(GAME)], [0, 10])
    with pytest.raises(sk.SpecError, match=r"a stackel\.Game, such as one of the games of a changing game"):
        sk.stackelberg(game)
    with pytest.raises(sk.SpecError, match=r"one of the games of a changing game, got a table with games"):
        sk.Game.from_dict(game.to_dict())
    with pytest.raises(AttributeError):
        game.newcomer = "both"
    with pytest.raises(sk.SpecError, match=r"unknown key 'game' \(did you mean games\?\)"):
        sk.ChangingGame.from_dict({"games": [], "game": 1})
    with pytest.raises(sk.SpecError, match=r"games\[1\]: must be leader present"):
        sk.ChangingGame.from_dict({"games": [GAME.to_dict(), {}], "starts": [0, 1]})
    with pytest.raises(sk.SpecError, match="starts: must be present"):
        sk.ChangingGame.from_dict({"games": [GAME.to_dict()]})
    # What a newcomer cannot do fails before anything runs.
    short = sk.ChangingGame([GAME, GAME], [0, 10], "leader")
    with pytest.raises(sk.SpecError, match="a learner that can be the leader"):
        sk.simulate(short, sk.BestResponse(), sk.UCB(), 100)
    u1 = np.zeros((4, 3, 2, 2))
    for options, message in (
        ({"newcomer": "both"}, "newcomer: must be left out"),
        ({"starts": [0, 5]}, r"leader_stack: must be matrices of numbers, shape \(games, 2, n_leader"),
        ({"starts": [0, 5, 5]}, "starts: must be rounds that increase"),
        ({"starts": [1, 5, 6]}, "starts: must be 3 numbers of rounds"),
    ):
        stacks = u1[:, 0] if "newcomer" in options else u1
        with pytest.raises(sk.SpecError, match=message):
            sk.simulate_many(stacks, stacks, sk.UCB(), sk.UCB(), 100, **options)
    run = played(game, sk.UCB(), sk.UCB(), 100)
    run.save(tmp_path / "run")
    data = (tmp_path / "run").read_bytes()
    for old, new in (
        (b'"starts": [\n   0', b'"starts": [\n   1'),
        (b'"format_version": 5', b'"format_version": 4'),
    ):
        assert old in data
        (tmp_path / "bad").write_bytes(data.replace(old, new))
        with pytest.raises(sk.SpecError):
            sk.load(tmp_path / "bad")
