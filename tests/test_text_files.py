"""Text files as editors and shells write them: byte order marks, line ends, and what is no text."""

import codecs

import pytest

import stackel as sk
from stackel.interop import gam, nfg, read_gam, read_nfg
from stackel.sweeps.config import read_sweep, run_file

SWEEP = """\
store = "r"
grid.horizon = [9, 99]
[task]
leader = "UCB"
follower = "UCB"
game = { family = "etc_failure" }
"""
TEXTS = {
    "game.nfg": ('NFG 1 R "gäme" { "Row" "Column" } { 2 2 }\n\n0.6 0.4 0.5 0.3\n0.2 0 0.4 0.2\n', read_nfg),
    "game.gam": ("2\n2 2\n0.6 0.5 0.2 0.4\n0.4 0.3 0 0.2\n", read_gam),
    "game.toml": (
        'name = "gäme"\nleader = [[0.6, 0.2], [0.5, 0.4]]\nfollower = [[0.4, 0.0], [0.3, 0.2]]\n',
        sk.read_game,
    ),
    "game.json": ('{"leader": [[0.6]], "follower": [[0.4]],\n"name": "gäme"}\n', sk.read_game),
    "run.toml": (
        '# rün\ngame = { family = "etc_failure" }\nleader = "UCB"\nfollower = "UCB"\nhorizon = 9\nseed = 1\n',
        run_file,
    ),
    "sweep.toml": (
        SWEEP,
        read_sweep,
    ),
}
FORMS = {
    "mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "mark, other line ends": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "UTF-16": lambda text: codecs.BOM_UTF16_LE + text.replace("\n", "\r\n").encode("utf-16-le"),
    "UTF-16, big end first": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-32": lambda text: codecs.BOM_UTF32_LE + text.encode("utf-32-le"),
    "no line end": lambda text: text.rstrip().encode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", TEXTS)
def test_texts_mean_the_same(tmp_path, name, form):
    text, read = TEXTS[name]
    path = tmp_path / name
    path.write_bytes(text.encode())
    plain = read(path)
    path.write_bytes(FORMS[form](text))
    assert read(path) == plain


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda text: text.encode() + b"\0" * 9, r"line \d+: a null character"),
        (
            lambda text: text.encode("ascii", "ignore").decode().encode("utf-16-le"),
            "line 1: a null character",
        ),
        (lambda text: text.replace("\n", " # ä\n", 1).encode("latin-1"), "can't decode byte"),
    ],
    ids=["zeros at the end", "UTF-16 without its mark", "Latin-1"],
)
@pytest.mark.parametrize("name", TEXTS)
def test_what_is_no_text_is_named(tmp_path, name, damage, fault):
    text, read = TEXTS[name]
    path = tmp_path / name
    path.write_bytes(damage(text))
    with pytest.raises(sk.SpecError, match=fault) as caught:
        read(path)
    assert "must be a text file in UTF-8" in str(caught.value)
    assert str(path) in str(caught.value)


def test_texts_with_a_mark():
    assert nfg.loads("\ufeff" + TEXTS["game.nfg"][0]) == nfg.loads(TEXTS["game.nfg"][0])
    assert gam.loads("\ufeff" + TEXTS["game.gam"][0]) == gam.loads(TEXTS["game.gam"][0])
