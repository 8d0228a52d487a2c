"""Files that are damaged, foreign or made to do harm: one clear error, and little memory."""

from __future__ import annotations

import io
import os
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest
from hostile import SLACK, npy, rebuild, refused, retext
from made import made

import stackel as sk


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run"


@pytest.fixture
def good(path):
    """Bytes of a sound file."""
    made().save(path)
    return path.read_bytes()


def test_the_tools_of_this_file_work(path, good):
    rebuild(path, good, {})
    assert sk.load(path) == made()
    retext(path, good)
    assert sk.load(path) == made()


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"not a zip archive" * 10_000, b"\0" * 100, b"PK\5\6" + b"\0" * 18]
)
def test_what_is_no_archive(path, data):
    path.write_bytes(data)
    refused(path)


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("missing", ".", "pipe", "/dev/zero"):
        refused(tmp_path / name, "an existing file")


def test_every_truncation(path, good):
    for length in range(0, len(good), 11):
        path.write_bytes(good[:length])
        refused(path)


def test_damaged_bytes_are_seen_or_harmless(path, good):
    """Bytes that carry no content, such as the date of a member, may change."""
    refusals = 0
    for place in range(0, len(good), 3):
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        try:
            assert sk.load(path) == made()
        except sk.SpecError as error:
            assert error.argument == "path"  # noqa: PT017
            refusals += 1
    assert 3 * refusals > sum(info.file_size for info in zipfile.ZipFile(io.BytesIO(good)).infolist())


def test_random_damage(path, good):
    rng, refusals = np.random.default_rng(3), 0
    for _ in range(300):
        data = bytearray(good)
        for place in rng.integers(0, len(good), size=rng.integers(2, 30)):
            data[place] = rng.integers(0, 256)
        path.write_bytes(data)
        try:
            assert sk.load(path) == made()
        except sk.SpecError as error:
            assert error.argument == "path"  # noqa: PT017
            refusals += 1
    assert refusals > 290


@pytest.mark.parametrize(
    "changes",
    [
        {"utility.npy": None},
        {"stackel.json": None},
        {"extra.npy": b""},
        {"../run": b""},
    ],
)
def test_members_must_be_the_ones_that_are_known(path, good, changes):
    rebuild(path, good, changes)
    refused(path, "an archive of ")


def test_a_member_that_is_there_twice(path, good):
    path.write_bytes(good)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("rounds.npy", npy([1]))
    refused(path, "an archive of ")


def test_archives_of_others(path):
    with path.open("wb") as file:
        np.savez(file, rounds=[1], utility=np.ones((2, 1, 1)))
    refused(path, "an archive of rounds.npy, utility.npy")


class Trap:
    """Unpickled, it would create a directory."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_nothing_is_unpickled(path, good):
    mark = path.with_name("mark")
    trap = np.empty((2, 3, 3), dtype=object)
    trap.fill(Trap(mark))
    rebuild(path, good, {"utility.npy": npy(trap, allow_pickle=True)})
    refused(path, "utility.npy of object")
    path.write_bytes(pickle.dumps(Trap(mark)))
    refused(path)
    assert not mark.exists()


def test_compressed_members_are_refused_before_they_unfold(path, good):
    bomb = np.lib.format.magic(1, 0) + bytes(2**25)
    rebuild(path, good, {"utility.npy": bomb}, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 2**16
    tracemalloc.start()
    refused(path, "compressed")
    assert tracemalloc.get_traced_memory()[1] < SLACK
    tracemalloc.stop()
    rebuild(path, good, {}, zipfile.ZIP_DEFLATED)
    refused(path, "compressed")


def header(shape, descr="<f8", fortran_order=False):  # noqa: FBT002
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": descr, "fortran_order": fortran_order, "shape": shape}
    )
    return stream.getvalue()


@pytest.mark.parametrize(
    ("member", "data", "word"),
    [
        ("utility.npy", header((2, 3, 10**12)) + bytes(8 * 18), "18 values for the shape"),
        ("utility.npy", header((2, 3, 2**61)), "0 values for the shape"),
        ("utility.npy", header((2, 3, 3)) + bytes(8 * 17), "17 values"),
        ("utility.npy", header((2, 3, 3)) + bytes(8 * 19), "19 values"),
        ("utility.npy", header((2, 3, 0)), "shape (2, 3, 0)"),
        ("utility.npy", header((2, -3, -3)) + bytes(8 * 18), "shape (2, -3, -3)"),
        ("utility.npy", header(()) + bytes(8), "shape ()"),
        ("utility.npy", header((2, 3, 3), "<f4") + bytes(4 * 18), "float32"),
        ("utility.npy", header((2, 3, 3), ">f8") + bytes(8 * 18), ">f8"),
        ("utility.npy", header((2, 3, 3), "<f8", fortran_order=True) + bytes(8 * 18), "Fortran order"),
        ("utility.npy", npy(np.ones((2, 3, 3)), version=(2, 0)), "another npy version"),
        ("utility.npy", b"\x93NUMPY\x01\x00" + b"\xff\xff" + b"{" * 70_000, "Header"),
        ("utility.npy", b"", "magic"),
        ("utility.npy", npy(np.ones((2, 3, 2))), "do not fit"),
        ("utility.npy", npy(np.ones((3, 3, 3))), "do not fit"),
        ("utility.npy", npy(np.full((2, 3, 3), np.nan)), "not finite"),
        ("utility.npy", npy(np.full((2, 3, 3), np.inf)), "not finite"),
        ("rounds.npy", npy([1.0, 10.0, 999.0]), "float64"),
        ("rounds.npy", npy([0, 10, 999]), "do not increase from 1"),
        ("rounds.npy", npy([1, 10, 10]), "do not increase"),
        ("rounds.npy", npy([-(2**63), 10, 2**63 - 1]), "do not increase"),
        ("rounds.npy", npy([1, 10, 1001]), "at most 1000"),
        ("pulls.npy", npy(np.full((3, 3, 2), 1)), "do not fit"),
        ("pulls.npy", npy(np.full((3, 2, 3), -1)), "below 0"),
        ("pulls.npy", npy(np.full((3, 2, 3), 2**62)), "above 9007199254740992"),
        ("pulls.npy", npy(np.arange(18).reshape(3, 2, 3)), "different lengths"),
        ("game_leader.npy", npy(np.ones((2, 2))), "follower"),
        ("game_leader.npy", npy(np.full((2, 3), 2.0)), "leader"),
        ("stackel.json", b"", "JSONDecodeError"),
        ("stackel.json", b"\xff{}", "UnicodeDecodeError"),
        ("stackel.json", b"[" * 2**21, "RecursionError"),
        ("stackel.json", b"9" * 10_000, "ValueError"),
        ("stackel.json", b"[]", "without format"),
        ("stackel.json", b'{"format": "npz"}', "without format"),
        (
            "stackel.json",
            b'{"format": "stackel-result", "format_version": 1}',
            "the keys format, format_version",
        ),
        ("stackel.json", b'{"x": NaN}', "number NaN"),
        ("stackel.json", b" " * (2**22 + 1), "4194305 bytes"),
    ],
)
def test_members_are_checked(path, good, member, data, word):
    rebuild(path, good, {member: data})
    tracemalloc.start()
    refused(path, word)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * path.stat().st_size + SLACK


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"format_version": 6}, "format_version 6, where this stackel reads 1 to 5"),
        ({"format_version": 0}, "format_version 0"),
        ({"format_version": True}, "format_version True"),
        ({"format_version": None}, "format_version"),
        ({"format_version": 1}, "the keys"),
        ({"platform": ...}, "the keys"),
        ({"platform": ["here"]}, "platform"),
        ({"crossing_tolerance": ...}, "the keys"),
        ({"crossing_tolerance": 0}, "crossing_tolerance"),
        ({"crossing_tolerance": 1e-5}, "crossing_tolerance"),
        ({"crossing_tolerance": True}, "crossing_tolerance"),
        ({"crossing_tolerance": "1e-18"}, "crossing_tolerance"),
        ({"crossing_tolerance": None}, "crossing_tolerance"),
        ({"stream_version": "1"}, "stream_version"),
        ({"stream_version": True}, "stream_version"),
        ({"stream_version": 0}, "stream_version"),
        ({"unknown": 1}, "the keys"),
        ({"seed": ...}, "the keys"),
        ({"seed": 1}, "seed = 1"),
        ({"seed": "-1"}, "seed"),
        ({"seed": "1e3"}, "seed"),
        ({"seed": "٣"}, "seed"),
        ({"seed": ""}, "seed"),
        ({"seed": str(2**64)}, "seed"),
        ({"seed": "0" * 100_000}, "seed"),
        ({"engine": 3}, "engine"),
        ({"engine": "\x1b[2J"}, "engine"),
        ({"version": None}, "version"),
        ({"error_bound": -1.0}, "error_bound"),
        ({"error_bound": "0"}, "error_bound"),
        ({"error_bound": True}, "error_bound"),
        ({"error_bound": 10**400}, "OverflowError"),
        ({"game": []}, "game"),
        ({"game": {"leader": [[1.0]]}}, "game"),
        ({"game": {"name": 3}}, "name"),
        ({"game": {"noise": {"law": "Cauchy"}}}, "noise"),
        ({"game": {"leader_labels": ["only one"]}}, "leader_labels"),
        ({"leader": {}}, "learner"),
        ({"leader": {"learner": "Oracle"}}, "learner"),
        ({"leader": {"learner": ["UCB"]}}, "learner"),
        ({"leader": {"learner": "UCB", "sigma": -1.0}}, "sigma"),
        ({"leader": {"learner": "UCB", "sigma": {"nested": []}}}, "sigma"),
        ({"leader": {"learner": "UCB", "sigma": "1" * 10_000}}, "sigma"),
        ({"leader": {"learner": "UCB", "_registry": {}}}, "UCB"),
        ({"leader": {"learner": "BestResponse"}}, "leader"),
        ({"follower": {"learner": "PhasedUCB"}}, "follower"),
        ({"leader": {"learner": "FixedAction", "a": 2}}, "a"),
        ({"follower": {"learner": "FixedAction", "a": 3}}, "a"),
    ],
)
def test_the_text_is_checked(path, good, changes, word):
    retext(path, good, **changes)
    refused(path, word)


def test_infinite_numbers_spelled_out(path, good):
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        text = archive.read("stackel.json").decode()
    rebuild(path, good, {"stackel.json": text.replace("5e-324", "1e999")})
    refused(path, "error_bound = inf")


def test_sizes_that_the_directory_makes_up(path, good):
    """The directory claims a member of 2 GiB; the file has 2 KiB."""
    place = good.index(b"PK\1\2", good.index(b"utility.npy", good.index(b"PK\1\2")) - 50)
    claimed = (2**31 - 1).to_bytes(4, "little")
    path.write_bytes(good[: place + 20] + claimed * 2 + good[place + 28 :])
    tracemalloc.start()
    refused(path, "of 2147483647 bytes")
    assert tracemalloc.get_traced_memory()[1] < SLACK
    tracemalloc.stop()


def test_long_directories_are_refused_before_they_are_read(path):
    with zipfile.ZipFile(path, "w") as archive:
        for rank in range(20_000):
            archive.writestr(zipfile.ZipInfo(str(rank)), b"")
    tracemalloc.start()
    refused(path, "a long directory")
    assert tracemalloc.get_traced_memory()[1] < SLACK < path.stat().st_size
    tracemalloc.stop()


def test_encrypted_members(path, good):
    data = bytearray(good)
    place = data.index(b"PK\1\2")
    data[place + 8] |= 1
    path.write_bytes(data)
    refused(path, "encrypted")


def test_loading_a_large_file_takes_memory_of_its_size(path):
    big = made(replications=30_000)
    big.save(path)
    tracemalloc.start()
    assert sk.load(path) == big
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 2 * SLACK
    assert peak < 3 * path.stat().st_size + SLACK
