"""The inputs of SpannerSampling, checked."""

from dataclasses import dataclass, field
from typing import Literal

from flint import fmpq

from reference.algorithms.softmax_sampling import number_of_draws
from reference.exact.rational_numbers import RationalLike, rational


@dataclass(frozen=True, slots=True, init=False)
class SpannerSamplingInputs:
    """Inputs of SpannerSampling.  ``ridge`` is the paper's lambda and, like ``nu``, is unused in span mode.

    ``draws``: ``N``, the draws in each of SoftmaxSampler's two phases, from ``M`` and ``delta``.  Numbers may be
    written in any exact way; ``M`` and ``delta`` have no default, since a learner cannot see ``C_cov``.

    Raises:
        ValueError: for a count below its least value, or an input outside its range.
    """

    n_prompt: int
    n_pair: int
    t_exp: int
    M: fmpq
    delta: fmpq
    ridge: fmpq
    nu: fmpq
    mode: Literal["ridge", "span"]
    draws: int = field(init=False)

    def __init__(
        self,
        n_prompt: int,
        n_pair: int,
        t_exp: int,
        M: RationalLike,
        delta: RationalLike,
        *,
        ridge: RationalLike = 1,
        nu: RationalLike = 1,
        mode: Literal["ridge", "span"] = "ridge",
    ) -> None:
        numbers = {"M": rational(M), "delta": rational(delta), "ridge": rational(ridge), "nu": rational(nu)}
        counts = {"n_prompt": n_prompt, "n_pair": n_pair, "t_exp": t_exp}
        draws = number_of_draws(numbers["M"], numbers["delta"])  # says what is wrong with M or delta
        for name, value in {**counts, **numbers, "mode": mode, "draws": draws}.items():
            object.__setattr__(self, name, value)
        for name, count in counts.items():
            if type(count) is not int:
                msg = f"{name} = {count!r}: a number of times, an int"
                raise ValueError(msg)
            if count < (least := 0 if name == "n_prompt" else 1):
                msg = f"{name} = {count}: SpannerSampling needs at least {least}"
                raise ValueError(msg)
        if self.ridge <= 0 or self.nu <= 0:
            msg = f"ridge = {self.ridge}, nu = {self.nu}: both must be positive"
            raise ValueError(msg)
        if self.mode not in {"ridge", "span"}:
            msg = f"mode = {self.mode!r}: write 'ridge' or 'span'"
            raise ValueError(msg)
