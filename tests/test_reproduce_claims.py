"""The experiments of the reproduction: what is played is what the theory speaks of.

Every finding comes with the Python that measures it again; each of these snippets is run.
"""

import contextlib
import io
import math
import warnings
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from tiny import tiny

import stackel as sk
from stackel.learners._made import MadeLearner
from stackel.reproduce import CLAIMS
from stackel.reproduce.claims import (
    aligned,
    etc_threshold,
    lower_bound,
    sizes,
    weaker_benchmark,
    wrong_horizon,
)
from stackel.reproduce.experiments import (
    AT_GAMMA_T,
    SELF_TOLERANT,
    STACKELBERG,
    Effort,
    Lab,
    Match,
    Pair,
    all_pairs,
    hard_gap,
    learner_at,
    learner_code,
    learning_pairs,
    lower_bound_family,
    tolerance_family,
    with_noise,
    with_sigma,
)
from stackel.reproduce.experiments.families import fixed_family
from stackel.reproduce.experiments.source import evaluate
from stackel.reproduce.findings import ROOT, grows_at_most, worst_trends


def run(code, **names):
    """Run Python that a finding comes with, and return what it has defined."""
    names |= {"sk": sk, "np": np, "math": math}
    exec(compile(code, "<call>", "exec"), names)  # noqa: S102 that it runs is what is tested
    return names


def value(expression, **names):
    return run(f"value = {expression}", **names)["value"]


class TestExperiments:
    def test_portfolio_holds_every_learner_in_every_seat(self):
        played = {
            (role, type(getattr(pair, role)).__name__)
            for pair in all_pairs()
            for role in ("leader", "follower")
        }
        known = {(role, entry["name"]) for entry in sk.learner_schema() for role in entry["roles"]}
        told_more = {"own means", "game", "leader rewards"}  # the statements are about players not told of it
        left_out = {
            (role, entry["name"])
            for entry in sk.learner_schema()
            for role in entry["roles"]
            if issubclass(getattr(sk, entry["name"]), MadeLearner)  # as many as one likes
            or (role == "follower" and entry["sees"] in told_more)
        }
        assert known - played == left_out

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

    def test_gaps_grow_with_the_noise(self):
        (first, second), (loud, _) = lower_bound.game_players(2), lower_bound.game_players(2, sigma=4.0)
        assert loud.instance.game(1000).noise == (sk.Gaussian(4.0), sk.Gaussian(4.0))
        assert loud.instance.game(1000).follower[0, 0] == pytest.approx(
            16 ** (1 / 3) * first.instance.game(1000).follower[0, 0]
        )
        assert second.player == 1

    def test_benchmarks_of_the_lower_bound_games(self):
        first, *others = lower_bound.game_players(4)
        d = evaluate(hard_gap(4).code, T=10_000)
        assert d == pytest.approx((3 / 20_000) ** (1 / 3))
        benchmark = evaluate(AT_GAMMA_T, game=first.instance.game(10_000), T=10_000)
        assert (first.player, benchmark.leader) == (0, pytest.approx(0.5 + d))
        assert len(others) == 3
        for other in others:
            benchmark = evaluate(AT_GAMMA_T, game=other.instance.game(10_000), T=10_000)
            assert (other.player, benchmark.follower) == (1, pytest.approx(3 * d))

    def test_unachievable_instances_lie_within_tolerance(self):
        names = [i for i in tolerance_family() if i.name.startswith("unachievable I,")]
        assert len(names) == 2
        for instance in names:
            game = instance.game(10**6)
            d = game.follower[0, 0]
            benchmark = evaluate(AT_GAMMA_T, game=game, T=10**6)
            assert (benchmark.leader, benchmark.follower) == (pytest.approx(0.5 + d), pytest.approx(d))

    @pytest.mark.parametrize("lipschitz", [1.0, 2.0, 4.0])
    def test_units_leave_the_alignment_as_it_is(self, lipschitz):
        for instance in (*aligned.slow_followers(lipschitz), *aligned.hard_aligned(lipschitz)):
            for horizon in (1_000, 100_000):
                assert sk.alignment(instance.game(horizon)) == pytest.approx(lipschitz)

    def test_a_pair_that_fails_in_aligned_games_does_not_pass(self):
        """UCB v AAE: the shrinking units alone would let it pass. All but certain: its regret is linear."""
        effort = Effort((10_000, 100_000, 1_000_000), 4)
        pair = Pair("UCB v AAE", sk.UCB(), sk.ActiveArmElimination())
        family = aligned.hard_slow_followers(2.0)
        trends = worst_trends(Lab(1).play({0: Match(pair, family, STACKELBERG, effort)})[0])
        assert grows_at_most("UCB v AAE", trends, ROOT)[0].verdict == "NO"

    def test_learners_know_the_scale_of_the_noise_if_they_have_such_a_parameter(self):
        pair = with_sigma(Pair("UCB v ETC", sk.UCB(anytime=True), sk.ExploreThenCommit()), 4.0)
        assert pair.leader == sk.UCB(anytime=True, sigma=4.0)
        assert pair.follower == sk.ExploreThenCommit()

    def test_self_tolerance_forgives_gaps_below_gamma_only(self):
        gamma = sk.tolerance((2, 2), 10_000, exponent=1 / 4)
        for instance in weaker_benchmark.near_gamma():
            game = instance.game(10_000)
            if instance.name.startswith("lower_bound I,"):
                original = sk.stackelberg(game).leader
                forgiven = evaluate(SELF_TOLERANT, game=game, T=10_000).leader < original
                assert forgiven == (game.follower[0, 0] <= gamma)

    def test_lengths_for_another_horizon(self):
        planned = wrong_horizon.planned_for(Fraction(3, 4), sk.ExploreThenCommit(), "follower")
        assert learner_at(planned, 10_000) == sk.ExploreThenCommit().resolve("follower", 1_000, 2, 2)

    def test_noise_of_another_scale_leaves_utilities_as_they_are(self):
        instance = aligned.slow_followers(2.0)[0]
        game, noisy = instance.game(1000), with_noise(instance, 4.0).game(1000)
        assert np.array_equal(game.leader, noisy.leader)
        assert noisy.noise == (sk.Gaussian(4.0), sk.Gaussian(4.0))

    @pytest.mark.parametrize("shape", [(16, 2), (2, 16)])
    def test_sizes_are_as_asked(self, shape):
        assert {instance.game(10**6).shape for instance in sizes.family(*shape)} == {shape}

    @pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.key)
    def test_settings_are_usable(self, claim):
        assert set(claim.modes) == {"quick", "full"}
        for settings in claim.modes.values():
            assert settings.keys() == claim.modes["quick"].keys()
            for effort in settings.values():
                assert list(effort.horizons) == sorted(set(effort.horizons))
                assert min(effort.horizons) >= 2
                assert effort.replications >= 2

    def test_keys_have_names_of_their_own(self):
        assert len({claim.key for claim in CLAIMS}) == len(CLAIMS)


class TestThreshold:
    """Closed forms of etc_threshold, against two independent ways to get them."""

    @pytest.mark.parametrize("size", [2, 3, 5])
    def test_both_actions_look_alike_at_the_threshold(self, size):
        share, utility = etc_threshold.threshold(size), etc_threshold.game(size).leader
        seen = share * utility.mean(axis=1) + (1 - share) * utility[:, 0]
        assert seen[0] == pytest.approx(seen[1])

    @pytest.mark.parametrize(("share", "size"), [(0.55, 2), (2 / 3, 2), (1.0, 2), (0.8, 3)])
    def test_closed_form_is_what_is_played(self, share, size):
        """A z-test of 4000 replications that misses with probability below 1e-5 (4.5 standard errors)."""
        horizon, leader = 10_000, etc_threshold.overlapping(share, size)
        run = sk.simulate(
            etc_threshold.game(size),
            learner_at(leader, horizon),
            sk.ExploreThenCommit(),
            horizon,
            replications=4000,
            seed=1,
            checkpoints=[horizon],
        )
        regret = run.regret(sk.stackelberg(run.game))[0, :, 0] / horizon
        error = regret.std(ddof=1) / 4000**0.5
        assert abs(regret.mean() - etc_threshold.closed_form(share, size, horizon)) < 4.5 * error


class TestLab:
    pair = Pair("ETC v ETC", sk.ExploreThenCommit(), sk.ExploreThenCommit())

    def test_regrets_are_those_of_simulate(self):
        effort = tiny(CLAIMS[1]).modes["quick"]["growth"]
        instance = lower_bound_family()[1]
        experiment = Match(self.pair, [instance], AT_GAMMA_T, effort)
        ((regrets,),) = Lab(7, engine="stepwise").play({0: experiment}).values()
        for column, horizon in enumerate(effort.horizons):
            game = instance.game(horizon)
            seeds = np.random.SeedSequence(7).generate_state(effort.replications, np.uint64)
            for replication, seed in enumerate(seeds.tolist()):
                alone = sk.simulate(
                    game, self.pair.leader, self.pair.follower, horizon, seed=seed, engine="stepwise"
                )
                expected = alone.regret(value(AT_GAMMA_T, game=game, T=horizon))[:, 0, -1]
                assert np.array_equal(regrets.samples[:, replication, column], expected)

    def test_the_public_face_makes_the_same_game(self):
        for instance in (
            *lower_bound_family(),
            *fixed_family(),
            *aligned.hard_aligned(2.0),
            *(with_noise(instance, 0.25) for instance in tolerance_family()),
            *sizes.family(3, 4),
        ):
            for horizon in (10_000, 10**9):
                made = value(instance.code, T=horizon)
                game = instance.game(horizon)
                assert np.array_equal((made.leader, made.follower), (game.leader, game.follower))
                assert made.noise == game.noise

    def test_the_public_face_makes_the_same_benchmark(self):
        game = lower_bound_family()[1].game(1000)
        for code in (STACKELBERG, AT_GAMMA_T, SELF_TOLERANT):
            assert value(code, game=game, T=1000) == evaluate(code, game=game, T=1000)

    def test_the_public_face_makes_the_same_learner(self):
        made = Pair(
            "made of others", sk.Batched(sk.UCB(anytime=True), 3), sk.Blind(sk.Doubling(sk.EXP3(low=-1)))
        )
        for pair in (*all_pairs(), made):
            for learner in (pair.leader, pair.follower):
                assert value(learner_code(learner)) == learner


BY_KEY = {claim.key: claim for claim in CLAIMS}


@cache
def evidence(key):
    return BY_KEY[key].collect(Lab(3), tiny(BY_KEY[key]).modes["quick"])


@pytest.mark.parametrize("claim", BY_KEY)
class TestEvidence:
    def test_findings_are_well_formed(self, claim):
        assert evidence(claim).findings
        for finding in evidence(claim).findings:
            value, low, high = finding.measured
            assert math.isnan(value) or low <= high
            assert finding.setting
            assert finding.quantity
            assert finding.call

    def test_figures_are_well_formed(self, claim):
        assert evidence(claim).panels
        for panel in evidence(claim).panels:
            assert panel.series
            assert all(len(series.x) == len(series.y) for series in panel.series)

    def test_calls_measure_the_same_again(self, claim):
        for finding in evidence(claim).findings:
            printed = io.StringIO()
            with warnings.catch_warnings(), contextlib.redirect_stdout(printed):
                # So short games have regrets of either sign: scaling warns, and logarithms are nan.
                warnings.simplefilter("ignore")
                run(finding.call)
            again = float(printed.getvalue())
            assert again == pytest.approx(finding.measured.value, rel=1e-9, nan_ok=True), finding.setting
