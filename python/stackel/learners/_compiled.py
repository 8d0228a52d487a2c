"""Learners of your own, as functions compiled by numba, C or otherwise."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from typing import TYPE_CHECKING, Any

from stackel._core import Code
from stackel._utils.carriers import as_items
from stackel._utils.validation import as_count, as_flag, as_real, shown
from stackel.errors import SpecError
from stackel.learners._addresses import CHOOSE, OBSERVE, OBSERVE_RESPONSE, RESET, RESET_SHAPE, as_function
from stackel.learners._own import OwnLearner, RecordedLearner, as_name, as_version
from stackel.learners._portable import portable, rebuilt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

_LARGEST_STATE = 2**40


@dataclass(frozen=True, eq=False, repr=False)
class CompiledLearner(OwnLearner, registered=False):
    """A learner of your own whose code is compiled by numba, C or otherwise.

    Its functions have the signatures below, in C:

    .. code-block:: c

        int64_t choose(void *state, uint64_t random);
        void observe(void *state, int64_t arm, double reward);
        void reset(void *state, int64_t n_arms, int64_t horizon, int64_t role, const double *parameters);

    ``choose`` returns the arm of this round, from 0; ``random`` are 64 random bits from the stream of
    the player's decisions. ``observe`` is given the reward of that arm. ``reset`` is called once on
    every fresh instance: its number of arms, the number of rounds T, its role (0: leader,
    1: follower), the `parameters`, and the shape of the game if it has the arguments for it.

    A leader is one instance for each replication; a follower one for each replication and leader action.
    Every instance has a state of its own: ``state_bytes + state_bytes_per_arm * n_arms`` bytes, zero at
    first, aligned to 16 bytes, freed after the replication.

    Parameters
    ----------
    choose : numba cfunc, ctypes function, PyCapsule or int
        A function made by ``numba.cfunc``, a function of ctypes, a capsule around a pointer, or an address.
        Its signature is compared if it is known.
    observe, reset : like `choose`, optional
        A learner without ``observe`` learns nothing.
    name : str
        What results, tables and figures call it.
    state_bytes, state_bytes_per_arm : int, default 0
        Size of the state of an instance.
    parameters : sequence of float, optional
        Numbers for ``reset``. The pointer to them is valid as long as the instance lives.
    sees_response : bool, default False
        Give ``observe`` the follower's action as a fourth argument, an ``int64_t``, for leaders that see
        it.
    reset_takes_shape : bool, optional
        Give ``reset`` three further arguments, ``int64_t n_leader, int64_t n_follower, int64_t
        leader_action``: the numbers of actions, and the leader action that an instance of the follower
        answers, -1 for a leader. Only a function whose signature is not declared needs it, such as an
        address; others are recognised by their signature.
    version : str, optional
        Your word for which rule it is: change it whenever the rule changes. Sweeps need it.

    Notes
    -----
    The functions are called without the interpreter's lock, by several threads at once but never two for
    the same state. C functions must not touch Python, throw or longjmp. Nobody can check what an address
    leads to: a wrong one crashes the process. A ``choose`` that returns no arm ends the run with a SpecError.
    An exception in a numba cfunc or in a Python function behind ctypes ends it with a RunError that names the
    learner, the replication and the round, and has the exception as its ``__cause__``.

    The learner keeps the objects that own the functions. A result file holds its name and version only. A
    pickle holds the learner if all functions are numba cfuncs that the other process can import from their
    module, or that `cloudpickle`, if it is installed, can take along to be compiled there again. Otherwise
    it holds name and version, a `RecordedLearner`.

    Examples
    --------
    This function of ctypes is slow, because it is written in Python. Fast ones come from ``numba.cfunc`` or
    a compiler:

    >>> import ctypes
    >>> import stackel as sk
    >>> @ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.POINTER(ctypes.c_int64), ctypes.c_uint64)
    ... def choose(state, random):
    ...     state[0] += 1
    ...     return state[0] % 2
    >>> leader = sk.CompiledLearner(choose, name="InTurn", state_bytes=8)
    >>> sk.simulate(sk.games.etc_failure(), leader, sk.BestResponse(), 100, seed=1).pulls.tolist()
    [[[50, 0], [50, 0]]]
    """

    choose: InitVar[Any]
    observe: InitVar[Any] = None
    reset: InitVar[Any] = None
    name: str = field(kw_only=True)
    state_bytes: int = field(default=0, kw_only=True)
    state_bytes_per_arm: int = field(default=0, kw_only=True)
    parameters: Sequence[float] | npt.NDArray[np.float64] = field(default=(), kw_only=True)
    sees_response: bool = field(default=False, kw_only=True)
    reset_takes_shape: bool | None = field(default=None, kw_only=True)
    version: str = field(default="", kw_only=True)
    _addresses: tuple[int, int, int] = field(init=False)
    _code: Code = field(init=False)
    _functions: tuple[Any, Any, Any] = field(init=False)

    def __post_init__(self, choose: Any, observe: Any, reset: Any) -> None:
        seen = as_flag("sees_response", self.sees_response)
        fixed = as_count("state_bytes", self.state_bytes, 0, _LARGEST_STATE)
        per_arm = as_count("state_bytes_per_arm", self.state_bytes_per_arm, 0, _LARGEST_STATE)
        start, takes_shape = _as_reset(reset, self.reset_takes_shape)
        addresses = (
            as_function("choose", choose, CHOOSE).address,
            0
            if observe is None
            else as_function("observe", observe, OBSERVE_RESPONSE if seen else OBSERVE).address,
            start,
        )
        parameters = _as_numbers(self.parameters)
        functions = (choose, observe, reset)
        name = as_name(self.name)
        code = Code(name, addresses, fixed, per_arm, list(parameters), seen, takes_shape, functions)
        vars(self).update(
            state_bytes=fixed,
            state_bytes_per_arm=per_arm,
            name=name,
            version=as_version(self.version),
            parameters=parameters,
            sees_response=seen,
            reset_takes_shape=takes_shape,
            _addresses=addresses,
            _code=code,
            _functions=functions,
        )

    def as_core(self) -> tuple[str, dict[str, Any]]:
        """Name and code, as the core takes them."""
        return type(self).__name__, {"code": self._code}

    def _key(self) -> tuple[Any, ...]:
        sizes = self.state_bytes, self.state_bytes_per_arm
        told = self.sees_response, self.reset_takes_shape
        return self.name, self.version, self._addresses, *sizes, self.parameters, *told

    def __eq__(self, other: object) -> bool:
        """Whether both call the same functions with the same parameters."""
        return self._key() == other._key() if isinstance(other, CompiledLearner) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __copy__(self) -> CompiledLearner:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> CompiledLearner:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # Addresses mean nothing to another process.
        functions = tuple(map(portable, self._functions))
        if None in functions:
            return RecordedLearner, (type(self).__name__, self.name, self.version)
        options = (
            "name",
            "state_bytes",
            "state_bytes_per_arm",
            "parameters",
            "sees_response",
            "reset_takes_shape",
            "version",
        )
        return _rebuilt, (functions, {option: getattr(self, option) for option in options})


def _rebuilt(functions: tuple[tuple[Any, ...], ...], options: dict[str, Any]) -> CompiledLearner:
    return CompiledLearner(*map(rebuilt, functions), **options)


def _as_reset(reset: Any, takes_shape: Any) -> tuple[int, bool]:
    """Return the address of reset, and whether it is told the shape of the game: a signature says so too."""
    if takes_shape is not None:
        as_flag("reset_takes_shape", takes_shape)
    if reset is None:
        return 0, False
    signatures = {None: (RESET, RESET_SHAPE), False: (RESET,), True: (RESET_SHAPE,)}[takes_shape]
    address, signature = as_function("reset", reset, *signatures)
    if signature is not None:
        takes_shape = signature[1] == RESET_SHAPE.takes
    return address, bool(takes_shape)


def _as_numbers(parameters: Any) -> tuple[float, ...]:
    numbers = as_items(parameters)
    if numbers is None:
        raise SpecError("parameters", "a sequence of finite numbers", shown(parameters))
    return tuple(as_real("parameters", number) for number in numbers)
