"""The inputs of MTSS, checked."""

from dataclasses import dataclass, field
from typing import Literal

from flint import fmpq

from reference.algorithms.softmax_sampling import number_of_draws
from reference.exact.rational_numbers import RationalLike, rational


@dataclass(frozen=True, slots=True, init=False)
class MTSSInputs:
    """Inputs of MTSS; numbers may be written in any exact way.

    ``n_roll``: roll-ins in a sweep; ``n_out``: pairs of roll-outs whose mean is a target.  ``sampler``: line 8 by
    *rejection* (SoftmaxSampler with ``M`` and ``delta``, which ``draws`` comes from), or *listed*: exactly, from the
    listed alphabet.  ``look``: line 7 from the *listed* alphabet or by ``n_pair`` *draws* of a pair; unless given, as
    line 8: listed, or by draws.  ``n_tok``: draws for ``Zhat``; ``None`` lists the alphabet and takes ``Z`` itself.
    ``bits``: targets outside the number tower are rounded to multiples of ``2^-bits``; ``None`` rounds nothing.
    ``ridge`` and ``nu`` are unused in span mode, ``M`` and ``delta`` when line 8 lists, ``n_pair`` when line 7 does.

    Raises:
        ValueError: for a count below its least value, or an input outside its range.
    """

    n_roll: int
    n_pair: int
    n_out: int
    mode: Literal["ridge", "span"]
    sampler: Literal["rejection", "listed"]
    look: Literal["listed", "draws"]
    M: fmpq = field(hash=False)  # rationals are hashed slowly, and inputs are told apart by the others
    delta: fmpq = field(hash=False)
    n_tok: int | None
    bits: int | None
    ridge: fmpq = field(hash=False)
    nu: fmpq = field(hash=False)
    draws: int = field(init=False)

    def __init__(  # noqa: PLR0913 - all but one have defaults
        self,
        n_roll: int,
        n_pair: int = 1,
        *,
        n_out: int = 1,
        mode: Literal["ridge", "span"] = "span",
        sampler: Literal["rejection", "listed"] = "listed",
        look: Literal["listed", "draws"] | None = None,
        M: RationalLike = 1,
        delta: RationalLike = 1,
        n_tok: int | None = None,
        bits: int | None = None,
        ridge: RationalLike = 1,
        nu: RationalLike = 1,
    ) -> None:
        numbers = {"M": rational(M), "delta": rational(delta), "ridge": rational(ridge), "nu": rational(nu)}
        counts = {
            "n_roll": (n_roll, 1),
            "n_pair": (n_pair, 1),
            "n_out": (n_out, 1),
            "n_tok": (n_tok, 1),
            "bits": (bits, 0),
        }
        words = {"mode": mode, "sampler": sampler, "look": look or ("listed" if sampler == "listed" else "draws")}
        draws = number_of_draws(numbers["M"], numbers["delta"])  # says what is wrong with M or delta
        for name, value in {**{k: n for k, (n, _) in counts.items()}, **numbers, **words, "draws": draws}.items():
            object.__setattr__(self, name, value)
        for name, (count, least) in counts.items():
            if count is not None and type(count) is not int:
                msg = f"{name} = {count!r}: a number of times, an int"
                raise ValueError(msg)
            if count is not None and count < least:
                msg = f"{name} = {count}: MTSS needs at least {least}"
                raise ValueError(msg)
        if self.ridge <= 0 or self.nu <= 0:
            msg = f"ridge = {self.ridge}, nu = {self.nu}: both must be positive"
            raise ValueError(msg)
        for name, word, known in (
            ("mode", self.mode, ("ridge", "span")),
            ("sampler", self.sampler, ("rejection", "listed")),
            ("look", self.look, ("listed", "draws")),
        ):
            if word not in known:
                msg = f"{name} = {word!r}: write {known[0]!r} or {known[1]!r}"
                raise ValueError(msg)
