"""Fits: how lines 3 and 6 of OnlineDPO are minimised, and the other fits of training-time methods.

=====================  =============================================================================================
:class:`LeastSquares`  rewards, exactly: least squares over all real ``theta``, then projected into ``Theta``
:class:`Search`        rewards or preferences: an optimiser over parameters; ``exhaustive`` is exact over a finite set
:class:`Newton`        preferences: the certified minimiser over all real ``theta``, then projected into ``Theta``
=====================  =============================================================================================
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flint import fmpq

from reference.algorithms.parts.cover import Cover, Datum
from reference.algorithms.parts.feedback import Feedback
from reference.algorithms.parts.newton import LogisticMinimiser, logistic_newton
from reference.algorithms.parts.optimisers import Optimiser
from reference.algorithms.parts.projection import projected
from reference.exact.linalg import Vector
from reference.interaction.public import Public
from reference.model.parameter_set import Theta

D = TypeVar("D", bound=Hashable)


class Fit(Protocol[D]):
    """A parameter in ``Theta`` from data with multiplicities; depends on nothing but them and what is public."""

    def __call__(self, public: Public, data: Mapping[D, int], /) -> Theta:
        """Return the parameter."""


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """Squared loss, minimised exactly as ``cover`` says (minimal norm, or ridge); then projected."""

    cover: Cover

    def __call__(self, public: Public, data: Mapping[Datum, int], /) -> Theta:
        """Return the projection of the least-squares parameter."""
        repeated = [datum for datum, n in data.items() for _ in range(n)]
        return projected(public.parameter_set, self.cover.least_squares(repeated))


@dataclass(frozen=True, slots=True)
class Search(Generic[D]):
    """The loss of ``feedback``, minimised by an optimiser over parameters of ``Theta``."""

    feedback: Feedback[D]
    optimiser: Optimiser

    def __call__(self, public: Public, data: Mapping[D, int], /) -> Theta:
        """Return what the optimiser finds."""
        del public
        return self.optimiser(lambda theta: self.feedback.loss(theta, data))


@dataclass(frozen=True, slots=True)
class Newton:
    """Logistic loss with ``ridge/2 ||theta||^2``, minimised to ``2^-bits`` with a certificate; then projected."""

    ridge: fmpq
    bits: int = 64

    def __call__(self, public: Public, data: Mapping[Vector, int], /) -> Theta:
        """Return the projection of the rounded minimiser."""
        return projected(public.parameter_set, self.minimiser(public, data).parameter)

    def minimiser(self, public: Public, data: Mapping[Vector, int], /) -> LogisticMinimiser:
        """Return the rounded minimiser over all real ``theta``: with its radius, what a certificate claims."""
        return logistic_newton(data, public.dimension, self.ridge, self.bits)
