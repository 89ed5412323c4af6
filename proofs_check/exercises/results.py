"""The four results that the exercises are about, each in a sentence."""

from proofs_check.exercises.asking import TaughtResult

LOWER_BOUND = TaughtResult(
    "lower-bound",
    "Coverage is the price of computation",
    "There are instances on which every learner, however clever, makes about as many sampling queries as the coverage "
    "C_cov(pi*), or very many reward queries; the number of rewards that are needed does not grow with coverage.",
)

MATCHED = TaughtResult(
    "spanner-sampling",
    "SpannerSampling pays that price, times a polynomial",
    "SpannerSampling asks for the rewards of a few pairs of responses, whose differences span the others, and computes "
    "at inference time: about C_cov(pi*) draws for an answer, and few rewards in all.",
)

PROPER = TaughtResult(
    "training-time",
    "Training-time methods cannot",
    "A method that commits to parameters before it sees the prompt has to find parameters that are good for all "
    "prompts at once. On some instances that is as hard as Max-k-DNF, although each prompt alone is easy.",
)

MULTI_TURN = TaughtResult(
    "multi-turn",
    "Exploring token by token pays for tokens, not for sequences",
    "With access to single tokens the price is set by the coverage C_cond of one token after a prefix, and no longer "
    "by the coverage C_cov of whole responses, which can be exponential in their length.",
)

RESULTS = (LOWER_BOUND, MATCHED, PROPER, MULTI_TURN)
"""In the order of the paper."""
