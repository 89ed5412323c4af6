"""Replay: an implementation runs an algorithm, and a script plays the world for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from proofs_check.conformance.dialogue import Broken, dialogue
from proofs_check.conformance.implementations import Source
from proofs_check.conformance.kit import KitError
from proofs_check.conformance.peer import Peer
from proofs_check.conformance.player import Differs, Player
from proofs_check.conformance.written import shown
from reference.conformance.scripts import SCRIPT_FORMATS, AlgorithmName, ChangedScripts, Script, read_scripts
from reference.exact.binary import FormatName


@dataclass(frozen=True, slots=True)
class Replayed:
    """A script that was replayed: how many of its questions were asked, and the first difference, if there is one."""

    algorithm: str
    script: Script
    asked: int
    said: str | None

    @property
    def passed(self) -> bool:
        """Whether there was none."""
        return self.said is None


def replay_all(source: Source, format: FormatName) -> list[Replayed]:  # noqa: A002 - the field's word
    """Replay all scripts of the algorithms that an implementation has.

    Raises:
        KitError: if it has none, or cannot be asked: a file of answers has no world.
    """
    names = [name for name in get_args(AlgorithmName) if name in source.hello.replay]
    if not isinstance(source, Peer) or not names:
        raise KitError(f"{source.hello.name} offers no algorithm to replay: {', '.join(get_args(AlgorithmName))}")
    if format not in SCRIPT_FORMATS:
        raise KitError(f"format {format}: the replay scripts are rounded to {', '.join(SCRIPT_FORMATS)}")
    try:
        files = {name: read_scripts(name) for name in names}
    except ChangedScripts as error:
        raise KitError(str(error)) from None
    return [replayed(source, name, script, format) for name, file in files.items() for script in file.scripts]


def replayed(peer: Peer, algorithm: str, script: Script, format: FormatName) -> Replayed:  # noqa: A002 - the field's word
    """Replay one script."""
    player = Player(script, format)
    message = {"cmd": "replay", "id": script.id, "algorithm": algorithm, "input": player.given()}
    try:
        last = dialogue(peer, message, lambda question: {"answer": player.ask(question)})
        said = _wrong(player, last)
    except Differs as difference:
        said = str(difference)
    except Broken as error:
        said = f"after {player.asked} questions: {error}"
    return Replayed(algorithm, script, player.asked, said)


def _wrong(player: Player, last: Mapping[str, Any]) -> str | None:
    for key in ("refused", "error"):
        if key in last:
            return f"after {player.asked} questions it said: {shown(last[key], 200)}"
    player.finish(last.get("done"))
    return None
