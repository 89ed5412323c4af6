"""``path_return`` and ``dpo_loss``: log-ratios of sequences, and the loss of preferences."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, in_rows, two
from reference.conformance.cases.tilts import REFUSALS, has_temperature
from reference.conformance.vectors import Argument, Note

Logits = Sequence[Iterable[NumberIn]]

_HALF = Fraction(1, 2)


def _path(logits: Logits, base: Logits, tokens: list[int], eos: int, beta: NumberIn = 1) -> dict[str, Argument]:
    return {
        "logits": in_rows(*logits), "base_logits": in_rows(*base), "tokens": [*tokens], "eos": eos, "beta": str(beta)
    }  # fmt: skip


def _paths() -> list[Asked]:
    stream, found = Stream("path"), list[Asked]()
    for k in range(8):
        size, length, beta = 3 + k % 3, 3 + k % 4, (Fraction(1), Fraction(1, 4), Fraction(3))[k % 3]
        logits, base = ([stream.dyadics(size, -4, 4, 3) for _ in range(length)] for _ in range(2))
        tokens = [stream.below(size - 1) for _ in range(length - 1)] + [size - 1]
        found.append(Asked(_path(logits, base, tokens, size - 1, beta), "seeded, ends with eos", "Several Ends Tilted"))
    return found


_L = [[2, 0, 1], [0, 1, 3], [1, 1, 0], [0, 4, 0]]
_B = [[0, 0, 1], [1, 0, 0], [0, 2, 1], [1, 0, 3]]

PATH_RETURN = CaseFamily(
    "path_return",
    {
        "Tilted": Note("FORMULA", "the sign, or logits of the base model without their normaliser",
            "right where both models agree", mutants=["sign", "reference-unnormalised"]),
        "Several": Note("FORMULA", "the first token only, a mean over tokens, or logits one place off",
            "right for one token", ["huggingface/trl#633", "modelscope/ms-swift#9925"],
            ["first-token-only", "length-normalised", "shifted-by-one"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "Padding": Note("MASK", "what stands after eos is counted", "the return depends on padding",
            ["huggingface/trl#6803"], ["padding-counted"]),
        "Ends": Note("MASK", "eos itself is left out", "the return of an unfinished response",
            ["PaddlePaddle/PaddleFormers#4908"], ["eos-left-out"]),
        "HugeLogits": Note("OVERFLOW", "softmax, and then log", "log 0, or NaN", mutants=["naive-log-softmax"]),
        "BadTemperature": REFUSALS["BadTemperature"],
        "BadShape": REFUSALS["BadShape"],
        "BadToken": Note("VALIDATION", "a token outside of the vocabulary, or no tokens", "the last one, or 0",
            mutants=["any-token"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_path([[1, 0]], [[0, 0]], [0], 1), "one token", "Tilted"),
            Asked(_path([[1, 0]], [[0, 0]], [1], 1), "one token: eos", "Tilted Ends"),
            Asked(_path(_L, _B, [0, 1, 1, 2], 2), "four tokens, the last is eos", "Tilted Several Ends"),
            Asked(_path(_L, _B, [0, 1, 1, 0], 2), "four tokens, cut off before eos", "Tilted Several"),
            Asked(_path(_L, _B, [0, 2, 0, 0], 2), "two tokens and padding", "Tilted Several Ends Padding"),
            Asked(_path(_L, _B, [2, 2, 2, 2], 2), "padded with eos", "Tilted Ends Padding"),
            Asked(_path(_L, _B, [2, 0, 1, 0], 2), "eos at once, and padding", "Tilted Ends Padding"),
            Asked(_path(_L, _L, [0, 1, 1, 2], 2), "both models agree: 0"),
            Asked(_path(_L, _B, [0, 1, 1, 2], 2, _HALF), "beta = 1/2", "Tilted Several Ends"),
            Asked(_path([[5, 5, 5]], [[0, 0, 0]], [1], 2), "logits that differ by a constant: 0"),
            Asked(_path([[800, 0]], [[0, 0]], [1], 1), "a log-probability of -800", "Tilted HugeLogits Ends"),
            Asked(_path([[1000, 1001], [0, 1]], [[-1000, -999], [2, 2]], [0, 1], 1), "logits of 1000",
                "Tilted HugeLogits Several Ends"),
            Asked(_path([[0, -2000, 1]], [[-2000, 0, 0]], [0], 2), "a base log-probability of -2000",
                "Tilted HugeLogits"),
            Asked(_path([[0] * 63 + [4]], [[0] * 64], [63], 63), "64 tokens", "Tilted Ends"),
            Asked(_path([[7]], [[-3]], [0], 0), "a vocabulary of one token: 0"),
        ],
        201: _paths(),
        301: [
            Asked(_path([[1, 0]], [[0, 0]], [0], 1, 0), "beta = 0", "BadTemperature", "invalid"),
            Asked(_path([[1, 0]], [[0, 0]], [2], 1), "a token outside of the vocabulary", "BadToken", "invalid"),
            Asked(_path([[1, 0]], [[0, 0]], [], 1), "no tokens", "BadToken", "invalid"),
            Asked(_path([[1, 0]], [[0, 0]], [0, 0], 1), "two tokens, one row", "BadShape", "invalid"),
            Asked(_path([[1, 0]], [[0, 0, 0]], [0], 1), "two vocabularies", "BadShape", "invalid"),
            Asked(_path([["nan", 0]], [[0, 0]], [0], 1), "a logit that is no number", "NotANumber", "invalid"),
            Asked(_path([[1, 0]] * 2, [[0, 0]], [0, 0], 1), "two tokens, one row of one model", "BadShape", "invalid"),
            Asked(_path([[1, 0]], [[0, 0]] * 2, [0, 0], 1), "two tokens, one row of the other", "BadShape", "invalid"),
        ],
    },
    {"Temperature": lambda given: has_temperature(given) and given["logits"] != given["base_logits"]},
)  # fmt: skip


def _pairs(
    chosen: Sequence[NumberIn],
    rejected: Sequence[NumberIn],
    base: Sequence[NumberIn],
    other: Sequence[NumberIn],
    beta: NumberIn = 1,
) -> dict[str, Argument]:
    return {
        "chosen": in_row(*chosen), "rejected": in_row(*rejected), "base_chosen": in_row(*base),
            "base_rejected": in_row(*other),
        "beta": str(beta),
    }  # fmt: skip


def _losses() -> list[Asked]:
    stream, found = Stream("dpo"), list[Asked]()
    for k in range(8):
        chosen, rejected, base, other = (stream.dyadics(1 + k % 4, -6, 0, 3) for _ in range(4))
        beta = (Fraction(1), Fraction(1, 8), Fraction(2))[k % 3]
        flags = "Tilted Several" if k % 4 else "Tilted"
        found.append(Asked(_pairs(chosen, rejected, base, other, beta), "seeded", flags))
    return found


def _is_even(given: Mapping[str, Argument]) -> bool:
    return given["chosen"] == given["base_chosen"] and given["rejected"] == given["base_rejected"]


DPO_LOSS = CaseFamily(
    "dpo_loss",
    {
        "Tilted": Note("FORMULA", "the sign, a hinge, or the base model's log-probabilities left out",
            "right where the log-ratios agree", ["modelscope/ms-swift#10167"], ["sign", "hinge", "reference-free"]),
        "Several": Note("REDUCTION", "a mean over pairs in place of the sum", "right for one pair", mutants=["mean"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "FarApart": Note("OVERFLOW", "log(sigmoid(h))", "the sigmoid is 0, and the loss infinite",
            mutants=["log-of-sigmoid"]),
        "Tiny": Note("CANCELLATION", "log(1 + exp(-h)) for large h", "0 where the loss is exp(-h); log1p keeps it",
            mutants=["log-of-one-plus"]),
        "BadTemperature": REFUSALS["BadTemperature"],
        "BadShape": REFUSALS["BadShape"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_pairs([-1], [-1], [-1], [-1]), "no preference: log 2"),
            Asked(_pairs([-1], [-2], [-1], [-1]), "the chosen one is likelier", "Tilted"),
            Asked(_pairs([-3], [-1], [-2], [-2]), "the rejected one is likelier", "Tilted"),
            Asked(_pairs([-3], [-1], [-3], [-1]), "both as under the base model: log 2"),
            Asked(_pairs([-3], [-3], [-1], [-4]), "log-ratios of the base model alone", "Tilted"),
            Asked(_pairs([-1, -2, -3], [-2, -2, -1], [-1, -1, -1], [-1, -2, -3]), "three pairs", "Tilted Several"),
            Asked(_pairs([-1], [-2], [-1], [-1], Fraction(1, 8)), "beta = 1/8", "Tilted"),
            Asked(_pairs([-2], [-1], [-1], [-1], 4), "beta = 4", "Tilted"),
            Asked(_pairs([-1000], [-1], [-1], [-1]), "h = -999", "Tilted FarApart"),
            Asked(_pairs([-200], [-2], [-1], [-1], 8), "h = -1584", "Tilted FarApart"),
            Asked(_pairs([-1], [-41], [-1], [-1]), "a loss of exp(-40)", "Tilted Tiny"),
            Asked(_pairs([-1], [-701], [-1], [-1]), "a loss of exp(-700)", "Tilted Tiny"),
            Asked(_pairs([-1, -1], [-41, -51], [-1, -1], [-1, -1]), "two of them", "Tilted Tiny Several"),
            Asked(_pairs([-1], [-2001], [-1], [-1]), "a loss of exp(-2000): 0", "Tilted"),
            Asked(_pairs([], [], [], []), "no pairs: 0"),
            Asked(_pairs([-(2**20)], [-(2**20) - 1], [-(2**20)], [-(2**20)]), "log-probabilities of a million",
                "Tilted"),
            Asked(_pairs([two(-20) - 1], [-1], [-1], [-1]), "h = 2^-20", "Tilted"),
        ],
        201: _losses(),
        301: [
            Asked(_pairs([-1], [-1], [-1], [-1], 0), "beta = 0", "BadTemperature", "invalid"),
            Asked(_pairs([-1], [-1], [-1], [-1], -1), "beta < 0", "BadTemperature", "invalid"),
            Asked(_pairs([-1, -2], [-1], [-1], [-1]), "two chosen, one rejected", "BadShape", "invalid"),
            Asked(_pairs(["nan"], [-1], [-1], [-1]), "a log-probability that is no number", "NotANumber", "invalid"),
            Asked(_pairs([-1], ["-inf"], [-1], [-1]), "a log-probability of -inf", "NotANumber", "invalid"),
        ],
    },
    {"Temperature": lambda given: has_temperature(given) and not _is_even(given)},
)  # fmt: skip
