"""Numbers and formulas as readers of a page expect them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from stackel._utils.optional import require

if TYPE_CHECKING:
    from markupsafe import Markup

    from stackel.reproduce.evidence import Estimate

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_FORMULAS = (
    (re.compile(r"(?<= )- (?=[\w(|])"), "− "),
    (re.compile(r"(?<![\w.])-(?=\d)"), "−"),
    (re.compile(r"\^\(([^()]*)\)|\^(\w+)"), r"<sup>\1\2</sup>"),
    (re.compile(r"\b([A-Za-z]+)_(T|[a-z]|\d)\b"), r"\1<sub>\2</sub>"),
    (re.compile(r"\b([RE])(\d)\b"), r"\1<sub>\2</sub>"),
    (re.compile(r"\b1e(\d+)\b"), r"10<sup>\1</sup>"),
    (re.compile(r"\b(\d[\d.]*)e(\d+)\b"), r"\1×10<sup>\2</sup>"),
    (re.compile(r"\bsqrt\((\w+)\)"), r"√\1"),
    (re.compile(r"\bsqrt\("), "√("),
    (re.compile(r"\bsigma\b"), "σ"),
    (re.compile(r"\bgamma\b"), "γ"),
    (re.compile(r"\bdelta\b"), "δ"),
    (re.compile(r"\bkappa\b"), "κ"),
)


def number(value: float, digits: int = 4) -> str:
    """Return a number to some significant digits; far from 1 with a power of ten.

    Examples
    --------
    >>> from stackel.reproduce.report.numbers import number
    >>> number(0.66666), number(30_000), number(-2.5e7), number(1e8), number(float("nan"))
    ('0.6667', '30,000', '−2.5×10⁷', '10⁸', 'undefined')
    """
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else "∞" if value > 0 else "−∞"
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0 or 1e-3 <= abs(rounded) < 1e5:
        return f"{rounded:,.12g}".replace("-", "−")
    return scientific(value, digits)


def scientific(value: float, digits: int = 4) -> str:
    """Return a finite number with a power of ten, alone where nothing stands before it.

    Examples
    --------
    >>> from stackel.reproduce.report.numbers import scientific
    >>> scientific(1000), scientific(0.02)
    ('10³', '2×10⁻²')
    """
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".").replace("-", "−")
    ten = "10" + str(int(power)).translate(_SUPERSCRIPT)
    return {"1": ten, "−1": f"−{ten}"}.get(mantissa, f"{mantissa}×{ten}")


def interval(estimate: Estimate) -> str:
    """Return the limits of an estimate in brackets."""
    return f"[{number(estimate.low)}, {number(estimate.high)}]"


def duration(seconds: float) -> str:
    """Return a time in seconds, from two minutes on in minutes.

    Examples
    --------
    >>> from stackel.reproduce.report.numbers import duration
    >>> duration(3.21), duration(47.9), duration(754)
    ('3.2 s', '48 s', '12 min 34 s')
    """
    if seconds < 120:
        return f"{seconds:.0f} s" if seconds >= 9.95 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def formula(text: str) -> Markup:
    """Return plain text with its exponents raised, its indices lowered and its Greek letters Greek.

    Examples
    --------
    >>> from stackel.reproduce.report.numbers import formula
    >>> print(formula("0.198 (sigma^2 (|B| - 1))^(1/3) T^(2/3) < gamma_T"))
    0.198 (σ<sup>2</sup> (|B| − 1))<sup>1/3</sup> T<sup>2/3</sup> &lt; γ<sub>T</sub>
    """
    markupsafe = require("markupsafe", "report")
    html = str(markupsafe.escape(text))
    for pattern, replacement in _FORMULAS:
        html = pattern.sub(replacement, html)
    marked: Markup = markupsafe.Markup(html)
    return marked
