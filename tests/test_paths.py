"""Paths that functions take: what they may be, what is at them, and what the errors say."""

import os
from pathlib import Path

import pytest

import stackel as sk
from stackel._files.atomic import as_target
from stackel.games._file import write_game
from stackel.interop import read_gam, read_nfg, write_gam, write_nfg

GAME = sk.games.etc_failure()
RUN = sk.simulate(GAME, sk.UCB(), sk.UCB(), 10, seed=1)
WRITERS = {
    ".nfg": (lambda path: write_nfg(GAME, path), read_nfg),
    ".gam": (lambda path: write_gam(GAME, path), read_gam),
    ".json": (lambda path: write_game(GAME, path), sk.read_game),
    ".stackel": (RUN.save, sk.load),
}


class Named:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return str(self.path)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Everything relative, and the home directory, lies in a new folder."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(
    "name", ["a b", "ä ∞ 游戏", 'it\'s "it"', "line\nend", "~x", "-x", "a,b;c", "%41 $HOME"]
)
@pytest.mark.parametrize("form", [str, Named])
def test_names_of_files(tmp_path, suffix, name, form):
    write, read = WRITERS[suffix]
    write(form(name + suffix))
    assert (tmp_path / (name + suffix)).is_file()
    assert read(form(name + suffix)) == read(tmp_path / (name + suffix))


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_home_directory(tmp_path, suffix):
    write, read = WRITERS[suffix]
    write("~/x" + suffix)
    assert read(tmp_path / "home" / ("x" + suffix)) == read("~/x" + suffix)
    assert not (tmp_path / "~").exists()


def test_a_store_in_the_home_directory(tmp_path):
    sk.sweep([sk.Task(GAME, sk.UCB(), sk.UCB(), 10)], store="~/store")
    assert (tmp_path / "home" / "store").is_dir()
    assert not (tmp_path / "~").exists()


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (os.mkdir, "the directory"),
        (os.mkfifo, "the device, pipe or socket"),
    ],
    ids=["directory", "pipe"],
)
def test_what_is_no_file_is_neither_read_nor_replaced(suffix, make, fault):
    make("x" + suffix)
    before = Path("x" + suffix).stat()
    for use in WRITERS[suffix]:
        with pytest.raises(sk.SpecError, match=f"path: must be .* got {fault} .*x{suffix}"):
            use("x" + suffix)
    assert Path("x" + suffix).stat() == before
    Path("link" + suffix).symlink_to("x" + suffix)
    with pytest.raises(sk.SpecError, match=f"got {fault}"):
        WRITERS[suffix][0]("link" + suffix)


@pytest.mark.parametrize("suffix", WRITERS)
def test_places_that_do_not_exist(suffix):
    write, read = WRITERS[suffix]
    with pytest.raises(sk.SpecError, match="path: must be in an existing directory, got 'no/x"):
        write("no/x" + suffix)
    with pytest.raises(sk.SpecError, match=r"path: must be .*file.*no/x"):
        read("no/x" + suffix)
    for use in (write, read):
        with pytest.raises(sk.SpecError, match=r"path: must be .*(File name too long|name too long)"):
            use("x" * 300 + suffix)
        for wrong in (None, 3, b"x", ["x"], "x\0" + suffix, "\ud800" + suffix):
            with pytest.raises(sk.SpecError, match="path: must be a string or a path"):
                use(wrong)


def test_a_link_to_a_file_is_followed(tmp_path):
    Path("link").symlink_to("target")
    assert as_target("link") == tmp_path / "target"


def test_the_name_of_a_file_is_not_cut_off_a_message(tmp_path):
    deep = tmp_path.joinpath(*["a folder with a long name"] * 5)
    for use in (
        lambda: sk.read_game(deep / "game.yaml"),
        lambda: sk.read_game(deep / "game.toml"),
        lambda: sk.load(deep / "game.stackel"),
        lambda: sk.interop.write_nfg(sk.games.etc_failure(), deep / "game.nfg"),
        lambda: sk.interop.read_nfg(deep / "game.nfg"),
    ):
        with pytest.raises(sk.SpecError, match=r"game\.(yaml|toml|stackel|json|nfg)"):
            use()
