"""Run the theory's claims as simulations and say which of them hold in the measured range.

``stackel reproduce`` on the command line, `run` from Python. A claim is one module of
`stackel.reproduce.claims`; what it predicts and what decides it stands there.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from stackel._utils.optional import require
from stackel._utils.seeds import as_seed
from stackel._utils.validation import as_choice, shown
from stackel.errors import SpecError
from stackel.reproduce.claims import CLAIMS
from stackel.reproduce.experiments.lab import Lab
from stackel.reproduce.experiments.samples import Samples
from stackel.reproduce.report.files import save, save_figures, save_page
from stackel.reproduce.report.provenance import provenance
from stackel.simulation._experiment import ENGINES

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from stackel.reproduce.claim import Claim
    from stackel.reproduce.evidence import Evidence

__all__ = ["CLAIMS", "run"]

SAMPLES = "samples"
"""Directory of the samples below that of the report."""


def run(
    out: str | os.PathLike[str],
    *,
    mode: str = "quick",
    seed: int = 2024,
    threads: int | None = None,
    engine: str = "auto",
    claims: Sequence[Claim] = CLAIMS,
    on_claim: Callable[[Claim, Evidence | None], None] | None = None,
    on_note: Callable[[str], None] | None = None,
) -> dict[str, tuple[Claim, Evidence]]:
    """Run the experiments of every claim and write a report with tables and figures.

    What has been played is kept in ``samples`` below `out`: a run that is started again there, with the
    same seed, mode, engine and version, goes on where it was stopped, and another one reuses what both
    have in common.

    Parameters
    ----------
    out : path-like
        Directory for ``index.html`` (the report, which needs no other file), ``findings`` (one line
        for each finding, with verdict) and ``numbers`` (every number that is drawn), both as CSV and
        Parquet, ``provenance.json`` (what repeats them) and the figures (PNG and SVG); made if
        missing. Files are complete as soon as they are there, and written after every claim.
    mode : {"quick", "full"}, default "quick"
        How long to play: ``quick`` takes under a minute on two cores, ``full`` under 20.
    seed : int, default 2024
        Everything random derives from it.
    threads : int or None
        Worker threads; None uses all cores. Does not change any number.
    engine : str, default "auto"
        As for `stackel.simulate`.
    claims : sequence of Claim, default all
        What to try.
    on_claim : callable, optional
        Called with a claim and None before it is tried, and with its evidence afterwards.
    on_note : callable, optional
        Called with lines of text about kept samples: how many were reused, and which are damaged.

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
    etc_threshold: When ETC against ETC fails
    throw_out: ThrowOut against ETC
    explore_then_ucb: Explore-then-UCB against followers that settle
    unsettled: Followers that break Explore-then-UCB
    sizes: Growth with the numbers of actions
    lower_bound: No pair beats T^(2/3)
    worst_gap: The hardest gap shrinks like T^(-1/3)
    aligned: Partially aligned interests
    weaker_benchmark: A weaker benchmark
    wrong_scale: Wrong scale of the noise
    wrong_alignment: Wrong alignment constant
    wrong_horizon: Wrong horizon
    """
    require("matplotlib.figure", "plot")
    require("jinja2", "report")
    require("pyarrow", "report")
    for claim in claims:
        as_choice("mode", mode, tuple(claim.modes))
    as_choice("engine", engine, ENGINES)
    root = as_seed(seed)
    directory = _as_directory(out)
    samples = Samples(directory / SAMPLES)
    lab = Lab(root, threads, engine, samples)
    source = provenance(mode, root, engine)
    tell, note = on_claim or (lambda *_: None), on_note or (lambda _: None)
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
    for line in samples.report():
        note(line)
    return found


def _as_directory(out: str | os.PathLike[str]) -> Path:
    try:
        directory = Path(out)
        directory.mkdir(parents=True, exist_ok=True)
    except (TypeError, OSError) as error:
        raise SpecError("out", "a directory that exists or can be made", f"{shown(out)} ({error})") from None
    return directory
