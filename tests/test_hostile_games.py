"""Game files that are made to do harm: one clear error, at once and in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import stackel as sk
from stackel._files.text import loads
from stackel.interop import read_gam, read_nfg

READERS = {".toml": sk.read_game, ".json": sk.read_game, ".nfg": read_nfg, ".gam": read_gam}
MANY = 100_000
NFG = b'NFG 1 R "" { "a" "b" } '

BOMBS = {
    ".toml": {
        "nothing": b"",
        "brackets": b"leader = " + b"[" * MANY,
        "tables in tables": b"a = " + b"{a=" * MANY,
        "dotted key": b"a" + b".a" * MANY + b" = 1",
        "dotted key in quotes": b'"a"' + b' . "a"' * MANY + b" = 1",
        "dotted table": b"[a" + b".a" * MANY + b"]",
        "digits": b"leader = " + b"9" * MANY,
        "digits apart": b"leader = 9" + b"_9" * MANY,
        "hexadecimal digits": b"leader = [[0x" + b"f" * MANY + b"]]\nfollower = [[1]]",
        "key twice": b"leader = 1\nleader = 2",
        "not a number": b"leader = [[nan]]\nfollower = [[1]]",
        "no UTF-8": b'name = "\xff"',
        "null": b"leader = \0",
        "unclosed": b'name = """' + b"x" * MANY,
        "an empty row for each": b"leader = [" + b"[]," * MANY + b"]\nfollower = [[1]]",
    },
    ".json": {
        "nothing": b"",
        "brackets": b"[" * MANY,
        "objects": b'{"leader":' * MANY,
        "digits": b'{"leader": ' + b"9" * MANY + b"}",
        "exponent": b'{"leader": [[1e' + b"9" * MANY + b']], "follower": [[1]]}',
        "last key twice": json.dumps(dict.fromkeys(map(str, range(MANY)))).encode()[:-1] + b', "99999": 1}',
        "not a number": b'{"leader": [[NaN]], "follower": [[1]]}',
        "infinite": b'{"leader": [[Infinity]], "follower": [[1]]}',
        "no UTF-8": b'{"name": "\xff"}',
        "half a character": b'{"leader": [["\\ud800"]], "follower": [[1]]}',
        "null": b'{"leader": \0}',
        "matrix of 900 dimensions": b'{"leader": ' + b"[" * 900 + b"]" * 900 + b', "follower": [[1]]}',
        "rows of all lengths": json.dumps({"leader": [[1] * n for n in range(300)], "follower": 1}).encode(),
        "words": json.dumps({"leader": [["1"] * 300] * 300, "follower": [[1]]}).encode(),
    },
    ".nfg": {
        "nothing": b"",
        "sizes": NFG + b"{ 999999999 999999999 } 1 2 3",
        "larger sizes": NFG + b"{ 9" + b"9" * MANY + b" 1 } 1 2",
        "sizes of outcomes": NFG + b'{ 999999999 999999999 } { { "" 1 2 } } 1',
        "braces": NFG + b"{" * MANY,
        "quotes": b'NFG 1 R "' + b'\\"' * MANY,
        "digits": NFG + b"{ 1 1 } " + b"9" * MANY + b" 1",
        "digits over digits": NFG + b"{ 1 1 } " + b"9" * MANY + b"/" + b"9" * MANY + b" 1",
        "over nothing": NFG + b"{ 1 1 } 1/0 1",
        "exponent": NFG + b"{ 1 1 } 1e" + b"9" * MANY + b" 1",
        "not a number": NFG + b"{ 1 1 } nan inf",
        "no such outcome": NFG + b'{ 1 1 } { { "" 1 2 } } 2',
        "names": NFG + b"{ { " + b'"x" ' * MANY + b"} { } }",
        "no UTF-8": b'NFG 1 R "\xff"',
        "null": NFG + b"\0",
    },
    ".gam": {
        "nothing": b"",
        "sizes": b"2 999999999 999999999 1",
        "larger sizes": b"2 9" + b"9" * MANY + b" 1 1 2",
        "players": b"9" * MANY,
        "digits": b"2 1 1 " + b"9" * MANY + b" 1",
        "exponent": b"2 1 1 1e" + b"9" * MANY + b" 1",
        "not a number": b"2 1 1 nan inf",
        "too many": b"2 1 1 " + b"1 " * MANY,
        "no UTF-8": b"2 1 1 \xff 1",
        "null": b"2 1 1 \0 1",
    },
}

CHILD = """
import resource, sys, time, tracemalloc
import stackel as sk
from stackel.interop import read_gam, read_nfg

resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
for path in sys.stdin.read().split("\\n"):
    read = {"nfg": read_nfg, "gam": read_gam}.get(path[-3:], sk.read_game)
    tracemalloc.start()
    start = time.process_time()
    try:
        read(path)
        fault = "read"
    except sk.SpecError as error:
        fault = "" if len(str(error)) < 800 else "a long message"
    print(time.process_time() - start, tracemalloc.get_traced_memory()[1], fault, sep="\\t", flush=True)
    tracemalloc.stop()
"""
SECONDS = 5
"""For any one file, with every allocation being watched; all are refused within a second."""
SLACK = 2**20


def test_bombs_do_no_harm(tmp_path):
    """In a process that would be stopped."""
    paths = []
    for suffix, bombs in BOMBS.items():
        for rank, content in enumerate(bombs.values()):
            paths.append(tmp_path / f"{rank}{suffix}")
            paths[-1].write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    names = [f"{suffix} {name}" for suffix, bombs in BOMBS.items() for name in bombs]
    harm = {}
    for name, path, line in zip(names, paths, done.stdout.splitlines(), strict=True):
        seconds, peak, fault = line.split("\t")
        if float(seconds) > SECONDS or int(peak) > 60 * path.stat().st_size + SLACK or fault:
            harm[name] = line
    assert not harm


@pytest.mark.parametrize("suffix", READERS)
def test_what_is_no_file(tmp_path, suffix):
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    (tmp_path / f"endless{suffix}").symlink_to("/dev/zero")
    (tmp_path / f"nowhere{suffix}").symlink_to(tmp_path / "missing")
    (tmp_path / f"round{suffix}").symlink_to(tmp_path / f"round{suffix}")
    (tmp_path / f"ever{suffix}").symlink_to("/proc/self/mem")
    for name in ("pipe", "folder", "endless", "nowhere", "round", "ever", "missing", "x" * 5000, "a\0b"):
        with pytest.raises(sk.SpecError) as caught:
            READERS[suffix](tmp_path / f"{name}{suffix}")
        assert caught.value.argument == "path"
        assert len(str(caught.value)) < 800


@pytest.mark.parametrize("suffix", READERS)
def test_large_files_are_not_opened(tmp_path, suffix):
    path = tmp_path / f"large{suffix}"
    with path.open("wb") as file:
        file.truncate(2**40)  # with nothing in it
    with pytest.raises(sk.SpecError, match="at most 256 MiB"):
        READERS[suffix](path)


@pytest.mark.parametrize(
    "text", ["a = 'x.x'", "a.b.c = 1", '"a"."b" = 1', f'a = "{"x." * 60}"', "a = [" + "0.5, " * 1000 + "]"]
)
def test_toml_of_every_day_is_read(text):
    assert loads(text)
