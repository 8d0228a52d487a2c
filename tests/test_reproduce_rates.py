"""Verdicts, exponents and portfolios of the reproduction, on numbers that are known.

The one statistical test states its false-alarm rate; all others are exact.
"""

import math

import numpy as np
import pytest

import stackel as sk
from stackel._stats.intervals import largest_mean
from stackel.reproduce.claims import lower_bound, unachievable, worst_gap
from stackel.reproduce.experiments import (
    AT_GAMMA_T,
    STACKELBERG,
    Effort,
    Lab,
    Match,
    Pair,
    Regrets,
    decades,
    effort_of,
    etc_failure,
    learning_pairs,
)
from stackel.reproduce.findings import (
    ROOT,
    Estimate,
    Finding,
    GamePlayer,
    PairRegrets,
    Rate,
    Trend,
    about,
    at_least,
    at_most,
    contest,
    grows_at_most,
    grows_faster,
    in_short,
    is_linear,
    scaled,
    windows,
    worst,
    worst_trends,
)

LINEAR = Pair("always 2 v best", sk.FixedAction(1), sk.BestResponse())


def regrets(*regret, name="p", horizons=(10, 100), seed=0):
    """Regrets as given, one array of shape (2, R) for each horizon."""
    samples = np.stack(regret, axis=2)
    effort = Effort(horizons[: len(regret)], samples.shape[1])
    return Regrets(Pair(name, sk.UCB(), sk.UCB()), etc_failure(), STACKELBERG, effort, samples, seed)


def linear(*horizons):
    experiment = Match(LINEAR, [etc_failure()], STACKELBERG, Effort(horizons, 2))
    ((found,),) = Lab().play({0: experiment}).values()
    return found


def linear_trend():
    return Trend.of([linear(*decades(4, 8))], worst(0))


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
        exponent = Trend.of([linear(10, 100, 1000)], worst(0)).exponent()
        assert exponent == pytest.approx((1, 1, 1))

    def test_the_logarithm_is_divided_out(self):
        horizons = np.array([10, 100, 1000])
        mean = 3.0 * horizons**0.5 * np.log(horizons) ** 0.25
        trend = Trend(horizons, mean, np.stack([mean, mean]), (0.025, 0.975))
        assert trend.exponent(0.25).value == pytest.approx(0.5)
        assert trend.exponent().value > 0.5

    def test_the_worst_instance_may_differ_between_horizons(self):
        low_then_high = regrets(np.full((2, 4), 1.0), np.full((2, 4), 9.0))
        high_then_low = regrets(np.full((2, 4), 2.0), np.full((2, 4), 3.0))
        trend = Trend.of([low_then_high, high_then_low], worst(1))
        assert trend.mean.tolist() == [2.0, 9.0]

    def test_regret_at_or_below_zero_has_no_exponent(self):
        below = regrets(np.full((2, 4), -1.0), np.full((2, 4), 9.0))
        assert math.isnan(Trend.of([below], worst(0)).exponent().value)

    def test_an_undefined_exponent_is_reported_before_the_other_players(self):
        regret = np.array([[1.0, 1.0], [-1.0, -1.0]])
        (finding,) = grows_at_most("setting", worst_trends([regrets(regret, regret)]), Rate(1 / 2, 0))
        assert "follower" in finding.quantity
        assert finding.verdict == "open"

    def test_a_false_claim_does_not_hold(self):
        trends = worst_trends([linear(10, 100, 1000)])
        assert grows_at_most("linear regret", trends, Rate(2 / 3, 0))[0].verdict == "NO"
        assert grows_at_most("linear regret", trends, Rate(1, 0))[0].verdict == "yes"
        assert is_linear("linear regret", trends[0], 0).verdict == "yes"

    def test_the_logarithm_of_a_claim_does_not_count_against_it(self):
        horizons = np.array([10.0**power for power in range(4, 9)])
        mean = np.sqrt(horizons * np.log(horizons))
        trend = Trend(horizons, mean, np.stack([mean, mean]), (0.025, 0.975), (linear(10, 100),))
        assert trend.exponent().value > 0.53
        assert grows_faster("just as claimed", trend, 0, ROOT).verdict == "NO"
        assert grows_faster("linear", linear_trend(), 0, ROOT).verdict == "yes"

    def test_windows_are_all_horizons_and_the_last_four_decades(self):
        assert list(windows(Trend.of([linear(*decades(1, 5))], worst(0)))) == [10]
        trends = worst_trends([linear(*decades(1, 7))])
        assert list(windows(trends[0])) == [10, 1000]
        whole, top = grows_at_most("linear", trends, Rate(1, 0))
        assert whole.setting == "linear, T = 10 to 1e7"
        assert top.setting == "linear, T = 1,000 to 1e7"


class TestContests:
    pairs = tuple(Pair(f"always {a + 1}", sk.FixedAction(a), sk.FixedAction(0)) for a in (0, 1))

    @staticmethod
    def play(pairs, game_players, effort, benchmark=STACKELBERG):
        found = Lab().play(contest(pairs, game_players, effort, benchmark))
        return PairRegrets(game_players, tuple(found.values()))

    def test_best_of_fixed_actions_by_hand(self):
        # Always (a1, b1): no regret in I; in II the follower gets d instead of 0.6.
        # Always (a2, b1): the leader loses 0.1 in I; in II both get their Stackelberg values.
        found = self.play(self.pairs, unachievable.game_players(), lambda _: Effort((100,), 2))
        (best,) = found.best()
        assert best.pair == "always 2"
        assert best.value == pytest.approx((10, 10, 10))
        assert found.worst[0][100].value == pytest.approx(100 * (0.6 - 0.025))

    def test_trend_agrees_with_best(self):
        effort = Effort((100, 200), 4)
        found = self.play(learning_pairs()[:6], lower_bound.game_players(3), lambda _: effort, AT_GAMMA_T)
        best, trend = found.best(), found.trend()
        assert trend.mean == pytest.approx([each.value.value for each in best])
        assert {each.pair for each in best} == {part.pair.name for part in trend.parts}

    def test_pairs_may_stop_earlier_than_others(self):
        pairs = (*self.pairs, Pair("weights", sk.EXP3(), sk.FixedAction(0)))
        settings = {"others": Effort((100, 200), 2), "stepped": Effort((100,), 3)}
        found = self.play(pairs, unachievable.game_players(), lambda pair: effort_of(pair, settings))
        assert [(best.horizon, best.pairs) for best in found.best()] == [(100, 3), (200, 2)]
        assert len(found.longest().rows) == 2

    def test_pairs_that_commit_are_lotteries(self):
        lotteries = {pair.name for pair in learning_pairs() if pair.is_lottery}
        assert {"ETC v UCB", "UCB v ThrowOut", "ETC v ETC"} <= lotteries
        assert not any("UCB v AAE" in name for name in lotteries)

    def test_pairs_that_may_be_as_good_are_counted(self):
        regret = [1.0 + np.arange(8.0) / 8 * np.ones((2, 1)), 1.1 + np.arange(8.0) / 8 * np.ones((2, 1))]
        far = [np.full((2, 8), 99.0) + np.arange(8.0)]
        rows = tuple((regrets(values, name=str(row)),) for row, values in enumerate([*regret, *far]))
        (best,) = PairRegrets((GamePlayer(etc_failure(), 0),), rows).best()
        assert (best.pair, best.close) == ("0", 1)
        assert best.note == "best pair: 0; 1 others within its interval"

    def test_best_is_covered(self):
        """Two-sided 95% interval of the smallest over pairs of the largest over games.

        At most 5% of 600 intervals miss; more than 55 do so with probability below 1e-5.
        """
        generator = np.random.default_rng(1)
        means = np.array([[1.0, 0.4], [0.9, 0.95], [0.2, 1.1]])
        truth = means.max(axis=1).min()
        for weights in ((0.0, 0.0), (0.75, 0.25)):
            players = tuple(GamePlayer(etc_failure(), rank, weight) for rank, weight in enumerate(weights))
            missed = 0
            for _ in range(600):
                rows = tuple(
                    tuple(regrets(generator.normal(mean, 1.0, (2, 24)), name=str(row)) for mean in pair)
                    for row, pair in enumerate(means)
                )
                (best,) = PairRegrets(players, rows).best()
                missed += not best.value.low <= truth <= best.value.high
            assert missed <= 55, weights


class TestSizes:
    def test_joins_the_last_numbers(self):
        both = ((np.full((2, 4), v), np.full((2, 4), 8 * v)) for v in (1.0, 2.0))
        ones, twos = (Trend.of([regrets(*regret)], worst(0)) for regret in both)
        trend = Trend.over([3, 6], [ones, twos])
        assert trend.mean.tolist() == [8.0, 16.0]
        assert trend.exponent() == pytest.approx((1, 1, 1))

    def test_what_met_the_same_noise_is_resampled_together(self):
        """The same noise for both pairs: a difference that is the same in all replications is certain."""
        noise = np.random.default_rng(1).normal(size=(2, 16))
        first, second = (Trend.of([regrets(100 + shift + noise)], worst(0)) for shift in (0.0, 1.0))
        assert np.ptp(second.resampled - first.resampled) == pytest.approx(0, abs=1e-9)
        other = Trend.of([regrets(101 + noise, seed=1)], worst(0))
        assert np.ptp(other.resampled - first.resampled) > 0.1


def test_largest_mean_by_hand():
    """Student's quantile of one degree of freedom is ``tan(pi (p - 1/2))``."""
    samples = np.array([[1.0, 3.0], [0.0, 6.0]])
    found = largest_mean(samples, 0.9, among=2)
    quantile = {level: math.tan(math.pi * level / 2) for level in (0.9, 0.95)}
    assert found.mean == 3.0
    assert found.low == pytest.approx(max(2 - quantile[0.95], 3 - 3 * quantile[0.95]))
    assert found.high == pytest.approx(max(2 + quantile[0.95], 3 + 3 * quantile[0.95]))
    assert largest_mean(samples, 0.9).high == pytest.approx(3 + 3 * quantile[0.9])


def test_a_mixture_in_which_chance_cancels_has_a_sharp_limit():
    luck = np.random.default_rng(1).random(8)
    samples = np.array([1 + luck, 2 - 2 * luck])
    assert largest_mean(samples, 0.95).low < 1.3
    assert largest_mean(samples, 0.95, weights=(2 / 3, 1 / 3)).low == pytest.approx(4 / 3)


class TestWorstGap:
    gaps = np.array([1.0, 2.0, 4.0, 8.0, 16.0])

    def test_the_top_of_a_parabola_is_found_between_the_gaps(self):
        values = np.exp(-((np.log(self.gaps) - math.log(5.0)) ** 2))
        assert worst_gap.peak(self.gaps, values[:, np.newaxis]) == pytest.approx([5.0])

    def test_every_horizon_and_resample_has_its_own(self):
        values = np.stack([np.exp(-(np.log(self.gaps / top) ** 2)) for top in (3.0, 6.0)], axis=1)
        batch = np.stack([values, values[:, ::-1]])
        assert worst_gap.peak(self.gaps, batch) == pytest.approx(np.array([[3.0, 6.0], [6.0, 3.0]]))

    def test_it_does_not_leave_the_grid(self):
        for values in (self.gaps, 1 / self.gaps):
            assert 1 <= worst_gap.peak(self.gaps, values[:, np.newaxis])[0] <= 16


def test_scaled_changes_the_unit():
    assert scaled(Estimate(2, 1, 3), 4) == Estimate(0.5, 0.25, 0.75)


def test_numbers_in_short():
    assert [in_short(number) for number in (300, 1_000, 30_000, 31_000, 10.0**8)] == [
        "300",
        "1,000",
        "3e4",
        "31,000",
        "1e8",
    ]


def test_decades():
    assert decades(4, 6) == (10_000, 100_000, 1_000_000)
