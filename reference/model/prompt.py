"""What a problem is made of: prompts and responses, by index in the code and by name at the edges."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from flint import fmpq

from reference.exact.law import Law, Mass
from reference.exact.linalg import Vector
from reference.exact.rational_numbers import RationalLike, rational
from reference.exact.table import Shown, Table, short
from reference.model.checks import ProblemError

ZERO = fmpq(0)


@dataclass(frozen=True, slots=True)
class Response:
    """A response to one prompt: its base probability ``pi_ref >= 0`` and its features, ``||phi||_2 <= 1``.

    >>> import reference as ref
    >>> ref.Response.of("good", "1/2", ["1"])
    Response(name='good', pi_ref=1/2, phi=Vector.of(['1']))
    """

    name: str
    pi_ref: fmpq
    phi: Vector

    @classmethod
    def of(cls, name: str, pi_ref: RationalLike, phi: Iterable[RationalLike]) -> "Response":
        """Return a response from anything that spells exact numbers."""
        return cls(name, rational(pi_ref), Vector.of(phi))


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: its probability ``rho > 0``, its responses, and the baseline ``b(x)`` of its rewards.

    >>> import reference as ref
    >>> x = ref.Prompt.of("x", [ref.Response.of("good", "1/2", [1]), ref.Response.of("bad", "1/2", [0])])
    >>> x.index("bad")
    1
    """

    name: str
    rho: fmpq
    responses: tuple[Response, ...]
    baseline: fmpq = ZERO

    @classmethod
    def of(
        cls, name: str, responses: Iterable[Response], *, rho: RationalLike = 1, baseline: RationalLike = 0
    ) -> "Prompt":
        """Return a prompt from anything that spells exact numbers."""
        return cls(name, rational(rho), tuple(responses), rational(baseline))

    def index(self, response: int | str) -> int:
        """Return the index of a response, given by index or by name.

        Raises:
            ProblemError: if there is none; it names the nearest.
        """
        names = [each.name for each in self.responses]
        return named_index(response, names, f"prompt {self.name!r}", "response")


class ResponseLaw(Shown, Law[int]):
    """A law of the response to a prompt: its outcomes are indices, and it knows their names.

    A :class:`~reference.exact.law.Law` in every other respect, but that it has no mass for what is no response.

    >>> import reference as ref
    >>> ref.load("two-arms").pi_ref("x").mass("good")
    1/2
    """

    __slots__ = ("prompt",)
    prompt: Prompt

    def __init__(self, law: Law[int], prompt: Prompt) -> None:
        super().__init__(law.outcomes, law.weights, law.total)
        object.__setattr__(self, "prompt", prompt)

    def mass(self, outcome: int | str) -> Mass:
        """Return the probability of a response, given by index or by name; 0 off the support.

        Raises:
            ProblemError: if there is no such response; it names the nearest.
        """
        if type(outcome) is int and 0 <= outcome < len(self.prompt.responses):
            return super().mass(outcome)
        return super().mass(self.prompt.index(outcome))

    def table(self) -> Table:
        """Return names and masses."""
        rows = ((self.prompt.responses[y].name, short(mass)) for y, mass in self.items())
        return Table.of("", ("response", "mass"), rows)

    def __reduce__(self) -> tuple[type["ResponseLaw"], tuple[object, ...]]:
        return ResponseLaw, (Law(self.outcomes, self.weights, self.total), self.prompt)


def named_index(wanted: int | str, names: list[str], where: str, what: str) -> int:
    """Return the index of something that is given by index or by name.

    Raises:
        ProblemError: if there is none; it names the nearest.
    """
    if isinstance(wanted, str):
        if wanted in names:
            return names.index(wanted)
        close = get_close_matches(wanted, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(map(repr, names[:SHOWN]))}"
        more = ", ..." * (not close and len(names) > SHOWN)
        raise ProblemError(where, f"no {what} {wanted[:80]!r}; {hint}{more}")
    if type(wanted) is not int:
        raise ProblemError(where, f"{wanted!r} is no {what}; give an index or a name")
    if not 0 <= wanted < len(names):
        raise ProblemError(where, f"no {what} {wanted}; indices go from 0 to {len(names) - 1}")
    return wanted


def counted(n: int, one: str, many: str = "") -> str:
    """Return ``1 prompt``, ``2 prompts``; ``many`` is ``one`` with an s unless given."""
    return f"{n} {one if n == 1 else many or f'{one}s'}"


SHOWN = 5
"""Names that an error lists."""


@dataclass(frozen=True, slots=True)
class About:
    """What an instance file says beside the mathematics.

    ``provenance`` holds ``(key, text)`` pairs; a text may be a tuple of such pairs (for example package versions).
    """

    title: str = ""
    shows: str = ""
    source: str = ""
    license: str = ""
    provenance: tuple[tuple[str, str | tuple[tuple[str, str], ...]], ...] = ()
