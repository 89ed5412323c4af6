"""XPO's loss and its minimiser, and the logistic fit of preferences."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, in_rows, two
from reference.conformance.cases.tilts import REFUSALS
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)
_TENTH = Fraction(1, 8)

_Row = Sequence[NumberIn]


def _pairs(
    chosen: _Row,
    rejected: _Row,
    base_chosen: _Row,
    base_rejected: _Row,
    answered: Sequence[int],
    beta: NumberIn = 1,
    alpha: NumberIn = _TENTH,
) -> dict[str, Argument]:
    return {
        "chosen": in_row(*chosen), "rejected": in_row(*rejected), "base_chosen": in_row(*base_chosen),
        "base_rejected": in_row(*base_rejected), "answered": list(answered), "beta": str(beta), "alpha": str(alpha),
    }  # fmt: skip


def _policies(
    chosen: Sequence[_Row],
    rejected: Sequence[_Row],
    answered: Sequence[int],
    beta: NumberIn = 1,
    alpha: NumberIn = _TENTH,
    base: _Row | None = None,
) -> dict[str, Argument]:
    even = [-1] * len(answered) if base is None else base
    return {
        "chosen": in_rows(*chosen), "rejected": in_rows(*rejected), "base_chosen": in_row(*even),
        "base_rejected": in_row(*[-1] * len(answered)), "answered": list(answered), "beta": str(beta),
        "alpha": str(alpha),
    }  # fmt: skip


def _data(phis: Sequence[Iterable[NumberIn]], ridge: NumberIn = 1) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "ridge": str(ridge)}


def _seeded_pairs() -> list[Asked]:
    stream, found = Stream("xpo"), list[Asked]()
    for k in range(4):
        chosen, rejected, base, other = (stream.dyadics(3, -6, 0, 3) for _ in range(4))
        given = _pairs(
            chosen, rejected, base, other, [stream.below(2) for _ in range(3)], (Fraction(1), Fraction(1, 4))[k % 2]
        )
        beside = " Temperature" if k % 2 else ""
        found.append(Asked(given, "seeded", f"Margin Bonus Side Base Several{beside}"))
    return found


_BAD_ALPHA = Note("VALIDATION", "alpha must not be negative", "a bonus for what the base model answers",
    mutants=["any-alpha"])  # fmt: skip
_BAD_SIDE = Note("VALIDATION", "answered is neither 0 nor 1", "counted from the end, or around", mutants=["any-side"])

XPO_LOSS = CaseFamily(
    "xpo_loss",
    {
        "Margin": Note("FORMULA", "chosen and rejected are swapped in the margin", "right where they are as likely",
            mutants=["sign"]),
        "Base": Note("FORMULA", "the base model's log-probabilities are left out", "another margin",
            mutants=["base-missing"]),
        "Bonus": Note("FORMULA", "the bonus is left out, or subtracted", "DPO",
            mutants=["bonus-missing", "bonus-sign"]),
        "Side": Note("LISTING", "the bonus is of the chosen response, whoever answered it", "an optimism of another",
            mutants=["bonus-of-chosen"]),
        "Temperature": Note("TEMPERATURE", "beta is left out of the bonus, as in papers whose alpha has it",
            "right at beta = 1 only", mutants=["bonus-without-beta", "beta-missing"]),
        "Several": Note("FORMULA", "the mean over pairs", "right for one pair", mutants=["mean", "first-pair"]),
        "FarApart": Note("OVERFLOW", "exp(-h) overflows", "inf where the loss is |h|", mutants=["naive-exp"]),
        "Tiny": Note("CANCELLATION", "log(1 + exp(-h)) for large h", "0 where the loss is not",
            mutants=["log-of-one-plus"]),
        "BadTemperature": REFUSALS["BadTemperature"],
        "BadAlpha": _BAD_ALPHA,
        "BadSide": _BAD_SIDE,
        "BadShape": REFUSALS["BadShape"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_pairs([-1], [-1], [-1], [-1], [0]), "no preference: log 2 - 1/8", "Bonus"),
            Asked(_pairs([-1], [-2], [-1], [-1], [0]), "the chosen one is likelier", "Margin Bonus"),
            Asked(_pairs([-2], [-1], [-1], [-1], [1]), "the rejected one is likelier, and the base model's",
                "Margin Bonus Side"),
            Asked(_pairs([-2], [-1], [-3], [-1], [1], 2), "beta = 2", "Margin Bonus Side Base Temperature"),
            Asked(_pairs([-2], [-1], [-3], [-1], [0], _HALF), "beta = 1/2", "Margin Bonus Base Temperature"),
            Asked(_pairs([-1, -2], [-2, -1], [-1, -1], [-1, -1], [0, 1], 1, 1), "two pairs, both margins",
                "Bonus Side Several Margin"),
            Asked(_pairs([-1], [-2], [-1], [-1], [0], 1, 0), "alpha = 0: DPO", "Margin"),
            Asked(_pairs([-900], [-1], [-1], [-1], [1]), "h = -899", "Margin Bonus Side FarApart"),
            Asked(_pairs([-2], [-41], [-1], [-1], [0], 1, 0), "h = 38: exp(-38)", "Margin Tiny"),
            Asked(_pairs([-2], [-42], [-2], [-2], [0], 2, 0), "h = 80", "Margin Tiny Temperature"),
        ],
        201: _seeded_pairs(),
        301: [
            Asked(_pairs([-1], [-1], [-1], [-1], [0], 0), "beta = 0", "BadTemperature", "invalid"),
            Asked(_pairs([-1], [-1], [-1], [-1], [0], 1, -_HALF), "alpha < 0", "BadAlpha", "invalid"),
            Asked(_pairs([-1], [-1], [-1], [-1], [2]), "answered is 2", "BadSide", "invalid"),
            Asked(_pairs([-1, -1], [-1], [-1], [-1], [0]), "two chosen, one rejected", "BadShape", "invalid"),
            Asked(_pairs(["nan"], [-1], [-1], [-1], [0]), "a log-probability that is no number", "NotANumber",
                "invalid"),
            Asked(_pairs([-1], [-1], [-1], ["-inf"], [0]), "a log-probability of -inf", "NotANumber", "invalid"),
            Asked(_pairs([-1], [-1], [-1], [-1], [0], 1, "inf"), "an infinite alpha", "NotANumber", "invalid"),
            Asked(_pairs([-1, -1], [-1, -1], [-1, -1], [-1, -1], [0, 2]), "answered is 0, and 2", "BadSide", "invalid"),
        ],
    },
)  # fmt: skip

_FOUR = [[-1, -2], [-2, -1], [-4, -4], [-1, -4]]
_OTHER = [[-2, -3], [-2, -4], [-1, -2], [-8, -1]]

_UNEVEN = {
    **_policies([[-1, -2], [-2, -1]], [[-2, -2], [-2, -2]], [0, 0], 1, 0), "base_rejected": in_row(-4, 0)
}  # fmt: skip

XPO_ARGMIN = CaseFamily(
    "xpo_argmin",
    {
        "Clear": Note("FORMULA", "the largest loss, or the last policy", "another policy",
            mutants=["argmax", "last"]),
        "Bonus": Note("FORMULA", "the bonus is left out, or subtracted", "the policy of DPO",
            mutants=["bonus-missing", "bonus-sign"]),
        "Side": Note("LISTING", "the bonus is of the chosen response, whoever answered it", "another policy",
            mutants=["bonus-of-chosen"]),
        "Temperature": Note("TEMPERATURE", "beta is left out of the bonus", "another policy, unless beta is 1",
            mutants=["bonus-without-beta"]),
        "Base": Note("FORMULA", "the base model's log-probabilities are left out", "another policy",
            mutants=["base-missing"]),
        "Tie": Note("BOUNDARY", "of policies that tie the last is taken", "another index", mutants=["ties-to-last"]),
        "NearTie": Note("PRECISION", "losses that differ by less than an ulp", "the wrong one of two",
            mutants=["float-loss"]),
        "BadTemperature": REFUSALS["BadTemperature"],
        "BadAlpha": _BAD_ALPHA,
        "BadSide": _BAD_SIDE,
        "BadShape": REFUSALS["BadShape"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_policies(_FOUR, _OTHER, [0, 0]), "four policies", "Clear"),
            Asked(_policies([[-1], [-2]], [[-1], [-4]], [0]), "margins of 0 and 2", "Clear"),
            Asked(_policies([[-1], [-8]], [[-3], [-9]], [0], 1, 1), "margins of 2 and 1, and bonuses of -1 and -8",
                "Clear Bonus"),
            Asked(_policies([[-1], [-2]], [[-2], [-8]], [1], 1, 1), "the bonus of the rejected: -2 and -8",
                "Clear Bonus"),
            Asked(_policies([[-1], [-4]], [[-9], [-4]], [1], 1, 1), "by that of the chosen it were the other",
                "Clear Side"),
            Asked(_policies([[-1], [-2]], [[-3], [-3]], [0], Fraction(1, 8), Fraction(1, 4)),
                "beta = 1/8: bonuses of -1/32 and -1/16, and margins of 1/4 and 1/8", "Clear Temperature Bonus"),
            Asked(_policies([[-1, -3], [-3, -1], [-2, -2]], [[-3, -1], [-1, -3], [-2, -2]], [0, 0], 1, 0, [-3, 0]),
                "the base model prefers one response of each pair", "Clear Base"),
            Asked(_policies([[-1], [-2], [-2], [-1]], [[-1], [-4], [-4], [-1]], [0]), "two are equal", "Clear Tie"),
            Asked(_policies([[-1], [-2], [-1]], [[-2], [-3], [-2]], [0], 1, 0), "alpha = 0: all tie", "Tie"),
            Asked(_policies([[-1 - two(-52)], [-1]], [[-40], [-40]], [0], 1, 0),
                "2^-52 apart, where the loss is exp(-39)", "Clear NearTie"),
            Asked(_policies([[-1], [-1 + two(-53)]], [[-1], [-1 + two(-53)]], [1], 1, two(-3)),
                "bonuses that differ by 2^-56 of a loss of 1/2: the first", "NearTie"),
            Asked(_policies([[-1], [-1 - two(-52)]], [[-1], [-1 - two(-52)]], [0], 1, two(-4)),
                "bonuses that differ by 2^-56 of a loss of 1/2: the second", "Clear Bonus NearTie"),
            Asked(_UNEVEN, "the base model rejects unevenly: -4 and 0", "Clear Base"),
        ],
        301: [
            Asked(_policies([[-1], [-2]], [[-1], [-4]], [0], 0), "beta = 0", "BadTemperature", "invalid"),
            Asked(_policies([[-1], [-2]], [[-1], [-4]], [0], 1, -1), "alpha < 0", "BadAlpha", "invalid"),
            Asked(_policies([[-1], [-2]], [[-1], [-4]], [3]), "answered is 3", "BadSide", "invalid"),
            Asked(_policies([[-1], [-2]], [[-1]], [0]), "two policies, and one", "BadShape", "invalid"),
            Asked(_policies([], [], [0]), "no policies", "BadShape", "invalid"),
            Asked(_policies([["nan"], [-2]], [[-1], [-4]], [0]), "a log-probability that is no number", "NotANumber",
                "invalid"),
        ],
    },
)  # fmt: skip


def _seeded_fits() -> list[Asked]:
    stream, found = Stream("preference fit"), list[Asked]()
    for size in (1, 2, 3):
        phis = [stream.dyadics(size, -2, 2, 4) for _ in range(size + 2)]
        found.append(Asked(_data(phis, (Fraction(1), Fraction(1, 4))[size % 2]), "seeded", "Data"))
    return found


PREFERENCE_FIT = CaseFamily(
    "preference_fit",
    {
        "Data": Note("FORMULA",
            "the rejected response is preferred, data are averaged, least squares, or one step from 0",
            "another sign, a shrunk fit, right to first order only",
            mutants=["sign", "mean-loss", "least-squares", "one-step", "ridge-not-halved"]),
        "Ridge": Note("PARAMETER", "the ridge 1", "right for that alone", mutants=["ridge-one"]),
        "Repeated": Note("FORMULA", "a difference that stands twice counts once", "another weight",
            mutants=["set-of-data"]),
        "Separable": Note("CONVERGENCE", "a hundred steps along the gradient", "not yet there where the ridge is small",
            mutants=["hundred-steps"]),
        "Zero": Note("BOUNDARY", "the fit is scaled by its length", "0/0 where it is 0", mutants=["of-the-direction"]),
        "Opposed": Note("CANCELLATION", "opposite data are taken out", "as if there were none", mutants=["cancels"]),
        "BadRidge": Note("VALIDATION", "the ridge must be positive", "a fit at infinity", mutants=["any-ridge"]),
        "BadShape": REFUSALS["BadShape"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_data([[1]]), "one datum", "Data"),
            Asked(_data([[1], [2]]), "two on a line", "Data"),
            Asked(_data([[1, 0], [1, 1]]), "the plane", "Data"),
            Asked(_data([[1, 0], [1, 1]], _HALF), "ridge 1/2", "Data"),
            Asked(_data([[1, 0], [0, 1], [-1, 1]], 4), "ridge 4", "Data"),
            Asked(_data([[2, 1], [2, 1], [-1, 1]]), "one that stands twice", "Data Repeated"),
            Asked(_data([[1], [1], [1], [-1]]), "three against one", "Data Repeated Opposed"),
            Asked(_data([[1, 0], [-1, 0], [1, 2]]), "two that oppose each other", "Data Opposed"),
            Asked(_data([[1, 0], [-1, 0]]), "nothing else: 0", "Zero"),
            Asked(_data([[0, 0], [0, 0]]), "differences that are 0: 0", "Zero"),
            Asked(_data([[1, 0, 2]]), "a feature that is never seen: 0", "Data"),
            Asked(_data([[1], [2]], two(-20)), "separable, and a ridge of 2^-20", "Data Separable"),
            Asked(_data([[1, 1], [1, -2]], two(-10)), "separable, and a ridge of 2^-10",
                "Data Separable"),
            Asked(_data([[64, 0], [-64, 1], [0, 1]], two(-6)), "long vectors that oppose each other",
                "Data"),
            Asked(_data([[1024], [-1]], two(-10)), "a long vector", "Data"),
        ],
        201: _seeded_fits(),
        301: [
            Asked(_data([[1]], 0), "ridge 0", "BadRidge", "invalid"),
            Asked(_data([[1]], -1), "a negative ridge", "BadRidge", "invalid"),
            Asked(_data([]), "no data: the dimension is unknown", "BadShape", "invalid"),
            Asked(_data([[1, 0], [1]]), "features of two lengths", "BadShape", "invalid"),
            Asked(_data([["nan"]]), "a feature that is no number", "NotANumber", "invalid"),
            Asked(_data([[1]], "inf"), "an infinite ridge", "NotANumber", "invalid"),
        ],
    },
    {"Ridge": lambda given: given["ridge"] != "1" and given["phis"] != [["0", "0"]] * 2},
)  # fmt: skip
