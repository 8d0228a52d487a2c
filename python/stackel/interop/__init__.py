"""Games and players of other libraries.

Exchanges of games transfer both mean-utility matrices, and names and labels where the other library has
them, but not noise. The first (row) player is always the leader. In other libraries both players
move at the same time; their results are for the game in which the follower does not see the
leader's action, except for a sequential game (`to_openspiel`).

`from_pettingzoo` reads repeated matrix games; `to_gymnasium` and `to_pettingzoo` make environments for
reinforcement learning. Bandit policies of MABWiser and SMPyBandits become learners here (`from_mabwiser`,
`from_smpybandits`), and learners become policies of SMPyBandits (`SMPyBanditsPolicy`).

`play_bimatrix` plays bimatrix games of these libraries by two learners, or agents of OpenSpiel;
`to_openspiel_agent` makes an agent of a learner.

`play_bandits` plays policies of any library on bandits, by the engine where a learner has their rule;
`register` adds further classes. ``stackel.interop.smpybandits.Evaluator`` does the same with experiments of
SMPyBandits.

The libraries come with the extras ``interop`` (Nashpy, OpenSpiel, QuantEcon, pygambit), ``rl`` (Gymnasium,
PettingZoo) and ``bandits`` (MABWiser).
"""

from stackel.interop._openspiel_agents import from_openspiel_agent, to_openspiel_agent
from stackel.interop._problem import Bandit
from stackel.interop._registry import register
from stackel.interop.bandits import BanditRuns, play_bandits
from stackel.interop.bimatrix import play_bimatrix
from stackel.interop.gam import read_gam, write_gam
from stackel.interop.gameanalysis import to_gameanalysis, write_gameanalysis
from stackel.interop.gymnasium import to_gymnasium
from stackel.interop.mabwiser import from_mabwiser
from stackel.interop.nashpy import from_nashpy, to_nashpy
from stackel.interop.nfg import read_nfg, write_nfg
from stackel.interop.openspiel import from_openspiel, to_openspiel
from stackel.interop.pettingzoo import from_pettingzoo, to_pettingzoo
from stackel.interop.pygambit import from_pygambit, to_pygambit
from stackel.interop.quantecon import from_quantecon, to_quantecon
from stackel.interop.smpybandits import SMPyBanditsPolicy, from_smpybandits

__all__ = [
    "Bandit",
    "BanditRuns",
    "SMPyBanditsPolicy",
    "from_mabwiser",
    "from_nashpy",
    "from_openspiel",
    "from_openspiel_agent",
    "from_pettingzoo",
    "from_pygambit",
    "from_quantecon",
    "from_smpybandits",
    "play_bandits",
    "play_bimatrix",
    "read_gam",
    "read_nfg",
    "register",
    "to_gameanalysis",
    "to_gymnasium",
    "to_nashpy",
    "to_openspiel",
    "to_openspiel_agent",
    "to_pettingzoo",
    "to_pygambit",
    "to_quantecon",
    "write_gam",
    "write_gameanalysis",
    "write_nfg",
]
