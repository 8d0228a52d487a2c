"""Sweeps: tasks and their ids, designs, what is reused, and the same bits however it was done."""

import functools
import math
import pickle
import shutil
from fractions import Fraction

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from made import hide_module
from swept import contents, parts, tasks

import stackel as sk
from stackel._stats.intervals import mean_and_error
from stackel.sweeps import plan
from stackel.sweeps.play import ReplicationRange

GAME = sk.games.etc_failure()
TASK = sk.Task(GAME, sk.UCB(), sk.UCB(), 100)


class TestTask:
    @pytest.mark.parametrize(
        "change",
        [
            {"game": sk.games.unachievable(0.1)[0]},
            {"game": sk.Game(GAME.leader, GAME.follower, noise=sk.Gaussian(2.0))},
            {"leader": sk.UCB(confidence=2.0)},
            {"follower": sk.UCB(anytime=True)},
            {"horizon": 101},
            {"seed": 1},
            {"checkpoints": [50, 100]},
            {"checkpoints": None},
            {"engine": "stepwise"},
            {"crossing_tolerance": 1e-12},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_the_id_depends_on_what_the_numbers_depend_on(self, change):
        arguments = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB(), "horizon": 100}
        assert sk.Task(**arguments | change).id != TASK.id

    @pytest.mark.parametrize(
        "change",
        [
            {"game": sk.Game(GAME.leader, GAME.follower, name="another")},
            {"replications": 7},
            {"labels": {"a": 1}},
            {"checkpoints": [100]},
            {"horizon": 1e2},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_and_on_nothing_else(self, change):
        arguments = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB(), "horizon": 100}
        assert sk.Task(**arguments | change).id == TASK.id

    def test_a_default_filled_in_is_the_same_task(self):
        default = sk.ExploreThenCommit()
        filled = default.resolve("leader", 100, 2, 2)
        assert sk.Task(GAME, default, sk.UCB(), 100).id == sk.Task(GAME, filled, sk.UCB(), 100).id

    def test_the_stream_version_is_in_it(self, monkeypatch):
        monkeypatch.setattr("stackel.sweeps.tasks.stream_version", lambda: 99)
        assert sk.Task(GAME, sk.UCB(), sk.UCB(), 100).id != TASK.id

    def test_copies(self):
        copy = pickle.loads(pickle.dumps(TASK))
        assert copy == TASK
        assert hash(copy) == hash(TASK)

    @pytest.mark.parametrize(
        ("argument", "value"),
        [
            ("game", None),
            ("leader", "UCB"),
            ("leader", sk.CustomLearner(type("Mine", (), {"choose": len, "observe": len}))),
            ("follower", sk.FixedAction(9)),
            ("horizon", 0),
            ("replications", 0),
            ("seed", None),
            ("seed", -1),
            ("checkpoints", [5, 5]),
            ("engine", "fast"),
            ("crossing_tolerance", 0.5),
            ("labels", {"a": [1]}),
            ("labels", {1: 1}),
            ("labels", {"round": 1}),
            ("labels", {"a": math.nan}),
            ("labels", None),
        ],
    )
    def test_bad_arguments(self, argument, value):
        good = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB(), "horizon": 100}
        with pytest.raises(sk.SpecError) as caught:
            sk.Task(**good | {argument: value})
        assert caught.value.argument in {argument, "a"}  # of FixedAction


def unachievable(delta, member=0):
    return sk.games.unachievable(delta)[member]


class Second:
    def of(self, delta):
        return unachievable(delta, 1)

    __call__ = of


class TestDesign:
    def test_products_and_sums(self):
        a, b = sk.grid(x=[1, 2], y=["a", "b"]), sk.zipped(z=[1, 2], horizon=[10, 20])
        assert len(a * b) == 8
        assert len(b + b) == 4
        fixed = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB()}
        assert [task.labels for task in (b * sk.grid(seed=[3, 4])).tasks(**fixed)] == [
            {"z": z, "horizon": 10 * z, "seed": seed} for z in (1, 2) for seed in (3, 4)
        ]

    def test_functions_see_axes_and_fixed_values(self):
        (task,) = sk.grid(c=[2.0]).tasks(
            game=GAME, leader=lambda c, horizon: sk.UCB(confidence=c / horizon), follower=sk.UCB(), horizon=4
        )
        assert task.leader == sk.UCB(confidence=0.5)

    @pytest.mark.parametrize(
        "second",
        [
            functools.partial(unachievable, member=1),
            functools.partial(functools.partial(unachievable, member=0), member=1),
            functools.lru_cache(lambda delta: unachievable(delta, 1)),
            Second(),
            Second().of,
            lambda delta, /, member=1: unachievable(delta, member),
            lambda **axes: unachievable(axes["delta"], 1),
        ],
    )
    def test_anything_that_can_be_called_is_a_function(self, second):
        fixed = {"leader": sk.UCB(), "follower": sk.UCB(), "horizon": 4}
        made = sk.grid(delta=[0.1, 0.2]).tasks(game=second, **fixed)
        assert [task.game for task in made] == [sk.games.unachievable(delta)[1] for delta in (0.1, 0.2)]
        axis = sk.grid(delta=[0.1, 0.2], game={"I": unachievable, "II": second}).tasks(**fixed)
        expected = [sk.games.unachievable(delta)[member] for delta in (0.1, 0.2) for member in (0, 1)]
        assert [task.game for task in axis] == expected
        assert [task.labels["game"] for task in axis] == ["I", "II", "I", "II"]

    def test_what_a_partial_has_by_name_stays(self):
        bound = functools.partial(lambda horizon, delta: sk.UCB(confidence=delta / horizon), horizon=2)
        (task,) = sk.grid(delta=[1.0]).tasks(game=GAME, leader=bound, follower=sk.UCB(), horizon=100)
        assert task.leader == sk.UCB(confidence=0.5)

    def test_functions_of_functions_in_any_order(self):
        fixed = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB()}
        rules = {"checkpoints": lambda horizon: [horizon // 2, horizon], "horizon": lambda scale: 10 * scale}
        for names in (list(rules), list(rules)[::-1]):
            (task,) = sk.grid(scale=[3]).tasks(**fixed, **{name: rules[name] for name in names})
            assert (task.horizon, task.checkpoints) == (30, (15, 30))
        with pytest.raises(sk.SpecError, match=r"a function of some of .*where scale = 3"):
            sk.grid(scale=[3]).tasks(**fixed, horizon=lambda seed: seed, seed=lambda horizon: horizon)

    def test_replications_as_an_axis(self):
        fixed = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB(), "horizon": 10}
        made = sk.grid(replications=[2, 3], c=["x"]).tasks(**fixed)
        assert [(task.replications, task.labels) for task in made] == [(2, {"c": "x"}), (3, {"c": "x"})]
        table = sk.sweep(made).summary()
        assert list(table.columns)[:3] == ["c", "task", "replications"]
        assert table["replications"].tolist() == [2, 2, 3, 3]
        with pytest.raises(sk.SpecError, match="replications: must be values to go through"):
            sk.grid(replications={"few": 2})

    @pytest.mark.parametrize(
        ("make", "argument"),
        [
            (sk.grid, "axes"),
            (lambda: sk.grid(x=[]), "x"),
            (lambda: sk.grid(x=5), "x"),
            (lambda: sk.grid(x="abc"), "x"),
            (lambda: sk.grid(regret=[1]), "labels"),
            (lambda: sk.zipped(x=[1], y=[1, 2]), "y"),
            (lambda: sk.grid(x=[1]) * sk.grid(x=[1]), "x"),
            (lambda: sk.grid(x=[1]).tasks(speed=1), "speed"),
            (lambda: sk.grid(seed=[1]).tasks(seed=1), "seed"),
            (lambda: sk.grid(x=[1]).tasks(game=GAME), "leader"),
            (lambda: sk.grid(x=[1]).tasks(game=lambda other: sk.games.unachievable(other)[0]), "game"),
            (lambda: sk.grid(x=[1]).tasks(game=min), "game"),
            (lambda: sk.grid(x=[1]).tasks(game=GAME, leader=sk.UCB, follower=sk.UCB(), horizon=1), "leader"),
        ],
    )
    def test_bad_designs(self, make, argument):
        with pytest.raises(sk.SpecError) as caught:
            make()
        assert caught.value.argument == argument

    def test_a_bad_point_is_named(self):
        with pytest.raises(sk.SpecError, match=r"horizon.*where horizon = 0"):
            sk.grid(horizon=[1, 0]).tasks(game=GAME, leader=sk.UCB(), follower=sk.UCB())


def test_every_replication_is_a_simulation_of_its_seed(tmp_path):
    found = sk.sweep(tasks(), store=tmp_path / "s")
    rows = pd.read_parquet(found.results)
    assert len(rows) == 60
    by_id = {task.id: task for task in found.tasks}
    for row in rows.sample(10, random_state=1).itertuples():
        task = by_id[row.task]
        run = sk.simulate(
            task.game,
            task.leader,
            task.follower,
            task.horizon,
            seed=int(row.seed),
            checkpoints=1,
            engine="auto",
        )
        assert run.utility[:, 0, 0].tolist() == [row.leader_utility, row.follower_utility]
        assert run.engine == row.engine
        assert run.error_bound == row.error_bound


def test_other_libraries_read_the_same(tmp_path):
    found = sk.sweep(tasks(checkpoints=3), store=tmp_path / "s")
    everything(found.results, 180)


def test_other_libraries_read_while_it_is_written(tmp_path, monkeypatch):
    """Also what a driver that is killed then leaves behind."""
    store, write_table = tmp_path / "s", pq.write_table
    seen = []

    def looks(table, file, **options):
        write_table(table, file, **options)
        if list((store / "results").iterdir()):
            seen.append(everything(store / "results", 40 * (1 + len(seen))))

    monkeypatch.setattr(pq, "write_table", looks)
    sk.sweep(tasks(), store=store, batch=40)
    assert len(seen) == 1


def everything(results, n):
    rows = pd.read_parquet(results)
    assert pl.read_parquet(results)["leader_utility"].to_list() == rows["leader_utility"].tolist()
    query = "select sum(follower_utility), count(*) from read_parquet(?)"
    total, count = duckdb.execute(query, [f"{results}/*.parquet"]).fetchone()
    assert count == len(rows) == n
    assert total == pytest.approx(rows["follower_utility"].sum(), rel=1e-12)


@pytest.mark.parametrize("store", [True, False])
@pytest.mark.parametrize("batch", [1, 7, None])
def test_the_same_bits_however_it_is_cut(tmp_path, store, batch):
    options = {"store": tmp_path / "s"} if store else {}
    found = sk.sweep(tasks(checkpoints=3), batch=batch, threads=1, **options).summary(sk.stackelberg)
    pd.testing.assert_frame_equal(
        found, sk.sweep(tasks(checkpoints=3)).summary(sk.stackelberg), check_exact=True
    )


class TestReuse:
    def test_the_second_time_nothing_is_played(self, tmp_path, monkeypatch):
        first = sk.sweep(tasks(), store=tmp_path / "s")
        before = contents(tmp_path / "s")
        monkeypatch.setattr("stackel.sweeps.play.simulate_many", None)
        again = sk.sweep(tasks(), store=tmp_path / "s")
        assert (first.played, first.reused, again.played, again.reused) == (60, 0, 0, 60)
        assert contents(tmp_path / "s") == before

    def test_a_wider_grid_and_more_replications_play_what_is_missing(self, tmp_path):
        sk.sweep(tasks(4), store=tmp_path / "s")
        wider = sk.sweep(tasks(10, deltas=(0.2, 0.05, 0.1)), store=tmp_path / "s", batch=3)
        assert (wider.played, wider.reused) == (20 + 4 * 6, 4 * 4)
        alone = sk.sweep(tasks(10, deltas=(0.2, 0.05, 0.1)))
        pd.testing.assert_frame_equal(wider.summary(), alone.summary(), check_exact=True)
        fewer = sk.sweep(tasks(3), store=tmp_path / "s")
        assert fewer.played == 0
        assert fewer.utility(0).shape == (2, 3, 1)
        rows = pd.read_parquet(fewer.results)
        assert not rows.duplicated(["task", "replication", "round"]).any()

    def test_stores_are_merged_by_copying_their_files(self, tmp_path):
        """Played in parts, in another order and in other batches, and put together: the same bits."""
        everything = tasks()
        (tmp_path / "merged" / "results").mkdir(parents=True)
        for i, batch in ((2, 7), (0, 3), (1, None)):
            sk.sweep(everything[i::3][::-1], store=tmp_path / f"{i}", batch=batch)
            for path in (tmp_path / f"{i}" / "results").iterdir():
                shutil.copy(path, tmp_path / "merged" / "results")
        merged = sk.sweep(everything, store=tmp_path / "merged")
        assert (merged.played, merged.reused) == (0, 60)
        alone = sk.sweep(everything).summary(sk.stackelberg)
        pd.testing.assert_frame_equal(merged.summary(sk.stackelberg), alone, check_exact=True)

    def test_a_store_stays_where_it_is(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        found = sk.sweep(tasks(), store="s")
        monkeypatch.chdir("/")
        assert len(found.summary()) == 12
        assert found.results == tmp_path / "s" / "results"

    def test_a_task_given_twice_is_played_once(self):
        found = sk.sweep([TASK, sk.Task(GAME, sk.UCB(), sk.UCB(), 100, replications=3)])
        assert (found.played, found.replications.tolist()) == (3, [1, 3])


class TestStandardError:
    def test_stops_where_it_is_reached(self, tmp_path):
        target = {"leader": 0.3}
        found = sk.sweep(tasks(400), standard_error=target)
        summary = found.summary().query("player == 'leader'")
        assert (summary["utility_se"] <= 0.3).all()
        assert len(set(found.replications)) > 1
        for batch, name in ((5, "a"), (100, "b")):
            again = sk.sweep(tasks(400), standard_error=target, store=tmp_path / name, batch=batch)
            assert again.replications.tolist() == found.replications.tolist()
            pd.testing.assert_frame_equal(again.summary(), found.summary(), check_exact=True)
        assert sk.sweep(tasks(400), standard_error=target, store=tmp_path / "a").played == 0

    def test_what_is_there_already_does_not_matter(self, tmp_path):
        sk.sweep(tasks(300), store=tmp_path / "s")
        found = sk.sweep(tasks(400), standard_error={"leader": 0.3}, store=tmp_path / "s")
        expected = sk.sweep(tasks(400), standard_error={"leader": 0.3})
        assert found.replications.tolist() == expected.replications.tolist()

    @pytest.mark.parametrize("target", [{}, {"regret": 1.0}, {"leader": 0.0}, 1.0])
    def test_bad_targets(self, target):
        with pytest.raises(sk.SpecError, match="standard_error"):
            sk.sweep(tasks(), standard_error=target)


def test_batches_hold_every_game_once():
    ranges = [
        ReplicationRange(TASK, 0, 5),
        ReplicationRange(tasks()[0], 2, 4),
        ReplicationRange(tasks()[1], 0, 9),
    ]
    cut = list(plan.batches(ranges, 4))
    assert [plan.total(batch) for batch in cut] == [4, 4, 4, 4]
    games = [(task.id, r) for batch in cut for task, start, stop in batch for r in range(start, stop)]
    assert games == [(task.id, r) for task, start, stop in ranges for r in range(start, stop)]


def test_pieces_hold_every_game_once_and_at_most_the_work_asked_for():
    batch = [
        ReplicationRange(TASK, 0, 50),
        ReplicationRange(tasks(horizons=(10**6,))[0], 2, 6),
        ReplicationRange(tasks()[1], 0, 9),
    ]
    allowed = iter([1.0, 5e4, 1e5, 2.1e6, 1.0, 1e12])
    cut = list(plan.pieces(batch, lambda: next(allowed)))
    games = [(task.id, r) for piece in cut for task, start, stop in piece for r in range(start, stop)]
    assert games == [(task.id, r) for task, start, stop in batch for r in range(start, stop)]
    assert [plan.total(piece) for piece in cut] == [1, 45, 4, 2, 1, 10]
    assert [plan.work(piece) for piece in cut[1:4]] == [45 * 1100, 4 * 1100, 2 * 1_001_000]


def test_coverage_leaves_the_gaps():
    there = plan.Coverage([(TASK.id, 2, 4), (TASK.id, 6, 7), ("other", 0, 99)])
    missing = there.missing([ReplicationRange(TASK, 0, 9)])
    assert [each[1:] for each in missing] == [(0, 2), (4, 6), (7, 9)]


def test_moments_are_exact_sums():
    values = np.random.default_rng(1).standard_normal(1000) * 10.0 ** np.arange(-20, 20).repeat(25)
    mean, error = mean_and_error(values)
    assert mean == float(sum(map(Fraction, values.tolist())) / 1) / 1000
    shuffled = np.random.default_rng(2).permutation(values)
    assert mean_and_error(shuffled) == (mean, error)
    assert error == pytest.approx(values.std(ddof=1) / math.sqrt(1000), rel=1e-12)


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"tasks": 5}, "tasks"),
        ({"tasks": []}, "tasks"),
        ({"tasks": [1]}, "tasks"),
        ({"executor": "dask"}, "executor"),
        ({"batch": 0}, "batch"),
        ({"threads": 0}, "threads"),
        ({"progress": "yes"}, "progress"),
        ({"store": 5}, "store"),
        ({"store": "x" * 5000}, "store"),
        ({"tasks": [None]}, "tasks"),
    ],
)
def test_bad_arguments(change, argument):
    with pytest.raises(sk.SpecError) as caught:
        sk.sweep(**{"tasks": [TASK]} | change)
    assert caught.value.argument == argument


def test_missing_extra_is_named(monkeypatch, tmp_path):
    hide_module(monkeypatch, "pyarrow")
    assert sk.sweep([TASK]).played == 1
    with pytest.raises(sk.MissingExtraError, match=r"stackel\[sweep\]"):
        sk.sweep([TASK], store=tmp_path / "s")


@pytest.mark.parametrize("names", [(None, None), (None, "a"), ("a", "b")])
def test_games_may_have_no_name(tmp_path, names):
    games = [sk.Game(GAME.leader + i, GAME.follower, name=name) for i, name in enumerate(names)]
    found = sk.sweep([sk.Task(game, sk.UCB(), sk.UCB(), 9) for game in games], store=tmp_path / "s")
    read = pl.read_parquet(found.results)["game"].to_list()
    assert read == list(names)


def test_many_small_tasks_share_files(tmp_path):
    sk.sweep(tasks(1, deltas=np.linspace(0.1, 0.2, 500), horizons=(10,)), store=tmp_path / "s")
    assert len(parts(tmp_path / "s")) < 50
