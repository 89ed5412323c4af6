"""torch, as the kit asks it: each docstring is the call that is graded."""

from typing import Any

from device import torch
from domain import (
    Floats,
    Rows,
    need_data,
    need_laws,
    need_numbers,
    need_positive,
    need_support,
    need_tilt,
    need_tokens,
)
from torch.nn import functional


class Binary64:
    """In binary64."""

    name, version, format = "torch", torch.__version__, "binary64"
    _dtype: Any = torch.float64

    def log_partition(self, pi: Floats, r: Floats, beta: float) -> Any:
        """``beta * torch.logsumexp(pi.log() + r / beta, 0)``"""
        need_tilt(pi, r, beta)
        return beta * torch.logsumexp(self._logits(pi, r, beta), 0)

    def softmax(self, pi: Floats, r: Floats, beta: float) -> Any:
        """``torch.softmax(pi.log() + r / beta, 0)``"""
        need_tilt(pi, r, beta)
        return torch.softmax(self._logits(pi, r, beta), 0)

    def tempered(self, p: Floats, temperature: float) -> Any:
        """``torch.softmax(p.log() / temperature, 0)``"""
        need_laws(p)
        need_positive(temperature)
        return torch.softmax(self._tensor(p).log() / temperature, 0)

    def kl(self, p: Floats, q: Floats) -> Any:
        """``torch.nn.functional.kl_div(q.log(), p, reduction="sum")``"""
        need_laws(p, q)
        return functional.kl_div(self._tensor(q).log(), self._tensor(p), reduction="sum")

    def kl_gradient(self, p: Floats, q: Floats) -> Any:
        """``kl_div(q.log(), logits.log_softmax(0), reduction="sum", log_target=True)``, by autograd"""
        need_laws(p, q)
        need_support(p, q)
        logits = self._tensor(p).log().requires_grad_()
        loss = functional.kl_div(self._tensor(q).log(), logits.log_softmax(0), reduction="sum", log_target=True)
        return torch.autograd.grad(loss, logits)[0]

    def path_return(self, logits: Rows, base_logits: Rows, tokens: list[int], eos: int, beta: float) -> Any:
        """``torch.log_softmax(logits, 1)``, at the tokens, less that of the base, summed"""
        n = need_tokens(logits, base_logits, tokens, eos, beta)
        ours, base = (torch.log_softmax(self._tensor(rows), 1) for rows in (logits, base_logits))
        steps, taken = torch.arange(n), torch.tensor(tokens[:n])
        return beta * (ours[steps, taken] - base[steps, taken]).sum()

    def dpo_loss(
        self, chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float
    ) -> Any:
        """``-torch.nn.functional.logsigmoid(beta * margins).sum()``"""
        need_numbers(chosen, rejected, base_chosen, base_rejected)
        need_positive(beta)
        c, l, bc, bl = map(self._tensor, (chosen, rejected, base_chosen, base_rejected))  # noqa: E741 - the loser
        return -functional.logsigmoid(beta * ((c - bc) - (l - bl))).sum()

    def elliptic(self, phis: Rows, phi: Floats, ridge: float) -> Any:
        """``phi @ torch.linalg.solve(Sigma, phi)``, with ``Sigma`` formed in the same format"""
        need_numbers(*phis, phi)
        need_positive(ridge)
        target = self._tensor(phi)
        return target @ torch.linalg.solve(self._sigma(phis, len(phi), ridge), target)

    def ridge(self, phis: Rows, rewards: Floats, ridge: float) -> Any:
        """``torch.linalg.solve(Sigma, phis.T @ rewards)``, with ``Sigma`` formed in the same format"""
        need_data(phis, rewards)
        need_positive(ridge)
        rows = self._tensor(phis)
        return torch.linalg.solve(self._sigma(phis, rows.shape[1], ridge), rows.T @ self._tensor(rewards))

    def in_span(self, phis: Rows, phi: Floats) -> Any:
        """``torch.linalg.matrix_rank``, of the rows with and without ``phi``"""
        need_numbers(*phis, phi)
        rows = self._tensor(phis).reshape(-1, len(phi))
        more = torch.cat([rows, self._tensor(phi)[None]])
        return bool(torch.linalg.matrix_rank(rows) == torch.linalg.matrix_rank(more))

    def log_det(self, phis: Rows, ridge: float) -> Any:
        """``torch.logdet(I + phis.T @ phis / ridge)``"""
        need_numbers(*phis)
        need_positive(ridge)
        if not phis:
            return 0.0
        rows = self._tensor(phis)
        return torch.logdet(torch.eye(rows.shape[1], dtype=self._dtype) + rows.T @ rows / ridge)

    def _logits(self, pi: Floats, r: Floats, beta: float) -> Any:
        return self._tensor(pi).log() + self._tensor(r) / beta

    def _sigma(self, phis: Rows, d: int, ridge: float) -> Any:
        rows = self._tensor(phis).reshape(-1, d)
        return rows.T @ rows + ridge * torch.eye(d, dtype=self._dtype)

    def _tensor(self, values: Any) -> Any:
        return torch.tensor(values, dtype=self._dtype)


class Binary32(Binary64):
    """In binary32."""

    format = "binary32"
    _dtype = torch.float32


class Distributions64:
    """``torch.distributions``, in binary64."""

    name, version, format = "torch.distributions", torch.__version__, "binary64"
    _dtype: Any = torch.float64

    def kl(self, p: Floats, q: Floats) -> Any:
        """``torch.distributions.kl_divergence(Categorical(p), Categorical(q))``"""
        need_laws(p, q)
        over, under = (torch.distributions.Categorical(torch.tensor(law, dtype=self._dtype)) for law in (p, q))
        return torch.distributions.kl_divergence(over, under)

    def softmax(self, pi: Floats, r: Floats, beta: float) -> Any:
        """``torch.distributions.Categorical(logits=pi.log() + r / beta).probs``"""
        need_tilt(pi, r, beta)
        base, rewards = (torch.tensor(values, dtype=self._dtype) for values in (pi, r))
        return torch.distributions.Categorical(logits=base.log() + rewards / beta, validate_args=False).probs


class Distributions32(Distributions64):
    """In binary32."""

    format = "binary32"
    _dtype = torch.float32
