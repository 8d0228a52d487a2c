"""Functions of numba in other processes: found by their name, or compiled again."""

from __future__ import annotations

import importlib
import pickle
import sys
from typing import Any


def portable(function: Any) -> tuple[Any, ...] | None:
    """Return what `rebuilt` makes the function of in another process; None if nothing does."""
    pyfunc = getattr(function, "__wrapped__", None)
    if function is None or pyfunc is None or not hasattr(function, "address"):
        return () if function is None else None
    module, name = pyfunc.__module__, pyfunc.__qualname__
    if module != "__main__" and _found(module, name) is function:
        return module, name
    try:
        import cloudpickle  # noqa: PLC0415 the extra dask brings it

        compiler = function._compiler  # noqa: SLF001 numba has no public name for it
        options = {name: value for name, value in compiler.targetoptions.items() if name != "nopython"}
        recipe = function._sig, dict(compiler.locals), options  # noqa: SLF001 as above
        return pickle.dumps(recipe), cloudpickle.dumps(pyfunc)
    except Exception:  # noqa: BLE001 pickling runs code of users and of numba, which may raise anything
        return None


def rebuilt(kept: tuple[Any, ...]) -> Any:
    """Return the function that `portable` was given."""
    if not kept:
        return None
    if isinstance(kept[0], str):
        module, name = kept
        function = _found(module, name)
        if function is None:
            raise ImportError(f"no function {name} in the module {module}")
        return function
    import numba  # noqa: PLC0415 only learners compiled by numba need it

    recipe, pyfunc = (pickle.loads(each) for each in kept)  # noqa: S301 part of a pickle that is being read
    signature, local_types, options = recipe
    return numba.cfunc(signature, locals=local_types, **options)(pyfunc)


def _found(module: str, name: str) -> Any:
    try:
        found: Any = sys.modules.get(module) or importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return None
    return found
