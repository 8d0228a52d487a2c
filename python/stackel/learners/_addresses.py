"""Addresses of compiled functions, and what is known of their signatures."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import numpy as np

from stackel._utils.validation import shown
from stackel.errors import SpecError

_FunctionPointer = ctypes.CFUNCTYPE(None).__mro__[1]
_Pointer = ctypes.POINTER(ctypes.c_int).__mro__[1]
_SimpleData = ctypes.c_int.__mro__[1]


class Signature(NamedTuple):
    """What a function takes and returns, by kinds, and how C declares it."""

    returns: str
    takes: tuple[str, ...]
    declaration: str


CHOOSE = Signature("integer", ("pointer", "integer"), "int64_t choose(void *state, uint64_t random)")
OBSERVE = Signature(
    "nothing",
    ("pointer", "integer", "double"),
    "void observe(void *state, int64_t arm, double reward)",
)
OBSERVE_RESPONSE = Signature(
    "nothing",
    ("pointer", "integer", "double", "integer"),
    "void observe(void *state, int64_t arm, double reward, int64_t response)",
)
RESET = Signature(
    "nothing",
    ("pointer", "integer", "integer", "integer", "pointer"),
    "void reset(void *state, int64_t n_arms, int64_t horizon, int64_t role, const double *parameters)",
)
RESET_SHAPE = Signature(
    "nothing",
    (*RESET.takes, "integer", "integer", "integer"),
    RESET.declaration[:-1] + ", int64_t n_leader, int64_t n_follower, int64_t leader_action)",
)


class Function(NamedTuple):
    """A function whose address is known, and perhaps its signature."""

    address: int
    signature: tuple[str, tuple[str, ...]] | None


def as_function(argument: str, function: Any, *signatures: Signature) -> Function:
    """Return where a function is. If its signature is known, it has to be one of `signatures`."""
    declarations = " or ".join(signature.declaration for signature in signatures)
    allowed = f"the function {declarations}, as a numba cfunc, a ctypes function, a capsule or an address"
    if hasattr(function, "address") and hasattr(function, "ctypes"):  # numba's
        function = function.ctypes
    address: int | None = None
    found = None
    if issubclass(type(function), _FunctionPointer):
        found = _signature_of(function)
        if found is not None and found not in [(each.returns, each.takes) for each in signatures]:
            returns, takes = found
            raise SpecError(argument, allowed, f"one that takes ({', '.join(takes)}) and returns {returns}")
        address = ctypes.cast(function, ctypes.c_void_p).value
    elif type(function).__name__ == "PyCapsule":
        address = _in_capsule(function)
    elif isinstance(function, int | np.integer) and not isinstance(function, bool):
        address = int(function)
    if address is None or not 0 < address < 2**64:
        raise SpecError(argument, allowed, shown(function))
    return Function(address, found)


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
