"""Sweeps: many tasks in one call, with a store from which a stopped sweep continues."""

from stackel.sweeps.grid import Design, grid, zipped
from stackel.sweeps.meta_game import meta_game
from stackel.sweeps.opened import open_sweep
from stackel.sweeps.outcome import Sweep
from stackel.sweeps.run import sweep
from stackel.sweeps.tasks import Task

__all__ = ["Design", "Sweep", "Task", "grid", "meta_game", "open_sweep", "sweep", "zipped"]
