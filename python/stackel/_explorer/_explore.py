"""`stackel.explore`: start the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel._utils.arguments import checks_names

if TYPE_CHECKING:
    from stackel._explorer._page import Page
    from stackel.games._game import Game
    from stackel.learners._custom import AnyLearner


@checks_names
def explore(
    game: Game | None = None, leader: AnyLearner | None = None, follower: AnyLearner | None = None
) -> Page:
    """Start a page in which a game can be changed and played (extra ``explore``).

    Every change of a payoff, a learner or the horizon plays the game anew and shows both players' regret. A
    notebook shows the page in place; elsewhere, open its address. The page is served by this process, for
    this machine only, and asks nothing of any other.

    Parameters
    ----------
    game : Game, optional
        Game to begin with, of at most 24 x 24 actions; by default ``stackel.games.etc_failure()``. One that
        changes is refused: take one of its ``games``.
    leader, follower : Learner or Policy, optional
        Learners to begin with; by default ``ExploreThenCommit()``. Those of your own are in the menus of
        the page as well.

    Returns
    -------
    Page
        A running page. ``url`` is its address. ``open()`` opens it in a browser, ``wait()`` serves it until
        Ctrl-C, and ``close()`` stops it; it also ends with the process.

    Raises
    ------
    OSError
        If the system gives no port.

    Examples
    --------
    >>> import stackel as sk
    >>> page = sk.explore(sk.games.etc_failure(), sk.UCB(), sk.UCB())
    >>> page.url.startswith("http://127.0.0.1:")
    True
    >>> page.close()
    """
    from stackel._explorer._page import start  # noqa: PLC0415 few need a server, and it takes time to import

    return start(game, leader, follower, 0)
