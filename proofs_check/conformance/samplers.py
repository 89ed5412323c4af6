"""Samplers against exact laws: an implementation draws, and the judge of samplers bets against it.

What is seen of a draw of SoftmaxSampler is the response and the number of the trial that accepted it, 0 where none did:
one trial more, which hardly moves the response, shows at once.  ``f`` is given as the floats nearest to
``beta log(weights)``; that moves the logarithm of any mass by less than 10^-13, and of a million draws by 10^-7.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flint import fmpq

from proofs_check.conformance.dialogue import Broken, dialogue
from proofs_check.conformance.implementations import Source
from proofs_check.conformance.kit import KitError
from proofs_check.conformance.peer import Peer
from proofs_check.conformance.written import Malformed, read_integer, shown
from reference.exact.binary import to_float
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear, log
from reference.exact.rational_numbers import rational
from reference.judge import SamplerVerdict, judge_sampler
from reference.laws import softmax_sampler_joint_law

DRAW_SEEDS: Final = (1, 2, 3)
"""The draws come from three seeds alike."""

FIRST_DRAWS: Final = 1_000
"""Draws of the first call; each later one asks for as many as there are."""

MOST_DRAWS_AT_ONCE: Final = 100_000
"""A sampler is asked for so many draws in one question, at most."""


@dataclass(frozen=True)
class SamplerSetting:
    """A base model, ``exp(f/beta)`` by response, and SoftmaxSampler's parameters."""

    name: str
    pi: Sequence[str]
    weights: Sequence[str]
    beta: str
    M: str
    N: int

    def given(self) -> dict[str, Any]:
        """Return what the implementation gets."""
        return {
            "pi": [to_float(rational(p)) for p in self.pi],
            "f": [to_float(self._f(y)) for y in range(len(self.pi))],
            "beta": to_float(rational(self.beta)),
            "M": to_float(rational(self.M)),
            "N": self.N,
        }

    def law(self) -> Law[tuple[int, int]]:
        """Return the exact law of (response, trial)."""
        pi = Law.of(enumerate(map(rational, self.pi)))
        joint = softmax_sampler_joint_law(pi, self._f, rational(self.beta), self.M, self.N)
        return joint.map(lambda pair: (pair[0], (pair[1] - self.N) % (self.N + 1)))

    def _f(self, y: int) -> LogLinear:
        return log(rational(self.weights[y])) * rational(self.beta)


SAMPLER_SETTINGS: Final = (
    SamplerSetting("three responses", ("1/2", "1/4", "1/4"), ("1", "3", "1/2"), "1/2", "3", 4),
    SamplerSetting("a rare good response", ("15/16", "1/16"), ("1", "8"), "1", "4", 6),
    SamplerSetting("M too small", ("1/2", "1/2"), ("1", "4"), "2", "1", 3),
    SamplerSetting("off the support", ("3/4", "1/4", "0"), ("1", "2", "16"), "1", "2", 2),
)
"""Where ``Zhat``, the clipping at 1, the fallback and the support each matter."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """What draws of a setting say; ``said``: why it fails, or ``None``."""

    sampler: str
    setting: SamplerSetting
    draws: int
    verdict: SamplerVerdict | None
    said: str | None
    seeded: bool = True

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return self.said is None


def sample_all(source: Source, draws: int, error: fmpq) -> list[Sampled]:
    """Judge all samplers that an implementation has; a right one fails with probability at most ``error`` in all.

    Raises:
        KitError: if it has none, or cannot be asked.
    """
    if not isinstance(source, Peer) or "softmax_sampler" not in source.hello.samplers:
        raise KitError(f"{source.hello.name} offers no sampler: softmax_sampler")
    return [sampled(source, setting, draws, error / len(SAMPLER_SETTINGS)) for setting in SAMPLER_SETTINGS]


def sampled(peer: Peer, setting: SamplerSetting, draws: int, error: fmpq) -> Sampled:
    """Draw until the law is refuted, or there are enough draws."""
    counts: Counter[tuple[int, int]] = Counter()
    law, seeded, verdict = setting.law(), True, None
    try:
        first = _drawn(peer, setting, DRAW_SEEDS[0], FIRST_DRAWS)
        seeded = first == _drawn(peer, setting, DRAW_SEEDS[0], FIRST_DRAWS)
        counts.update(first)
        call = 0
        while True:
            verdict = judge_sampler(counts, law, error)
            if verdict.refuted:
                return Sampled("softmax_sampler", setting, counts.total(), verdict, verdict.rival, seeded)
            if counts.total() >= draws:
                return Sampled("softmax_sampler", setting, counts.total(), verdict, None, seeded)
            call += 1
            size = min(counts.total(), MOST_DRAWS_AT_ONCE, draws - counts.total())
            counts.update(_drawn(peer, setting, DRAW_SEEDS[call % 3] + 3 * call, size))
    except (Broken, Malformed) as failure:
        return Sampled("softmax_sampler", setting, counts.total(), verdict, str(failure), seeded)


def _drawn(peer: Peer, setting: SamplerSetting, seed: int, count: int) -> list[tuple[int, int]]:
    message = {
        "cmd": "sample", "id": f"{setting.name}, seed {seed}", "function": "softmax_sampler", "input": setting.given(),
        "seed": seed, "count": count,
    }  # fmt: skip
    return _read(dialogue(peer, message, _asked), count)


def _asked(question: Mapping[str, Any]) -> Mapping[str, Any]:
    raise Malformed(f"asked {shown(question.get('ask'))}: a sampler draws by itself")


def _read(last: Mapping[str, Any], count: int) -> list[tuple[int, int]]:
    for key in ("refused", "error"):
        if key in last:
            raise Malformed(f"it said: {shown(last[key], 200)}")
    rows = last.get("draws")
    if not isinstance(rows, list) or len(rows) != count:
        raise Malformed(f"{len(rows) if isinstance(rows, list) else shown(rows)} draws in place of {count}")
    found, known = [], dict[str, int]()
    for row in rows:
        if not isinstance(row, list) or len(row) != 2:  # noqa: PLR2004 - a response and a trial
            raise Malformed(f"the draw {shown(row)}; a pair of a response and a trial is needed")
        found.append((_integer(row[0], known), _integer(row[1], known)))
    return found


def _integer(entry: Any, known: dict[str, int]) -> int:  # noqa: ANN401 - as JSON has it
    """Return the integer that an entry says; a million draws have few different ones, and each is read once."""
    if not isinstance(entry, str):  # no number of JSON: true is not to be taken for a 1 that was read
        return read_integer(entry)
    if entry not in known:
        known[entry] = read_integer(entry)
    return known[entry]
