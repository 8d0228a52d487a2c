"""Running games: what a run is, and every way to make one."""

from stackel.simulation._agent import Agent
from stackel.simulation._bandit import bandit
from stackel.simulation._batch import Batch, simulate_many
from stackel.simulation._result_of import result_of
from stackel.simulation._simulate import simulate
from stackel.simulation._simulation import Rounds, Simulation

__all__ = ["Agent", "Batch", "Rounds", "Simulation", "bandit", "result_of", "simulate", "simulate_many"]
