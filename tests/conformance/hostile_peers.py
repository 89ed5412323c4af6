"""Peers as short programs, for tests of what a grader bears."""

import sys

from proofs_check.conformance.peer import Peer
from proofs_check.conformance.protocol import (
    Question,
    Reply,
)

QUESTIONS = [Question(f"q-{j}", "softmax", {"pi": [1.0], "r": [0.0], "beta": 1.0}) for j in range(5)]

START = """
import json, os, sys, time
def say(text): os.write(1, (text if isinstance(text, bytes) else text.encode()) + b"\\n")
def ok(id): say(json.dumps({"id": id, "answer": [1]}))
sys.stdin.readline()
say(json.dumps({"protocol": 1, "name": "hostile", "batch": BATCH}))
for line in sys.stdin:
    message = json.loads(line)
    if message["cmd"] == "bye": break
    items = message.get("items", [message])
    ids = [item["id"] for item in items]
    id = ids[0]
"""


def program(body: str, batch: int = 1) -> list[str]:
    """Return a command: a peer that does ``body`` for each line that it is asked."""
    text = START.replace("BATCH", str(batch)) + "".join(f"    {line}\n" for line in body.splitlines())
    return [sys.executable, "-S", "-E", "-c", text]


def replies(body: str, batch: int = 1, timeout: float = 5, memory: int | None = None) -> tuple[list[Reply], Peer]:
    """Ask such a peer all questions."""
    with Peer(program(body, batch), ["softmax"], timeout=timeout, memory=memory) as peer:
        return peer.ask(QUESTIONS), peer


def outcomes(body: str, batch: int = 1, timeout: float = 5) -> list[str]:
    """How the questions end."""
    return [str(reply.outcome) for reply in replies(body, batch, timeout)[0]]
