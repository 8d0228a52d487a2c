"""Run the theory's claims as simulations and say which of them hold in the measured range.

``stackel reproduce`` on the command line, `run` from Python. A claim is one module of
`stackel.reproduce.claims`; what it predicts and what decides it stands there.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from stackel._extras import require
from stackel._validate import as_choice, as_seed, shown
from stackel.errors import SpecError
from stackel.reproduce.claims import CLAIMS
from stackel.reproduce.measure import Lab
from stackel.reproduce.provenance import provenance
from stackel.reproduce.report import save, save_figures, save_page

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from stackel.reproduce.claim import Claim, Evidence

__all__ = ["CLAIMS", "run"]


def run(
    out: str | os.PathLike[str],
    *,
    mode: str = "quick",
    seed: int = 2024,
    threads: int | None = None,
    claims: Sequence[Claim] = CLAIMS,
    on_claim: Callable[[Claim, Evidence | None], None] | None = None,
) -> dict[str, tuple[Claim, Evidence]]:
    """Run the experiments of every claim and write a report with tables and figures.

    Parameters
    ----------
    out : path-like
        Directory for ``index.html`` (the report, which needs no other file), ``findings`` (one line
        for each finding, with verdict) and ``numbers`` (every number that is drawn), both as CSV and
        Parquet, ``provenance.json`` (what repeats them) and the figures (PNG and SVG); made if
        missing. Files are complete as soon as they are there, and written after every claim.
    mode : {"quick"}, default "quick"
        How long to play: ``quick`` takes under a minute on two cores.
    seed : int, default 2024
        Everything random derives from it.
    threads : int or None
        Worker threads; None uses all cores. Does not change any number.
    claims : sequence of Claim, default all
        What to try.
    on_claim : callable, optional
        Called with a claim and None before it is tried, and with its evidence afterwards.

    Returns
    -------
    dict
        Claim and evidence by the claim's key.

    Raises
    ------
    SpecError
        If an argument is not usable.
    MissingExtraError
        If matplotlib, jinja2 or pyarrow is not installed.

    Examples
    --------
    >>> from stackel.reproduce import CLAIMS
    >>> for claim in CLAIMS:
    ...     print(f"{claim.key}: {claim.title}")
    unachievable: Stackelberg benchmark unachievable
    etc_linear: ETC against ETC is linear
    throw_out: ThrowOut against ETC
    explore_then_ucb: Explore-then-UCB against any settling follower
    lower_bound: No pair beats T^(2/3)
    aligned: Partially aligned interests
    weaker_benchmark: A weaker benchmark
    """
    require("matplotlib.figure", "plot")
    require("jinja2", "report")
    require("pyarrow", "report")
    for claim in claims:
        as_choice("mode", mode, tuple(claim.modes))
    lab = Lab(as_seed(seed), threads)
    directory = _as_directory(out)
    source = provenance(mode, lab.seed, "auto")
    tell = on_claim or (lambda *_: None)
    found: dict[str, tuple[Claim, Evidence]] = {}
    start = time.monotonic()
    for place, claim in enumerate(claims, 1):
        tell(claim, None)
        evidence = claim.collect(lab, claim.modes[mode])
        found[claim.key] = claim, evidence
        save(found, directory, source)
        save_figures(evidence, directory)
        save_page(found, directory, source, time.monotonic() - start, claims[place:])
        tell(claim, evidence)
    return found


def _as_directory(out: str | os.PathLike[str]) -> Path:
    try:
        directory = Path(out)
        directory.mkdir(parents=True, exist_ok=True)
    except (TypeError, OSError) as error:
        raise SpecError("out", "a directory that exists or can be made", f"{shown(out)} ({error})") from None
    return directory
