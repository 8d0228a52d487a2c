"""The page of `stackel.explore` in a real browser: every control does what it says.

Every window checks by itself that no script fails and that nothing is asked of any other place.
"""

from __future__ import annotations

import numpy as np
import pytest
from explored import GAME, final, simulated, until

import stackel as sk

GRID = "#controls .matrices input"


class TestControls:
    """Each control changes the state as it says, and the numbers are those of the state."""

    def changed(self, windows, page, act, is_so):
        window = windows(page)
        with window.answered():
            act(window)
        window.kept(is_so)
        assert window.tab.locator("[aria-invalid=true]").count() == 0
        return window

    @pytest.mark.parametrize("role", ["leader", "follower"])
    def test_cells(self, windows, page, role):
        window = self.changed(
            windows,
            page,
            lambda w: w.at(f"setups.0.game.{role}.1.0").fill("0.75"),
            lambda s: s["setups"][0]["game"][role][1][0] == 0.75,
        )
        assert window.state["setups"][0]["game"]["name"] is None
        assert window.tab.inner_text("#game-name") == "Game"
        assert final(window) == simulated(window.state)

    def test_marks_follow_the_cells(self, windows, page):
        window = windows(page)
        cell = window.tab.locator('td[data-cell="0-0"]')
        assert "★" in cell.inner_text()
        with window.answered():
            window.at("setups.0.game.leader.0.0").fill("0.25")
        assert "★" not in cell.inner_text()
        assert "★" in window.tab.inner_text('td[data-cell="1-0"]')
        about = window.at("setups.0.game.leader.1.0").get_attribute("aria-describedby")
        assert "Stackelberg outcome" in window.tab.text_content(f"#{about}")

    def test_dragging(self, windows, page):
        window = windows(page)
        window.at("setups.0.game.follower.0.1").focus()
        assert window.tab.inner_text("#dragged") == "drag: utility of the follower at a1, b2"
        with window.answered():
            window.tab.locator("#drag").fill("0.5")
        window.kept(lambda s: s["setups"][0]["game"]["follower"][0][1] == 0.5)
        assert window.at("setups.0.game.follower.0.1").input_value() == "0.5"
        assert final(window) == simulated(window.state)

    @pytest.mark.parametrize(("control", "shape"), [("#rows", (3, 2)), ("#columns", (2, 3))])
    def test_sizes(self, windows, page, control, shape):
        window = self.changed(
            windows,
            page,
            lambda w: w.tab.select_option(control, "3"),
            lambda s: np.shape(s["setups"][0]["game"]["leader"]) == shape,
        )
        assert window.tab.locator(GRID).count() == 12
        assert final(window) == simulated(window.state)

    def test_games_of_the_theory(self, windows, page):
        def load(window):
            window.tab.select_option("#games", "family:unachievable")
            window.tab.get_by_label("delta").fill("0.02")
            window.tab.get_by_label("game of the pair").select_option("1")
            window.tab.get_by_role("button", name="Load").click()

        window = self.changed(
            windows, page, load, lambda s: s["setups"][0]["game"]["name"] == "unachievable II"
        )
        game = sk.Game.from_dict(window.state["setups"][0]["game"])
        assert game == sk.games.unachievable(0.02)[1]
        assert window.tab.inner_text("#game-name") == "Game: unachievable II"

    def test_every_game_can_be_loaded(self, windows, page):
        window = windows(page)
        for value in window.tab.locator("#games option").evaluate_all("all => all.map(o => o.value)"):
            if value:
                window.tab.select_option("#games", value)
                with window.answered():
                    window.tab.get_by_role("button", name="Load").click()
                assert window.trouble == ""

    def test_games_that_cannot_be_are_refused(self, windows, page):
        window = windows(page)
        window.tab.select_option("#games", "family:unachievable")
        window.tab.get_by_label("delta").fill("-1")
        window.tab.get_by_role("button", name="Load").click()
        until(lambda: "delta: must be" in window.trouble)

    @pytest.mark.parametrize("player", [0, 1])
    def test_noise(self, windows, page, player):
        def choose(window):
            window.at(f"setups.0.game.noise.{player}").select_option("Uniform")
            window.at(f"setups.0.game.noise.{player}.half_width").fill("0.5")

        wanted = {"law": "Uniform", "half_width": 0.5}
        window = self.changed(
            windows, page, choose, lambda s: s["setups"][0]["game"]["noise"][player] == wanted
        )
        until(lambda: final(window) == simulated(window.state))

    @pytest.mark.parametrize("role", ["leader", "follower"])
    def test_every_learner(self, windows, page, role):
        window = windows(page)
        with window.answered():
            window.at("horizon").fill("300")
        menu = window.at(f"setups.0.{role}")
        names = menu.locator("option").evaluate_all("all => all.map(o => o.value)")
        known = {entry["name"] for entry in sk.learner_schema() if role in entry["roles"]}
        assert known - set(names) <= {"LinUCB"}  # its features are a matrix
        for name in names:
            with window.answered():
                menu.select_option(name)
            window.kept(lambda s, name=name: s["setups"][0][role]["learner"] == name)
            until(lambda: final(window) == simulated(window.state), lambda: f"{window.state}")
            for entry in sk.learner_schema():
                for parameter in entry["parameters"] if entry["name"] == name else ():
                    assert window.at(f"setups.0.{role}.{parameter['name']}").count() >= 1

    @pytest.mark.parametrize(
        "case",
        [
            ("UCB", "sigma", "0.5", 0.5),
            ("UCB", "anytime", True, True),
            ("UCB", "ties", "random", "random"),
            ("ExploreThenCommit", "exploration", "17", 17),
            ("ActiveArmElimination", "phases", "1, 2, 4", [1, 2, 4]),
        ],
        ids=str,
    )
    def test_parameters(self, windows, page, case):
        name, parameter, given, value = case
        window = windows(page)
        with window.answered():
            window.at("horizon").fill("1000")
        if name != "UCB":
            with window.answered():
                window.at("setups.0.leader").select_option(name)
        control = window.at(f"setups.0.leader.{parameter}")
        with window.answered():
            if given is True:
                control.check()
            elif parameter == "ties":
                control.select_option(given)
            else:
                control.fill(given)
        window.kept(lambda s: s["setups"][0]["leader"].get(parameter) == value)
        until(lambda: final(window) == simulated(window.state))

    def test_learners_made_of_learners(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("horizon").fill("1000")
        for path, name in (("setups.0.follower", "Blind"), ("setups.0.follower.of", "UCB")):
            with window.answered():
                window.at(path).select_option(name)
        with window.answered():
            window.at("setups.0.follower.of.sigma").fill("0.5")
        wanted = {"learner": "Blind", "of": {"learner": "UCB", "sigma": 0.5}}
        window.kept(lambda s: s["setups"][0]["follower"] == wanted)
        assert final(window) == simulated(window.state)
        assert "sk.Blind(of=sk.UCB(sigma=0.5))" in window.program()

    def test_defaults_of_the_seat_are_shown(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("setups.0.follower").select_option("ExploreThenCommit")
        resolved = sk.ExploreThenCommit().resolve("follower", 10**6, 2, 2)
        shown = window.at("setups.0.follower.exploration").get_attribute("placeholder")
        assert shown == str(resolved.exploration)

    def test_horizon(self, windows, page):
        window = self.changed(
            windows, page, lambda w: w.at("horizon").fill("12345"), lambda s: s["horizon"] == 12345
        )
        assert float(window.tab.locator("#horizon").input_value()) == pytest.approx(np.log10(12345), abs=0.05)
        with window.answered():
            window.tab.locator("#horizon").fill("12")
        window.kept(lambda s: s["horizon"] == 10**12)
        assert window.at("horizon").input_value() == "1000000000000"
        assert window.tab.locator("#horizon").get_attribute("aria-valuetext") == "10¹² rounds"
        assert final(window) == simulated(window.state)

    def test_whole_numbers_may_be_grouped(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("horizon").fill("12,000")
        window.kept(lambda s: s["horizon"] == 12000)
        window.at("setups.0.leader.sigma").fill("0,125")
        until(lambda: "must be a number" in window.status)

    def test_replications_and_seed(self, windows, page):
        window = self.changed(
            windows, page, lambda w: w.at("replications").fill("3"), lambda s: s["replications"] == 3
        )
        with window.answered():
            window.at("seed").fill("18446744073709551615")
        window.kept(lambda s: s["seed"] == "18446744073709551615")
        assert final(window) == simulated(window.state)
        with window.answered():
            window.tab.click("#new-seed")
        window.kept(lambda s: s["seed"] != "18446744073709551615")
        assert final(window) == simulated(window.state)

    def test_benchmarks(self, windows, page):
        window = windows(page)
        for kind in ("weak", "tolerant", "self_tolerant", "pair"):
            with window.answered():
                window.at("benchmark.kind").select_option(kind)
        with window.answered():
            window.at("benchmark.leader").fill("0.7")
        window.kept(lambda s: s["benchmark"] == {"kind": "pair", "leader": 0.7, "follower": 0.5})
        with window.answered():
            window.at("benchmark.kind").select_option("tolerant")
        with window.answered():
            window.at("benchmark.gamma").fill("0.125")
        window.kept(lambda s: s["benchmark"] == {"kind": "tolerant", "gamma": 0.125})
        run = sk.simulate(GAME, sk.UCB(), sk.UCB(), 10**6, replications=8, seed=1)
        expected = run.regret(sk.tolerant(GAME, 0.125)).mean(axis=1)[:, -1]
        assert final(window) == pytest.approx(expected.tolist(), rel=1e-12)
        assert "gamma = 0.125" in window.tab.inner_text(".legend")

    def test_scales(self, windows, page):
        window = windows(page)
        types = {}
        for scale in ("auto", "linear", "log", "symlog", "per_round"):
            window.tab.select_option("#scale", scale)
            axis = window.tab.locator(".plot").first.evaluate("plot => plot.layout.yaxis")
            types[scale] = axis.get("type"), axis["title"]["text"]
        assert types["auto"] == types["log"] == ("log", "regret (units of utility)")
        assert types["linear"][0] == "linear"
        assert types["per_round"][1] == "regret per round"

    def test_negative_regret_is_drawn(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("benchmark.kind").select_option("pair")
        with window.answered():
            window.at("benchmark.leader").fill("0.4")
        plot = window.tab.locator(".plot").first
        axis = plot.evaluate("plot => plot.layout.yaxis")
        assert axis["type"] == "linear"  # of values that are transformed
        assert any(text.startswith("−") for text in axis["ticktext"])
        assert plot.evaluate("plot => plot.data.at(-2).y.every(y => y !== null)")

    def test_numbers_over_time_unfold(self, windows, page):
        window = windows(page)
        window.tab.get_by_text("Regret over time as numbers").click()
        rows = window.tab.locator("details tbody tr")
        assert rows.count() == len(window.csv("Save regret as CSV")) // 2
        assert rows.last.locator("th").inner_text() == "10⁶"

    def test_exponents(self, windows, page):
        window = windows(page)
        window.tab.get_by_role("button", name="Fit exponents").click()
        table = window.tab.locator(".fits table")
        until(lambda: table.count() == 1)
        fit = sk.scaling(GAME, sk.UCB(), sk.UCB(), _horizons(10**6), sk.stackelberg, replications=8, seed=1)
        assert f"{fit.exponent[0]:.3g}" in table.inner_text()
        assert "sk.scaling(" in window.program()
        with window.answered():
            window.at("seed").fill("2")
        assert table.count() == 0  # they were those of another seed

    def test_pictures_are_saved(self, windows, page):
        window = windows(page)
        for title in ("regret", "where the rounds went"):
            for kind, begin in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
                with window.tab.expect_download() as saved:
                    window.tab.get_by_role("button", name=f"Save {title} as {kind}", exact=True).click()
                content = saved.value.path().read_bytes()
                assert content.startswith(begin)
                assert len(content) > 2000
        lines = window.csv("Save where the rounds went as CSV")
        shares = np.array([float(line[-1]) for line in lines]).reshape(4, -1)
        np.testing.assert_allclose(shares.sum(axis=0), 1.0)

    def test_every_control_has_been_tried(self, windows, page):
        window = windows(page)
        with window.answered():
            window.tab.click("#compare")
        buttons = set(window.tab.locator("button:visible").evaluate_all("all => all.map(b => b.textContent)"))
        assert buttons == {
            "Show set-up A only", "Copy as Python", "Copy link", "Load", "New seed", "Set-up A", "Set-up B",
            "PNG", "SVG", "CSV", "Fit exponents", "Go to the results",
        }  # fmt: skip
        others = window.tab.locator("input:visible, select:visible, summary:visible")
        names = others.evaluate_all(
            "all => all.map(e => e.dataset.path?.replace(/\\.\\d+/g, '.#') ?? (e.id || e.tagName))"
        )
        schema = {each["name"] for entry in sk.learner_schema() for each in entry["parameters"]}
        tried = {
            "games", "setups.#.game.leader.#.#", "setups.#.game.follower.#.#", "drag", "rows", "columns",
            "setups.#.game.noise.#", "setups.#.game.noise.#.sigma", "setups.#.leader", "setups.#.follower",
            "horizon", "replications", "seed", "benchmark.kind", "scale", "SUMMARY",
            *(f"setups.#.{role}.{name}" for role in ("leader", "follower") for name in schema),
        }  # fmt: skip
        assert set(names) <= tried


def _horizons(last):
    return sorted({round(each) for each in np.geomspace(max(last / 10**4, 10), last, 7).tolist()})
