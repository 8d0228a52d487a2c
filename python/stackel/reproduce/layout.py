"""Python laid out over lines, so that it can be read and copied.

What is too long is broken at its longest pair of brackets: the inside on a line of its own where it
fits, else one item a line. That is what common formatters do; this one knows only what calls consist of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 88
"""Characters in a line."""
_STEP = 4
_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\blambda\b|\bfor\b|[()\[\]{},:]")
_OPEN, _CLOSE = "([{", ")]}"


def laid_out(line: str, indent: int = 0) -> str:
    """Return a line of code, or the lines that it is broken into.

    Examples
    --------
    >>> from stackel.reproduce.layout import laid_out
    >>> print(laid_out(f"print(max({', '.join(f'regret[{i}][0, 0]' for i in range(9))}))"))
    print(
        max(
            regret[0][0, 0],
            regret[1][0, 0],
            regret[2][0, 0],
            regret[3][0, 0],
            regret[4][0, 0],
            regret[5][0, 0],
            regret[6][0, 0],
            regret[7][0, 0],
            regret[8][0, 0],
        )
    )
    """
    margin = " " * indent
    start, stop = max(_brackets(line), key=lambda span: span[1] - span[0], default=(0, 0))
    inside = line[start + 1 : stop]
    if indent + len(line) <= WIDTH or not inside:
        return margin + line
    items = _items(inside)
    if len(items) > 1 and indent + _STEP + len(inside) > WIDTH:
        rows = [laid_out(f"{item},", indent + _STEP) for item in items]
    else:
        rows = [laid_out(inside, indent + _STEP)]
    return "\n".join([laid_out(line[: start + 1], indent), *rows, laid_out(line[stop:], indent)])


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Places of the pairs of brackets that are in no others."""
    depth = start = 0
    for token in _TOKEN.finditer(text):
        if token[0] in _OPEN:
            start = start if depth else token.start()
            depth += 1
        elif token[0] in _CLOSE and depth:
            depth -= 1
            if not depth:
                yield start, token.start()


def _items(text: str) -> list[str]:
    """Parts between commas that are in no brackets and belong to no lambda; a comprehension is one part."""
    depth = names = start = 0
    items = []
    for token in _TOKEN.finditer(text):
        if token[0] in _OPEN:
            depth += 1
        elif token[0] in _CLOSE:
            depth -= 1
        elif depth:
            continue
        elif token[0] == "for":
            return [text]
        elif token[0] == "lambda":
            names += 1
        elif token[0] == ":" and names:
            names -= 1
        elif token[0] == "," and not names:
            items.append(text[start : token.start()])
            start = token.end()
    return [item.strip() for item in (*items, text[start:]) if item.strip()]
