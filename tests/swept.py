"""A small sweep, and how to look at what it left on the disk."""

import time

import stackel as sk


def tasks(replications=10, deltas=(0.1, 0.2, 0.3), horizons=(50, 100), **fixed):
    design = sk.grid(delta=deltas, horizon=horizons)
    learners = {"leader": sk.UCB(), "follower": sk.UCB()}
    return design.tasks(
        **{"game": lambda delta: sk.games.unachievable(delta)[0], "seed": 1}
        | learners
        | {"replications": replications}
        | fixed
    )


def contents(directory):
    """Bytes of every file below a directory."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}


def slowly(write, fast):
    """Function that writes files, and takes its time once there are so many: it can be interrupted then."""

    def written(directory, *given):
        if len(list(directory.iterdir())) >= fast:
            time.sleep(0.2)
        return write(directory, *given)

    return written


def parts(store):
    return sorted((store / "results").iterdir())
