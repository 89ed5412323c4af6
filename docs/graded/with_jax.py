"""jax and optax, as the kit asks them: each docstring is the call that is graded."""

from typing import Any

import jax
import optax
from domain import (
    Floats,
    Rows,
    need_laws,
    need_numbers,
    need_positive,
    need_support,
    need_tilt,
    need_tokens,
)
from jax import numpy as jnp
from jax.scipy import linalg

jax.config.update("jax_enable_x64", True)


class Binary64:
    """In binary64."""

    name, version, format = "jax, optax", f"{jax.__version__}, {optax.__version__}", "binary64"
    _dtype: Any = jnp.float64

    def log_partition(self, pi: Floats, r: Floats, beta: float) -> Any:
        """``beta * jax.nn.logsumexp(r / beta, b=pi)``"""
        need_tilt(pi, r, beta)
        base, rewards, temperature = map(self._array, (pi, r, beta))
        return temperature * jax.nn.logsumexp(rewards / temperature, b=base)

    def softmax(self, pi: Floats, r: Floats, beta: float) -> Any:
        """``jax.nn.softmax(jnp.log(pi) + r / beta)``"""
        need_tilt(pi, r, beta)
        base, rewards, temperature = map(self._array, (pi, r, beta))
        return jax.nn.softmax(jnp.log(base) + rewards / temperature)

    def tempered(self, p: Floats, temperature: float) -> Any:
        """``jax.nn.softmax(jnp.log(p) / temperature)``"""
        need_laws(p)
        need_positive(temperature)
        return jax.nn.softmax(jnp.log(self._array(p)) / self._array(temperature))

    def kl(self, p: Floats, q: Floats) -> Any:
        """``optax.losses.kl_divergence(jnp.log(q), p)``"""
        need_laws(p, q)
        return optax.losses.kl_divergence(jnp.log(self._array(q)), self._array(p))

    def kl_gradient(self, p: Floats, q: Floats) -> Any:
        """``optax.losses.kl_divergence_with_log_targets(jnp.log(q), jax.nn.log_softmax(logits))``, by ``jax.grad``"""
        need_laws(p, q)
        need_support(p, q)
        under = jnp.log(self._array(q))

        def divergence(logits: Any) -> Any:
            return optax.losses.kl_divergence_with_log_targets(under, jax.nn.log_softmax(logits))

        return jax.grad(divergence)(jnp.log(self._array(p)))

    def path_return(self, logits: Rows, base_logits: Rows, tokens: list[int], eos: int, beta: float) -> Any:
        """``jax.nn.log_softmax(logits)``, at the tokens, less that of the base, summed"""
        n = need_tokens(logits, base_logits, tokens, eos, beta)
        ours, base = (jax.nn.log_softmax(self._array(rows)) for rows in (logits, base_logits))
        steps, taken = jnp.arange(n), jnp.asarray(tokens[:n])
        return self._array(beta) * (ours[steps, taken] - base[steps, taken]).sum()

    def dpo_loss(
        self, chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float
    ) -> Any:
        """``-jax.nn.log_sigmoid(beta * margins).sum()``"""
        need_numbers(chosen, rejected, base_chosen, base_rejected)
        need_positive(beta)
        c, l, bc, bl = map(self._array, (chosen, rejected, base_chosen, base_rejected))  # noqa: E741 - the loser
        return -jax.nn.log_sigmoid(self._array(beta) * ((c - bc) - (l - bl))).sum()

    def elliptic(self, phis: Rows, phi: Floats, ridge: float) -> Any:
        """``phi @ jax.scipy.linalg.solve(Sigma, phi, assume_a="pos")``, with ``Sigma`` formed in the same format"""
        need_numbers(*phis, phi)
        need_positive(ridge)
        target = self._array(phi)
        rows = self._array(phis).reshape(-1, len(phi))
        sigma = rows.T @ rows + self._array(ridge) * jnp.eye(len(phi), dtype=self._dtype)
        return target @ linalg.solve(sigma, target, assume_a="pos")

    def _array(self, values: Any) -> Any:
        return jnp.asarray(values, dtype=self._dtype)


class Binary32(Binary64):
    """In binary32."""

    format = "binary32"
    _dtype = jnp.float32
