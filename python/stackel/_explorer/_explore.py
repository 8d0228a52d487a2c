"""`stackel.explore`: start the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._explorer._initial import initial_state
from stackel._utils.arguments import checks_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackel._explorer._page import Page
    from stackel._utils.seeds import Seed
    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._game import Game
    from stackel.learners._custom import AnyLearner


@checks_names
def explore(
    game: Game | None = None,
    leader: AnyLearner | None = None,
    follower: AnyLearner | None = None,
    *,
    horizon: int | None = None,
    replications: int = 32,
    seed: Seed = 1,
    benchmark: BenchmarkLike = "stackelberg",
    compare: Mapping[str, Any] | None = None,
) -> Page:
    """Start a page in which a game can be changed and played (extra ``explore``).

    Every change of a payoff, a learner or the horizon plays the game anew and shows both players' regret. A
    notebook shows the page in place; elsewhere, open its address. The page is served by this process, for
    this machine only, and asks nothing of any other. The arguments are what it begins with.

    Parameters
    ----------
    game : Game, optional
        Game of at most 24 x 24 actions; by default ``stackel.games.etc_failure()``. One that changes is
        refused: take one of its ``games``.
    leader, follower : Learner or Policy, optional
        Learners; by default ``ExploreThenCommit()``. Those of your own are in the menus of the page as well.
    horizon : int, optional
        Number of rounds T; by default 10^9 if all learners leap, and else 10^5.
    replications : int, default 32
        Independent repetitions, up to 10,000.
    seed : int, SeedSequence, Generator or None, default 1
        As in `stackel.simulate`.
    benchmark : str, function, Benchmark or pair of float, default "stackelberg"
        Benchmark of the regret: a name, among ``"stackelberg"``, ``"weak"`` (ties against the leader),
        ``"mixed_stackelberg"``, ``"tolerant"`` and ``"self_tolerant"`` (with the usual tolerance of the
        horizon); `stackel.stackelberg` or `stackel.mixed_stackelberg`; what `stackel.tolerant` or
        `stackel.self_tolerant` returns for the game; or two numbers.
    compare : mapping, optional
        What differs in a second set-up, by the names ``game``, ``leader`` and ``follower``. By default there
        is one set-up.

    Returns
    -------
    Page
        A running page. ``url`` is its address, ``link`` the same with what was played last. ``open()`` opens
        it in a browser, ``wait()`` serves it until Ctrl-C, and ``close()`` stops it; it also ends with the
        process.

    Raises
    ------
    OSError
        If the system gives no port.

    Examples
    --------
    >>> import stackel as sk
    >>> page = sk.explore(
    ...     sk.games.etc_failure(), horizon=10**6, compare={"leader": sk.ExploreThenCommitThrowOut()}
    ... )
    >>> page.url.startswith("http://127.0.0.1:")
    True
    >>> page.link.startswith(page.url + "#")
    True
    >>> page.close()
    """
    from stackel._explorer._page import start  # noqa: PLC0415 few need a server, and it takes time to import

    initial = initial_state(
        game,
        leader,
        follower,
        horizon=horizon,
        replications=replications,
        seed=seed,
        benchmark=benchmark,
        compare=compare,
    )
    return start(*initial, 0)
