"""Samples that are kept: found by who wants just these, and by nobody else; damage is named and mended."""

from dataclasses import replace

import numpy as np
import pytest

import stackel as sk
from stackel.reproduce import SAMPLES, run
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Effort, Evidence, at_most
from stackel.reproduce.experiments.instances import STACKELBERG, etc_failure, noisier
from stackel.reproduce.experiments.lab import Lab
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.experiments.samples import Samples
from stackel.reproduce.findings.growth import per_round

PAIR = Pair("UCB v UCB", sk.UCB(), sk.UCB())
EFFORT = Effort((64, 128), 3)


def lab(directory, **changes):
    return Lab(**{"seed": 1, "engine": "stepwise"} | changes, samples=Samples(directory))


def play(lab, pair=PAIR, instance=None, effort=EFFORT):
    return lab.curve(pair, instance or etc_failure(), effort, STACKELBERG)


def kept(directory):
    return sorted(path for path in directory.iterdir() if path.suffix == ".npz")


class TestReuse:
    def test_the_same_again_is_not_played(self, tmp_path, monkeypatch):
        first = play(lab(tmp_path))
        monkeypatch.setattr("stackel.reproduce.experiments.lab.simulate", None)
        again = lab(tmp_path, threads=1)
        assert np.array_equal(play(again).utility, first.utility)
        assert (again.samples.reused, again.samples.played) == (1, 0)

    def test_names_and_benchmarks_do_not_matter(self, tmp_path):
        play(lab(tmp_path))
        again = lab(tmp_path)
        play(again, replace(PAIR, name="another name"), replace(etc_failure(), name="another name"))
        assert again.samples.reused == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"pair": replace(PAIR, leader=sk.UCB(confidence=2.0))},
            {"pair": replace(PAIR, follower=sk.UCB(anytime=True))},
            {"instance": noisier(etc_failure(), 2.0)},
            {"effort": Effort((64, 129), 3)},
            {"effort": Effort((64, 128), 4)},
        ],
    )
    def test_anything_else_is_played(self, tmp_path, other):
        play(lab(tmp_path))
        again = lab(tmp_path)
        play(again, **other)
        assert (again.samples.reused, again.samples.played) == (0, 1)

    @pytest.mark.parametrize("other", [{"seed": 2}, {"engine": "reference"}])
    def test_seed_and_engine_matter(self, tmp_path, other):
        play(lab(tmp_path))
        again = lab(tmp_path, **other)
        play(again)
        assert again.samples.reused == 0

    @pytest.mark.parametrize("key", ["version", "stream_version"])
    def test_versions_matter(self, tmp_path, monkeypatch, key):
        play(lab(tmp_path))
        other = sk.build_info() | {key: 99}
        monkeypatch.setattr("stackel.reproduce.experiments.lab.build_info", lambda: other)
        again = lab(tmp_path)
        play(again)
        assert again.samples.reused == 0


class TestDamage:
    @pytest.mark.parametrize(
        "damage",
        [
            lambda _: b"",
            lambda data: data[: len(data) // 2],
            lambda _: b"not an archive",
            lambda data: data[:400] + bytes([data[400] ^ 255]) + data[401:],
        ],
        ids=["empty", "truncated", "foreign", "one byte"],
    )
    def test_is_named_and_played_again(self, tmp_path, damage):
        first = play(lab(tmp_path))
        (path,) = kept(tmp_path)
        path.write_bytes(damage(path.read_bytes()))
        again = lab(tmp_path)
        assert np.array_equal(play(again).utility, first.utility)
        (fault,) = again.samples.faults
        assert str(path) in fault
        assert again.samples.reused == 0
        mended = lab(tmp_path)
        play(mended)
        assert (mended.samples.reused, mended.samples.faults) == (1, [])

    def test_a_file_under_another_name_is_not_believed(self, tmp_path):
        play(lab(tmp_path))
        (path,) = kept(tmp_path)
        wanted = lab(tmp_path / "other")
        play(wanted, effort=Effort((64, 129), 3))
        (name,) = kept(tmp_path / "other")
        name.write_bytes(path.read_bytes())
        again = lab(tmp_path / "other")
        play(again, effort=Effort((64, 129), 3))
        assert "something else" in again.samples.faults[0]


class TestInterruption:
    pairs = tuple(Pair(str(c), sk.UCB(confidence=c), sk.UCB()) for c in (1.0, 2.0, 3.0))
    claim = Claim("k", "t", "s", "g", {"quick": {}}, lambda lab, _: TestInterruption.collect(lab))

    @classmethod
    def collect(cls, lab):
        curves = [play(lab, pair) for pair in cls.pairs]
        return Evidence(tuple(per_round("", curve, 0, at_most(1, "1")) for curve in curves))

    def test_a_stopped_run_goes_on(self, tmp_path, monkeypatch):
        whole = run(tmp_path / "whole", claims=[self.claim], engine="stepwise")
        steps = iter(range(100))

        def stops(*arguments, **options):
            if next(steps) == 3:
                raise KeyboardInterrupt
            return sk.simulate(*arguments, **options)

        monkeypatch.setattr("stackel.reproduce.experiments.lab.simulate", stops)
        out, notes = tmp_path / "stopped", []
        with pytest.raises(KeyboardInterrupt):
            run(out, claims=[self.claim], engine="stepwise")
        assert list((out / SAMPLES).iterdir()) == kept(out / SAMPLES)
        found = run(out, claims=[self.claim], engine="stepwise", on_note=notes.append)
        assert repr(found["k"][1]) == repr(whole["k"][1])
        assert notes == [f"Reused 1 of 3 sets of samples from {out / SAMPLES}."]
        assert next(steps) == 4 + 4  # two horizons each of the two pairs that were missing
