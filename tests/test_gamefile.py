"""Game files: what is read, what is written and how a bad file is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

import stackel as sk
from stackel._files import atomic
from stackel.games import _file as gamefile
from stackel.games._file import write_game

TOML = """
name = "market entry"
leader = [[0.6, 0.2], [0.5, 0.4]]
follower = [[0.4, 0], [0.3, 0.2]]
noise = [{ law = "Gaussian", sigma = 0.5 }, { law = "Bernoulli" }]
leader_labels = ["in", "out"]
follower_labels = ["fight", "yield"]
"""

GAME = sk.Game(
    [[0.6, 0.2], [0.5, 0.4]],
    [[0.4, 0.0], [0.3, 0.2]],
    noise=(sk.Gaussian(0.5), sk.Bernoulli()),
    name="market entry",
    leader_labels=["in", "out"],
    follower_labels=["fight", "yield"],
)


@pytest.fixture
def written(tmp_path):
    def write(content, name="game.toml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refused(path):
    with pytest.raises(sk.SpecError) as caught:
        sk.read_game(path)
    assert path.name in str(caught.value)
    return caught.value


def test_toml(written):
    assert sk.read_game(written(TOML)) == GAME
    assert sk.read_game(str(written(TOML, "UPPER.TOML"))) == GAME


def test_json(written):
    assert sk.read_game(written(json.dumps(GAME.to_dict()), "game.json")) == GAME


def test_matrices_are_enough(written):
    game = sk.read_game(written("leader = [[1, 2]]\nfollower = [[3, 4]]"))
    assert game == sk.Game([[1, 2]], [[3, 4]])
    assert game.noise == (sk.Gaussian(1.0), sk.Gaussian(1.0))


def test_one_noise_law_for_both(written):
    game = sk.read_game(
        written('leader = [[1]]\nfollower = [[2]]\nnoise = { law = "Uniform", half_width = 0.5 }')
    )
    assert game.noise == (sk.Uniform(0.5), sk.Uniform(0.5))


@pytest.mark.parametrize(
    "game",
    [
        GAME,
        sk.games.etc_failure(),
        sk.games.random(5, 7, seed=1, correlation=0.5),
        sk.Game([[5e-324, -1.7e99]], [[0.1 + 0.2, -0.0]], name="Zürich ∞"),
    ],
)
def test_written_games_come_back_bit_for_bit(game, tmp_path):
    path = tmp_path / "game.json"
    write_game(game, path)
    back = sk.read_game(path)
    assert back == game
    np.testing.assert_array_equal(back.leader, game.leader)


def test_write_replaces_and_refuses(tmp_path):
    path = tmp_path / "game.json"
    write_game(GAME, path)
    write_game(sk.games.etc_failure(), path)
    assert sk.read_game(path) == sk.games.etc_failure()
    with pytest.raises(sk.SpecError, match=r"path: must be a file ending in \.json"):
        write_game(GAME, tmp_path / "game.toml")
    with pytest.raises(sk.SpecError, match=r"path: must be in an existing directory"):
        write_game(GAME, tmp_path / "absent" / "game.json")
    with pytest.raises(sk.SpecError, match=r"game: must be a stackel\.Game"):
        write_game({}, path)


def test_a_failing_disk_leaves_the_old_file(tmp_path, monkeypatch):
    def fail(_descriptor):
        raise OSError("disk full")

    path = tmp_path / "game.json"
    write_game(GAME, path)
    monkeypatch.setattr(atomic.os, "fsync", fail)
    with pytest.raises(sk.SpecError, match="disk full"):
        write_game(sk.games.etc_failure(), path)
    assert sk.read_game(path) == GAME
    assert list(tmp_path.iterdir()) == [path]


class TestFiles:
    def test_absent(self, tmp_path):
        assert refused(tmp_path / "absent.toml").argument == "path"

    def test_folder(self, tmp_path):
        (tmp_path / "folder.json").mkdir()
        assert "regular file" in refused(tmp_path / "folder.json").allowed

    def test_suffix(self, written):
        assert ".toml or .json" in refused(written(TOML, "game.yaml")).allowed

    @pytest.mark.parametrize("bad", [None, 3, ["game.toml"]])
    def test_no_path(self, bad):
        with pytest.raises(sk.SpecError, match="path: must be a string or a path"):
            sk.read_game(bad)

    def test_null_byte_in_path(self):
        with pytest.raises(sk.SpecError, match="path"):
            sk.read_game("game\0.toml")

    def test_too_large(self, written, monkeypatch):
        monkeypatch.setattr(gamefile, "_MAX_BYTES", len(TOML) - 1)
        assert f"{len(TOML)} bytes" in refused(written(TOML)).given

    @pytest.mark.parametrize("name", ["game.toml", "game.json"])
    @pytest.mark.parametrize(
        "content",
        [
            b"\xff\xfe\x00",
            "leader = [[1",
            "{",
            "[" * 100_000,
            '{"leader": 1}}',
            "1" * 5000,
            "leader = 1\nleader = 2",
        ],
    )
    def test_not_parsed(self, written, name, content):
        assert refused(written(content, name)).argument == "path"

    def test_repeated_key_in_json(self, written):
        error = refused(written('{"leader": [[1]], "follower": [[1]], "leader": [[2]]}', "game.json"))
        assert "key 'leader' appears more than once" in str(error)


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("leader", {"follower": [[1.0]]}),
        ("follower", {"leader": [[1.0]]}),
        ("leader", {"leader": [[1.0], [1.0, 2.0]], "follower": [[1.0]]}),
        ("leader", {"leader": [["a"]], "follower": [[1.0]]}),
        ("leader", {"leader": [], "follower": [[1.0]]}),
        ("leader", {"leader": [[10**400]], "follower": [[1.0]]}),
        ("leader", {"leader": [[float("nan")]], "follower": [[1.0]]}),
        ("follower", {"leader": [[1.0]], "follower": [[float("inf")]]}),
        ("follower", {"leader": [[1.0]], "follower": [[1.0, 2.0]]}),
        ("leader", {"leader": [[2.0]], "follower": [[1.0]], "noise": {"law": "Bernoulli"}}),
        ("game", {"leader": [[1.0]], "follower": [[1.0]], "nosie": {}}),
        ("game", [1, 2]),
        ("noise", {"leader": [[1.0]], "follower": [[1.0]], "noise": {"law": "Cauchy"}}),
        ("noise", {"leader": [[1.0]], "follower": [[1.0]], "noise": {"law": ["Gaussian"]}}),
        ("noise", {"leader": [[1.0]], "follower": [[1.0]], "noise": [{"law": "Gaussian"}] * 3}),
        ("name", {"leader": [[1.0]], "follower": [[1.0]], "name": 3}),
        ("leader_labels", {"leader": [[1.0]], "follower": [[1.0]], "leader_labels": ["one", "two"]}),
        ("follower_labels", {"leader": [[1.0]], "follower": [[1.0]], "follower_labels": 3}),
    ],
)
def test_bad_keys_are_named_with_their_file(written, key, content):
    error = refused(written(json.dumps(content), "game.json"))
    assert error.argument.startswith(f"{key} in ")


def test_bad_parameters_of_a_law(written):
    table = 'leader = [[1]]\nfollower = [[2]]\nnoise = { law = "Gaussian", width = 1 }'
    error = refused(written(table))
    assert error.argument.startswith("Gaussian in ")
