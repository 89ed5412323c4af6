"""scipy, as the kit asks it: each docstring is the call that is graded."""

from typing import Any

import numpy as np
import scipy
from domain import (
    Floats,
    Rows,
    need_data,
    need_laws,
    need_numbers,
    need_positive,
    need_tilt,
    need_tokens,
)
from scipy import linalg, special


class Binary64:
    """In binary64."""

    name, version, format = "scipy", scipy.__version__, "binary64"
    _dtype: Any = np.float64

    def log_partition(self, pi: Floats, r: Floats, beta: float) -> Any:
        """``beta * scipy.special.logsumexp(r / beta, b=pi)``"""
        need_tilt(pi, r, beta)
        base, rewards, temperature = map(self._array, (pi, r, beta))
        return temperature * special.logsumexp(rewards / temperature, b=base)

    def softmax(self, pi: Floats, r: Floats, beta: float) -> Any:
        """``scipy.special.softmax(np.log(pi) + r / beta)``"""
        need_tilt(pi, r, beta)
        base, rewards, temperature = map(self._array, (pi, r, beta))
        with np.errstate(divide="ignore"):
            return special.softmax(np.log(base) + rewards / temperature)

    def tempered(self, p: Floats, temperature: float) -> Any:
        """``scipy.special.softmax(np.log(p) / temperature)``"""
        need_laws(p)
        need_positive(temperature)
        with np.errstate(divide="ignore"):
            return special.softmax(np.log(self._array(p)) / self._array(temperature))

    def kl(self, p: Floats, q: Floats) -> Any:
        """``scipy.special.rel_entr(p, q).sum()``"""
        need_laws(p, q)
        return special.rel_entr(self._array(p), self._array(q)).sum()

    def path_return(self, logits: Rows, base_logits: Rows, tokens: list[int], eos: int, beta: float) -> Any:
        """``scipy.special.log_softmax(logits, axis=1)``, at the tokens, less that of the base, summed"""
        n = need_tokens(logits, base_logits, tokens, eos, beta)
        ours, base = (special.log_softmax(self._array(rows), axis=1) for rows in (logits, base_logits))
        steps = np.arange(n)
        return self._array(beta) * (ours[steps, tokens[:n]] - base[steps, tokens[:n]]).sum()

    def dpo_loss(
        self, chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float
    ) -> Any:
        """``-scipy.special.log_expit(beta * margins).sum()``"""
        need_numbers(chosen, rejected, base_chosen, base_rejected)
        need_positive(beta)
        c, l, bc, bl = map(self._array, (chosen, rejected, base_chosen, base_rejected))  # noqa: E741 - the loser
        return -special.log_expit(self._array(beta) * ((c - bc) - (l - bl))).sum()

    def elliptic(self, phis: Rows, phi: Floats, ridge: float) -> Any:
        """``phi @ scipy.linalg.solve(Sigma, phi, assume_a="pos")``, with ``Sigma`` formed in the same format"""
        need_numbers(*phis, phi)
        need_positive(ridge)
        target = self._array(phi)
        return target @ linalg.solve(self._sigma(phis, len(phi), ridge), target, assume_a="pos")

    def ridge(self, phis: Rows, rewards: Floats, ridge: float) -> Any:
        """``scipy.linalg.solve(Sigma, phis.T @ rewards, assume_a="pos")``, with ``Sigma`` formed in the same format"""
        need_data(phis, rewards)
        need_positive(ridge)
        rows = self._array(phis)
        right = rows.T @ self._array(rewards)
        return linalg.solve(self._sigma(phis, rows.shape[1], ridge), right, assume_a="pos")

    def _sigma(self, phis: Rows, d: int, ridge: float) -> Any:
        rows = self._array(phis).reshape(-1, d)
        return rows.T @ rows + self._array(ridge) * np.eye(d, dtype=self._dtype)

    def _array(self, values: Any) -> Any:
        return np.asarray(values, dtype=self._dtype)


class Binary32(Binary64):
    """In binary32."""

    format = "binary32"
    _dtype = np.float32


class KlDiv64:
    """The divergence by ``kl_div``, whose terms are all at least 0; in binary64."""

    name, version, format = "scipy kl_div", scipy.__version__, "binary64"
    _dtype: Any = np.float64

    def kl(self, p: Floats, q: Floats) -> Any:
        """``scipy.special.kl_div(p, q).sum()``"""
        need_laws(p, q)
        return special.kl_div(np.asarray(p, self._dtype), np.asarray(q, self._dtype)).sum()


class KlDiv32(KlDiv64):
    """In binary32."""

    format = "binary32"
    _dtype = np.float32
