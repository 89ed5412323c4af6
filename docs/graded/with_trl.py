"""TRL's losses, as the kit asks them: the trainers' own methods, on log-probabilities that are given to them.

A trainer is made of what its method reads; the model is the given log-probabilities.
"""

from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import trl
from device import torch
from domain import Floats, need_laws, need_numbers, need_positive, need_support
from trl import DPOTrainer, GRPOTrainer


def grpo_kl_term(logps: Any, ref_logps: Any, *, bias_correction: bool = False) -> Any:
    """Return the loss of one response of one token with ``beta = 1``, whose advantage is 0: the KL term alone."""
    trainer = MagicMock(
        top_entropy_quantile=1.0, off_policy_mask_threshold=None, importance_sampling_level="token", beta=1.0,
        args=SimpleNamespace(use_bias_correction_kl=bias_correction, delta=None), loss_type="grpo", epsilon_low=0.2,
        epsilon_high=0.2, use_vllm=False, current_gradient_accumulation_steps=1, aux_loss_enabled=False,
        _entropy_bonus_enabled=False,
    )  # fmt: skip
    trainer._get_per_token_logps_and_entropies.return_value = (logps, torch.zeros_like(logps), None)  # noqa: SLF001 - a stand-in
    trainer.accelerator.gather.side_effect = trainer.accelerator.gather_for_metrics.side_effect = lambda x: x
    ones = torch.ones_like(logps, dtype=torch.long)
    given = {
        "prompt_ids": ones, "prompt_mask": ones, "completion_ids": ones, "completion_mask": ones,
        "advantages": torch.zeros(len(logps), dtype=logps.dtype), "ref_per_token_logps": ref_logps,
    }  # fmt: skip
    return GRPOTrainer._compute_loss(trainer, trainer.model, given)  # noqa: SLF001 - it is what is graded


def dpo_loss_of(logps: Any, ref_chosen: Any, ref_rejected: Any, beta: float) -> Any:
    """Return the mean loss of pairs of responses of one token; ``logps``: the chosen, then the rejected."""
    trainer = MagicMock(
        aux_loss_enabled=False, ld_alpha=None, precompute_ref_logps=True, f_divergence_type="reverse_kl",
        loss_types=["sigmoid"], loss_weights=[1.0], beta=beta, use_weighting=False, _total_train_tokens=0, _tp_size=1,
    )  # fmt: skip
    trainer.accelerator.gather.side_effect = trainer.accelerator.gather_for_metrics.side_effect = lambda x: x
    rows = logps[:, None]
    zeros = torch.zeros_like(rows)
    outputs = SimpleNamespace(log_probs=rows, entropy=zeros, mean_logits=zeros, is_top1=zeros > 0)
    ones = torch.ones((len(rows), 2), dtype=torch.long)
    given = {
        "input_ids": ones, "attention_mask": ones, "completion_mask": ones, "ref_chosen_logps": ref_chosen,
        "ref_rejected_logps": ref_rejected,
    }  # fmt: skip
    return DPOTrainer._compute_loss(trainer, lambda **_: outputs, given, return_outputs=False)  # noqa: SLF001 - as above


class Binary64:
    """In binary64."""

    name, version, format = "trl", trl.__version__, "binary64"
    _dtype: Any = torch.float64

    def dpo_loss(
        self, chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float
    ) -> Any:
        """``DPOTrainer._compute_loss``, ``loss_type="sigmoid"``, times the number of pairs"""
        need_numbers(chosen, rejected, base_chosen, base_rejected)
        need_positive(beta)
        if not chosen:
            return 0.0  # the trainer takes a mean
        logps, refs = self._tensor([*chosen, *rejected]), map(self._tensor, (base_chosen, base_rejected))
        return len(chosen) * dpo_loss_of(logps, *refs, beta)

    def dpo_gradient(
        self, chosen: float, rejected: float, base_chosen: float, base_rejected: float, beta: float
    ) -> Any:
        """``DPOTrainer._compute_loss``, ``loss_type="sigmoid"``, by autograd"""
        need_numbers([chosen, rejected, base_chosen, base_rejected])
        need_positive(beta)
        logps = self._tensor([chosen, rejected]).requires_grad_()
        refs = self._tensor([base_chosen]), self._tensor([base_rejected])
        return torch.autograd.grad(dpo_loss_of(logps, *refs, beta), logps)[0]

    def k3_gradient(self, p: Floats, q: Floats) -> Any:
        """``GRPOTrainer._compute_loss``, ``use_bias_correction_kl=False``, by autograd, the mean over ``y``"""
        return self._gradient(p, q, bias_correction=False)

    def kl_gradient(self, p: Floats, q: Floats) -> Any:
        """``GRPOTrainer._compute_loss``, ``use_bias_correction_kl=True``, by autograd, the mean over ``y``"""
        return self._gradient(p, q, bias_correction=True)

    def _gradient(self, p: Floats, q: Floats, *, bias_correction: bool) -> Any:
        need_laws(p, q)
        need_support(p, q)
        live = [y for y, mass in enumerate(p) if mass > 0]
        masses = self._tensor(p)[live]
        logits = masses.log().requires_grad_()
        logps, refs = logits.log_softmax(0), self._tensor(q)[live].log()
        terms = [
            mass * grpo_kl_term(logps[i].reshape(1, 1), refs[i].reshape(1, 1), bias_correction=bias_correction)
            for i, mass in enumerate(masses)
        ]
        found = torch.zeros(len(p), dtype=self._dtype)
        found[live] = torch.autograd.grad(sum(terms), logits)[0]
        return found

    def _tensor(self, values: Any) -> Any:
        return torch.tensor(values, dtype=self._dtype)


class Binary32(Binary64):
    """In binary32."""

    format = "binary32"
    _dtype = torch.float32
