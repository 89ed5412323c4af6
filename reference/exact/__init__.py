"""The trusted base: exact numbers, exact linear algebra, finite laws."""

from reference.exact.binary import to_float, ulps
from reference.exact.decimals import Bracket, Decimal, bracket, enclosing, to_decimal
from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import ExpSum, exp, exp_sum, exp_text, exp_total
from reference.exact.log_linear import LogLinear, LogLinearLike, log, loglinear
from reference.exact.number import ExactNumber, Undecided, precision_cap
from reference.exact.rational_numbers import (
    BadNumber,
    InexactInput,
    RationalLike,
    rational,
    rational_text,
)
from reference.exact.reals import Number, Real, enclosed, real, real_log, real_max, real_min, real_sum

__all__ = [
    "BadNumber",
    "Bracket",
    "Decimal",
    "ExactNumber",
    "ExpRatio",
    "ExpSum",
    "InexactInput",
    "LogLinear",
    "LogLinearLike",
    "Number",
    "RationalLike",
    "Real",
    "Undecided",
    "bracket",
    "enclosed",
    "enclosing",
    "exp",
    "exp_ratio",
    "exp_sum",
    "exp_text",
    "exp_total",
    "log",
    "loglinear",
    "precision_cap",
    "rational",
    "rational_text",
    "real",
    "real_log",
    "real_max",
    "real_min",
    "real_sum",
    "to_decimal",
    "to_float",
    "ulps",
]
