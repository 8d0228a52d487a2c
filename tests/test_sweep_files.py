"""Experiments in TOML: what they mean, and errors with file, line and key."""

import pytest
from typer.testing import CliRunner

import stackel as sk
from stackel import cli
from stackel.sweeps import config
from stackel.sweeps.config import line_of, read_sweep, run_file

RUN = """\
# One run.
game = { family = "unachievable", delta = 0.1, member = 2 }

leader = { learner = "UCB", confidence = 0.5 }
follower = "UCB"
horizon = 1_000
replications = 5
seed = 7
checkpoints = [
  10,
  1_000,
]
engine = "stepwise"
"""

SWEEP = """\
store = "results"
batch = 4

[task]
follower = "UCB"
replications = 3
game = { leader = [[0.6, 0.2], [0.5, 0.4]], follower = [[0.4, 0.0], [0.3, 0.2]] }

[grid]
leader.bold = { learner = "UCB", confidence = 0.1 }
leader.shy = "UCB"
seed = [
  1,
  2,
]

[zip]
horizon = [10, 100]
checkpoints = [1, 2]
"""


FAMILY = """\
store = "results"

[task]
game = { family = "unachievable" }
leader = "UCB"
follower = "UCB"
[grid]
delta = [0.1, 0.2]
member = [1, 2]
[zip]
horizon = [10, 100]
"""


def invoke(*arguments):
    return CliRunner().invoke(cli.app, list(map(str, arguments)))


@pytest.fixture
def write(tmp_path):
    def written(text, name="file.toml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


def test_a_run_is_a_simulation(write):
    expected = sk.simulate(
        sk.games.unachievable(0.1)[1],
        sk.UCB(confidence=0.5),
        sk.UCB(),
        1000,
        replications=5,
        seed=7,
        checkpoints=[10, 1000],
        engine="stepwise",
    )
    assert run_file(write(RUN)) == expected


def test_run_prints_and_saves(write, tmp_path):
    result = invoke("run", write(RUN), "--out", tmp_path / "run.stackel")
    assert result.exit_code == 0
    assert "horizon=1000, replications=5, seed=7" in result.stdout
    assert sk.load(tmp_path / "run.stackel") == run_file(write(RUN))


def test_a_sweep_is_a_product_of_grid_and_zip(write, tmp_path):
    file = read_sweep(write(SWEEP))
    assert file.store == tmp_path / "results"
    assert file.options == {"batch": 4}
    assert [task.labels for task in file.tasks] == [
        {"leader": leader, "seed": seed, "horizon": horizon, "checkpoints": marks}
        for leader in ("bold", "shy")
        for seed in (1, 2)
        for horizon, marks in ((10, 1), (100, 2))
    ]
    assert {task.leader for task in file.tasks} == {sk.UCB(confidence=0.1), sk.UCB()}


def test_replications_in_a_grid(write):
    text = SWEEP.replace("replications = 3\n", "").replace("[grid]\n", "[grid]\nreplications = [2, 3]\n")
    file = read_sweep(write(text))
    assert [task.replications for task in file.tasks] == [2] * 8 + [3] * 8
    done = invoke("sweep", write(text))
    assert done.exit_code == 0, done.stderr
    assert "40 games played, 0 reused" not in done.stdout
    assert "24 games played" in done.stdout


def test_files_in_the_home_directory(write, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    file = read_sweep(write(SWEEP.replace('"results"', '"~/results"')))
    assert file.store == tmp_path / "home" / "results"


def test_a_place_for_the_result_is_checked_before_the_run(write, tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "play_file", lambda *_, **__: pytest.fail("was run"))
    done = invoke("run", write(RUN), "--out", tmp_path / "no" / "run.stackel")
    assert done.exit_code == 2
    assert "path: must be in an existing directory" in done.stderr


def test_sweep_goes_on(write, tmp_path):
    first = invoke("sweep", write(SWEEP))
    assert first.exit_code == 0, first.stderr
    assert "24 games played, 0 reused" in first.stdout
    wider = write(SWEEP.replace("replications = 3", "replications = 4"))
    assert "8 games played, 24 reused" in invoke("sweep", wider).stdout
    assert len(list((tmp_path / "results" / "results").glob("*.parquet"))) > 1


def test_parameters_of_a_family_are_axes(write):
    tasks = read_sweep(write(FAMILY)).tasks
    assert [task.labels for task in tasks[:3]] == [
        {"delta": 0.1, "member": 1, "horizon": 10},
        {"delta": 0.1, "member": 1, "horizon": 100},
        {"delta": 0.1, "member": 2, "horizon": 10},
    ]
    assert [task.game for task in tasks[::2]] == [
        sk.games.unachievable(delta)[member] for delta in (0.1, 0.2) for member in (0, 1)
    ]


def test_seeds_of_random_games_are_axes(write):
    text = FAMILY.replace('"unachievable"', '"security", n_leader = 3, n_follower = 4')
    text = text.replace("delta = [0.1, 0.2]\nmember = [1, 2]", "game_seed = [1, 2]\nspread = [0.5, 1.5]")
    assert [task.game for task in read_sweep(write(text)).tasks[::2]] == [
        sk.games.security(3, 4, seed, spread=spread) for seed in (1, 2) for spread in (0.5, 1.5)
    ]


FAMILIES = """\
store = "results"

[task]
leader = "UCB"
follower = "UCB"
horizon = 10
[grid]
game.free = { family = "random", n_follower = 3 }
game.sparse = { family = "sparse", n_follower = 3, density = 0.5 }
n_leader = [2, 3]
[zip]
game_seed = [5, 6]
seed = [1, 2]
"""


def test_axes_of_several_families(write):
    tasks = read_sweep(write(FAMILIES)).tasks
    assert len(tasks) == 8
    assert tasks[0].labels == {"game": "free", "n_leader": 2, "game_seed": 5, "seed": 1}
    assert [task.game for task in tasks] == [
        make(n, 3, seed, **options)
        for make, options in ((sk.games.random, {}), (sk.games.sparse, {"density": 0.5}))
        for n in (2, 3)
        for seed in (5, 6)
    ]
    listed = (
        FAMILIES.replace("game.free = ", "game = [")
        .replace("}\ngame.sparse = ", "}, ")
        .replace(" 0.5 }", " 0.5 }]")
    )
    named = read_sweep(write(listed)).tasks
    assert [task.game for task in named] == [task.game for task in tasks]
    assert [task.labels["game"] for task in named] == ["random"] * 4 + ["sparse"] * 4


META = """
leaders = ["UCB"]
followers = ["UCB"]
games = { one = { family = "etc_failure" } }
horizon = 10
"""


@pytest.mark.parametrize(
    ("command", "text", "plays"),
    [("run", RUN, "play_file"), ("sweep", SWEEP, "play_sweep"), ("meta", META, "play_meta_game")],
)
def test_threads_are_handed_on(write, command, text, plays, monkeypatch):
    asked = []

    def play(*_, threads, **_options):
        asked.append(threads)
        raise sk.RunError("asked")

    monkeypatch.setattr(cli, plays, play)
    for options, expected in ((("--threads", "3"), 3), ((), None)):
        invoke(command, write(text), *options)
        assert asked.pop() == expected


def test_threads_are_checked(write):
    assert "--threads" in invoke("sweep", write(SWEEP), "--threads", "0").stderr
    assert "24 games played" in invoke("sweep", write(SWEEP), "--threads", "1").stdout


@pytest.mark.parametrize("pair", [False, True])
def test_games_with_noise(write, pair):
    laws = '{ law = "Gaussian", sigma = 0.5 }'
    laws, law = (
        (f'[{laws}, {{ law = "Deterministic" }}]', sk.Deterministic()) if pair else (laws, sk.Gaussian(0.5))
    )
    for game, made in (
        (
            f'{{ named = "chicken", noise = {laws} }}',
            sk.games.named("chicken", noise=(sk.Gaussian(0.5), law)),
        ),
        (
            f'{{ family = "etc_failure", noise = {laws} }}',
            sk.games.etc_failure(noise=(sk.Gaussian(0.5), law)),
        ),
    ):
        text = f'game = {game}\nleader = "UCB"\nfollower = "UCB"\nhorizon = 10\n'
        assert run_file(write(text)).game == made


@pytest.mark.parametrize("kind", ["file", "family"])
def test_other_games(write, kind):
    write('{"leader": [[1.0]], "follower": [[2.0]]}', "game.json")
    game = {"file": '{ file = "game.json" }', "family": '{ family = "etc_failure" }'}[kind]
    text = f'game = {game}\nleader = "UCB"\nfollower = "UCB"\nhorizon = 10\n'
    expected = {"file": sk.Game([[1.0]], [[2.0]]), "family": sk.games.etc_failure()}[kind]
    assert run_file(write(text)).game == expected


@pytest.mark.parametrize(
    ("text", "change", "where"),
    [
        (RUN, ("horizon = 1_000", "horizon = 0"), "file.toml:6: horizon"),
        (RUN, ("confidence = 0.5", "confidence = -1"), "file.toml:4: leader, confidence"),
        (RUN, ('"UCB"\nhor', '"UBC"\nhor'), "file.toml:5: follower, learner"),
        (RUN, ("member = 2", "member = 3"), "file.toml:2: game, member"),
        (RUN, ("delta = 0.1", "gap = 0.1"), "file.toml:2: game, gap: must be one of delta, noise, member"),
        (RUN, ("delta = 0.1", "detla = 0.1"), "an unknown key (did you mean delta?)"),
        (RUN, ("delta = 0.1, ", ""), "file.toml:2: game, delta: must be given"),
        (RUN, ("unachievable", "unknown"), "file.toml:2: game, family"),
        (RUN, ("unachievable", "unachevable"), "(did you mean unachievable?)"),
        (
            RUN,
            ('"unachievable", delta = 0.1', '"etc_failure"'),
            "file.toml:2: game, member: must be left out",
        ),
        (RUN, ('family = "unachievable", delta = 0.1, member = 2', 'named = "chikcen"'), "mean chicken?"),
        (RUN, ('family = "unachievable", delta = 0.1', 'named = "chicken"'), "file.toml:2: game, member"),
        (RUN, ("delta = 0.1", 'delta = 0.1, noise = { law = "Gauss" }'), "file.toml:2: game, "),
        (RUN, ("replications", "replication"), "an unknown key (did you mean replications?)"),
        (RUN, ("  1_000", "  1_001"), "file.toml:9: checkpoints"),
        (RUN, ('engine = "stepwise"', 'engine = "fast"'), "file.toml:13: engine"),
        (RUN, ("seed = 7", "speed = 7"), "file.toml:8: speed"),
        (RUN, ("horizon = 1_000\n", ""), "file.toml: horizon"),
        (RUN, ("seed = 7", "seed = "), "line 8"),
        (SWEEP, ("batch = 4", "batch = 0"), "file.toml:2: batch"),
        (SWEEP, ("batch = 4", "standard_error = { regret = 1.0 }"), "file.toml:2: standard_error"),
        (SWEEP, ("replications = 3", "replications = -3"), "file.toml:6: task.replications"),
        (SWEEP, ('shy = "UCB"', 'shy = "UBC"'), "file.toml:11: grid.leader.shy, learner"),
        (SWEEP, ("  2,", "  -2,"), "file.toml:12: grid.seed"),
        (SWEEP, ("horizon = [10, 100]", "horizon = [10, 100, 1000]"), "file.toml:17: zip, checkpoints"),
        (SWEEP, ("horizon = [10, 100]", "horizon = 10"), "file.toml:18: zip.horizon"),
        (SWEEP, ("[zip]", "[zap]"), "file.toml:17: zap"),
        (SWEEP, ('store = "results"', "store = 5"), "file.toml:1: store"),
        (SWEEP, ("[task]", "[task]\nseed = 1"), "file.toml:5: task.seed"),
        (SWEEP, ("[grid]", "[grid]\ndelta = [0.1]"), "file.toml:10: grid.delta"),
        (SWEEP, ("[zip]", "[zpi]"), "an unknown key (did you mean zip?)"),
        (FAMILY, ("member = [1, 2]", "member = [1, 3]"), "file.toml:9: grid.member"),
        (FAMILY, ("delta = [0.1, 0.2]", "delta = [0.1, -0.2]"), "file.toml:8: grid.delta"),
        (FAMILY, ("delta = [0.1, 0.2]", "detla = [0.1, 0.2]"), "an unknown key (did you mean delta?)"),
        (FAMILY, ('"unachievable"', '"unachievable", delta = 0.1'), "file.toml:4: task.game, delta"),
        (
            FAMILY,
            ("member = [1, 2]", "game_seed = [1]"),
            "file.toml:9: grid.game_seed: must be a parameter of the",
        ),
        (
            FAMILIES,
            ('"sparse", n_follower = 3, density = 0.5', '"unachievable", delta = 0.1'),
            "grid.n_leader: ",
        ),
        (
            FAMILIES,
            ("n_follower = 3 }", "n_follower = 3, n_leader = 2 }"),
            "file.toml:8: grid.game.free, n_leader",
        ),
        (FAMILIES, ("density = 0.5", "density = 5"), "where game = 'sparse', n_leader = 2"),
        (FAMILIES, ("density = 0.5", "denisty = 0.5"), "mean density?"),
        (RUN, ('"UCB"\nhor', '"exploretencommit"\nhor'), "(did you mean ExploreThenCommit?)"),
        (RUN, ('{ learner = "UCB"', '{ learner = "UBC"'), "(did you mean UCB?)"),
    ],
)
def test_errors_name_file_line_and_key(write, text, change, where):
    assert change[0] in text
    result = invoke("run" if text is RUN else "sweep", write(text.replace(*change)))
    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1
    assert where in result.stderr


@pytest.mark.parametrize(
    ("keys", "line"), [(("a",), 1), (("b", "c"), 4), (("b", "d"), 9), (("b", "e", "f"), 12), (("b",), 3)]
)
def test_lines(keys, line):
    text = 'a = 1\n\n[b]\nc = """\nd = 1\n[b.e]\n"""\n# d = 2\nd = [\n  3]\n[b.e]\nf = 1\n'
    assert line_of(text, keys) == line


def test_lines_of_long_files_are_found_in_few_looks(monkeypatch):
    looks = []
    monkeypatch.setattr(config, "loads", lambda text, read=config.loads: looks.append(text) or read(text))
    text = "".join(f"key{i} = {i}\n" for i in range(1000))
    assert [line_of(text, (f"key{i}",)) for i in (0, 500, 998, 999)] == [1, 501, 999, 1000]
    assert len(looks) < 50


def test_no_scheduler(write):
    result = invoke("sweep", write(SWEEP), "--workers", "nowhere")
    assert result.exit_code == 2
    assert "workers: must be the address of a Dask scheduler, got nowhere (missing port" in result.stderr


def test_long_summaries_are_not_printed(write):
    seeds = "".join(f"  {seed},\n" for seed in range(2, 130))
    many = write(SWEEP.replace("  2,\n", seeds))
    result = invoke("sweep", many)
    assert result.stdout.startswith("1548 games played, 0 reused")
