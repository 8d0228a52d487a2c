"""The reproduction: verdicts follow from intervals, files equal findings, nothing is half written.

The one statistical test states its false-alarm rate; all others are exact.
"""

import csv
import math
from dataclasses import replace

import numpy as np
import pytest

import stackel as sk
from stackel.reproduce import CLAIMS, report, run
from stackel.reproduce.claim import (
    Claim,
    Estimate,
    Evidence,
    Figure,
    Finding,
    Panel,
    Series,
    about,
    at_least,
    at_most,
)
from stackel.reproduce.claims import aligned, lower_bound, unachievable, weaker_benchmark
from stackel.reproduce.families import at_tolerance, hard_gap, lower_bound_family, tolerance_family
from stackel.reproduce.growth import grows_at_most, is_linear, worst_trends
from stackel.reproduce.least import Cell, Contest, scaled
from stackel.reproduce.measure import Curve, Instance, Lab
from stackel.reproduce.portfolio import Pair, all_pairs, learning_pairs
from stackel.reproduce.provenance import provenance
from stackel.reproduce.rates import Trend, worst_for

TINY = {64: 3, 128: 3, 256: 3}
LINEAR = Pair("always 2 v best", sk.FixedAction(1), sk.BestResponse())
ETC_FAILURE = Instance("etc_failure", lambda _: sk.games.etc_failure())


def tiny(claim: Claim) -> Claim:
    return replace(claim, modes={"quick": dict.fromkeys(claim.modes["quick"], TINY)})


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    out = tmp_path_factory.mktemp("results")
    return run(out, claims=[tiny(claim) for claim in CLAIMS]), out


class TestPredictions:
    def test_the_whole_interval_decides(self):
        measured = Estimate(0.6, 0.55, 0.65)
        assert at_most(0.65, "0.65").verdict(measured) == "yes"
        assert at_most(0.64, "0.64").verdict(measured) == "open"
        assert at_most(0.64, "0.64", slack=0.01).verdict(measured) == "yes"
        assert at_most(0.54, "0.54").verdict(measured) == "NO"
        assert at_least(0.55, "0.55").verdict(measured) == "yes"
        assert at_least(0.56, "0.56").verdict(measured) == "open"
        assert at_least(0.66, "0.66").verdict(measured) == "NO"
        assert about(0.6, "0.6", 0.05).verdict(measured) == "yes"
        assert about(0.62, "0.62", 0.05).verdict(measured) == "open"
        assert about(0.8, "0.8", 0.1).verdict(measured) == "NO"

    def test_an_undefined_measurement_decides_nothing(self):
        nothing = Estimate(math.nan, math.nan, math.nan)
        for prediction in (at_most(1, "1"), at_least(1, "1"), about(1, "1", 1)):
            assert Finding("", "", prediction, nothing).verdict == "open"

    def test_slack_is_part_of_the_text(self):
        assert at_most(2 / 3, "2/3", 0.03).text == "≤ 2/3 (+0.03)"
        assert at_least(1, "1").text == "≥ 1"


class TestTrends:
    def test_a_power_law_has_its_exponent(self):
        curve = Lab().curve(LINEAR, ETC_FAILURE, {10: 2, 100: 2, 1000: 2})
        exponent = Trend.of(Lab(), [curve], worst_for(0)).exponent()
        assert exponent == pytest.approx((1, 1, 1))

    def test_the_logarithm_is_divided_out(self):
        horizons = np.array([10, 100, 1000])
        mean = 3.0 * horizons**0.5 * np.log(horizons) ** 0.25
        trend = Trend(horizons, mean, np.stack([mean, mean]), (0.025, 0.975))
        assert trend.exponent(0.25).value == pytest.approx(0.5)
        assert trend.exponent().value > 0.5

    def test_the_worst_instance_may_differ_between_horizons(self):
        low_then_high = Curve("p", "i", (10, 100), (np.full((2, 4), 1.0), np.full((2, 4), 9.0)))
        high_then_low = Curve("p", "j", (10, 100), (np.full((2, 4), 2.0), np.full((2, 4), 3.0)))
        trend = Trend.of(Lab(), [low_then_high, high_then_low], worst_for(1))
        assert trend.mean.tolist() == [2.0, 9.0]

    def test_regret_at_or_below_zero_has_no_exponent(self):
        curve = Curve("p", "i", (10, 100), (np.full((2, 4), -1.0), np.full((2, 4), 9.0)))
        assert math.isnan(Trend.of(Lab(), [curve], worst_for(0)).exponent().value)

    def test_an_undefined_exponent_is_reported_before_the_other_players(self):
        regret = np.array([[1.0, 1.0], [-1.0, -1.0]])
        curve = Curve("p", "i", (10, 100), (regret, regret))
        finding = grows_at_most("setting", worst_trends(Lab(), [curve]), 1 / 2, 0)
        assert "follower" in finding.quantity
        assert finding.verdict == "open"

    def test_a_false_claim_does_not_hold(self):
        trends = worst_trends(Lab(), [Lab().curve(LINEAR, ETC_FAILURE, {10: 2, 100: 2, 1000: 2})])
        assert grows_at_most("linear regret", trends, 2 / 3, 0).verdict == "NO"
        assert grows_at_most("linear regret", trends, 1, 0).verdict == "yes"
        assert is_linear("linear regret", trends[0], 0).verdict == "yes"


class TestContests:
    pairs = tuple(Pair(f"always {a + 1}", sk.FixedAction(a), sk.FixedAction(0)) for a in (0, 1))

    def test_least_of_fixed_actions_by_hand(self):
        # Always (a1, b1): no regret in I; in II the follower gets d instead of 0.6.
        # Always (a2, b1): the leader loses 0.1 in I; in II both get their Stackelberg values.
        contest = Contest.play(Lab(), self.pairs, unachievable.cells(), {100: 2})
        (least,) = contest.least()
        assert least.pair == "always 2"
        assert least.value == pytest.approx((10, 10, 10))
        assert contest.worst_cells[0][0].value == pytest.approx(100 * (0.6 - 0.025))

    def test_reduction_agrees_with_least(self):
        effort = {100: 4, 200: 4}
        pairs = learning_pairs()[:6]
        contest = Contest.play(Lab(), pairs, lower_bound.cells(3), effort)
        reduced = contest.reduction(np.stack([curve.mean for curve in contest.flat()]))
        assert reduced == pytest.approx([least.value.value for least in contest.least()])

    def test_least_is_covered(self):
        """Two-sided 95% interval of the least over pairs of the worst over cells.

        At most 5% of 600 intervals miss; more than 55 do so with probability below 1e-5.
        """
        generator = np.random.default_rng(1)
        means = np.array([[1.0, 0.4], [0.9, 0.95], [0.2, 1.1]])
        truth = means.max(axis=1).min()
        cells = (Cell(ETC_FAILURE, 0), Cell(ETC_FAILURE, 1))
        missed = 0
        for _ in range(600):
            curves = tuple(
                tuple(Curve(str(row), "", (10,), (generator.normal(mean, 1.0, (2, 24)),)) for mean in pair)
                for row, pair in enumerate(means)
            )
            (least,) = Contest(cells, curves).least()
            missed += not least.value.low <= truth <= least.value.high
        assert missed <= 55


class TestExperiments:
    def test_portfolio_holds_every_learner_in_every_seat(self):
        played = {
            (role, type(getattr(pair, role)).__name__)
            for pair in all_pairs()
            for role in ("leader", "follower")
        }
        known = {(role, entry["name"]) for entry in sk.learner_schema() for role in entry["roles"]}
        assert known - played == {("follower", "BestResponse")}

    def test_pairs_have_names_of_their_own(self):
        names = [pair.name for pair in all_pairs()]
        assert len(set(names)) == len(names)
        assert set(learning_pairs()) <= set(all_pairs())

    @pytest.mark.parametrize("horizon", [10_000, 1_000_000])
    def test_families_stay_in_the_unit_interval(self, horizon):
        for instance in (*lower_bound_family(), *tolerance_family()):
            game = instance.game(horizon)
            assert min(game.leader.min(), game.follower.min()) >= 0
            assert max(game.leader.max(), game.follower.max()) <= 1

    def test_benchmarks_of_the_lower_bound_cells(self):
        first, *others = lower_bound.cells(4)
        d = hard_gap(10_000, 4)
        assert d == pytest.approx((3 / 20_000) ** (1 / 3))
        benchmark = first.instance.benchmark(first.instance.game(10_000), 10_000)
        assert (first.player, benchmark.leader) == (0, pytest.approx(0.5 + d))
        assert len(others) == 3
        for cell in others:
            benchmark = cell.instance.benchmark(cell.instance.game(10_000), 10_000)
            assert (cell.player, benchmark.follower) == (1, pytest.approx(3 * d))

    def test_unachievable_instances_lie_within_tolerance(self):
        (instance,) = (
            i for i in tolerance_family() if i.name.startswith("unachievable") and i.name.endswith(" I")
        )
        game = instance.game(10**6)
        d = game.follower[0, 0]
        benchmark = at_tolerance(game, 10**6)
        assert (benchmark.leader, benchmark.follower) == (pytest.approx(0.5 + d), pytest.approx(d))

    @pytest.mark.parametrize("lipschitz", [1.0, 2.0, 4.0])
    def test_units_leave_the_alignment_as_it_is(self, lipschitz):
        for instance in (*aligned.slow_followers(lipschitz), *aligned.random_aligned(lipschitz)):
            for horizon in (1_000, 100_000):
                assert sk.alignment(instance.game(horizon)) == pytest.approx(lipschitz)

    def test_self_tolerance_forgives_gaps_below_gamma_only(self):
        for instance in weaker_benchmark.near_gamma():
            game = instance.game(10_000)
            if instance.name.startswith("lower_bound I,"):
                original = sk.stackelberg(game).leader
                forgiven = instance.benchmark(game, 10_000).leader < original
                assert forgiven == (game.follower[0, 0] <= weaker_benchmark.gamma(10_000))

    @pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.key)
    def test_settings_are_usable(self, claim):
        for effort in claim.modes["quick"].values():
            assert list(effort) == sorted(effort)
            assert all(horizon >= 2 and replications >= 2 for horizon, replications in effort.items())


class TestRun:
    @pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.key)
    def test_findings_are_well_formed(self, everything, claim):
        _, evidence = everything[0][claim.key]
        assert evidence.findings
        for finding in evidence.findings:
            value, low, high = finding.measured
            assert math.isnan(value) or low <= high
            assert finding.setting
            assert finding.quantity
        for figure in evidence.figures:
            for panel in figure.panels:
                assert panel.series
                assert all(len(series.x) == len(series.y) for series in panel.series)

    def test_files_are_those_that_were_promised(self, everything):
        found, out = everything
        assert sum(len(evidence.figures) for _, evidence in found.values()) == len(CLAIMS)
        assert {path.name for path in out.iterdir()} == set(report.file_names(found))

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
            for figure in evidence.figures
            for panel in figure.panels
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
        told = []
        run(
            tmp_path,
            claims=[tiny(CLAIMS[1])],
            on_claim=lambda claim, evidence: told.append((claim.key, evidence)),
        )
        assert [key for key, _ in told] == ["etc_linear", "etc_linear"]
        assert told[0][1] is None
        assert told[1][1].findings

    @pytest.mark.parametrize(
        ("argument", "given"), [("mode", "full"), ("seed", -1), ("out", 3), ("out", __file__ + "/below")]
    )
    def test_bad_input_is_named(self, tmp_path, argument, given):
        with pytest.raises(sk.SpecError) as caught:
            run(**{"out": tmp_path, "claims": [tiny(CLAIMS[1])], argument: given})
        assert caught.value.argument == argument


class TestInterruption:
    source = provenance("quick", 2024, "auto")
    series = Series("s", (1.0, 10.0), (Estimate(1, 1, 1), Estimate(2, 2, 2)))
    evidence = Evidence(
        (Finding("s", "q", at_most(1, "1"), Estimate(0, 0, 0)),),
        (Figure("figure", (Panel("t", "x", "y", (series,)),)),),
    )

    def claim(self, key, collect):
        return Claim(key, key, key, {"quick": {}}, collect)

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
            report.save_figures(self.evidence, tmp_path)
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


def test_scaled_changes_the_unit():
    assert scaled(Estimate(2, 1, 3), 4) == Estimate(0.5, 0.25, 0.75)
