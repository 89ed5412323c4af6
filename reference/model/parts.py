"""What a problem is made of: prompts, tokens and responses, by index in the code and by name at the edges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from flint import fmpq

from reference.exact.law import Mass, MassLike, mass_value
from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO, LogLinear, LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike, rational
from reference.model.checks import ProblemError

Prefix = tuple[int, ...]
"""The tokens so far, ``a_1..a_h``: each is an index at the node where it is chosen."""

END = ""
"""The token of a forced step: the response has ended.  It is the only edge of its node, never drawn, and free."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A token after a context: its name, base probability, features ``phi_h`` with it, its part of the reward.

    ``child``: index in the next layer of the node that the longer prefix leads to; 0 in the last layer.

    >>> import reference as ref
    >>> ref.Edge.of("yes", "1/2", [1], reward="log(4)").reward
    loglinear('2*log(2)')
    """

    token: str
    pi_ref: Mass
    phi: Vector
    reward: LogLinear = ZERO
    child: int = 0

    @classmethod
    def of(
        cls,
        token: str,
        pi_ref: MassLike,
        phi: Iterable[RationalLike],
        *,
        reward: LogLinearLike = 0,
        child: int = 0,
    ) -> "Edge":
        """Return an edge from anything that spells exact numbers."""
        return cls(token, mass_value(pi_ref), Vector.of(phi), loglinear(reward), child)


Node = tuple[Edge, ...]
"""What may follow a context; base mass zero is allowed.  The masses sum to exactly 1."""


@dataclass(frozen=True, slots=True)
class Start:
    """A prompt: its probability ``rho > 0`` and the node of layer 0 that its responses start from.

    >>> import reference as ref
    >>> ref.Start.of("x").rho
    1
    """

    name: str
    rho: fmpq
    root: int = 0

    @classmethod
    def of(cls, name: str, *, rho: RationalLike = 1, root: int = 0) -> "Start":
        """Return a prompt from anything that spells exact numbers."""
        return cls(name, rational(rho), root)


@dataclass(frozen=True, slots=True)
class Response:
    """A response to one prompt: its base probability ``pi_ref >= 0`` and its features, ``||phi||_2 <= 1``.

    >>> import reference as ref
    >>> ref.Response.of("good", "1/2", ["1"])
    Response(name='good', pi_ref=1/2, phi=Vector.of(['1']))
    """

    name: str
    pi_ref: Mass
    phi: Vector

    @classmethod
    def of(cls, name: str, pi_ref: MassLike, phi: Iterable[RationalLike]) -> "Response":
        """Return a response from anything that spells exact numbers."""
        return cls(name, mass_value(pi_ref), Vector.of(phi))


@dataclass(frozen=True, slots=True)
class Prompt(Start):
    """A prompt of a linear problem: ``rho > 0``, its responses, and the baseline ``b(x)`` of its rewards.

    >>> import reference as ref
    >>> x = ref.Prompt.of("x", [ref.Response.of("good", "1/2", [1]), ref.Response.of("bad", "1/2", [0])])
    >>> x.index("bad")
    1
    """

    responses: tuple[Response, ...] = field(kw_only=True)
    baseline: fmpq = field(default_factory=fmpq, kw_only=True)

    @classmethod
    def of(  # type: ignore[override]  # it is built from its responses, not from a node
        cls, name: str, responses: Iterable[Response], *, rho: RationalLike = 1, baseline: RationalLike = 0
    ) -> "Prompt":
        """Return a prompt from anything that spells exact numbers."""
        return cls(name, rational(rho), responses=tuple(responses), baseline=rational(baseline))

    def index(self, response: int | str) -> int:
        """Return the index of a response, given by index or by name.

        Raises:
            ProblemError: if there is none; it names the nearest.
        """
        names = [each.name for each in self.responses]
        return named_index(response, names, f"prompt {self.name!r}", "response")


def named_index(wanted: int | str, names: Sequence[str], where: str, what: str) -> int:
    """Return the index of something that is given by index or by name.

    Raises:
        ProblemError: if there is none; it names the nearest.
    """
    if isinstance(wanted, str):
        if wanted in names:
            return list(names).index(wanted)
        close = get_close_matches(wanted, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(map(repr, names[:_SHOWN]))}"
        more = ", ..." * (not close and len(names) > _SHOWN)
        raise ProblemError(where, f"no {what} {wanted[:80]!r}; {hint}{more}")
    if type(wanted) is not int:
        raise ProblemError(where, f"{wanted!r} is no {what}; give an index or a name")
    if not 0 <= wanted < len(names):
        raise ProblemError(where, f"no {what} {wanted}; indices go from 0 to {len(names) - 1}")
    return wanted


def counted(n: int, one: str, many: str = "") -> str:
    """Return ``1 prompt``, ``2 prompts``; ``many`` is ``one`` with an s unless given."""
    return f"{n} {one if n == 1 else many or f'{one}s'}"


_SHOWN = 5
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
