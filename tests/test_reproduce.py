"""A run of the reproduction: files equal findings, nothing is half written, nothing is played twice."""

import csv

import numpy as np
import pytest
from tiny import tiny

import stackel as sk
from stackel._utils.build import provenance_of
from stackel.reproduce import CLAIMS, STORE, run
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Estimate, Evidence, Finding, Panel, Series, at_most
from stackel.reproduce.report import files as report

SOME = ("etc_linear", "throw_out", "weaker_benchmark")


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    out = tmp_path_factory.mktemp("results")
    return run(out, claims=[tiny(claim) for claim in CLAIMS if claim.key in SOME]), out


class TestRun:
    def test_files_are_those_that_were_promised(self, everything):
        found, out = everything
        assert set(found) == set(SOME)
        assert {path.name for path in out.iterdir()} == {STORE, *report.file_names(found)}

    def test_findings_file_equals_the_findings(self, everything):
        found, out = everything
        findings = [(key, finding) for key, (_, evidence) in found.items() for finding in evidence.findings]
        for row, (key, finding) in zip(rows(out / report.FINDINGS), findings, strict=True):
            assert row["claim"] == key
            assert row["predicted"] == finding.prediction.text
            assert row["holds"] == finding.verdict
            written = [float(row[name]) for name in ("measured", "low", "high")]
            assert np.array_equal(written, finding.measured, equal_nan=True)

    def test_numbers_file_equals_what_is_drawn(self, everything):
        found, out = everything
        drawn = [
            (x, *y)
            for _, evidence in found.values()
            for panel in evidence.panels
            for series in panel.series
            for x, y in zip(series.x, series.y, strict=True)
        ]
        written = [
            tuple(float(row[n]) for n in ("x", "y", "low", "high")) for row in rows(out / report.NUMBERS)
        ]
        assert np.array_equal(written, drawn, equal_nan=True)

    def test_the_seed_decides_and_threads_do_not(self, tmp_path):
        claim = tiny(CLAIMS[2])
        first, again, other = (
            run(tmp_path, claims=[claim], seed=seed, threads=threads)[claim.key][1].findings
            for seed, threads in ((5, 1), (5, 2), (6, 1))
        )
        assert repr(first) == repr(again)
        assert repr(first) != repr(other)

    def test_progress_is_told(self, tmp_path):
        heard = []
        run(
            tmp_path,
            claims=[tiny(CLAIMS[1])],
            on_claim=lambda claim, evidence: heard.append((claim.key, evidence)),
        )
        assert [key for key, _ in heard] == ["etc_linear", "etc_linear"]
        assert heard[0][1] is None
        assert heard[1][1].findings

    @pytest.mark.parametrize(
        ("argument", "given"), [("mode", "slow"), ("seed", -1), ("out", 3), ("out", __file__ + "/below")]
    )
    def test_bad_input_is_named(self, tmp_path, argument, given):
        with pytest.raises(sk.SpecError) as caught:
            run(**{"out": tmp_path, "claims": [tiny(CLAIMS[1])], argument: given})
        assert caught.value.argument == argument


class TestInterruption:
    source = provenance_of({"mode": "quick"}, 2024, "auto")
    series = Series("s", (1.0, 10.0), (Estimate(1, 1, 1), Estimate(2, 2, 2)))
    evidence = Evidence(
        (Finding("s", "q", at_most(1, "1"), Estimate(0, 0, 0)),),
        (Panel("t", "x", "y", (series,)),),
    )

    def claim(self, key, evidence):
        return Claim(key, key, key, key, {"quick": {}}, lambda _: {}, evidence)

    def interrupted(self, *_):
        raise KeyboardInterrupt

    def test_earlier_claims_are_kept_whole(self, tmp_path):
        claims = [self.claim("good", lambda *_: self.evidence), self.claim("stopped", self.interrupted)]
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, claims=claims)
        good = {"good": (claims[0], self.evidence)}
        assert {path.name for path in tmp_path.iterdir()} == set(report.file_names(good))
        assert [row["claim"] for row in rows(tmp_path / report.FINDINGS)] == ["good"]

    def test_a_figure_stopped_half_way_leaves_the_old_one(self, tmp_path, monkeypatch):
        class HalfDrawn:
            def savefig(self, file, **_):
                file.write(b"half a picture")
                raise KeyboardInterrupt

        (tmp_path / "figure.png").write_bytes(b"the old one")
        monkeypatch.setattr(report, "draw", lambda _: HalfDrawn())
        with pytest.raises(KeyboardInterrupt):
            report.save_figure("figure", self.evidence, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["figure.png"]
        assert (tmp_path / "figure.png").read_bytes() == b"the old one"

    def test_a_table_stopped_half_way_leaves_the_old_one(self, tmp_path, monkeypatch):
        claim = self.claim("good", lambda *_: self.evidence)
        report.save({"good": (claim, self.evidence)}, tmp_path, self.source)
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        monkeypatch.setattr(report, "finding_rows", self.interrupted)
        with pytest.raises(KeyboardInterrupt):
            report.save({}, tmp_path, self.source)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
