"""Tables and pictures of a report equal its evidence, and come out the same every time."""

import csv
import json

import numpy as np
import pyarrow.parquet
import pytest
from made import hide_module
from made_report import FOUND, LOGARITHMIC, SOURCE

import stackel as sk
from stackel.plotting import PALETTE
from stackel.reproduce.report import files as report
from stackel.reproduce.report.figures import draw
from stackel.reproduce.report.files import FINDING_COLUMNS, NUMBER_COLUMNS, finding_rows, number_rows
from stackel.reproduce.report.legend import legend

TABLES = [("findings", FINDING_COLUMNS, finding_rows), ("numbers", NUMBER_COLUMNS, number_rows)]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    out = tmp_path_factory.mktemp("report")
    report.save(FOUND, out, SOURCE)
    for key, (_, evidence) in FOUND.items():
        report.save_figure(key, evidence, out)
    report.save_page(FOUND, out, SOURCE, 1.0)
    return out


def test_files_are_those_that_were_promised(out):
    assert {path.name for path in out.iterdir()} == set(report.file_names(FOUND))


class TestTables:
    @pytest.mark.parametrize(("name", "columns", "rows"), TABLES)
    def test_parquet_holds_every_value_with_its_type(self, out, name, columns, rows):
        table = pyarrow.parquet.read_table(out / f"{name}.parquet")
        assert table.column_names == list(columns)
        for column, expected in zip(table.columns, zip(*rows(FOUND), strict=True), strict=True):
            got = column.to_pylist()
            if column.type == "double":
                assert np.array_equal(got, expected, equal_nan=True)
            else:
                assert got == list(expected)

    @pytest.mark.parametrize(("name", "columns", "rows"), TABLES)
    def test_csv_holds_the_same(self, out, name, columns, rows):
        with (out / f"{name}.csv").open(newline="") as file:
            head, *lines = csv.reader(file)
        assert head == list(columns)
        kinds = columns.values()
        for line, row in zip(lines, rows(FOUND), strict=True):
            for text, kind, value in zip(line, kinds, row, strict=True):
                if kind == "double":
                    assert np.array_equal(float(text), value, equal_nan=True)
                else:
                    assert text == ("" if value is None else str(value))

    def test_tables_carry_their_provenance(self, out):
        source = SOURCE
        assert json.loads((out / "provenance.json").read_text()) == source
        for name, *_ in TABLES:
            metadata = pyarrow.parquet.read_schema(out / f"{name}.parquet").metadata
            assert json.loads(metadata[b"provenance"]) == source

    def test_nothing_found_yet_is_a_table(self, tmp_path):
        report.save({}, tmp_path, SOURCE)
        assert pyarrow.parquet.read_table(tmp_path / "numbers.parquet").num_rows == 0

    def test_a_missing_extra_is_named(self, tmp_path, monkeypatch):
        hide_module(monkeypatch, "pyarrow")
        with pytest.raises(sk.MissingExtraError, match=r"stackel\[report\]"):
            report.save(FOUND, tmp_path, SOURCE)


class TestFigures:
    def test_pictures_are_what_their_names_say(self, out):
        for path in out.glob("*.png"):
            assert path.read_bytes().startswith(b"\x89PNG")
        for path in out.glob("*.svg"):
            assert path.read_bytes().startswith(b"<?xml")

    def test_files_are_the_same_every_time(self, out, tmp_path):
        for key, (_, evidence) in FOUND.items():
            report.save_figure(key, evidence, tmp_path)
        for path in tmp_path.iterdir():
            assert path.read_bytes() == (out / path.name).read_bytes(), path.name

    def test_the_legend_covers_nothing(self):
        drawing = draw([LOGARITHMIC])
        drawing.draw_without_rendering()
        (ax,) = drawing.axes
        key = ax.get_legend()
        names = ["".join(text.get_text().split()) for text in key.get_texts()]
        assert names == ["".join(entry.label.split()) for entry in legend(LOGARITHMIC)]
        assert key.get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0
        assert key.get_window_extent().y0 >= 0
        assert key.get_title().get_text() == "2 of 40 points, at or below 0, are not shown"

    def test_predicted_growth_runs_beside_its_curve(self):
        ax = draw([LOGARITHMIC]).axes[0]
        dotted = [line for line in ax.lines if line.get_linestyle() == ":" and len(line.get_xdata()) == 64]
        assert [line.get_color() for line in dotted] == list(PALETTE[:2])
        steep, flat = (line.get_xydata() for line in dotted)
        curve = LOGARITHMIC.series[0]
        assert steep[-1] == pytest.approx((1e7, 1.4 * curve.y[-1].value))
        # T^(2/3) (ln T)^(1/3) over three decades, and T^(1/2) beside the second pair of curves.
        assert steep[-1][1] / steep[0][1] == pytest.approx(1e3 ** (2 / 3) * (7 / 4) ** (1 / 3))
        assert flat[-1][1] / flat[0][1] == pytest.approx(1e3 ** (1 / 2))
