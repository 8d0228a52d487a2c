"""Code that is laid out over lines is the same code."""

import ast

import pytest

from stackel.reproduce.experiments.python_call import WIDTH, laid_out

NAMES = ", ".join(f"a_rather_long_name_{place}" for place in range(6))
LINES = [
    "short(1, 2)",
    f"one_item(inside({NAMES}))",
    f"print(np.max([{NAMES}], axis=0)[:, range(2), [0, 1]].max(axis=1) / (3 * T**2) ** (1 / 3))",
    f"rows = [(lambda a, b: f({NAMES}), 1), (lambda: g('a, (b', \"]\"), 2), ({NAMES})]",
    f"x = [f(a) for a, b in zip({NAMES})] + [{NAMES}]",
    f"(lambda game: make(game.leader, game.follower, {NAMES}))(lower_bound({NAMES}))",
    f"t = {{'a': ({NAMES},), 'b': x[1:2, ::3]}}",
    "no_bracket_to_break_at_" + 80 * "x",
    f"sub[{NAMES}]",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("indent", [0, 8])
def test_it_is_the_same_code(line, indent):
    laid = laid_out(line, indent)
    assert ast.dump(ast.parse(laid[indent:])) == ast.dump(ast.parse(line))
    assert all(row.startswith(indent * " ") for row in laid.splitlines())


@pytest.mark.parametrize("line", LINES)
def test_lines_are_short_where_they_can_be(line):
    assert all(len(row) <= WIDTH for row in laid_out(line).splitlines()) or "(" not in line


def test_the_inside_stays_together_where_it_fits():
    inside = ", ".join(f"argument_{place}" for place in range(6))
    assert laid_out(f"some_function({inside})") == f"some_function({inside})"
    assert laid_out(f"some_longer_function({inside})") == f"some_longer_function(\n    {inside}\n)"
