"""Run the theory's claims as simulations and say which of them hold in the measured range.

``stackel reproduce`` on the command line, `run` from Python. It is an application of the package:

===============  ======================================================================
``claims``       what the theory says: one module for each claim
``experiments``  what is run: games, learners, and the sweep that plays them
``findings``     what the numbers show: trends, best pairs, verdicts
``report``       how it is shown: tables, figures, a page
===============  ======================================================================
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from stackel._files.atomic import as_path
from stackel._utils.build import provenance_of
from stackel._utils.optional import require
from stackel._utils.seeds import as_seed
from stackel._utils.validation import as_choice, shown
from stackel.errors import SpecError
from stackel.reproduce.claims import CLAIMS
from stackel.reproduce.experiments import Lab
from stackel.reproduce.report.files import save, save_figure, save_page
from stackel.simulation._experiment import ENGINES

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from stackel.reproduce.claim import Claim
    from stackel.reproduce.evidence import Evidence

__all__ = ["CLAIMS", "run"]

STORE = "store"
"""Directory of the sweeps' store below that of the report."""
_NEEDED = {"matplotlib.figure": "plot", "jinja2": "report", "pyarrow": "report", "pandas": "report"}


def run(
    out: str | os.PathLike[str],
    *,
    mode: str = "quick",
    seed: int = 2024,
    threads: int | None = None,
    engine: str = "auto",
    executor: Executor | Any | None = None,
    claims: Sequence[Claim] = CLAIMS,
    on_claim: Callable[[Claim, Evidence | None], None] | None = None,
    on_note: Callable[[str], None] | None = None,
) -> dict[str, tuple[Claim, Evidence]]:
    """Run the experiments of every claim and write a report with tables and figures (extra ``report``).

    Each claim is a sweep in the store ``store`` below `out`. A run that was stopped goes on from there, and
    any other run reuses the games that both have in common.

    Parameters
    ----------
    out : path-like
        Directory for ``index.html`` (the report, which needs no other file), ``findings`` (one line
        for each finding, with verdict) and ``numbers`` (every number that is drawn), both as CSV and
        Parquet, ``provenance.json`` (what repeats them), the figures (PNG and SVG) and the store; made if
        missing. Files are complete as soon as they are there, and written after every claim.
    mode : {"quick", "full"}, default "quick"
        How long to play: ``quick`` takes about a minute on two cores, ``full`` about half an hour.
    seed : int, default 2024
        Everything random derives from it.
    threads : int or None
        Threads of the core where there is no executor; None uses all cores. Does not change any number.
    engine : str, default "auto"
        As for `stackel.simulate`.
    executor : None, concurrent.futures.Executor or dask.distributed.Client
        As for `stackel.sweep`. Does not change any number.
    claims : sequence of Claim, default all
        Claims to try.
    on_claim : callable, optional
        Called with a claim and None before it is tried, and with its evidence afterwards.
    on_note : callable, optional
        Called with a line of text at the end if games of the store were reused.

    Returns
    -------
    dict
        Claim and evidence by the claim's key.

    Warns
    -----
    StackelWarning
        For each damaged file of the store; its part is played again.

    Examples
    --------
    >>> from stackel.reproduce import CLAIMS
    >>> [claim.key for claim in CLAIMS][:3]
    ['unachievable', 'etc_linear', 'etc_threshold']
    """
    for module, extra in _NEEDED.items():
        require(module, extra)
    for claim in claims:
        as_choice("mode", mode, tuple(claim.modes))
    as_choice("engine", engine, ENGINES)
    root = as_seed(seed)
    try:
        directory = as_path(out)
        directory.mkdir(parents=True, exist_ok=True)
    except (SpecError, OSError) as error:
        raise SpecError("out", "a directory that exists or can be made", f"{shown(out)} ({error})") from None
    lab = Lab(root, engine, directory / STORE, threads, executor)
    spec = {"analysis": "reproduce", "mode": mode, "claims": [claim.key for claim in claims]}
    source = provenance_of(spec, root, engine)
    report, note = on_claim or (lambda *_: None), on_note or (lambda _: None)
    found: dict[str, tuple[Claim, Evidence]] = {}
    start = time.monotonic()
    for place, claim in enumerate(claims, 1):
        report(claim, None)
        evidence = claim.collect(lab, claim.modes[mode])
        found[claim.key] = claim, evidence
        save(found, directory, source)
        save_figure(claim.key, evidence, directory)
        save_page(found, directory, source, time.monotonic() - start, claims[place:])
        report(claim, evidence)
    if lab.reused:
        note(f"Reused {lab.reused} of {lab.reused + lab.played} games from {lab.store}.")
    return found
