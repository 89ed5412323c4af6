"""transformers' logits warpers, as the kit asks them: each docstring is the call that is graded."""

from typing import Any

import transformers
from device import torch
from domain import Floats, need_laws, need_positive, need_share
from transformers import MinPLogitsWarper, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper


class Binary64:
    """In binary64."""

    name, version, format = "transformers", transformers.__version__, "binary64"
    _dtype: Any = torch.float64

    def tempered(self, p: Floats, temperature: float) -> Any:
        """``TemperatureLogitsWarper(temperature)`` on ``p.log()``, then softmax"""
        need_laws(p)
        need_positive(temperature)
        return self._warped(TemperatureLogitsWarper(temperature), p)

    def top_k(self, p: Floats, k: int) -> Any:
        """``TopKLogitsWarper(k)`` on ``p.log()``, then softmax"""
        need_laws(p)
        return self._warped(TopKLogitsWarper(k), p)

    def top_p(self, p: Floats, share: float) -> Any:
        """``TopPLogitsWarper(share)`` on ``p.log()``, then softmax"""
        need_laws(p)
        need_share(share)
        return self._warped(TopPLogitsWarper(share), p)

    def min_p(self, p: Floats, share: float) -> Any:
        """``MinPLogitsWarper(share)`` on ``p.log()``, then softmax"""
        need_laws(p)
        return self._warped(MinPLogitsWarper(share), p)

    def _warped(self, warper: Any, p: Floats) -> Any:
        scores = warper(torch.zeros((1, 1), dtype=torch.long), torch.tensor([p], dtype=self._dtype).log())
        return torch.softmax(scores, -1)[0]


class Binary32(Binary64):
    """In binary32."""

    format = "binary32"
    _dtype = torch.float32
