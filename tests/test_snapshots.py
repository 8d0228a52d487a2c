"""What `snapshot` gives is what COMPATIBILITY says; whatever else comes is refused, and does no harm."""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
import subprocess
import sys
import tracemalloc
from pathlib import Path

import golden
import golden_snapshots
import numpy as np
import pytest
from cases import FOLLOWERS, LEADERS, make_game
from hypothesis import given, settings
from hypothesis import strategies as st

import stackel as sk

HORIZON = 400
HEAD = 16
DIGEST = 32
GAME = sk.Game(
    [[0.5, 0.125, 0.75], [0.25, 1.0, 0.625]],
    [[0.125, 0.5, 0.875], [0.75, 0.25, 0.0]],
    noise=(sk.Bernoulli(), sk.Uniform(half_width=0.1)),
    name="naïve <b>",
    leader_labels=["up", "döwn"],
)
KEPT = json.loads(golden_snapshots.FILE.read_text(encoding="utf-8"))
CHANGED = (
    "snapshots are read differently than by the build that took them. If a learner's state has changed on "
    "purpose, raise FORMAT_VERSION in _snapshot.py and run python tests/golden.py"
)


def simulation():
    sim = sk.Simulation(
        GAME, sk.UCB(sigma=0.1 + 0.2), sk.ActiveArmElimination(phases=(2, 1)), HORIZON, 2**64 - 1
    )
    sim.step(57)
    return sim


def agent():
    made = sk.Agent(sk.ExploreThenUCB(exploration=3), (2, 3), HORIZON, 5, role="follower", replication=7)
    for t in range(57):
        made.choose(t % 2)
        made.observe(t / 8)
    made.choose(1)
    return made


def driven():
    sim = sk.Simulation(GAME, None, sk.UniformLearner(), HORIZON, 1)
    sim.choose(1)
    return sim


MAKERS = {"simulation": simulation, "agent": agent, "driven": driven}
GOOD = {name: make().snapshot() for name, make in MAKERS.items()}
RESTORE = {name: type(make()).restore for name, make in MAKERS.items()}


def parts(blob):
    """Text, matrices and state."""
    length = int.from_bytes(blob[8:HEAD], "little")
    text = json.loads(blob[HEAD : HEAD + length])
    matrices = 16 * text["game"]["shape"][0] * text["game"]["shape"][1]
    rest = blob[HEAD + length : -DIGEST]
    return text, rest[:matrices], rest[matrices:]


def seal(text, *rest):
    """Return a snapshot with a checksum that fits; `text` may be bytes."""
    encoded = text if isinstance(text, bytes) else json.dumps(text).encode()
    body = b"".join((b"stackel\0", len(encoded).to_bytes(8, "little"), encoded, *rest))
    return body + hashlib.sha256(body).digest()


def refused(blob, *words, restore=RESTORE["simulation"]):
    with pytest.raises(sk.SpecError) as caught:
        restore(blob)
    assert caught.value.argument == "snapshot"
    for word in words:
        assert word in caught.value.given
    assert len(str(caught.value)) < 600


def play_on(thing):
    """Take what was restored to its end."""
    if isinstance(thing, sk.Agent):
        while thing.t < thing.horizon:
            thing.choose(*(() if thing.role == "leader" else (1,)))
            thing.observe(0.5)
    elif thing.leader is None:
        thing.choose(1)
        thing.observe()
        thing.step(thing.horizon - thing.t, leader_actions=[0] * (thing.horizon - thing.t))
    else:
        thing.advance(thing.horizon - thing.t)
    assert thing.t == thing.horizon


@pytest.mark.parametrize("name", MAKERS)
def test_a_restored_one_is_the_same(name):
    restored = RESTORE[name](GOOD[name])
    assert repr(restored) == repr(MAKERS[name]())
    assert restored.snapshot() == GOOD[name]
    assert RESTORE[name](bytearray(GOOD[name])).snapshot() == GOOD[name]
    play_on(restored)


def test_the_bytes_are_those_of_the_document():
    blob = GOOD["simulation"]
    text, matrices, state = parts(blob)
    assert seal(text, matrices, state) == blob
    build = sk.build_info()
    assert text == {
        "format": "stackel-simulation",
        "format_version": 3,
        "version": build["version"],
        "stream_version": build["stream_version"],
        "leader": {
            "learner": "UCB",
            "anytime": False,
            "sigma": 0.1 + 0.2,
            "confidence": 1.0,
            "ties": "lowest",
            "first": "index",
        },
        "follower": {"learner": "ActiveArmElimination", "phases": [2, 1], "sigma": 1.0, "confidence": 1.0},
        "horizon": HORIZON,
        "seed": str(2**64 - 1),
        "replication": 0,
        "engine": "leap",
        "crossing_tolerance": 1e-18,
        "t": 57,
        "game": {
            "shape": [2, 3],
            "noise": [{"law": "Bernoulli"}, {"law": "Uniform", "half_width": 0.1}],
            "name": "naïve <b>",
            "leader_labels": ["up", "döwn"],
            "follower_labels": None,
        },
    }
    np.testing.assert_array_equal(
        np.frombuffer(matrices, "<f8").reshape(2, 2, 3), [GAME.leader, GAME.follower]
    )
    words = np.frombuffer(state, "<u8")
    sim = simulation()
    assert words[0] == sim.t
    np.testing.assert_array_equal(words[2 : 2 + 6].reshape(2, 3), sim.pulls)


@pytest.mark.parametrize("name", golden.RUNS)
def test_snapshots_of_earlier_builds(name):
    assert name in KEPT, f"{golden_snapshots.FILE} has no {name!r}: run python tests/golden.py, which adds it"
    for encoded in KEPT[name]["snapshots"]:
        sim = sk.Simulation.restore(base64.b64decode(encoded))
        assert golden_snapshots.end(sim) == KEPT[name]["end"], CHANGED


@pytest.mark.parametrize("name", MAKERS)
def test_every_truncation_and_every_changed_byte(name):
    good, restore = GOOD[name], RESTORE[name]
    for length in range(0, len(good), 3):
        refused(good[:length], restore=restore)
    for place in range(0, len(good), 3):
        bad = good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :]
        refused(bad, restore=restore)
    refused(good + b"\0", "checksum", restore=restore)


@pytest.mark.parametrize(
    "blob", [None, "snapshot", 3, [1, 2], GOOD["agent"], pickle.dumps(3), b"", b"stackel\0"]
)
def test_other_things(blob):
    refused(blob)


def test_snapshots_of_the_other_kind():
    refused(GOOD["simulation"], "stackel-agent", restore=sk.Agent.restore)


def test_nothing_is_unpickled(tmp_path):
    mark = tmp_path / "mark"

    class Trap:
        def __reduce__(self):
            return Path.mkdir, (mark,)

    refused(pickle.dumps(Trap()))
    text, matrices, state = parts(GOOD["simulation"])
    refused(seal(pickle.dumps(Trap()), matrices, state))
    refused(seal(text, matrices, pickle.dumps(Trap())))
    assert not mark.exists()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"format": "stackel-result"}, "format"),
        ({"format_version": 5}, "format_version 5, where this stackel reads 3 to 4"),
        ({"format_version": 2}, "format_version 2, where this stackel reads 3 to 4"),
        ({"format_version": 0}, "format_version 0"),
        ({"stream_version": 1}, "streams of version 1, where this stackel has version 2"),
        ({"stream_version": "2"}, "streams of version '2'"),
        ({"t": 58}, "t = 58"),
        ({"t": None}, "t = None"),
        ({"unknown": 1}, "the keys"),
        ({"seed": ...}, "the keys"),
        ({"seed": 1}, "seed = 1"),
        ({"seed": "-1"}, "seed"),
        ({"seed": "٣"}, "seed"),
        ({"seed": str(2**64)}, "seed"),
        ({"seed": "0" * 100_000}, "seed"),
        ({"replication": -1}, "replication"),
        ({"replication": "0"}, "replication"),
        ({"horizon": 0}, "horizon"),
        ({"horizon": 56}, "more rounds than the horizon"),
        ({"horizon": 10**400}, "horizon"),
        ({"engine": "reference"}, "engine"),
        ({"engine": None}, "engine"),
        ({"crossing_tolerance": 1.0}, "crossing_tolerance"),
        ({"leader": {}}, "learner"),
        ({"leader": None}, "number"),
        ({"leader": {"learner": "Oracle"}}, "learner"),
        ({"leader": {"learner": "UCB", "sigma": -1.0}}, "sigma"),
        ({"leader": {"learner": "BestResponse"}}, "leader"),
        ({"follower": {"learner": "FixedAction", "a": 3}}, "a: "),
        ({"follower": {"learner": "Uniformlearner"}}, "learner"),
        ({"game": None}, "NoneType"),
        ({"game": {}}, "shape"),
        ({"game": {"shape": [2, 3], "leader": [[1.0]]}}, "game"),
        ({"game": {"shape": [3, 2]}}, ""),
        ({"game": {"shape": [6, 1]}}, ""),
        ({"game": {"shape": [0, 3]}}, "shape"),
        ({"game": {"shape": [2]}}, "unpack"),
        ({"game": {"shape": [2**31, 2**31]}}, "shape"),
        ({"game": {"shape": [2, 300]}}, "2 x 300"),
        ({"game": {"shape": [2, 3], "noise": {"law": "Cauchy"}}}, "noise"),
        ({"game": {"shape": [2, 3], "name": 3}}, "name"),
    ],
)
def test_the_text_is_checked(changes, word):
    text, matrices, state = parts(GOOD["simulation"])
    kept = {key: value for key, value in (text | changes).items() if value is not ...}
    refused(seal(kept, matrices, state), word)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"is_shape": 1}, "is_shape"),
        ({"role": "leader"}, ""),
        ({"role": 3}, "role"),
        ({"learner": {"learner": "BestResponse"}}, "a sum of no rewards"),
        ({"learner": {"learner": "PhasedUCB"}}, "follower"),
        ({"learner": None}, "learner"),
        ({"horizon": 56}, "56 is the most"),
        ({"t": 56}, "t = 56"),
    ],
)
def test_the_text_of_an_agent_is_checked(changes, word):
    text, matrices, state = parts(GOOD["agent"])
    refused(seal(text | changes, matrices, state), word, restore=sk.Agent.restore)


@pytest.mark.parametrize(
    "text",
    [b"", b"\xff{}", b"[" * 2**21, b"9" * 10_000, b"[]", b'{"x": NaN}', b"{" + b" " * 2**22 + b"}"],
    ids=lambda text: repr(text[:10]),
)
def test_texts_that_are_none(text):
    refused(seal(text, *parts(GOOD["simulation"])[1:]))


def test_matrices_that_are_no_game():
    text, _, state = parts(GOOD["simulation"])
    refused(seal(text, np.full(12, np.nan).tobytes(), state), "leader")
    refused(seal(text, np.full(12, 1.5).tobytes(), state), "leader")


@pytest.mark.parametrize("name", MAKERS)
def test_states_too_short_or_too_long(name):
    text, matrices, state = parts(GOOD[name])
    for length in range(0, len(state), 5):
        refused(seal(text, matrices, state[:length]), restore=RESTORE[name])
    refused(seal(text, matrices, state, b"\0"), "1 bytes too many", restore=RESTORE[name])
    refused(seal(text, matrices, state * 2), restore=RESTORE[name])


WORDS = st.one_of(
    st.integers(0, 5),
    st.integers(0, 2**64 - 1),
    st.floats(width=64).map(lambda number: int(np.float64(number).view(np.uint64))),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    leader=st.sampled_from(LEADERS),
    follower=st.sampled_from(FOLLOWERS),
    engine=st.sampled_from(["leap", "stepwise"]),
    t=st.integers(0, HORIZON),
    changes=st.lists(st.tuples(st.floats(0, 1), WORDS), min_size=1, max_size=4),
)
def test_states_that_were_made_up_do_no_harm(leader, follower, engine, t, changes):
    """With a checksum that fits: they are refused, or are states of a game that goes on to its end."""
    sim = sk.Simulation(make_game("2x3", "Gaussian"), leader, follower, HORIZON, 1, engine=engine)
    sim.advance(t)
    text, matrices, state = parts(sim.snapshot())
    words = np.frombuffer(state, "<u8").copy()
    for place, word in changes:
        words[int(place * (len(words) - 1))] = word
    try:
        other = sk.Simulation.restore(seal(text, matrices, words.tobytes()))
    except sk.SpecError as error:
        assert error.argument == "snapshot"  # noqa: PT017
        return
    play_on(other)
    assert other.pulls.sum() == HORIZON


def peak_of_refusing(blob, *words, restore=sk.Simulation.restore):
    tracemalloc.start()
    refused(blob, *words, restore=restore)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_stays_within_a_multiple_of_the_bytes():
    text, matrices, state = parts(GOOD["simulation"])
    slack = 2**20
    for shape in ([2**20, 2**20], [1, 2**40], [2**52, 1]):
        blob = seal(text | {"game": {"shape": shape}}, matrices, state)
        assert peak_of_refusing(blob) < slack
    lists = np.frombuffer(state, "<u8").copy()
    lists[-3:] = 2**61
    assert peak_of_refusing(seal(text, matrices, lists.tobytes())) < slack
    claimed = b"stackel\0" + (2**62).to_bytes(8, "little") + GOOD["simulation"][16:]
    assert peak_of_refusing(claimed) < slack
    text, matrices, state = parts(GOOD["agent"])
    blob = seal(text | {"game": {"shape": [2**31, 2**31]}}, matrices, state)
    assert peak_of_refusing(blob, restore=sk.Agent.restore) < slack


SPARING = """
import resource, sys
import stackel as sk
blob = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))  # Python without a lock reserves 2**30 at a time
try:
    sk.Simulation.restore(blob)
except sk.SpecError as error:
    print(error)
"""


def test_instances_share_what_is_long():
    """20 000 of them, each with 400 000 phases: if each had its own, they would need 60 GiB."""
    shape, phases = [20_000, 1], {"learner": "ActiveArmElimination", "phases": [1] * 400_000}
    text, *_ = parts(GOOD["simulation"])
    text |= {"game": {"shape": shape}, "leader": {"learner": "UCB"}, "follower": phases}
    blob = seal(text, np.zeros(2 * shape[0]).tobytes(), b"")
    result = subprocess.run([sys.executable, "-c", SPARING], input=blob, capture_output=True, check=True)
    assert b"too few bytes" in result.stdout


def test_descriptions_that_are_too_long():
    labels = ["x" * 2**20] * 5
    game = sk.Game(np.zeros((5, 1)), np.zeros((5, 1)), leader_labels=labels)
    sim = sk.Simulation(game, sk.UCB(), sk.UCB(), 10)
    with pytest.raises(sk.SpecError, match="game: must be described by at most 4194304 bytes"):
        sim.snapshot()
