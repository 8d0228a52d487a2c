"""What a reader sees and does: figures that show something, curves that hide, values that are named.

Every window checks by itself that no script fails and that nothing is asked of any other place.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from made_report import EVIL, FOUND, LINEAR, LOGARITHMIC

from stackel.reproduce.report.legend import legend
from stackel.reproduce.report.numbers import interval, number

PANELS = [panel for _, evidence in FOUND.values() for panel in evidence.panels]

EXTENTS = "groups => groups.map(g => g.getBBox()).map(box => box.width + box.height)"
OUTSIDE = """texts => texts.filter(text => {
    const [inner, outer] = [text, text.ownerSVGElement].map(e => e.getBoundingClientRect());
    return inner.left < outer.left - 2 || inner.right > outer.right + 2
        || inner.top < outer.top - 2 || inner.bottom > outer.bottom + 2;
}).map(text => text.textContent)"""
SHOWN = "group => group.getClientRects().length > 0"
MARKERS = "uses => uses.filter(u => u.x.baseVal.value > 0).map(u => u.getBoundingClientRect().toJSON())"


def panels_of(found):
    return [panel for _, evidence in found.values() for panel in evidence.panels]


class TestEveryReport:
    def test_verdicts_are_those_of_the_evidence(self, opened, written):
        found, path = written
        with opened(path) as page:
            shown = page.locator("td[data-verdict]").evaluate_all(
                "cells => cells.map(c => c.dataset.verdict)"
            )
        assert shown == [f.verdict for _, evidence in found.values() for f in evidence.findings]

    def test_figures_are_not_empty(self, opened, written):
        found, path = written
        with opened(path) as page:
            figures = page.locator("figure.panel")
            assert figures.count() == len(panels_of(found))
            for rank, panel in enumerate(panels_of(found)):
                plot = figures.nth(rank).locator(".plot svg")
                assert min(plot.bounding_box()[side] for side in ("width", "height")) > 200
                for entry in legend(panel):
                    extents = plot.locator(f"g.{entry.group}").evaluate_all(EXTENTS)
                    assert max(extents, default=0) > 0, entry

    def test_texts_stay_inside_their_figures(self, opened, written):
        with opened(written[1]) as page:
            outside = page.locator(".plot text").evaluate_all(OUTSIDE)
        assert outside == []

    @pytest.mark.parametrize("width", [360, 1200])
    def test_nothing_is_wider_than_the_window(self, opened, written, width):
        with opened(written[1], viewport={"width": width, "height": 700}) as page:
            heights = page.locator("tr.call summary").evaluate_all("all => all.map(e => e.clientHeight)")
            assert max(heights) < 30  # nothing is squeezed
            page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_it_is_accessible(self, opened, written, scheme):
        with opened(written[1], color_scheme=scheme) as page:
            results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()


class TestLegend:
    @pytest.mark.parametrize("scripts", [True, False])
    def test_an_entry_hides_and_shows_what_belongs_to_it(self, opened, made, scripts):
        with opened(made, java_script_enabled=scripts) as page:
            for rank, panel in enumerate(PANELS):
                figure = page.locator("figure.panel").nth(rank)
                everything = figure.locator(".plot g[class]:not(.mark)")
                for entry in legend(panel):
                    box = figure.locator(f'input[value="{entry.group}"]')
                    box.uncheck()
                    shown = everything.evaluate_all(
                        f"groups => groups.filter({SHOWN}).map(g => [...g.classList])"
                    )
                    assert shown or len(list(legend(panel))) == 1
                    assert not any(entry.group in names for names in shown)
                    box.check()
                assert everything.evaluate_all(f"groups => groups.every({SHOWN})")

    def test_others_figures_keep_theirs(self, opened, made):
        with opened(made) as page:
            first, second = (page.locator("figure.panel").nth(rank) for rank in (0, 1))
            first.locator('input[value="s0"]').uncheck()
            assert second.locator(".plot .s0").first.is_visible()

    def test_the_label_can_be_clicked(self, opened, made):
        with opened(made) as page:
            figure = page.locator("figure.panel").first
            figure.get_by_text("partly negative", exact=True).first.click()
            assert not figure.locator(".plot .s2").first.is_visible()


class TestValues:
    def test_the_value_under_the_pointer_is_named(self, opened, made):
        series = LOGARITHMIC.series[0]
        with opened(made) as page:
            figure = page.locator("figure.panel").first
            for name in ("s1", "single", "s3"):  # the second pair of curves lies on the first
                figure.locator(f'input[value="{name}"]').uncheck()
            figure.scroll_into_view_if_needed()
            markers = figure.locator(".plot .s0.leader use").evaluate_all(MARKERS)
            assert len(markers) == len(series.x)
            for box, x, y in zip(markers, series.x, series.y, strict=True):
                page.mouse.move(box["x"] + box["width"] / 2 + 2, box["y"] + box["height"] / 2)
                assert figure.locator(".tip").inner_text().splitlines() == [
                    "worst case, leader",
                    f"{LOGARITHMIC.x}: {number(x, 6)}",
                    f"{LOGARITHMIC.y}: {number(y.value)} {interval(y)}",
                ]
            page.mouse.move(0, 0)
            assert not figure.locator(".tip").is_visible()

    def test_hidden_curves_are_not_named(self, opened, made):
        with opened(made) as page:
            figure = page.locator("figure.panel").nth(1)
            figure.scroll_into_view_if_needed()
            (box, *_) = figure.locator(".plot .s0 use").evaluate_all(MARKERS)
            page.mouse.move(box["x"], box["y"])
            assert figure.locator(".tip").is_visible()
            figure.locator('input[value="s0"]').uncheck()
            page.mouse.move(box["x"] + 1, box["y"])
            assert not figure.locator(".tip").is_visible()

    def test_arrow_keys_go_from_value_to_value(self, opened, made):
        with opened(made) as page:
            plot = page.locator(".plot").nth(1)
            plot.focus()
            heard = []
            for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
                page.keyboard.press(key)
                heard.append(page.locator(".tip").nth(1).inner_text().splitlines()[1:])
            first, second, _ = LINEAR.series[0].y
            texts = [number(first.value), f"{number(second.value)} {interval(second)}"]
            expected = [
                [f"{LINEAR.x}: {x}", f"{LINEAR.y}: {text}"]
                for x, text in zip(("1", "1.5"), texts, strict=True)
            ]
            assert heard == [expected[0], expected[1], expected[1], expected[0]]
            page.keyboard.press("Escape")
            assert not page.locator(".tip").nth(1).is_visible()

    def test_arrow_keys_go_from_curve_to_curve(self, opened, made):
        with opened(made) as page:
            page.locator(".plot").first.focus()
            names = []
            for _ in LOGARITHMIC.series:
                page.keyboard.press("ArrowDown")
                names.append(page.locator(".tip strong").first.inner_text())
            assert len(set(names)) == len(LOGARITHMIC.series)
            assert f"{EVIL}, leader" in names


class TestSurroundings:
    def test_dark_and_light_differ(self, opened, made):
        colours = []
        for scheme in ("light", "dark"):
            with opened(made, color_scheme=scheme) as page:
                paper, ink, axis = page.evaluate("""() => {
                    const style = (selector) => getComputedStyle(document.querySelector(selector));
                    return [style("body").backgroundColor, style("body").color, style(".plot text").fill];
                }""")
                assert ink == axis != paper
                colours.append(paper)
        assert colours[0] == "rgb(255, 255, 255)" != colours[1]

    def test_calls_can_be_copied(self, opened, made):
        with opened(made, permissions=["clipboard-read", "clipboard-write"]) as page:
            page.locator(".call summary").first.click()
            page.locator(".call").first.get_by_role("button").click()
            page.get_by_text("Copied").wait_for()
            assert page.evaluate("navigator.clipboard.readText()") == "print(1 < 2)"

    def test_a_verdict_leads_to_its_finding(self, opened, made):
        with opened(made) as page:
            page.locator("a.sign.verdict-NO").first.click()
            assert page.url.endswith("#first-2")
            assert page.locator("#first-2").bounding_box()["y"] < 700
