"""Sweeps opened from files and stores, their labels as columns, and the growth of their regrets."""

from __future__ import annotations

import json
import math
import re
import warnings

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

import stackel as sk
from stackel import cli

UCB, BEST = sk.UCB(), sk.BestResponse()
FILE = """\
store = "store"
[task]
game = { family = "unachievable", member = 1 }
follower = "UCB"
replications = 40
seed = 3
[grid]
delta = [0.1, 0.2]
leader.bold = { learner = "UCB", confidence = 0.1 }
leader.shy = "UCB"
horizon = [100, 1_000, 10_000]
"""


def tasks_of(**labels):
    design = sk.zipped(**labels)
    return design.tasks(game=sk.games.etc_failure(), leader=UCB, follower=UCB, horizon=50, replications=2)


def random_games():
    return sk.grid(game={f"g{seed}": sk.games.random(2, 2, seed) for seed in (1, 2)}, seed=[1, 2]).tasks(
        leader=UCB, follower=UCB, horizon=50, replications=3
    )


class TestLabelColumns:
    @pytest.mark.parametrize(
        ("values", "kind", "stored"),
        [
            ([1, 2], "int64", [1, 2]),
            ([0.5, 2], "double", [0.5, 2.0]),
            ([True, False], "bool", [True, False]),
            (["a", "b"], "dictionary<values=string, indices=int32, ordered=0>", ["a", "b"]),
            (["a", 1], "dictionary<values=string, indices=int32, ordered=0>", ["a", "1"]),
            ([True, 1], "dictionary<values=string, indices=int32, ordered=0>", ["true", "1"]),
            ([1, None], "int64", [1, None]),
            ([2**70, 1], "dictionary<values=string, indices=int32, ordered=0>", [str(2**70), "1"]),
        ],
    )
    def test_types(self, tmp_path, values, kind, stored):
        found = sk.sweep(tasks_of(x=values, seed=[1, 2]), store=tmp_path / "store", batch=1)
        files = sorted(found.results.iterdir())
        assert len(files) > 1
        assert {str(pyarrow.parquet.read_schema(file).field("label_x").type) for file in files} == {kind}
        rows = {
            json.dumps(json.loads(row["labels"])["x"]): row["label_x"]
            for file in files
            for row in pyarrow.parquet.ParquetFile(file).read().to_pylist()
        }
        assert rows == {json.dumps(value): each for value, each in zip(values, stored, strict=True)}

    def test_readers_do_not_pool(self, tmp_path):
        """Three readers group by a label, and by the game although two games have one name."""
        first, second = (sk.games.unachievable(delta)[0] for delta in (0.1, 0.2))
        tasks = sk.grid(game={"a": first, "b": second}, seed=[1, 2]).tasks(
            leader=UCB, follower=UCB, horizon=50, replications=3
        )
        found = sk.sweep(tasks, store=tmp_path / "store")
        assert len({task.game.name for task in tasks}) == 1
        expected = {
            (task.labels["game"], task.labels["seed"]): found.utility(i)[0].mean()
            for i, task in enumerate(tasks)
        }
        query = f"""select label_game, label_seed, avg(leader_utility), count(distinct game_id)
            from read_parquet('{found.results}/*.parquet', union_by_name=true) group by all"""  # noqa: S608 our own path
        with duckdb.connect() as connection:
            counted = connection.execute(query).fetchall()
        by_duckdb = {(game, seed): mean for game, seed, mean, _ in counted}
        names = ["label_game", "label_seed"]
        scanned = pl.scan_parquet(found.results / "*.parquet").group_by(names)
        by_polars = {
            (game, seed): mean
            for game, seed, mean in scanned.agg(pl.col("leader_utility").mean()).collect().rows()
        }
        read = pd.read_parquet(found.results)
        by_pandas = read.groupby(names, observed=True)["leader_utility"].mean().to_dict()
        for means in (by_duckdb, by_polars, by_pandas):
            assert means.keys() == expected.keys()
            assert all(means[key] == pytest.approx(expected[key]) for key in expected)
        assert read.groupby("game_id", observed=True).size().tolist() == [6, 6]

    def test_game_ids(self):
        game = sk.games.etc_failure()
        other_names = sk.Game(game.leader, game.follower, name="x", leader_labels=["a", "b"])
        other_noise = sk.games.etc_failure(noise=sk.Gaussian(2.0))
        ids = [sk.Task(each, UCB, UCB, 50).game_id for each in (game, other_names, other_noise)]
        assert ids[0] == ids[1] != ids[2]
        assert len(ids[0]) == 16


class TestOpening:
    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "sweep.toml"
        path.write_text(FILE)
        return path

    def test_a_file(self, file):
        done = CliRunner().invoke(cli.app, ["sweep", str(file), "--benchmark", "tolerant"])
        assert done.exit_code == 0, done.stderr
        found = sk.open_sweep(file)
        assert (found.played, found.reused) == (0, 480)
        again = sk.sweep(found.tasks)
        pd.testing.assert_frame_equal(found.summary("tolerant"), again.summary("tolerant"))
        mean = found.summary("tolerant").query("delta == 0.2 and leader == 'shy'")["regret"].iloc[-1]
        assert f"{mean:.6g}" in done.stdout
        assert "regret_low" in done.stdout
        assert (
            "did you mean tolerant"
            in CliRunner().invoke(cli.app, ["sweep", str(file), "--benchmark", "tolernat"]).stderr
        )

    def test_a_store(self, file):
        played = sk.open_sweep
        with pytest.raises(sk.SpecError, match="of which something was played"):
            played(file)
        CliRunner().invoke(cli.app, ["sweep", str(file)])
        whole, bare = sk.open_sweep(file), sk.open_sweep(file.parent / "store")
        assert [task.labels for task in bare.tasks] == [task.labels for task in whole.tasks]
        assert [task.id for task in bare.tasks] == [task.id for task in whole.tasks]
        assert [task.game.name for task in bare.tasks] == [task.game.name for task in whole.tasks]
        pd.testing.assert_frame_equal(bare.summary(), whole.summary())
        before = sorted(path.stat().st_mtime_ns for path in file.parent.rglob("*"))
        bare.scaling()
        assert sorted(path.stat().st_mtime_ns for path in file.parent.rglob("*")) == before

    def test_parts_of_a_sweep(self, file, tmp_path):
        """Tasks and replications that are missing are left out, with a warning."""
        part = tmp_path / "part.toml"
        part.write_text(FILE.replace("[0.1, 0.2]", "[0.1]").replace("replications = 40", "replications = 5"))
        CliRunner().invoke(cli.app, ["sweep", str(part)])
        with pytest.warns(
            sk.StackelWarning, match=r"6 of 12 tasks were not played.*; 6 of 12 tasks have fewer repl"
        ):
            found = sk.open_sweep(file)
        assert found.replications.tolist() == [5] * 6
        part.write_text(part.read_text().replace("replications = 5", "replications = 6"))
        with pytest.warns(sk.StackelWarning, match=r"toml': 6 of 6 tasks have fewer repl[^;]*$"):
            sk.open_sweep(part)
        part.write_text(FILE.replace("replications = 40", "replications = 5"))
        with pytest.warns(sk.StackelWarning, match=r"toml': 6 of 12 tasks were not played[^;]*$"):
            sk.open_sweep(part)
        assert found.utility(0).shape == (2, 5, 1)

    def test_a_standard_error(self, file):
        """Opened from its file, a sweep has the replications and intervals of the sweep that stopped."""
        text = FILE.replace("replications = 40", "replications = 300")
        file.write_text("standard_error = { leader = 12.0 }\n" + text)
        CliRunner().invoke(cli.app, ["sweep", str(file)])
        stopped = sk.sweep(
            sk.open_sweep(file).tasks, store=file.parent / "store", standard_error={"leader": 12.0}
        )
        assert stopped.played == 0
        assert len(set(stopped.replications.tolist())) > 1
        found = sk.open_sweep(file)
        assert found.replications.tolist() == stopped.replications.tolist()
        pd.testing.assert_frame_equal(found.summary("stackelberg"), stopped.summary("stackelberg"))
        file.write_text("standard_error = { leader = 1e-9 }\n" + text)
        with pytest.warns(sk.StackelWarning, match="have fewer replications than asked for"):
            sk.open_sweep(file)

    def test_learners_of_ones_own(self, tmp_path):
        greedy = sk.CustomLearner(Greedy, version="1")
        played = sk.sweep([sk.Task(sk.games.etc_failure(), greedy, UCB, 50, 3)], store=tmp_path / "store")
        found = sk.open_sweep(tmp_path / "store")
        (task,) = found.tasks
        assert isinstance(task.leader, sk.RecordedLearner)
        assert task.id == played.tasks[0].id
        np.testing.assert_array_equal(found.utility(0), played.utility(0))

    def test_a_changing_game(self, tmp_path):
        first, second = sk.games.unachievable(0.2)
        games = sk.ChangingGame([first, second], [0, 30], "both", name="new"), first
        tasks = [
            sk.Task(game, UCB, BEST, 50, 3, checkpoints=[30, 50], labels={"place": place})
            for place, game in enumerate(games)
        ]
        played = sk.sweep(tasks, store=tmp_path / "store")
        found = sk.open_sweep(tmp_path / "store")
        assert [(task.id, task.game.name) for task in found.tasks] == [
            (task.id, task.game.name) for task in tasks
        ]
        pd.testing.assert_frame_equal(found.summary("stackelberg"), played.summary("stackelberg"))

    def test_what_is_no_sweep(self, tmp_path):
        empty = tmp_path / "empty"
        empty.mkdir()
        for path in (empty, tmp_path / "missing", tmp_path / "missing.toml", 5, ""):
            with pytest.raises(sk.SpecError) as caught:
                sk.open_sweep(path)
            assert caught.value.argument == "path"
        assert not list(empty.iterdir())

    def test_folders_near_a_sweep(self, tmp_path):
        store = tmp_path / "all" / "kept"
        sk.sweep(random_games(), store=store)
        (tmp_path / "all" / "study.toml").write_text("store = 'kept'")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "notes.txt").write_text("none")
        for path, message in (
            (store / "results", f"which is in a store: open {str(store)!r}"),
            (store.parent, "which has the store 'kept', the file 'study.toml': open one of them"),
            (tmp_path / "other", "other', a folder without manifest.json"),
        ):
            with pytest.raises(sk.SpecError, match=re.escape(message)):
                sk.open_sweep(path)

    def test_damage(self, tmp_path):
        sk.sweep(random_games(), store=tmp_path / "store", batch=3)
        damaged = min((tmp_path / "store" / "results").iterdir())
        damaged.write_bytes(damaged.read_bytes()[:-9])
        with pytest.warns(sk.StackelWarning, match="cannot be used"):
            found = sk.open_sweep(tmp_path / "store")
        assert len(found) == 3
        assert damaged.exists()


class Greedy:
    def choose(self, rng):
        return 0

    def observe(self, arm, reward):
        pass


HORIZONS = [10**2, 10**3, 10**4, 10**5]


@pytest.fixture(scope="module")
def grown():
    design = sk.grid(delta=[0.1, 0.2], leader={"bold": sk.UCB(confidence=0.1), "shy": UCB})
    return sk.sweep(
        (design * sk.zipped(horizon=HORIZONS, checkpoints=[1, 2, 3, 4])).tasks(
            game=lambda delta: sk.games.unachievable(delta)[1], follower=UCB, replications=48, seed=5
        )
    )


class TestGrowth:
    def test_slopes_are_those_of_least_squares(self, grown):
        table = grown.scaling(log_power=0.5)
        assert len(table) == 2 * 2 * 2
        regrets, compared = grown.regrets("stackelberg"), 0
        for row in table.itertuples():
            places = [
                i
                for i, task in enumerate(grown.tasks)
                if (task.labels["delta"], task.labels["leader"]) == (row.delta, row.leader)
            ]
            player = ["leader", "follower"].index(row.player)
            samples = np.array([regrets[i][player, :, -1] for i in places])
            mean = samples.mean(axis=1)
            if not (mean > 0).all():
                assert row.used == (mean > 0).sum()
                continue
            x, y = np.log(HORIZONS), np.log(mean)
            assert row.exponent == pytest.approx(np.polyfit(x, y, 1)[0])
            assert math.log(row.prefactor) == pytest.approx(np.polyfit(x, y, 1)[1])
            assert row.curvature == pytest.approx(2 * math.log(10) * np.polyfit(x, y, 2)[0])
            assert row.log_adjusted_exponent == pytest.approx(np.polyfit(x, y - np.log(x) / 2, 1)[0])
            assert row.exponent_low < row.exponent < row.exponent_high
            assert (row.horizons, row.first, row.last, row.tasks, row.replications) == (4, 100, 10**5, 1, 48)
            if (samples.std(axis=1) > 2 * mean).any():
                continue
            compared += 1
            # The delta method, with the dependence between horizons: about as wide.
            weights = (x - x.mean()) / ((x - x.mean()) ** 2).sum()
            error = (weights / mean) @ samples
            reach = 2.01 * error.std(ddof=1) / math.sqrt(48)
            assert (row.exponent_high - row.exponent_low) / 2 == pytest.approx(reach, rel=0.35)
        assert compared >= 2
        assert (table["used"] == 4).sum() >= 4

    def test_labels_that_change_with_the_horizon_make_no_groups(self, grown):
        assert list(grown.scaling().columns[:3]) == ["delta", "leader", "player"]
        tasks = sk.zipped(horizon=[100, 1000], delta=[0.1, 0.01]).tasks(
            game=lambda delta: sk.games.unachievable(delta)[0],
            leader=sk.FixedAction(1),
            follower=BEST,
            replications=2,
        )
        table = sk.sweep(tasks).scaling()
        assert table.columns[0] == "player"
        np.testing.assert_allclose(table["exponent"].iloc[0], 1.0)

    @pytest.mark.parametrize("replications", [1, 2, 5, 6])
    @pytest.mark.parametrize("follower", [BEST, UCB])
    def test_fits_are_as_reliable_as_those_of_the_same_runs(self, replications, follower):
        """Replications that chance does not change need not be many."""
        game, pair, horizons = sk.games.etc_failure(), (sk.FixedAction(1), follower), [100, 1000]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sk.StackelWarning)
            fit = sk.scaling(game, *pair, horizons, replications=replications, seed=1)
        tasks = [sk.Task(game, *pair, horizon, replications, 1) for horizon in horizons]
        assert sk.sweep(tasks).scaling(by=[])["reliable"].tolist() == fit.reliable.tolist()

    def test_means_over_tasks_are_asked_for(self, grown):
        pooled = grown.scaling(by="leader")
        assert (pooled["tasks"] == 2).all()
        regrets = dict(zip(map(place, grown.tasks), grown.regrets("stackelberg"), strict=True))
        mean = [
            np.mean([regrets[delta, "shy", horizon][0, :, -1].mean() for delta in (0.1, 0.2)])
            for horizon in HORIZONS
        ]
        row = pooled.query("leader == 'shy' and player == 'leader'").iloc[0]
        if min(mean) > 0:
            assert row["exponent"] == pytest.approx(np.polyfit(np.log(HORIZONS), np.log(mean), 1)[0])
        assert grown.scaling(by=["leader", "delta"])["exponent"].notna().any()

    def test_means_over_tasks_are_not_taken_silently(self):
        tasks = [
            sk.Task(game, UCB, UCB, horizon, 2, labels={"kind": "one"})
            for game in sk.games.unachievable(0.1)
            for horizon in (100, 1000)
        ]
        found = sk.sweep(tasks)
        with pytest.raises(sk.SpecError, match="2 tasks at T = 100 for kind = 'one'"):
            found.scaling()
        assert len(found.scaling(by="game_id")) == 4
        assert found.scaling(by=[])["tasks"].tolist() == [2, 2]
        with pytest.raises(sk.SpecError, match="as many tasks at each horizon"):
            sk.sweep(tasks[:3]).scaling(by="kind")

    @pytest.mark.parametrize(
        ("by", "message"),
        [
            ("dleta", "did you mean delta"),
            ("horizon", "names among delta"),
            (5, "names among"),
            ([1], "names"),
        ],
    )
    def test_wrong_names(self, grown, by, message):
        with pytest.raises(sk.SpecError, match=message) as caught:
            grown.scaling(by)
        assert caught.value.argument == "by"

    def test_few_horizons_and_early_checkpoints(self):
        with pytest.raises(sk.SpecError, match="two horizons or more"):
            sk.sweep([sk.Task(sk.games.etc_failure(), UCB, UCB, 100, 2)]).scaling()
        early = [sk.Task(sk.games.etc_failure(), UCB, UCB, T, 2, checkpoints=[50]) for T in (100, 200)]
        with pytest.raises(sk.SpecError, match="checkpoint at the horizon, 100"):
            sk.sweep(early).scaling()

    def test_groups_without_an_exponent_are_warned_of(self):
        game = sk.games.etc_failure()
        tasks = [sk.Task(game, sk.FixedAction(a), BEST, T, 2) for a in (0, 1) for T in (10, 100, 1000)]
        found = sk.sweep(tasks)
        with pytest.warns(sk.StackelWarning, match=r"^in 1 of 2 groups no player has an exponent") as caught:
            table = found.scaling(by="leader")
        assert table["exponent"].isna().tolist() == [True, True, False, False]
        assert caught[0].filename == __file__

    def test_nothing_else_is_warned_of(self, grown):
        """Not of the logarithms, for one, and not of a player without regret."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            grown.scaling(benchmark=(9.0, -9.0))


def place(task):
    return task.labels["delta"], task.labels["leader"], task.horizon
