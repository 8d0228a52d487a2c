"""Learners of your own, as compiled functions: numba's, C's or anybody else's."""

from __future__ import annotations

import ctypes
from dataclasses import InitVar, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel._core import Code
from stackel._utils.validation import as_count, as_flag, as_real, shown
from stackel.errors import SpecError
from stackel.learners._own import OwnLearner, RecordedLearner, as_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_FunctionPointer = ctypes.CFUNCTYPE(None).__mro__[1]
_Pointer = ctypes.POINTER(ctypes.c_int).__mro__[1]
_SimpleData = ctypes.c_int.__mro__[1]
_LARGEST_STATE = 2**40


class _Signature(NamedTuple):
    """What a function takes and returns, by kinds, and how C declares it."""

    returns: str
    takes: tuple[str, ...]
    declaration: str


_CHOOSE = _Signature("integer", ("pointer", "integer"), "int64_t choose(void *state, uint64_t random)")
_OBSERVE = _Signature(
    "nothing",
    ("pointer", "integer", "double"),
    "void observe(void *state, int64_t arm, double reward)",
)
_OBSERVE_RESPONSE = _Signature(
    "nothing",
    ("pointer", "integer", "double", "integer"),
    "void observe(void *state, int64_t arm, double reward, int64_t response)",
)
_RESET = _Signature(
    "nothing",
    ("pointer", "integer", "integer", "integer", "pointer"),
    "void reset(void *state, int64_t n_arms, int64_t horizon, int64_t role, const double *parameters)",
)


@dataclass(frozen=True, eq=False, repr=False)
class CompiledLearner(OwnLearner, registered=False):
    """A learner of your own whose code is compiled, by numba, C or anything else.

    Its functions have the signatures below, in C:

    .. code-block:: c

        int64_t choose(void *state, uint64_t random);
        void observe(void *state, int64_t arm, double reward);
        void reset(void *state, int64_t n_arms, int64_t horizon, int64_t role, const double *parameters);

    ``choose`` returns the arm of this round, from 0; ``random`` are 64 random bits from the stream of
    the player's decisions. ``observe`` is given the reward of that arm. ``reset`` is called once on
    every fresh instance: its number of arms, the number of rounds T, its role (0: leader,
    1: follower) and the `parameters`.

    A leader is one instance for each replication; a follower one for each replication and leader action.
    Every instance has a state of its own: ``state_bytes + state_bytes_per_arm * n_arms`` bytes, zero at
    first, aligned to 16 bytes, freed after the replication.

    Parameters
    ----------
    choose : numba cfunc, ctypes function, PyCapsule or int
        What chooses: a function made by ``numba.cfunc``, a function of ctypes, a capsule around a
        pointer, or an address. Signatures are compared where these know them.
    observe, reset : like `choose`, optional
        A learner without ``observe`` learns nothing.
    name : str
        What results, tables and figures call it.
    state_bytes, state_bytes_per_arm : int, default 0
        Size of the state of an instance.
    parameters : sequence of float, optional
        Numbers for ``reset``. The pointer to them is good for as long as the instance is.
    sees_response : bool, default False
        Give ``observe`` the follower's action as a fourth argument, an ``int64_t``. It is for leaders
        that see what the follower does.

    Raises
    ------
    SpecError
        If an argument is not usable; in a run, if ``choose`` returns no arm.

    Notes
    -----
    The functions are called without the interpreter's lock, by several threads at once but never two for
    the same state. They must not touch Python, throw or longjmp. Nobody can check what an address
    leads to: a wrong one crashes the process.

    The learner keeps the objects that own the functions. A result file holds its name only, and so does a
    pickle.

    Examples
    --------
    A function of ctypes, here a slow one in Python that plays the arms in turn; fast ones come from
    ``numba.cfunc`` or a compiler:

    >>> import ctypes
    >>> import stackel as sk
    >>> @ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.POINTER(ctypes.c_int64), ctypes.c_uint64)
    ... def choose(state, random):
    ...     state[0] += 1
    ...     return state[0] % 2
    >>> leader = sk.CompiledLearner(choose, name="InTurn", state_bytes=8)
    >>> run = sk.simulate(sk.games.etc_failure(), leader, sk.BestResponse(), 100, seed=1)
    >>> run.pulls.tolist()
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
    _addresses: tuple[int, int, int] = field(init=False)
    _code: Code = field(init=False)

    def __post_init__(self, choose: Any, observe: Any, reset: Any) -> None:
        as_name(self.name)
        seen = as_flag("sees_response", self.sees_response)
        addresses = (
            _address("choose", choose, _CHOOSE),
            0 if observe is None else _address("observe", observe, _OBSERVE_RESPONSE if seen else _OBSERVE),
            0 if reset is None else _address("reset", reset, _RESET),
        )
        parameters = _as_numbers(self.parameters)
        code = Code(
            self.name,
            addresses,
            as_count("state_bytes", self.state_bytes, 0, _LARGEST_STATE),
            as_count("state_bytes_per_arm", self.state_bytes_per_arm, 0, _LARGEST_STATE),
            list(parameters),
            seen,
            (choose, observe, reset),
        )
        object.__setattr__(self, "parameters", parameters)
        object.__setattr__(self, "_addresses", addresses)
        object.__setattr__(self, "_code", code)

    def as_core(self) -> tuple[str, dict[str, Any]]:
        """Name and code, as the core takes them."""
        return type(self).__name__, {"code": self._code}

    def _key(self) -> tuple[Any, ...]:
        sizes = self.state_bytes, self.state_bytes_per_arm
        return self.name, self._addresses, *sizes, self.parameters, self.sees_response

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
        return RecordedLearner, (type(self).__name__, self.name)

    def __repr__(self) -> str:
        return f"CompiledLearner({self.name!r})"


def _as_numbers(parameters: Any) -> tuple[float, ...]:
    try:
        numbers = tuple(parameters)
    except TypeError:
        raise SpecError("parameters", "a sequence of finite numbers", shown(parameters)) from None
    return tuple(as_real("parameters", number) for number in numbers)


def _address(argument: str, function: Any, signature: _Signature) -> int:
    """Address of a function, whose signature is compared if it is known."""
    allowed = (
        f"the function {signature.declaration}, as a numba cfunc, a ctypes function, a capsule or an address"
    )
    if hasattr(function, "address") and hasattr(function, "ctypes"):  # numba's
        function = function.ctypes
    address: int | None = None
    if issubclass(type(function), _FunctionPointer):
        found = _signature_of(function)
        if found is not None and found != (signature.returns, signature.takes):
            returns, takes = found
            raise SpecError(argument, allowed, f"one that takes ({', '.join(takes)}) and returns {returns}")
        address = ctypes.cast(function, ctypes.c_void_p).value
    elif type(function).__name__ == "PyCapsule":
        address = _in_capsule(function)
    elif isinstance(function, int | np.integer) and not isinstance(function, bool):
        address = int(function)
    if address is None or not 0 < address < 2**64:
        raise SpecError(argument, allowed, shown(function))
    return address


def _signature_of(function: Any) -> tuple[str, tuple[str, ...]] | None:
    """Kinds of what a ctypes function returns and takes; None if nobody has declared it."""
    if function.argtypes is None:
        return None
    return _kind(function.restype), tuple(map(_kind, function.argtypes))


def _kind(ctype: Any) -> str:
    if ctype is None:
        return "nothing"
    if ctype is ctypes.c_void_p or issubclass(ctype, _Pointer):
        return "pointer"
    if ctype is ctypes.c_double:
        return "double"
    is_integer = issubclass(ctype, _SimpleData) and getattr(ctype, "_type_", "") in "lLqQ"
    return "integer" if is_integer and ctypes.sizeof(ctype) == 8 else str(ctype.__name__)


def _in_capsule(capsule: object) -> int | None:
    api = ctypes.pythonapi
    name_of = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(("PyCapsule_GetName", api))
    pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)
    address: int | None = pointer(("PyCapsule_GetPointer", api))(capsule, name_of(capsule))
    return address
