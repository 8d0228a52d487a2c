"""The page is valid HTML that stands alone, says what was found, and runs no script but its own."""

import base64
import hashlib
import itertools
import json
import re

import pytest
from made import LABELLED, hide_module
from made_report import EVIL, FOUND, LINEAR, LOGARITHMIC, SHORT, SOURCE, claim
from tinyhtml5.parser import HTMLParser

import stackel as sk
from stackel.reproduce.report.legend import legend
from stackel.reproduce.report.numbers import formula, number
from stackel.reproduce.report.page import VERDICTS, page
from stackel.reproduce.report.panel_svg import describe, picture

FINDINGS = [(key, finding) for key, (_, evidence) in FOUND.items() for finding in evidence.findings]
PANELS = [LOGARITHMIC, LINEAR, SHORT]
HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
LOADING = {"src", "href", "srcset", "data", "action", "poster", "background"}


class Page:
    def __init__(self, html):
        parser = HTMLParser()
        self.html = html
        self.root = parser.parse(html)
        self.errors = parser.errors

    def all(self, tag="", **attributes):
        return [
            element
            for element in self.root.iter()
            if (not tag or element.tag in {HTML + tag, SVG + tag})
            and all(value in element.get(name, "").split() for name, value in attributes.items())
        ]


def text(element):
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def made():
    files = ["findings.csv", "a figure.png"]
    return Page(page(FOUND, SOURCE, seconds=75.4, pending=(claim("later"),), files=files))


class TestStructure:
    def test_it_is_valid(self, made):
        assert made.errors == []

    def test_identifiers_are_unique_and_references_lead_to_them(self, made):
        names = [element.get("id") for element in made.root.iter() if element.get("id")]
        assert len(names) == len(set(names))
        links = [element.get("href", "") for element in made.root.iter() if element.get("href")]
        links += [f"#{name}" for element in made.all() for name in element.get("aria-labelledby", "").split()]
        links += re.findall(r"url\((#[^)]*)\)", made.html)
        inside = {link for link in links if link.startswith("#")}
        assert {link[1:] for link in inside} <= set(names)
        assert set(links) - inside == {"findings.csv", "a%20figure.png"}

    def test_headings_descend_one_level_at_a_time(self, made):
        levels = [int(e.tag[-1]) for e in made.root.iter() if re.fullmatch(HTML + "h[1-6]", e.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))

    def test_every_table_has_heads_with_scope(self, made):
        for table in made.all("table"):
            heads = list(table.iter(HTML + "th"))
            assert heads
            assert {e.get("scope") for e in heads} <= {"col", "row", "rowgroup"}

    def test_every_input_and_picture_has_a_name(self, made):
        for field in made.all("input"):
            (label,) = (e for e in made.all("label") if field in list(e))
            assert text(label)
        assert [e.get("aria-label") for e in made.all("div", role="img")] == list(map(describe, PANELS))


class TestAlone:
    def test_nothing_is_loaded(self, made):
        for element in made.root.iter():
            assert element.tag not in {
                HTML + tag for tag in ("link", "img", "iframe", "object", "embed", "base")
            }
            for name, value in element.items():
                if name.rpartition("}")[2] in LOADING:
                    assert not re.match(r"[a-z]+:|//", value, re.IGNORECASE), value
        style = " ".join(text(e) for e in made.all("style")) + " ".join(
            e.get("style", "") for e in made.all()
        )
        assert "@import" not in style
        assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", style))

    def test_the_policy_forbids_loading_and_foreign_scripts(self, made):
        (policy,) = (e.get("content") for e in made.all("meta") if e.get("http-equiv"))
        assert policy.startswith("default-src 'none';")
        scripts = [e.text for e in made.all("script") if e.get("type") != "application/json"]
        digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
        assert [f"script-src 'sha256-{digest}'" in policy for digest in digests] == [True]

    def test_text_is_escaped(self, made):
        assert not made.all("img")
        assert not any(name.startswith("on") for element in made.all() for name in element.attrib)
        data = [json.loads(e.text) for e in made.all("script", type="application/json")]
        assert EVIL + ", leader" in [name for curves in data for name, *_ in curves]
        assert EVIL in [e.text for e in made.all("code")]
        assert EVIL.replace("  ", " ") in [text(e) for e in made.all("span") if e.get("class") == "note"]


class TestContent:
    def test_verdicts_are_those_of_the_evidence(self, made):
        cells = [e for e in made.all("td") if e.get("data-verdict")]
        assert [e.get("data-verdict") for e in cells] == [finding.verdict for _, finding in FINDINGS]
        words = [" ".join(reversed(VERDICTS[finding.verdict])) for _, finding in FINDINGS]
        assert [text(e) for e in cells] == words

    def test_the_summary_links_every_verdict_to_its_finding(self, made):
        signs = made.all("a", **{"class": "sign"})
        assert [e.get("data-verdict") for e in signs] == [finding.verdict for _, finding in FINDINGS]
        targets = {e.get("id"): e for e in made.all("tbody")}
        for sign, (_, finding) in zip(signs, FINDINGS, strict=True):
            target = targets[sign.get("href")[1:]]
            assert text(next(target.iter(HTML + "th"))) == " ".join(finding.setting.split())

    def test_the_tally_counts_them(self, made):
        (tally,) = made.all("ul", **{"class": "tally"})
        assert [text(e) for e in tally] == ["2 ✓ hold", "2 ✗ fail", "2 ? left open"]

    def test_what_does_not_hold_stands_below_the_summary(self, made):
        (failures,) = made.all("ul", **{"class": "failures"})
        assert len(failures) == 4

    def test_a_caveat_stands_where_something_fails(self, made):
        (caveat,) = made.all("aside")
        assert "nothing is wrong with the world" in text(caveat)

    def test_games_are_tables_with_their_outcomes(self, made):
        tables = made.all("table", **{"class": "game"})
        games = [*sk.games.unachievable(0.05), LABELLED]
        assert [text(next(e.iter(HTML + "caption"))) for e in tables] == [game.name for game in games]
        for table, game in zip(tables, games, strict=True):
            cells = [text(e) for e in table.iter(HTML + "td")][1:]
            assert cells == [
                f"{number(u)}, {number(v)}" for u, v in zip(game.leader.flat, game.follower.flat, strict=True)
            ]
            (outcome,) = (e for e in table.iter(HTML + "span") if e.get("class") == "outcome")
            solution = sk.stackelberg(game)
            assert text(outcome) == f"{number(solution.leader)}, {number(solution.follower)}"
            best = ["best" in (e.get("class") or "") for e in table.iter(HTML + "td")][1:]
            assert best == sk.best_responses(game).ravel().tolist()

    def test_provenance_is_complete(self, made):
        (listed,) = made.all("dl", **{"class": "provenance"})
        shown = text(listed)
        for value in ("--quick --seed 7", "0.0", "auto", "x86_64-unknown", "3.11.0", "2.0.0", "75 s"):
            assert value in shown

    def test_what_is_still_to_be_tried_is_said(self, made):
        assert "still to be tried are Title of later" in " ".join(
            text(e) for e in made.all("p", role="status")
        )
        assert "Not finished" not in page(FOUND, SOURCE, seconds=1)

    def test_nothing_found_yet_is_a_page(self):
        empty = Page(page({}, SOURCE, seconds=0))
        assert empty.errors == []


class TestPictures:
    @pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
    def test_everything_in_the_legend_is_drawn(self, panel):
        svg = HTMLParser().parse(picture(panel, "p").svg)
        drawn = {name for e in svg.iter() for name in e.get("class", "").split()}
        named = {entry.group for entry in legend(panel)}
        assert named <= drawn
        assert drawn - named <= {"leader", "follower"}  # of which only one may be there

    @pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
    def test_axes_are_labelled(self, panel):
        svg = HTMLParser().parse(picture(panel, "p").svg)
        texts = " ".join(e.text for e in svg.iter(SVG + "text"))  # long ones are broken
        assert panel.x in texts
        assert panel.y in texts

    def test_values_stand_where_their_markers_are(self):
        curve = picture(SHORT, "p").curves[0]
        svg = HTMLParser().parse(picture(SHORT, "p").svg)
        markers = [
            (float(e.get("x")), float(e.get("y")))
            for group in svg.iter(SVG + "g")
            if group.get("class") == "s0"
            for e in group.iter(SVG + "use")
            if float(e.get("x")) > 0  # the band is used at the origin
        ]
        places = [(x, y) for x, y, *_ in curve.points]
        assert len(markers) == 3
        for place, marker in zip(places, markers, strict=True):
            assert place == pytest.approx(marker, abs=0.1)

    def test_limits_are_above_and_below(self):
        for panel in PANELS:
            for curve in picture(panel, "p").curves:
                for _, value, low, high, *_ in curve.points:
                    assert high <= value <= low  # heights are counted from the top

    def test_what_cannot_be_drawn_has_no_place(self):
        partly, *_ = (c for c in picture(LOGARITHMIC, "p").curves if c.name == "partly negative")
        assert [point[-1] for point in partly.points] == ["3 [2, 4]", "40 [39, 41]"]
        (linear,) = picture(LINEAR, "p").curves
        assert [point[-1] for point in linear.points] == ["0.1", "−0.1 [−0.2, 0.2]"]

    def test_two_drawings_are_the_same(self):
        picture.cache_clear()
        first = picture(LOGARITHMIC, "p")
        picture.cache_clear()
        assert picture(LOGARITHMIC, "p") == first


def test_formulas_are_escaped_before_they_are_set():
    assert str(formula("a<b & R_1(T) ~ T^(1/2) - sqrt(T), R2(II_j) at 1e8, lower_bound")) == (
        "a&lt;b &amp; R<sub>1</sub>(T) ~ T<sup>1/2</sup> − √T, "
        "R<sub>2</sub>(II<sub>j</sub>) at 10<sup>8</sup>, lower_bound"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (99_999.6, "10⁵"),
        (0.0009999, "9.999×10⁻⁴"),
        (-1e-5, "−10⁻⁵"),
        (float("inf"), "∞"),
        (12_346, "12,350"),
    ],
)
def test_numbers(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize("missing", ["jinja2", "matplotlib"])
def test_a_missing_extra_is_named(monkeypatch, missing):
    hide_module(monkeypatch, missing)
    for cached in (page.__globals__["_environment"], picture):
        cached.cache_clear()
    with pytest.raises(sk.MissingExtraError, match=missing):
        page(FOUND, SOURCE, seconds=1)
