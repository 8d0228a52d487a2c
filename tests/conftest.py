"""Windows has no fork, no signals to speak of, no named pipes, no limits on what a process may use."""

import sys

NEED_POSIX = [
    "test_hostile_files.py",
    "test_hostile_games.py",
    "test_interrupt.py",
    "test_own_interrupt.py",
    "test_plotting.py",
    "test_processes.py",
    "test_result_files.py",
    "test_simulation_interrupt.py",
    "test_snapshots.py",
    "test_sweep_command_interrupt.py",
    "test_sweep_disk.py",
    "test_sweep_executors.py",
    "test_sweep_faults.py",
    "test_sweep_kill.py",
    "test_sweep_notebook.py",
]

collect_ignore = NEED_POSIX if sys.platform == "win32" else []
