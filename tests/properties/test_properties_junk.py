"""Whatever is given for an argument, it is taken or one SpecError names it: at once, and at no cost.

No warning, no panic, no other exception, no long message, no memory to speak of.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest
from calls import CALLS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junk import JUNK
from things import FOLDER, warned

import stackel as sk

SECONDS = 30
"""For any one call; nearly all return within milliseconds, games of millions of actions within seconds."""
SPARE = 2**31
"""Bytes of address space that the calls of this file may take besides what there is."""
LONGEST_MESSAGE = 1000

NAMED_OTHERWISE = {
    "ChangingGame.from_dict": {"game", "games"},
    "Game.from_dict": {"game", "leader"},
    "Noise.from_dict": {"noise"},
    "Learner.from_dict": {"learner"},
    "RecordedLearner": {"learner"},
    "RecordedLearner.from_dict": {"learner"},
    "games.affine": {"follower"},
    "games.lower_bound": {"leader"},
    "games.named": {"leader"},
    "games.unachievable": {"follower"},
    "exploit": {"leader", "follower"},
    "meta_game": {"learner", "leader", "follower"},
    "portfolio": {"learner", "benchmark"},
    "interop.SMPyBanditsPolicy": {"game_or_shape", "learner"},
    "interop.to_gymnasium": {"learner"},
    "worst_case": {"delta"},
}
"""Names of what an argument is made into, or is part of."""
PLACES = (IndexError, TypeError)
RAISED_BESIDES = {
    "Batch.game": PLACES,  # numbers of things in a row, as of any sequence
    "Sweep.rounds": PLACES,
    "Sweep.utility": PLACES,
    "MetaGame.save": (OSError,),
    "Result.save": (OSError,),  # the disk refuses: file name too long
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(monkeypatch):
    monkeypatch.chdir(FOLDER)  # some junk is a file name


@pytest.fixture(scope="module", autouse=True)
def _little_memory():
    """Refuse more address space, where the system can."""
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 Windows has none

    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGESIZE")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + SPARE, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class TooLongError(BaseException):
    """Raised in whatever goes on for too long."""


@contextlib.contextmanager
def soon():
    """Interrupt what takes too long, where the system can."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(*_signal):
        raise TooLongError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fault(name, argument, value):
    """What is wrong with how `value` is received; empty if nothing is."""
    make, good = CALLS[name]
    call = make()
    known = {*good, *NAMED_OTHERWISE.get(name, ())}
    if argument in {"leader", "follower", "row", "column"}:
        known.add("learner")
    try:
        with soon(), warned():
            call(**good | {argument: value})
    except sk.SpecError as error:
        if error.argument not in known:
            return f"names {error.argument!r}"
        return "long message" if len(str(error)) > LONGEST_MESSAGE else ""
    except RAISED_BESIDES.get(name, ()):
        return ""
    except BaseException as error:  # noqa: BLE001 a panic of the core, say, is no Exception
        return f"{type(error).__name__}: {str(error)[:200]}"
    return ""


@pytest.mark.parametrize("name", CALLS)
def test_good_calls_are_good(name):
    make, good = CALLS[name]
    with warned():
        make()(**good)


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.good])
def test_junk(name):
    faults = {
        f"{argument} = {kind}": found
        for argument in CALLS[name].good
        for kind, value in JUNK.items()
        if (found := fault(name, argument, value))
    }
    assert not faults


ARGUMENTS = [(name, argument) for name, call in CALLS.items() for argument in call.good]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.sampled_from(list(JUNK)).map(lambda kind: JUNK[kind])
)
THINGS = st.recursive(
    LEAVES,
    lambda things: (
        st.lists(things, max_size=4)
        | st.tuples(things, things)
        | st.dictionaries(st.text(max_size=5) | st.integers(0, 3), things, max_size=3)
    ),
    max_leaves=8,
)


@settings(
    max_examples=500, derandomize=True, deadline=None, database=None, suppress_health_check=[*HealthCheck]
)
@given(st.sampled_from(ARGUMENTS), THINGS)
def test_made_up_junk(place, value):
    assert fault(*place, value) == ""


def test_faults_are_seen():
    call = CALLS["tolerant"]
    CALLS["wrong"] = call._replace(make=lambda: lambda **given: call.make()(**given).gamma + "x")
    try:
        assert fault("wrong", "game", sk.games.etc_failure()).startswith("TypeError: unsupported operand")
    finally:
        del CALLS["wrong"]
