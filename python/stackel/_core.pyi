from collections.abc import Callable
from threading import Lock
from typing import Any, TypeAlias, final

import numpy as np
import numpy.typing as npt

__all__ = [
    "STREAM_VERSION",
    "Agent",
    "BitGenerator",
    "CancelToken",
    "Code",
    "Game",
    "RandomStreams",
    "Simulation",
    "build_info",
    "check_learner",
    "check_noise",
    "entries_of_noise",
    "fail",
    "learner_leaps",
    "learner_schema",
    "resolve_learner",
    "sample_outcomes",
    "simulate",
    "simulate_many",
    "spaced_rounds",
    "sums_of_noise",
    "version",
]

_Named: TypeAlias = tuple[str, dict[str, Any]]
_Outcome: TypeAlias = tuple[
    npt.NDArray[np.int64],
    npt.NDArray[np.float64],
    npt.NDArray[np.int64],
    str,
    float,
    tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]] | None,
]

STREAM_VERSION: int

@final
class Game:
    def __new__(
        cls,
        leader: npt.NDArray[np.float64],
        follower: npt.NDArray[np.float64],
        leader_noise: _Named,
        follower_noise: _Named,
    ) -> Game: ...
    @staticmethod
    def changing(games: list[Game], starts: list[int], newcomers: tuple[bool, bool]) -> Game: ...

@final
class Code:
    def __new__(
        cls,
        name: str,
        addresses: tuple[int, int, int],
        state_bytes: int,
        state_bytes_per_arm: int,
        parameters: list[float],
        sees_response: bool,
        reset_takes_shape: bool,
        owners: object,
    ) -> Code: ...

@final
class BitGenerator:
    @property
    def capsule(self) -> object: ...
    @property
    def lock(self) -> Lock: ...

@final
class RandomStreams:
    def __len__(self) -> int: ...
    def random(self) -> npt.NDArray[np.float64]: ...
    def standard_normal(self) -> npt.NDArray[np.float64]: ...
    def integers(self, high: int) -> npt.NDArray[np.int64]: ...

@final
class CancelToken:
    def __new__(cls) -> CancelToken: ...
    def cancel(self) -> None: ...
    @property
    def cancelled(self) -> bool: ...

@final
class Simulation:
    def __new__(
        cls,
        experiment: object,
        replication: int,
        spec: object,
    ) -> Simulation: ...
    @property
    def engine(self) -> str: ...
    @property
    def t(self) -> int: ...
    @property
    def error_bound(self) -> float: ...
    @property
    def utility(self) -> npt.NDArray[np.float64]: ...
    @property
    def earned(self) -> npt.NDArray[np.float64]: ...
    @property
    def pulls(self) -> npt.NDArray[np.int64]: ...
    def advance(self, n: int, cancel: CancelToken | None) -> None: ...
    def step(
        self,
        n: int,
        leader_actions: npt.NDArray[np.int64] | None,
        follower_actions: npt.NDArray[np.int64] | None,
        cancel: CancelToken | None,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]: ...
    def choose(
        self, leader_action: int | None, follower_action: int | None
    ) -> tuple[int | None, int | None]: ...
    def observe(self, leader_reward: float | None, follower_reward: float | None) -> tuple[float, float]: ...
    def save(self) -> bytes: ...
    def load(self, state: bytes) -> None: ...

@final
class Agent:
    def __new__(
        cls,
        experiment: object,
        replication: int,
        spec: object,
    ) -> Agent: ...
    @property
    def t(self) -> int: ...
    def choose(self, leader_action: int | None) -> int: ...
    def observe(
        self, reward: float, follower_action: int | None, leader_reward: float | None, action: int | None
    ) -> None: ...
    def save(self) -> bytes: ...
    def load(self, state: bytes) -> None: ...

def version() -> str: ...
def build_info() -> dict[str, Any]: ...
def check_noise(name: str, parameters: dict[str, Any]) -> dict[str, Any]: ...
def check_learner(name: str, parameters: dict[str, Any]) -> dict[str, Any]: ...
def learner_leaps(name: str, parameters: dict[str, Any]) -> str: ...
def resolve_learner(
    name: str, parameters: dict[str, Any], role: str, horizon: int, n_leader: int, n_follower: int
) -> dict[str, Any]: ...
def learner_schema() -> list[dict[str, Any]]: ...
def spaced_rounds(horizon: int, number: int) -> list[int]: ...
def sample_outcomes(
    game: Game, samples: int, seed: int, spec: object
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]: ...
def simulate(
    experiment: object,
    threads: int,
    progress: Callable[[float], None] | None,
    cancel: CancelToken | None,
) -> _Outcome: ...
def simulate_many(
    experiment: object,
    leader_stack: npt.NDArray[np.float64],
    follower_stack: npt.NDArray[np.float64],
    leader_columns: list[tuple[str, npt.NDArray[Any]]],
    follower_columns: list[tuple[str, npt.NDArray[Any]]],
    seeds: npt.NDArray[np.uint64],
    starts: list[int],
    newcomers: tuple[bool, bool],
    threads: int,
    progress: Callable[[float], None] | None,
    cancel: CancelToken | None,
    spec: object,
) -> tuple[
    npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.int64], str, npt.NDArray[np.float64]
]: ...
def fail(spec: object) -> None: ...
def entries_of_noise(
    noise: _Named, seed: int, replication: int, player: str, entries: tuple[int, int, int]
) -> npt.NDArray[np.float64]: ...
def sums_of_noise(
    noise: _Named,
    mean: float,
    seed: int,
    replication: int,
    player: str,
    places: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
) -> npt.NDArray[np.int64]: ...
