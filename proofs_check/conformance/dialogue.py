"""A dialogue with a peer: a command, what the peer asks before it answers, and its last line."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from proofs_check.conformance.peer import Peer
from proofs_check.conformance.protocol import Reply, message_line


class Broken(Exception):
    """A dialogue ended before its last line; says why."""


def dialogue(
    peer: Peer, message: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Send a command, answer what the peer asks meanwhile, and return its last line.

    ``answer``: from a line with ``ask`` to what is sent back.  If it raises, the peer's process is ended, since it
    waits for an answer that will not come.

    Raises:
        Broken: if the peer is silent, or its process ends; it is started again for the next command.
    """
    if (wrong := peer.speak(message_line(message))) is not None:
        raise Broken(wrong.said)
    deadline = monotonic() + peer.timeout
    while True:
        line = peer.listen(deadline - monotonic())  # lines that are neither do not prolong it
        if isinstance(line, Reply):
            raise Broken(line.said)
        if line.found is not None and "ask" in line.found:
            try:
                peer.speak(message_line(answer(line.found)))
            except BaseException:
                peer.stop()
                raise
            deadline = monotonic() + peer.timeout
        elif line.found is not None and line.id == message["id"]:
            return line.found
