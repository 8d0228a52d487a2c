"""The state of the page as a Python program that makes the same runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.players import ROLES
from stackel.learners._base import REGISTERED
from stackel.learners._made import MadeLearner, innermost
from stackel.learners._own import OwnLearner
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from stackel._explorer._state import State
    from stackel.games._game import Game
    from stackel.learners import Learner

_LETTERS = "ab"


def as_python(state: State, horizons: list[int] | None = None) -> str:
    """Return the program; with `horizons` it fits exponents as well."""
    lines = ["import stackel as sk", ""]
    innermosts = [innermost(learner) for setup in state.setups for learner in setup[1:]]
    own = [learner for learner in innermosts if isinstance(learner, OwnLearner)]
    if own:
        names = ", ".join(dict.fromkeys(map(_own_name, own)))
        lines += [f"# {names}: define or import this code of your own first", ""]
    lines += _benchmark(state.benchmark_data)
    alone = len(state.setups) == 1
    for letter, setup, experiment in zip(_LETTERS, state.setups, state.experiments, strict=False):
        end = "" if alone else f"_{letter}"
        run = [
            f"game{end},",
            *(f"{_learner(getattr(setup, role))}," for role in ROLES),
        ]
        options = [f"replications={experiment.replications},", f"seed={experiment.seed},"]
        lines += ["", f"game{end} = {_game(setup.game)}"]
        lines += [f"run{end} = sk.simulate(", *_indented([*run, f"{experiment.horizon:_},", *options]), ")"]
        lines += [f"regret{end} = run{end}.regret(benchmark)  # shape (2, replications, checkpoints)"]
        lines += [f"print(regret{end}.mean(axis=1)[:, -1])"]
        if horizons is not None:
            shown = f"{horizons},"
            fit = _indented([*run, shown, "benchmark,", *options])
            lines += [f"fit{end} = sk.scaling(", *fit, ")", f"print(fit{end})"]
    return "\n".join(lines) + "\n"


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _benchmark(data: dict[str, Any]) -> list[str]:
    kind, gamma = data["kind"], data.get("gamma")
    if kind == "pair":
        return [f"benchmark = ({float(data['leader'])!r}, {float(data['follower'])!r})"]
    if kind == "mixed_stackelberg":
        return [f"benchmark = sk.{kind}"]
    if kind == "weak":
        returned = 'sk.stackelberg(game, ties="weak")'
    elif gamma is None:
        return [f'benchmark = "{kind}"']
    else:
        returned = f"sk.{kind}(game, {float(gamma)!r})"
    return ["", "def benchmark(game):", f"    return {returned}", ""]


def _game(game: Game) -> str:
    data = game.to_dict()
    lines = [line for role in ROLES for line in ("[", *_indented([f"{row}," for row in data[role]]), "],")]
    leader, follower = game.noise
    if leader != follower:
        lines.append(f"noise=(sk.{leader!r}, sk.{follower!r}),")
    elif leader != Gaussian(1.0):
        lines.append(f"noise=sk.{leader!r},")
    lines += [
        f"{key}={data[key]!r},"
        for key in ("name", "leader_labels", "follower_labels")
        if data[key] is not None
    ]
    return "\n".join(["sk.Game(", *_indented(lines), ")"])


def _learner(learner: Learner) -> str:
    """Return the call that makes a learner, with the parameters that differ from their defaults."""
    if isinstance(learner, OwnLearner):
        return _own_name(learner)
    table = learner.to_dict()
    name = table.pop("learner")
    inner = {"of": _learner(learner.inner)} if isinstance(learner, MadeLearner) else {}
    parts = [
        f"{key}={inner.get(key, repr(value))}"
        for key, value in table.items()
        if value != getattr(REGISTERED[name], key, _REQUIRED)
    ]
    return f"sk.{name}({', '.join(parts)})"


def _own_name(learner: Learner) -> str:
    return learner.label if learner.label.isidentifier() else "own_learner"


_REQUIRED = object()
