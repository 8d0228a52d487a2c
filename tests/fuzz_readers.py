"""Look for bytes that a reader takes amiss: ``python tests/fuzz_readers.py READER``; needs atheris.

READER is one of nfg, gam, toml, json, result, text and snapshot. Further arguments are libFuzzer's, such as
``-max_total_time=60`` and a directory that keeps what was found. Whatever is read has to be written and read
again; whatever is not has to be refused with a SpecError, without a warning.
"""

from __future__ import annotations

import hashlib
import io
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["stackel"]):
    import stackel as sk
    from stackel.games._file import write_game
    from stackel.interop import gam, nfg

FOLDER = tempfile.TemporaryDirectory()
RUN = sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 20, seed=1, trace=True, checkpoints=3)


def at(name, data):
    """Return where these bytes stand in a file."""
    path = Path(FOLDER.name, name)
    path.write_bytes(data)
    return path


def read_text_format(module, data):
    """The same game comes back, but for names, which the formats do not all keep."""
    game = module.loads(data.decode("utf-8", "replace"))
    again = module.loads(module.dumps(game))
    assert (again.leader == game.leader).all()
    assert (again.follower == game.follower).all()


def read_game_file(name, data):
    game = sk.read_game(at(name, data))
    write_game(game, Path(FOLDER.name, "again.json"))
    assert sk.read_game(Path(FOLDER.name, "again.json")) == game


def read_result(data):
    run = sk.load(at("result", data))
    run.save(Path(FOLDER.name, "again"))
    assert sk.load(Path(FOLDER.name, "again")) == run


def read_text_of_a_result(data):
    """As the text of a result whose arrays are sound, so that more than the archive is tried."""
    RUN.save(Path(FOLDER.name, "sound"))
    changed = io.BytesIO()
    with zipfile.ZipFile(Path(FOLDER.name, "sound")) as sound, zipfile.ZipFile(changed, "w") as archive:
        for member in sound.namelist():
            archive.writestr(member, data if member == "stackel.json" else sound.read(member))
    read_result(changed.getvalue())


def read_snapshot(data):
    """With a checksum that fits; what is restored plays on to its end."""
    sim = sk.Simulation.restore(data + hashlib.sha256(data).digest())
    sim.advance(sim.horizon - sim.t)
    assert sim.pulls.sum() == sim.horizon


READERS = {
    "nfg": lambda data: read_text_format(nfg, data),
    "gam": lambda data: read_text_format(gam, data),
    "toml": lambda data: read_game_file("game.toml", data),
    "json": lambda data: read_game_file("game.json", data),
    "result": read_result,
    "text": read_text_of_a_result,
    "snapshot": read_snapshot,
}


def main():
    warnings.simplefilter("error")
    read = READERS[sys.argv.pop(1)]

    def one(data):
        message = ""
        try:
            read(data)
        except sk.SpecError as error:
            message = str(error)
        assert len(message) < 2000

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
