"""What the libraries were found to do, each with the few lines that show it, and what the record says of each.

``record.py`` runs the lines in the libraries' environment and keeps what they print.  The right value is computed
here, by the package, whenever the page is built or tested: nothing but the package is needed for that.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite
from pathlib import Path
from typing import Any

import reference as ref
from proofs_check.cli.formats.grade import ImplementationGrade
from reference.conformance import FUNCTIONS
from reference.exact.binary import FormatName

HERE = Path(__file__).parent

RESULTS = HERE / "results"
"""A file for each library and format, as ``spanner grade --json`` writes it, without the vectors that passed."""

RECORD = HERE / "record.json"
"""Versions, date, machine, what the findings printed, and what the samplers drew."""

FAR = 4
"""A number that is as many ulps from the right one, or more, is a finding."""

ERROR = "1e-9"
"""With which probability a right sampler may be refuted."""


@dataclass(frozen=True)
class Finding:
    """A fact about one version of a library.

    ``says``: in a sentence.  ``code``: the lines, which print a number.  ``function``, ``given``, ``at``: the kit's
    function whose answer is right, its inputs, and which entry.  ``draws``: the number counts how often something came
    in so many draws, and the right answer is its probability ``chance``.
    """

    name: str
    library: str
    says: str
    code: str
    function: str = ""
    given: tuple[Any, ...] = ()
    at: int = 0
    format: FormatName = "binary64"
    draws: int = 0
    chance: str = ""

    @property
    def title(self) -> str:
        """The name in words."""
        return self.name.removeprefix(f"{self.library}-").replace("-", " ")

    @property
    def keeps(self) -> bool:
        """Whether the number is how many outcomes are kept."""
        return self.function in {"top_k", "top_p", "min_p"}

    def right(self) -> Any:
        """Return the exact value."""
        if self.draws:
            return ref.rational(self.chance)
        function = FUNCTIONS[self.function]
        answer = list(function.exact(*(_exact(value) for value in self.given)))
        return sum(mass != 0 for mass in answer) if self.keeps else answer[self.at]

    def ulps(self, printed: float) -> float:
        """Return how far the printed number is from the right one, in ulps; infinite if it is no number."""
        return float(ref.ulps(printed, self.right(), self.format)) if isfinite(printed) else inf

    def reproduces(self, printed: float) -> bool:
        """Whether what was printed is wrong: the judge of samplers refutes it, or it is ulps away."""
        if self.draws:
            return self.verdict(int(printed)).refuted
        return printed != self.right() if self.keeps else self.ulps(printed) >= FAR

    def verdict(self, count: int) -> ref.SamplerVerdict:
        """Return the verdict of the judge of samplers on how often it came."""
        law = ref.Law.of({True: self.right(), False: 1 - self.right()})
        return ref.judge_sampler({True: count, False: self.draws - count}, law, ERROR)


_NEAR = (["393217/1048576", "655359/1048576"], ["3/8", "5/8"])
_NEARER = (["3/8", "5/8"], ["402653185/1073741824", "671088639/1073741824"])
_BOTH_ZERO = (["0", "1/2", "1/2"], ["0", "1/4", "3/4"])

FINDINGS = (
    Finding(
        "torch-multinomial-tail", "torch",
        "`torch.multinomial` with replacement, on the CPU and in binary32, draws none of these 131,071 outcomes, which "
        "together have 0.39% of the mass.",
        """\
        import torch

        torch.manual_seed(1)
        weights = torch.tensor([1.0] + [2.0**-25] * 131071)
        print((torch.multinomial(weights, 1_000_000, replacement=True) > 0).sum().item())""",
        draws=1_000_000, chance="131071/33685503",
    ),
    Finding(
        "jax-categorical-tail", "jax",
        "`jax.random.categorical` misses most of the mass of outcomes of probability about $2^{-24}$ in its default "
        'mode, `"low"`, which its documentation calls biased below $10^{-7}$; `mode="high"` is not refuted above.',
        """\
        import jax
        from jax import numpy as jnp

        logits = jnp.log(jnp.array([1.0] + [2.0**-24] * 1024))
        draw = jax.jit(lambda key: (jax.random.categorical(key, logits, shape=(10_000,)) > 0).sum())
        print(sum(int(draw(key)) for key in jax.random.split(jax.random.key(1), 150)))""",
        draws=1_500_000, chance="1/16385",
    ),
    Finding(
        "torch-kl-div-zero-mass", "torch",
        "`kl_div` is NaN where neither law has mass on an outcome: the target's 0 meets the input's $-\\infty$.",
        """\
        import torch
        from torch.nn.functional import kl_div

        p, q = torch.tensor([0.0, 0.5, 0.5]), torch.tensor([0.0, 0.25, 0.75])
        print(kl_div(q.log(), p, reduction="sum").item())""",
        "kl", _BOTH_ZERO, format="binary32",
    ),
    Finding(
        "optax-kl-zero-mass", "optax",
        "`optax.losses.kl_divergence` is NaN there, too.",
        """\
        import optax
        from jax import numpy as jnp

        p, q = jnp.array([0.0, 0.5, 0.5]), jnp.array([0.0, 0.25, 0.75])
        print(optax.losses.kl_divergence(jnp.log(q), p).item())""",
        "kl", _BOTH_ZERO, format="binary32",
    ),
    Finding(
        "torch-kl-div-negative", "torch",
        "`kl_div` of two laws that nearly agree is negative, in binary64: its terms cancel. No divergence is.",
        """\
        import torch
        from torch.nn.functional import kl_div

        p = torch.tensor([3 / 8, 5 / 8], dtype=torch.float64)
        q = torch.tensor([402653185 / 2**30, 671088639 / 2**30], dtype=torch.float64)
        print(kl_div(q.log(), p, reduction="sum").item())""",
        "kl", _NEARER,
    ),
    Finding(
        "torch-kl-div-nothing", "torch",
        "In binary32 it is 0 for laws that differ.",
        """\
        import torch
        from torch.nn.functional import kl_div

        p = torch.tensor([393217 / 2**20, 655359 / 2**20])
        print(kl_div(torch.tensor([3 / 8, 5 / 8]).log(), p, reduction="sum").item())""",
        "kl", _NEAR, format="binary32",
    ),
    Finding(
        "torch-distributions-kl-negative", "torch",
        "`torch.distributions.kl_divergence` of the same two is negative, and thousands of times as large.",
        """\
        import torch
        from torch.distributions import Categorical, kl_divergence

        p = Categorical(torch.tensor([393217 / 2**20, 655359 / 2**20]))
        print(kl_divergence(p, Categorical(torch.tensor([3 / 8, 5 / 8]))).item())""",
        "kl", _NEAR, format="binary32",
    ),
    Finding(
        "optax-kl-negative", "optax",
        "And so is `optax.losses.kl_divergence`.",
        """\
        import optax
        from jax import numpy as jnp

        p = jnp.array([393217 / 2**20, 655359 / 2**20])
        print(optax.losses.kl_divergence(jnp.log(jnp.array([3 / 8, 5 / 8])), p).item())""",
        "kl", _NEAR, format="binary32",
    ),
    Finding(
        "torch-log-softmax-gradient", "torch",
        "The gradient of the divergence through `log_softmax` is NaN where a logit is $-\\infty$, as masks make them.",
        """\
        import torch
        from torch.nn.functional import kl_div

        logits = torch.tensor([0.0, -torch.inf], requires_grad=True)
        q = torch.tensor([0.5, 0.5])
        kl_div(q.log(), logits.log_softmax(0), reduction="sum", log_target=True).backward()
        print(logits.grad[0].item())""",
        "kl_gradient", (["1", "0"], ["1/2", "1/2"]), format="binary32",
    ),
    Finding(
        "jax-softmax-subnormal", "jax",
        "`jax.nn.softmax` on the CPU gives 0 for a mass that is a subnormal number of binary32.",
        """\
        import jax
        from jax import numpy as jnp

        print(jax.nn.softmax(jnp.array([0.0, -88.0]))[1].item())""",
        "softmax", (["1/2", "1/2"], ["0", "-88"], "1"), at=1, format="binary32",
    ),
    Finding(
        "scipy-logsumexp-near-one", "scipy",
        "`logsumexp` with weights loses ten bits where the weighted sum is next to 1.",
        """\
        from scipy.special import logsumexp

        print(logsumexp([2.0**-40, 0.0], b=[0.5, 0.5]).item())""",
        "log_partition", (["1/2", "1/2"], [f"1/{2**40}", "0"], "1"),
    ),
    Finding(
        "transformers-top-p-boundary", "transformers",
        "`TopPLogitsWarper` keeps two outcomes where the first has exactly the share that is asked for, by the "
        "rounding of the masses of the others.",
        """\
        import torch
        from transformers import TopPLogitsWarper

        scores = torch.tensor([[7 / 16, 6 / 16, 3 / 16]]).log()
        print((TopPLogitsWarper(7 / 16)(None, scores) > -torch.inf).sum().item())""",
        "top_p", (["7/16", "3/8", "3/16"], "7/16"),
    ),
    Finding(
        "transformers-min-p-boundary", "transformers",
        "`MinPLogitsWarper` drops a mass that is exactly at the threshold, half of the largest, in binary64.",
        """\
        import torch
        from transformers import MinPLogitsWarper

        scores = torch.tensor([[6, 4, 3, 2, 1]], dtype=torch.float64).div(16).log()
        print((MinPLogitsWarper(1 / 2)(None, scores) > -torch.inf).sum().item())""",
        "min_p", (["3/8", "1/4", "3/16", "1/8", "1/16"], "1/2"),
    ),
    Finding(
        "transformers-top-k-ties", "transformers",
        "`TopKLogitsWarper` keeps more than `k` outcomes where the last of them ties with others.",
        """\
        import torch
        from transformers import TopKLogitsWarper

        scores = torch.tensor([[1 / 4, 1 / 4, 1 / 4, 1 / 4]]).log()
        print((TopKLogitsWarper(3)(None, scores) > -torch.inf).sum().item())""",
        "top_k", (["1/4", "1/4", "1/4", "1/4"], 3),
    ),
    Finding(
        "trl-grpo-kl-gradient", "trl",
        "The KL term of `GRPOTrainer`, as it is unless `use_bias_correction_kl=True`, has the right value and another "
        "gradient: its mean here is 2,138 times that of the divergence. It is that of k3, which "
        "{doc}`/explanation/kl-estimators` derives, on all vectors of `k3_gradient`; with the option it is the "
        "divergence's on all vectors of `kl_gradient` but one, where it is less accurate. In `docs/graded`, whose "
        "module gives the trainer's method its log-probabilities:",
        """\
        from with_trl import Binary64

        print(Binary64().k3_gradient(p=[1 - 2**-15, 2**-15], q=[1 / 4, 3 / 4])[0].item())""",
        "kl_gradient", (["32767/32768", "1/32768"], ["1/4", "3/4"]),
    ),
)  # fmt: skip
"""In the order of the page."""


def record() -> dict[str, Any]:
    """Return the record, as ``record.py`` wrote it."""
    found: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))
    return found


def graded() -> dict[str, ImplementationGrade]:
    """Return the gradings by the name of their file, read strictly."""
    import msgspec

    found = {
        path.stem: msgspec.json.decode(path.read_bytes(), type=ImplementationGrade) for path in RESULTS.glob("*.json")
    }
    return dict(sorted(found.items(), key=lambda item: (_ORDER.index(item[0].partition("-")[0]), item[0])))


def judged(row: dict[str, Any], weights: Sequence[float], n: int) -> ref.SamplerVerdict:
    """Return the verdict on what a sampler drew, by the exact law that the weights have."""
    masses = [ref.rational(Fraction(weight)) for weight in weights]
    total = sum(masses)
    law = ref.Law.of({y: mass / total for y, mass in enumerate(masses) if mass != 0})
    counts = {int(y): count for y, count in row["counts"].items()}
    if sum(counts.values()) != n:
        raise ValueError(f"{row['call']}: {sum(counts.values())} draws of {n} are recorded")
    return ref.judge_sampler(counts, law, ERROR)


_ORDER = ("numpy", "scipy", "torch", "jax", "transformers", "trl", "vowpalwabbit")


def _exact(value: Any) -> Any:
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return ref.rational(value) if isinstance(value, str) else value
