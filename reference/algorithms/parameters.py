"""The inputs of SpannerSampling, checked."""

from dataclasses import dataclass, field
from typing import Literal

from flint import fmpq

from reference.algorithms.softmax_sampler import number_of_draws
from reference.exact.rational import RationalLike, rational


@dataclass(frozen=True, slots=True)
class Parameters:
    """Inputs of SpannerSampling.  ``ridge`` is the paper's lambda and, like ``nu``, is unused in span mode.

    ``draws``: ``N``, the draws in each of SoftmaxSampler's two phases, from ``M`` and ``delta``.

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

    @staticmethod
    def of(
        n_prompt: int,
        n_pair: int,
        t_exp: int,
        M: RationalLike,
        delta: RationalLike,
        *,
        ridge: RationalLike = 1,
        nu: RationalLike = 1,
        mode: Literal["ridge", "span"] = "ridge",
    ) -> "Parameters":
        """Return parameters from anything that spells exact numbers."""
        return Parameters(n_prompt, n_pair, t_exp, rational(M), rational(delta), rational(ridge), rational(nu), mode)

    def __post_init__(self) -> None:
        object.__setattr__(self, "draws", number_of_draws(self.M, self.delta))  # says what is wrong with M or delta
        for name, value, least in (
            ("n_prompt", self.n_prompt, 0),
            ("n_pair", self.n_pair, 1),
            ("t_exp", self.t_exp, 1),
        ):
            if value < least:
                msg = f"{name} = {value}: SpannerSampling needs at least {least}"
                raise ValueError(msg)
        if self.ridge <= 0 or self.nu <= 0:
            msg = f"ridge = {self.ridge}, nu = {self.nu}: both must be positive"
            raise ValueError(msg)
        if self.mode not in {"ridge", "span"}:
            msg = f"mode = {self.mode!r}: write 'ridge' or 'span'"
            raise ValueError(msg)
