"""One good call of everything public that takes arguments: what the tests spoil, argument by argument."""

from __future__ import annotations

import dataclasses

import nashpy
import numpy as np
from cases import cases_of, facts
from mabwiser.mab import LearningPolicy
from open_spiel.python.algorithms.random_agent import RandomAgent
from things import (
    ANALYSIS,
    BENCHMARK,
    CHANGING,
    COMMON,
    FIGURE,
    FOLDER,
    GAME,
    OF_REGRET,
    PAIRS,
    PLAY,
    RUN_FILE,
    SIZES,
    STACK,
    UCB,
    Call,
    First,
    agent,
    asked,
    axes,
    batch,
    comparison,
    driven,
    explored,
    file,
    fit,
    grown,
    meta,
    pulled,
    run,
    simulation,
    stored,
    swept,
    table,
)

import stackel as sk
from stackel import interop, plotting
from stackel.games._file import write_game
from stackel.interop import gam, nfg
from stackel.learners._base import REGISTERED, Learner


def parameters(cls):
    """Good parameters of a learner or law, none of them None."""
    if not issubclass(cls, Learner):
        return {each.name: 1.5 if each.name == "df" else 0.5 for each in dataclasses.fields(cls)}
    learner, *_ = cases_of(cls.__name__)
    return vars(learner.resolve(facts(learner)["roles"][0], 20, 2, 2))


LAWS = sk.Gaussian, sk.Bernoulli, sk.Uniform, sk.StudentT, sk.Deterministic
VALUES = REGISTERED | {cls.__name__: cls for cls in LAWS}
"""Learners and laws by their public names."""

CALLS: dict[str, Call] = {
    **{name: Call(lambda cls=cls: cls, parameters(cls)) for name, cls in VALUES.items()},
    "Game": Call(
        lambda: sk.Game,
        {
            "leader": GAME.leader.tolist(),
            "follower": GAME.follower.tolist(),
            "noise": sk.Bernoulli(),
            "name": "g",
            "leader_labels": ["a", "b"],
            "follower_labels": ["c", "d"],
        },
    ),
    "ChangingGame": Call(
        lambda: sk.ChangingGame, {"games": [GAME, GAME], "starts": [0, 5], "newcomer": "both", "name": "g"}
    ),
    "ChangingGame.from_dict": Call(lambda: sk.ChangingGame.from_dict, {"data": CHANGING.to_dict()}),
    "ChangingGame.pieces": Call(lambda: CHANGING.pieces, {"horizon": 20}),
    "Game.from_dict": Call(lambda: sk.Game.from_dict, {"data": GAME.to_dict()}),
    "Noise.from_dict": Call(lambda: sk.Noise.from_dict, {"data": {"law": "Gaussian", "sigma": 1.0}}),
    "Learner.from_dict": Call(lambda: sk.Learner.from_dict, {"data": UCB.to_dict()}),
    "Learner.resolve": Call(
        lambda: sk.ExploreThenCommit().resolve,
        {"role": "leader", "horizon": 20, "n_leader": 2, "n_follower": 2},
    ),
    "RecordedLearner": Call(lambda: sk.RecordedLearner, {"kind": "CustomLearner", "name": "mine"}),
    "RecordedLearner.from_dict": Call(
        lambda: sk.RecordedLearner.from_dict, {"data": {"learner": "CustomLearner", "name": "mine"}}
    ),
    "CustomLearner": Call(lambda: sk.CustomLearner, {"policy": First, "name": "mine"}),
    "games.affine": Call(lambda: sk.games.affine, SIZES | {"slope": 2.0, "intercept": 0.5}),
    "games.aligned": Call(lambda: sk.games.aligned, SIZES | {"lipschitz": 2.0, "flip": True}),
    "games.congestion": Call(lambda: sk.games.congestion, SIZES | {"resources": 4, "used": 2}),
    "games.drift": Call(lambda: sk.games.drift, {"first": GAME, "last": GAME, "pieces": 3, "horizon": 20}),
    "games.etc_failure": Call(lambda: sk.games.etc_failure, {"noise": sk.Gaussian()}),
    "games.lower_bound": Call(
        lambda: sk.games.lower_bound, {"delta": 0.1, "n_follower": 3, "n_leader": 2, "hidden": 1}
    ),
    "games.low_rank": Call(lambda: sk.games.low_rank, SIZES | {"rank": 2}),
    "games.named": Call(lambda: sk.games.named, {"name": "chicken", "noise": sk.Gaussian()}),
    "games.near_miss": Call(lambda: sk.games.near_miss, SIZES),
    "games.random": Call(lambda: sk.games.random, SIZES | {"correlation": 0.5}),
    "games.security": Call(
        lambda: sk.games.security, SIZES | {"covered": 2, "spread": 0.5, "agreement": 0.5}
    ),
    "games.sparse": Call(lambda: sk.games.sparse, SIZES | {"density": 0.5}),
    "games.unachievable": Call(lambda: sk.games.unachievable, {"delta": 0.1, "noise": sk.Gaussian()}),
    "alignment": Call(lambda: sk.alignment, {"game": GAME}),
    "best_responses": Call(lambda: sk.best_responses, {"game": GAME, "epsilon": 0.1}),
    "near_optimal_actions": Call(lambda: sk.near_optimal_actions, {"game": GAME, "epsilon": 0.1}),
    "self_tolerant": Call(lambda: sk.self_tolerant, {"game": GAME, "gamma": 0.1}),
    "stackelberg": Call(lambda: sk.stackelberg, {"game": GAME, "ties": "weak"}),
    "tolerance": Call(
        lambda: sk.tolerance, {"game_or_shape": (2, 2), "horizon": 20, "exponent": 0.25, "c": 2.0}
    ),
    "tolerant": Call(lambda: sk.tolerant, {"game": GAME, "gamma": 0.1}),
    "commit": Call(lambda: sk.commit, {"game": GAME, "strategy": [0.5, 0.5], "ties": "weak", "epsilon": 0.1}),
    "mixed_stackelberg": Call(
        lambda: sk.mixed_stackelberg, {"game": GAME, "ties": "weak", "shortfall": 0.01}
    ),
    "nash": Call(lambda: sk.nash, {"game": GAME, "method": "support_enumeration"}),
    "simulate": Call(
        lambda: sk.simulate,
        PLAY | COMMON | {"checkpoints": [3, 20], "crossing_tolerance": 1e-9, "trace": True, "cancel": None},
    ),
    "simulate_many": Call(
        lambda: sk.simulate_many,
        {
            "leader_stack": STACK,
            "follower_stack": STACK,
            "leader": UCB,
            "follower": UCB,
            "horizon": 20,
            "noise": sk.Gaussian(),
            "starts": [0, 5],
            "newcomer": "both",
            "leader_parameters": {"sigma": [0.5, 1.5]},
            "follower_parameters": {"confidence": [0.5, 1.5]},
            "checkpoints": 1,
            "crossing_tolerance": 1e-9,
            "cancel": None,
        }
        | COMMON,
    ),
    "bandit": Call(
        lambda: sk.bandit,
        {
            "arms": [0.25, 0.5],
            "learner": UCB,
            "horizon": 20,
            "noise": sk.Bernoulli(),
            "checkpoints": [3, 20],
            "crossing_tolerance": 1e-9,
            "trace": True,
            "cancel": None,
        }
        | COMMON,
    ),
    "BanditResult.regret_bound": Call(lambda: pulled().regret_bound, {"t": [2, 20]}),
    "BanditResult.rewards_of": Call(lambda: pulled().rewards_of, {"counts": np.ones((3, 1, 2), dtype=int)}),
    "BanditResult.plot": Call(lambda: pulled().plot, {"confidence": 0.5}),
    "central_explorer": Call(
        lambda: sk.central_explorer, {"game": GAME, "epsilon": 0.5, "delta": 0.1, "samples": 5, "seed": 1}
    ),
    "Result.regret": Call(lambda: run().regret, {"benchmark": BENCHMARK}),
    "Result.rescored": Call(lambda: run().rescored, {"game": sk.games.named("chicken")}),
    "Result.summary": Call(lambda: run().summary, {"benchmark": BENCHMARK, "confidence": 0.9}),
    "Result.plot": Call(lambda: run().plot, OF_REGRET | {"benchmark": BENCHMARK}),
    "Result.plot_best_share": Call(lambda: run().plot_best_share, {"ax": axes(), "confidence": 0.9}),
    "Result.save": Call(lambda: run().save, {"path": RUN_FILE}),
    "load": Call(lambda: sk.load, {"path": RUN_FILE}),
    "read_game": Call(lambda: sk.read_game, {"path": file("game.toml", "leader = [[1]]\nfollower = [[2]]")}),
    "write_game": Call(lambda: write_game, {"game": GAME, "path": FOLDER / "written.json"}),
    "Batch.game": Call(lambda: batch().game, {"i": 1}),
    "Batch.regret": Call(lambda: batch().regret, {"benchmark": BENCHMARK}),
    "result_of": Call(
        lambda: sk.result_of,
        {
            "game": GAME,
            "leader_actions": [[0, 1, 1]],
            "follower_actions": [[0, 0, 1]],
            "utility": [[[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]]],
            "checkpoints": [1, 3],
            "leader": "mine",
            "follower": UCB,
        },
    ),
    "Simulation": Call(
        lambda: sk.Simulation,
        PLAY | {"seed": 1, "replication": 2, "engine": "stepwise", "crossing_tolerance": 1e-9},
    ),
    "Simulation.step": Call(
        lambda: simulation(None, None).step,
        {"n": 2, "leader_actions": [0, 1], "follower_actions": [[0, 1], [1, 1]], "cancel": None},
    ),
    "Simulation.advance": Call(lambda: simulation().advance, {"n": 2, "cancel": None}),
    "Simulation.choose": Call(
        lambda: simulation(None, None).choose, {"leader_action": 0, "follower_action": 1}
    ),
    "Simulation.observe": Call(
        lambda: driven().observe, {"leader_reward": 0.5, "follower_reward": np.float64(0.5)}
    ),
    "Simulation.restore": Call(lambda: sk.Simulation.restore, {"snapshot": simulation().snapshot()}),
    "Agent": Call(
        lambda: sk.Agent,
        {
            "learner": UCB,
            "game_or_shape": (2, 2),
            "horizon": 20,
            "seed": 1,
            "role": "leader",
            "replication": 2,
        },
    ),
    "Agent.choose": Call(lambda: agent(role="follower").choose, {"leader_action": 1}),
    "Agent.observe": Call(lambda: asked().observe, {"reward": 0.5, "follower_action": 1, "action": None}),
    "Agent.restore": Call(lambda: sk.Agent.restore, {"snapshot": agent().snapshot()}),
    "compare": Call(
        lambda: sk.compare,
        {"game": GAME, "pairs": PAIRS, "horizon": 20, "benchmark": BENCHMARK} | ANALYSIS,
    ),
    "explore": Call(
        lambda: explored,
        {
            "game": GAME,
            "leader": UCB,
            "follower": UCB,
            "horizon": 20,
            "replications": 2,
            "seed": 1,
            "benchmark": "weak",
            "compare": {"leader": UCB},
        },
    ),
    "portfolio": Call(
        lambda: sk.portfolio,
        {
            "leaders": UCB,
            "followers": {"a": UCB, "b": First},
            "games": [GAME],
            "horizon": 20,
            "benchmarks": {"mine": BENCHMARK},
        }
        | ANALYSIS,
    ),
    "meta_game": Call(
        lambda: sk.meta_game,
        {
            "leaders": UCB,
            "followers": {"a": UCB, "b": First},
            "games": [GAME],
            "horizon": 20,
            "weights": [1.0],
            "payoff": "regret",
            "confidence": 0.9,
            "precision": 0.1,
            "max_replications": 6,
            "interval": "student",
            "store": None,
            "executor": None,
        }
        | COMMON,
    ),
    "MetaGame.gains": Call(lambda: meta().gains, {"player": "follower"}),
    "MetaGame.solve": Call(lambda: meta().solve, {"kind": "nash", "method": "lcp"}),
    "MetaGame.profile": Call(lambda: meta().profile, {"leader_mix": [1.0], "follower_mix": [0.5, 0.5]}),
    "MetaGame.alpharank": Call(lambda: meta().alpharank, {"alpha": 2.0, "population": 20}),
    "MetaGame.save": Call(lambda: meta().save, {"path": FOLDER / "meta"}),
    "exploit": Call(
        lambda: sk.exploit,
        {
            "game": GAME,
            "learner": UCB,
            "role": "follower",
            "horizon": 20,
            "opponents": {"a": UCB, "b": First},
            "parts": 2,
            "replications": 3,
            "seed": 1,
            "confidence": 0.9,
            "threads": 1,
            "progress": False,
        },
    ),
    "scaling": Call(
        lambda: sk.scaling,
        {"game": GAME, "leader": UCB, "follower": UCB, "horizons": [20, 200], "benchmark": BENCHMARK}
        | {"log_power": 0.5}
        | ANALYSIS,
    ),
    "worst_case": Call(
        lambda: sk.worst_case,
        {
            "family": sk.games.unachievable,
            "leader": UCB,
            "follower": UCB,
            "horizon": [20, 200],
            "benchmark": BENCHMARK,
            "grid": [0.1, 0.2],
            "log_power": 0.5,
        }
        | ANALYSIS,
    ),
    "diagnostics": Call(
        lambda: sk.diagnostics,
        {"result": run(), "benchmark": BENCHMARK, "quantiles": [0.5], "worst": [0.5]},
    ),
    "Comparison.verdict": Call(lambda: comparison().verdict, {"pair": "a", "other": "b", "player": "leader"}),
    "Comparison.best": Call(lambda: comparison().best, {"player": "leader"}),
    "Comparison.against": Call(lambda: comparison().against, {"other": "a"}),
    "Comparison.plot": Call(lambda: comparison().plot, {"other": "a"}),
    "Diagnostics.cell_fractions": Call(lambda: sk.diagnostics(run()).cell_fractions, {"between": True}),
    "Portfolio.regret": Call(lambda: table().regret, {"benchmark": "stackelberg"}),
    "Portfolio.compare": Call(lambda: table().compare, {"game": "etc_failure", "benchmark": "stackelberg"}),
    "Portfolio.best": Call(lambda: table().best, {"benchmark": "stackelberg"}),
    "Portfolio.plot": Call(lambda: table().plot, {"game": "etc_failure", "benchmark": "stackelberg"}),
    "Portfolio.meta_game": Call(
        lambda: table().meta_game, {"payoff": BENCHMARK, "weights": [1.0], "interval": "student"}
    ),
    "ScalingFit.plot": Call(lambda: fit().plot, FIGURE | {"ax": axes()}),
    "plotting.plot_regret": Call(
        lambda: plotting.plot_regret,
        OF_REGRET | {"results": run(), "benchmark": BENCHMARK},
    ),
    "plotting.plot_scaling": Call(lambda: plotting.plot_scaling, FIGURE | {"fit": fit(), "ax": axes()}),
    "plotting.new_figure": Call(lambda: plotting.new_figure, {"rows": 1, "columns": 2}),
    "grid": Call(lambda: sk.grid, {"horizon": [20, 30], "delta": [0.1]}),
    "zipped": Call(lambda: sk.zipped, {"horizon": [20, 30], "delta": [0.1, 0.2]}),
    "Design.tasks": Call(lambda: sk.grid(seed=[1, 2]).tasks, PLAY | {"replications": 2}),
    "Task": Call(
        lambda: sk.Task,
        PLAY
        | {
            "replications": 2,
            "seed": 1,
            "checkpoints": [3, 20],
            "engine": "leap",
            "crossing_tolerance": 1e-9,
            "labels": {"a": 1},
        },
    ),
    "Task.seeds": Call(lambda: sk.Task(*PLAY.values()).seeds, {"start": 0, "stop": 2}),
    "sweep": Call(
        lambda: sk.sweep,
        {
            "tasks": [sk.Task(*PLAY.values(), replications=2)],
            "store": None,
            "executor": None,
            "standard_error": None,
            "batch": 2,
            "threads": 1,
            "progress": False,
        },
    ),
    "open_sweep": Call(lambda: sk.open_sweep, {"path": stored(), "learners": {"mine": First}}),
    "Sweep.scaling": Call(
        lambda: grown().scaling,
        {"by": ["leader"], "benchmark": BENCHMARK, "confidence": 0.9, "log_power": 0.5, "bootstrap": 9},
    ),
    "Sweep.rounds": Call(lambda: swept().rounds, {"i": 0}),
    "Sweep.utility": Call(lambda: swept().utility, {"i": 0}),
    "Sweep.regrets": Call(lambda: swept().regrets, {"benchmark": BENCHMARK}),
    "Sweep.summary": Call(lambda: swept().summary, {"benchmark": BENCHMARK, "confidence": 0.9}),
    "interop.read_nfg": Call(lambda: interop.read_nfg, {"path": file("game.nfg", nfg.dumps(GAME))}),
    "interop.write_nfg": Call(
        lambda: interop.write_nfg, {"game": GAME, "path": FOLDER / "out.nfg", "labels": True}
    ),
    "interop.nfg.loads": Call(lambda: nfg.loads, {"text": nfg.dumps(GAME), "noise": sk.Gaussian()}),
    "interop.nfg.dumps": Call(lambda: nfg.dumps, {"game": GAME, "labels": True}),
    "interop.read_gam": Call(lambda: interop.read_gam, {"path": file("game.gam", gam.dumps(GAME))}),
    "interop.write_gam": Call(lambda: interop.write_gam, {"game": GAME, "path": FOLDER / "out.gam"}),
    "interop.gam.loads": Call(lambda: gam.loads, {"text": gam.dumps(GAME), "noise": sk.Gaussian()}),
    "interop.gam.dumps": Call(lambda: gam.dumps, {"game": GAME}),
    "interop.to_gameanalysis": Call(lambda: interop.to_gameanalysis, {"game": GAME}),
    "interop.write_gameanalysis": Call(
        lambda: interop.write_gameanalysis, {"game": GAME, "path": FOLDER / "out.json"}
    ),
    **{
        f"interop.to_{library}": Call(
            lambda library=library: getattr(interop, f"to_{library}"), {"game": GAME}
        )
        for library in ("nashpy", "pygambit", "quantecon")
    },
    "interop.to_openspiel": Call(lambda: interop.to_openspiel, {"game": GAME, "turn_based": True}),
    "interop.play_bandits": Call(
        lambda: interop.play_bandits,
        {
            "policies": {"one": UCB},
            "arms": [0.25, 0.5],
            "horizon": 20,
            "repetitions": 2,
            "seed": 1,
            "noise": sk.Bernoulli(),
            "checkpoints": [3, 20],
            "threads": 1,
        },
    ),
    "interop.BanditRuns.plot": Call(
        lambda: interop.play_bandits([UCB], [0.25, 0.5], 20, 2, 1).plot, {"confidence": 0.5}
    ),
    "interop.play_bimatrix": Call(
        lambda: interop.play_bimatrix,
        {
            "source": (GAME.leader, GAME.follower),
            "row": UCB,
            "column": UCB,
            "horizon": 20,
            "noise": sk.Gaussian(),
            "replications": 2,
            "seed": 1,
            "checkpoints": [3, 20],
            "engine": "stepwise",
            "trace": True,
            "threads": 1,
        },
    ),
    "interop.from_openspiel_agent": Call(
        lambda: interop.from_openspiel_agent, {"agent": RandomAgent(0, 2), "name": "r"}
    ),
    "interop.to_openspiel_agent": Call(
        lambda: interop.to_openspiel_agent,
        {"learner": UCB, "player_id": 0, "num_actions": 2, "horizon": 20, "seed": 1},
    ),
    "interop.register": Call(lambda: interop.register, {"cls": type("Own", (), {}), "convert": str}),
    "interop.from_nashpy": Call(
        lambda: interop.from_nashpy,
        {"source": nashpy.Game(GAME.leader, GAME.follower), "noise": sk.Gaussian(), "name": "g"},
    ),
    "interop.from_openspiel": Call(
        lambda: interop.from_openspiel, {"source": interop.to_openspiel(GAME), "name": "g"}
    ),
    "interop.from_pygambit": Call(lambda: interop.from_pygambit, {"source": interop.to_pygambit(GAME)}),
    "interop.from_quantecon": Call(
        lambda: interop.from_quantecon, {"source": interop.to_quantecon(GAME), "name": "g"}
    ),
    "interop.from_mabwiser": Call(
        lambda: interop.from_mabwiser, {"learning_policy": LearningPolicy.UCB1(alpha=1.0), "name": "u"}
    ),
    "interop.from_smpybandits": Call(
        lambda: interop.from_smpybandits, {"make": lambda *_sizes: None, "name": "u"}
    ),
    "interop.to_gymnasium": Call(
        lambda: interop.to_gymnasium,
        {"game": GAME, "opponent": UCB, "horizon": 20, "role": "follower", "render_mode": None},
    ),
    "interop.to_pettingzoo": Call(
        lambda: interop.to_pettingzoo, {"game": GAME, "horizon": 20, "render_mode": None}
    ),
    "interop.SMPyBanditsPolicy": Call(
        lambda: interop.SMPyBanditsPolicy,
        {"n_arms": 2, "learner": UCB, "horizon": 20, "seed": 1, "lower": 0.0, "amplitude": 1.0},
    ),
}
