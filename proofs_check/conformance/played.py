"""The oracles that a replayed program is given: each call is a question, as the page on replay lists them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


class PlayedOracles:
    """Questions as methods; nothing but the standard library is needed.

    ``prefix`` and ``tokens`` are for problems of several tokens.
    """

    def __init__(self, ask: Callable[[Mapping[str, Any]], Any]) -> None:
        self._ask = ask

    def prompt(self) -> int:
        """Draw a prompt from rho."""
        found: int = self._ask({"ask": "prompt"})
        return found

    def weak(self, x: int, prefix: Sequence[int] | None = None) -> tuple[int, list[float]]:
        """Draw a response, or the next token, from the base model; return it with its features."""
        found = self._ask({"ask": "weak", "x": x} | ({} if prefix is None else {"prefix": list(prefix)}))
        return found["y"], found["phi"]

    def listing(self, x: int, prefix: Sequence[int]) -> tuple[list[int], list[float], list[list[float]]]:
        """List what may follow a prefix: tokens, masses, features."""
        found = self._ask({"ask": "listing", "x": x, "prefix": list(prefix)})
        return found["tokens"], found["masses"], found["phi"]

    def reward(self, x: int, y: int | Sequence[int]) -> float:
        """Query the reward of a response, an index or a list of tokens."""
        what = {"y": y} if isinstance(y, int) else {"tokens": list(y)}
        found: float = self._ask({"ask": "reward", "x": x, **what})
        return found

    def round(self, thetas: Sequence[Sequence[float]]) -> tuple[int, list[tuple[int, list[float], float]]]:
        """Commit to parameters; return the prompt, and for each of them a response, its features and its reward."""
        found = self._ask({"ask": "round", "thetas": [list(theta) for theta in thetas]})
        return found["x"], [(each["y"], each["phi"], each["r"]) for each in found["answers"]]

    def coin(self, p: float) -> bool:
        """Draw true with probability ``p``: a draw of the program's own."""
        found: bool = self._ask({"ask": "coin", "p": p})
        return found

    def choose(self, masses: Sequence[float]) -> int:
        """Draw a place by its mass: a draw of the program's own."""
        found: int = self._ask({"ask": "choose", "masses": list(masses)})
        return found
