"""The command line (extra ``cli``)."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stackel._explorer._command import Browser, GameFile, Port, serve
from stackel._files.atomic import as_target
from stackel._selftest import run as run_selftest
from stackel._utils.build import build_info
from stackel._utils.validation import as_choice
from stackel.benchmarks._benchmark_like import NAMED
from stackel.benchmarks._benchmarks import alignment, self_tolerant, stackelberg, tolerant
from stackel.errors import MissingExtraError, RunError, SpecError
from stackel.games._file import read_game
from stackel.games._game import action_labels, as_game
from stackel.learners import learner_schema
from stackel.reproduce import CLAIMS, run
from stackel.reproduce.report.files import PAGE
from stackel.reproduce.report.terminal import as_table
from stackel.results._terminal import meta_game_table
from stackel.sweeps import meta_game as play_meta_game
from stackel.sweeps import sweep as play_sweep
from stackel.sweeps.command import STOPPED, Learners, Threads, Workers, connected, resumable
from stackel.sweeps.config import load_learners, read_sweep
from stackel.sweeps.config import run_file as play_file
from stackel.sweeps.meta_config import located
from stackel.sweeps.meta_config import read_meta_game as read_meta_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from stackel.benchmarks._benchmarks import Benchmark
    from stackel.games._game import Game
    from stackel.reproduce.claim import Claim
    from stackel.reproduce.evidence import Evidence

_PIPE_WIDTH = 150
_MAX_ACTIONS_SHOWN = 12
_MAX_ROWS_SHOWN = 200
_KEYS = ", ".join(claim.key for claim in CLAIMS)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _print_version(requested: bool) -> None:  # noqa: FBT001 the signature typer calls
    if requested:
        typer.echo(f"stackel {build_info()['version']}")
        raise typer.Exit


@app.callback()
def stackel(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Repeated Stackelberg games in which both players learn."""


@app.command()
def reproduce(
    *,
    full: Annotated[
        bool,
        typer.Option(
            "--full/--quick",
            help="Horizons up to 10^10 in about half an hour, or up to 10^8 in about a minute, on two cores.",
        ),
    ] = False,
    out: Annotated[
        Path, typer.Option(help="Directory for the report, from which a stopped run continues.")
    ] = Path("results"),
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 2024,
    only: Annotated[
        list[str] | None, typer.Option(help="Test only this claim; may be repeated. One of: " + _KEYS)
    ] = None,
) -> None:
    """Test the theory's claims by simulation, and report which of them hold in the measured range.

    The exit code is 0 when all claims were tested, even if some do not hold.
    """
    console = _console()
    start = time.monotonic()
    with _plain_errors(), console.status("") as status:

        def tell(claim: Claim, evidence: Evidence | None) -> None:
            if evidence is None:
                status.update(f"{claim.title} ...")

        found = run(
            out,
            mode="full" if full else "quick",
            seed=seed,
            claims=_chosen(only),
            on_claim=tell,
            on_note=lambda note: console.print(Text(note)),
        )
    console.print(as_table(found))
    console.print(Text(f"The report is {out / PAGE}. This took {time.monotonic() - start:.0f} s."))


@app.command()
def learners() -> None:
    """List the learners, the seats they can take, and their parameters."""
    table = Table("learner", "seats", "parameters (default; allowed)", "rule")
    for entry in learner_schema():
        parameters = "\n".join(map(_described, entry["parameters"]))
        table.add_row(*map(Text, (entry["name"], ", ".join(entry["roles"]), parameters, entry["summary"])))
    _console().print(table)


@app.command()
def selftest(
    *,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=2**64 - 1, help="Seed of all random numbers.", show_default="a fresh one"),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.0, help="Time after which no new game begins.")] = 60.0,
    false_alarms: Annotated[
        float, typer.Option(min=1e-12, max=0.5, help="Probability that a correct installation fails.")
    ] = 1e-4,
) -> None:
    """Test the rewards of the installed stackel, and that all engines play the same games, with a new seed.

    Rewards are compared with their laws. Games, learners and noise drawn at random are played by all engines,
    whose results must be equal to the last bit. The exit code is 1 if a p value is too small by Bonferroni's
    method, or if two results differ.
    """
    seed = secrets.randbits(64) if seed is None else seed
    console = _console()
    with _plain_errors(), console.status("") as status:
        found = run_selftest(
            seed,
            seconds=seconds,
            false_alarms=false_alarms,
            on_game=lambda share: status.update(f"{share:.0%}"),
        )
    table = Table("p value", "of")
    for place in dict.fromkeys([*found.smallest(5), *found.too_small[:_MAX_ACTIONS_SHOWN]]):
        table.add_row(*map(Text, (f"{found.p[place]:.2g}", found.names[place])))
    console.print(table)
    for game in found.different[:_MAX_ACTIONS_SHOWN]:
        console.print(Text(f"engines differ: {game}"))
    console.print(
        Text(
            f"{len(found.p)} p values, {len(found.too_small)} too small (false alarms {false_alarms:g}"
            f" over all of them); {found.games} games, {len(found.different)} differences; seed {seed}"
        )
    )
    if found.too_small or found.different:
        raise typer.Exit(1)


@app.command()
def benchmarks(
    gamefile: Annotated[Path, typer.Argument(help="Game as TOML or JSON.")],
    *,
    gamma: Annotated[
        list[float] | None, typer.Option(help="Tolerance; may be repeated.", show_default="0.05")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON; infinite numbers as strings.")] = False,
) -> None:
    """Print the benchmarks and the alignment constant of a game."""
    with _plain_errors():
        game = as_game(read_game(gamefile))
        found = list(_all_benchmarks(game, gamma or [0.05]))
        lipschitz = alignment(game)
    if as_json:
        listed = [{"name": name, **dataclasses.asdict(benchmark)} for name, benchmark in found]
        described = {"game": game.to_dict(), "alignment": lipschitz, "benchmarks": listed}
        typer.echo(json.dumps(_strict(described), indent=2, allow_nan=False))
        return
    console = _console()
    console.print(_game_table(game))
    console.print(_benchmark_table(game, found))
    console.print(Text(f"alignment constant L = {lipschitz:g}"))


def _own(source: str | None) -> dict[str, Any]:
    return {} if source is None else load_learners(source)


@app.command("run")
def play(
    file: Annotated[Path, typer.Argument(help="Experiment in TOML.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Save the result, for stackel.load.")] = None,
    learners: Learners = None,
    threads: Threads = None,
) -> None:
    """Run one experiment, and print mean utilities and regrets against the Stackelberg benchmark."""
    with _plain_errors():
        if out is not None:
            as_target(out)
        found = play_file(file, learners=_own(learners), threads=threads)
        if out is not None:
            found.save(out)
        summary = found.summary(stackelberg)
    console = _console()
    console.print(Text(repr(found)))
    console.print(_data_table(summary))


@app.command()
def sweep(
    file: Annotated[Path, typer.Argument(help="Sweep in TOML.")],
    *,
    workers: Workers = None,
    learners: Learners = None,
    threads: Threads = None,
    benchmark: Annotated[
        str, typer.Option(help=f"Benchmark of the printed regrets: {', '.join(NAMED)}.")
    ] = "stackelberg",
) -> None:
    """Play the replications of a sweep that its store does not have yet, and print utilities and regrets.

    A sweep that was stopped, by Ctrl-C or otherwise, continues when it is started again.
    """
    console = _console()
    with _plain_errors(), contextlib.ExitStack() as stack:
        as_choice("benchmark", benchmark, tuple(NAMED))
        tasks, store, options = read_sweep(file, learners=_own(learners))
        stack.enter_context(resumable(store))
        executor = None if workers is None else stack.enter_context(connected(workers))
        options |= {"threads": threads, "progress": console.is_terminal}
        found = play_sweep(tasks, store=store, executor=executor, **options)
        if len(tasks) <= _MAX_ROWS_SHOWN:
            summary = found.summary(benchmark).drop(columns="task")
            if len(summary) <= _MAX_ROWS_SHOWN:
                console.print(_data_table(summary))
    console.print(Text(f"{found.played} games played, {found.reused} reused; results in {found.results}"))


@app.command()
def meta(
    file: Annotated[Path, typer.Argument(help="Meta-game in TOML.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Save the meta-game, for stackel.load.")] = None,
    workers: Workers = None,
    learners: Learners = None,
    threads: Threads = None,
) -> None:
    """Estimate the game in which the players choose their algorithms, and print its solutions.

    With a store in the file, a command that was stopped continues when it is started again.
    """
    console = _console()
    with _plain_errors(), contextlib.ExitStack() as stack:
        arguments = read_meta_file(file, learners=_own(learners))
        if out is not None:
            as_target(out)
        if "store" in arguments:
            stack.enter_context(resumable(arguments["store"]))
        executor = None if workers is None else stack.enter_context(connected(workers))
        arguments |= {"executor": executor, "threads": threads, "progress": console.is_terminal}
        try:
            found = play_meta_game(**arguments)
        except SpecError as error:
            raise located(file, error) from None
        if out is not None:
            found.save(out)
    console.print(meta_game_table(found))
    for kind in ("nash", "stackelberg"):
        for each in found.solve(kind):
            console.print(Text(repr(each)))


@app.command()
def explore(file: GameFile = None, *, port: Port = 0, browser: Browser = True) -> None:
    """Serve a page in which a game can be changed and played, for this machine only, until Ctrl-C."""
    with _plain_errors():
        serve(file, port, browser=browser)


def _data_table(data: pd.DataFrame) -> Table:
    table = Table(*map(str, data.columns))
    for row in data.itertuples(index=False):
        table.add_row(*(Text(f"{cell:.6g}" if isinstance(cell, float) else str(cell)) for cell in row))
    return table


def _all_benchmarks(game: Game, gammas: list[float]) -> Iterator[tuple[str, Benchmark]]:
    for ties in ("strong", "weak"):
        yield f"Stackelberg, {ties}", stackelberg(game, ties=ties)
    for gamma in gammas:
        yield "tolerant", tolerant(game, gamma)
        yield "self-tolerant", self_tolerant(game, gamma)


def _game_table(game: Game) -> Table | Text:
    rows, columns = game.shape
    if max(rows, columns) > _MAX_ACTIONS_SHOWN:
        return Text(repr(game))
    names, responses = action_labels(game)
    table = Table("(leader, follower)", title=Text(repr(game)), title_justify="left")
    for response in responses:
        table.add_column(Text(response))
    for a, name in enumerate(names):
        cells = (f"({game.leader[a, b]:g}, {game.follower[a, b]:g})" for b in range(columns))
        table.add_row(Text(name), *map(Text, cells))
    return table


def _benchmark_table(game: Game, found: list[tuple[str, Benchmark]]) -> Table:
    names, responses = action_labels(game)
    table = Table("benchmark", "gamma", "leader", "follower", "attained at")
    for name, benchmark in found:
        a, b = benchmark.leader_action, benchmark.follower_action
        if a is not None and b is not None:
            where = f"{names[a]}, {responses[b]}" + (" (ties matter)" if benchmark.ambiguous else "")
        else:
            where = f"e = {benchmark.leader_epsilon:g}, {benchmark.follower_epsilon:g}"
        gamma = "" if benchmark.gamma is None else f"{benchmark.gamma:g}"
        table.add_row(*map(Text, (name, gamma, f"{benchmark.leader:g}", f"{benchmark.follower:g}", where)))
    return table


def _described(parameter: dict[str, Any]) -> str:
    default = f"{parameter['default']}; " if not parameter["required"] else "required; "
    return f"{parameter['name']} ({default}{parameter['allowed']})"


def _chosen(only: list[str] | None) -> tuple[Claim, ...]:
    unknown = sorted(set(only or ()) - {claim.key for claim in CLAIMS})
    if unknown:
        raise SpecError("only", f"one of {_KEYS}", repr(unknown[0]))
    return tuple(claim for claim in CLAIMS if not only or claim.key in only)


def _strict(value: Any) -> Any:
    """Return the same data with infinite numbers, which JSON does not have, as strings."""
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_strict(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _console() -> Console:
    """Return the console; output to a file is wide enough for the tables."""
    console = Console()
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    return console


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn errors for the user, and Ctrl-C, into one line and an exit code.

    The exit code is 2 for arguments, 130 after Ctrl-C as is usual, and 1 for other errors.
    """
    try:
        yield
    except (SpecError, MissingExtraError, RunError, OSError) as error:
        typer.echo(f"stackel: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, SpecError) else 1) from None
    except KeyboardInterrupt:
        typer.echo("stackel: stopped", err=True)
        raise typer.Exit(STOPPED) from None
