"""Run the numerical tests as they would run on other processors: ``python tests/other_processors.py``.

OpenBLAS, NumPy and the C library choose code by the processor that they find, and each choice rounds in its
own way. Here they are told to find an older one: in one run for each kernel of OpenBLAS that works on this
machine, from old to new, with one more of the levels that NumPy dispatches to in each. The first is also
without the fused operations of the C library. A run begins with a line that shows its environment.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

FILES = """
test_benchmarks.py test_commitment.py test_compare.py test_diagnostics.py test_equilibria.py test_golden.py
test_intervals.py test_paired.py test_result.py test_scaling.py test_scaling_shape.py test_two_samples.py
test_worst_case.py
"""
CORES = """
PRESCOTT NEHALEM SANDYBRIDGE HASWELL ZEN SKYLAKEX COOPERLAKE SAPPHIRERAPIDS
ARMV8 CORTEXA57 NEOVERSEN1 NEOVERSEV1 NEOVERSEN2 ARMV8SVE
"""
"""What OpenBLAS can be told to find, from old to new; it takes another if it was built without."""
FOUND = """
import numpy as np, scipy.linalg, threadpoolctl
matrix = np.eye(50) + 1
scipy.linalg.inv(matrix @ np.linalg.inv(matrix))
print([pool.get("architecture") for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"])
"""
LEVELS = 'import numpy as np; print(np.show_config("dicts")["SIMD Extensions"].get("found", []))'
OLDEST = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"}


def asked(script, **environment):
    """What a script prints where the environment is so; None if it fails, as on instructions not known."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    return None if done.returncode else ast.literal_eval(done.stdout)


def kernels():
    """The value of OPENBLAS_CORETYPE for each kernel that works here, except the one that is taken anyway."""
    names = {str(asked(FOUND)): None}
    for core in CORES.split():
        names.setdefault(str(asked(FOUND, OPENBLAS_CORETYPE=core)), core)
    names.pop("None", None)
    return [core for core in names.values() if core]


def environments():
    """The environment of each run."""
    levels = asked(LEVELS)
    fewer = [" ".join(levels[kept:]) for kept in range(len(levels))]
    for run, (core, level) in enumerate(zip_longest(kernels(), fewer)):
        settings = {"OPENBLAS_CORETYPE": core, "NPY_DISABLE_CPU_FEATURES": level}
        yield {name: value for name, value in settings.items() if value} | ({} if run else OLDEST)


def main():
    """Return the number of runs that failed."""
    files = [str(Path(__file__).with_name(name)) for name in FILES.split()]
    command = [sys.executable, "-m", "pytest", "-q", "-n2", "--dist=loadfile", *sys.argv[1:], *files]
    failed = 0
    for environment in environments():
        sys.stdout.write(
            " ".join(["\n---", *(f"{name}='{value}'" for name, value in environment.items()), "\n"])
        )
        sys.stdout.flush()
        failed += subprocess.run(command, env=os.environ | environment, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
