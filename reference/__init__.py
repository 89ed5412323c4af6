"""Exact ground truth for FMR25: when can a language model explore efficiently?

A *problem* is a base model ``pi_ref`` on a few responses, with rewards.  What the paper says of it is computed without
rounding; what cannot be decided is the error ``Undecided``, never a guess.

>>> import reference as ref
>>> p = ref.load("two-arms")
>>> ref.coverage(p), ref.gap(p, ref.base_policy(p))
(4/3, Real(-3/2*log(2) + log(3)))
>>> ref.optimum(p).law("x").mass("good")
2/3

Algorithms are values that see oracles only.  One run, or the exact law of what they return, over all runs:

>>> learner = ref.SpannerSampling(n_prompt=2, n_pair=1, t_exp=1, M="16/3", delta="1/8", mode="span")
>>> ref.play(p, learner, seed=7).t_data
4
>>> ref.law_of(p, learner, of=lambda policy: policy.thetas[0])
Law({(loglinear('0'),): 1/4, (loglinear('log(2)'),): 3/4})

Every name is loaded when it is first used.  The sub-packages hold more; what neither they nor this module export is
private.  The command ``spanner`` checks the paper's claims.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the same names, as type checkers see them
    from reference.algorithms import MTSS as MTSS
    from reference.algorithms import XPO as XPO
    from reference.algorithms import BruteForce as BruteForce
    from reference.algorithms import Enumerating as Enumerating
    from reference.algorithms import OnlineDPO as OnlineDPO
    from reference.algorithms import Passive as Passive
    from reference.algorithms import RidgeCover as RidgeCover
    from reference.algorithms import SpanCover as SpanCover
    from reference.algorithms import SpannerSampling as SpannerSampling
    from reference.algorithms import barycentric_spanner as barycentric_spanner
    from reference.algorithms import number_of_draws as number_of_draws
    from reference.algorithms import theory_parameters as theory_parameters
    from reference.algorithms.parts.optimisers import vertices as vertices
    from reference.catalog import InstanceError as InstanceError
    from reference.catalog import dump as dump
    from reference.catalog import load as load
    from reference.catalog import load_linear as load_linear
    from reference.catalog import names as names
    from reference.catalog import parse as parse
    from reference.catalog import parse_linear as parse_linear
    from reference.certificates import CertificateError as CertificateError
    from reference.certificates import certificate_json as certificate_json
    from reference.certificates import check as check
    from reference.certificates import read_certificate as read_certificate
    from reference.certification import certify as certify
    from reference.certification import certify_realizability as certify_realizability
    from reference.constructions.fair_bit_strings import fair_bits as fair_bits
    from reference.constructions.needle_paths import needle_path as needle_path
    from reference.constructions.needles import NeedleFamily as NeedleFamily
    from reference.constructions.opposites import opposite_rewards as opposite_rewards
    from reference.exact import BadNumber as BadNumber
    from reference.exact import ExpRatio as ExpRatio
    from reference.exact import ExpSum as ExpSum
    from reference.exact import InexactInput as InexactInput
    from reference.exact import LogLinear as LogLinear
    from reference.exact import Real as Real
    from reference.exact import Undecided as Undecided
    from reference.exact import exp as exp
    from reference.exact import exp_ratio as exp_ratio
    from reference.exact import log as log
    from reference.exact import loglinear as loglinear
    from reference.exact import rational as rational
    from reference.exact import real as real
    from reference.exact import to_decimal as to_decimal
    from reference.exact import to_float as to_float
    from reference.exact import ulps as ulps
    from reference.exact.law import Law as Law
    from reference.exact.law import LawError as LawError
    from reference.exact.law import SupportError as SupportError
    from reference.exact.linalg import Vector as Vector
    from reference.float_oracles import FloatOracles as FloatOracles
    from reference.floats import arrays as arrays
    from reference.floats import from_floats as from_floats
    from reference.floats import from_logits as from_logits
    from reference.interaction import Budget as Budget
    from reference.interaction import Oracles as Oracles
    from reference.interaction import Outcome as Outcome
    from reference.interaction import ProperOracles as ProperOracles
    from reference.interaction import Seeded as Seeded
    from reference.interaction import SoftmaxPolicy as SoftmaxPolicy
    from reference.interaction import TokenOracles as TokenOracles
    from reference.interaction import TooLarge as TooLarge
    from reference.judge import SamplerVerdict as SamplerVerdict
    from reference.judge import judge_sampler as judge_sampler
    from reference.laws import PreferencePair as PreferencePair
    from reference.laws import best_of_n_law as best_of_n_law
    from reference.laws import ideal_law as ideal_law
    from reference.laws import ideal_token_policy as ideal_token_policy
    from reference.laws import kl_estimator as kl_estimator
    from reference.laws import kl_gradient as kl_gradient
    from reference.laws import logit_gradient as logit_gradient
    from reference.laws import objective_gradient as objective_gradient
    from reference.laws import preference_loss as preference_loss
    from reference.laws import softmax_sampler_joint_law as softmax_sampler_joint_law
    from reference.laws import softmax_sampler_law as softmax_sampler_law
    from reference.laws import theta_gradient as theta_gradient
    from reference.laws import truncated_rejection as truncated_rejection
    from reference.laws import xpo_loss as xpo_loss
    from reference.model import CoverageProfile as CoverageProfile
    from reference.model import Edge as Edge
    from reference.model import LinearProblem as LinearProblem
    from reference.model import NamedLaw as NamedLaw
    from reference.model import NodePolicy as NodePolicy
    from reference.model import Policy as Policy
    from reference.model import Problem as Problem
    from reference.model import ProblemError as ProblemError
    from reference.model import Prompt as Prompt
    from reference.model import Response as Response
    from reference.model import Start as Start
    from reference.model import TabularPolicy as TabularPolicy
    from reference.model import base_policy as base_policy
    from reference.model import coverage as coverage
    from reference.model import coverage_profile as coverage_profile
    from reference.model import gap as gap
    from reference.model import kl as kl
    from reference.model import l1_coverage as l1_coverage
    from reference.model import mixed as mixed
    from reference.model import objective as objective
    from reference.model import optimal_value as optimal_value
    from reference.model import optimum as optimum
    from reference.model import soft_values as soft_values
    from reference.model import softmax as softmax
    from reference.model import tilted as tilted
    from reference.model import token_coverage as token_coverage
    from reference.model.parameter_set import Ball as Ball
    from reference.model.parameter_set import Box as Box
    from reference.model.parameter_set import FiniteSet as FiniteSet
    from reference.model.realizability import decide_realizability as decide_realizability
    from reference.playing import law_of as law_of
    from reference.playing import law_of_tokens as law_of_tokens
    from reference.playing import play as play
    from reference.playing import play_proper as play_proper
    from reference.playing import play_tokens as play_tokens

    __version__: str

_HOMES = {
    "reference.certification": "certify certify_realizability",
    "reference.certificates": "CertificateError read_certificate certificate_json check",
    "reference.exact": (
        "BadNumber ExpRatio ExpSum InexactInput LogLinear Real Undecided exp exp_ratio log loglinear rational "
        "real to_decimal to_float ulps"
    ),
    "reference.exact.law": "Law LawError SupportError",
    "reference.exact.linalg": "Vector",
    "reference.model.parameter_set": "Ball Box FiniteSet",
    "reference.model.realizability": "decide_realizability",
    "reference.catalog": "InstanceError dump load load_linear names parse parse_linear",
    "reference.model": (
        "CoverageProfile Edge LinearProblem NamedLaw NodePolicy Policy Problem ProblemError Prompt Response Start "
        "TabularPolicy base_policy coverage coverage_profile gap kl l1_coverage mixed objective optimal_value optimum "
        "soft_values softmax tilted token_coverage"
    ),
    "reference.float_oracles": "FloatOracles",
    "reference.judge": "SamplerVerdict judge_sampler",
    "reference.interaction": ("Budget Oracles Outcome ProperOracles Seeded SoftmaxPolicy TokenOracles TooLarge"),
    "reference.floats": "arrays from_floats from_logits",
    "reference.playing": "law_of law_of_tokens play play_proper play_tokens",
    "reference.algorithms": (
        "BruteForce Enumerating MTSS OnlineDPO Passive RidgeCover SpanCover SpannerSampling XPO barycentric_spanner "
        "number_of_draws theory_parameters"
    ),
    "reference.algorithms.parts.optimisers": "vertices",
    "reference.constructions.fair_bit_strings": "fair_bits",
    "reference.constructions.needle_paths": "needle_path",
    "reference.constructions.needles": "NeedleFamily",
    "reference.constructions.opposites": "opposite_rewards",
    "reference.laws": (
        "PreferencePair best_of_n_law ideal_law ideal_token_policy kl_estimator kl_gradient "
        "logit_gradient objective_gradient preference_loss softmax_sampler_joint_law softmax_sampler_law "
        "theta_gradient truncated_rejection xpo_loss"
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "MTSS",
    "XPO",
    "BadNumber",
    "Ball",
    "Box",
    "BruteForce",
    "Budget",
    "CertificateError",
    "CoverageProfile",
    "Edge",
    "Enumerating",
    "ExpRatio",
    "ExpSum",
    "FiniteSet",
    "FloatOracles",
    "InexactInput",
    "InstanceError",
    "Law",
    "LawError",
    "LinearProblem",
    "LogLinear",
    "NamedLaw",
    "NeedleFamily",
    "NodePolicy",
    "OnlineDPO",
    "Oracles",
    "Outcome",
    "Passive",
    "Policy",
    "PreferencePair",
    "Problem",
    "ProblemError",
    "Prompt",
    "ProperOracles",
    "Real",
    "Response",
    "RidgeCover",
    "SamplerVerdict",
    "Seeded",
    "SoftmaxPolicy",
    "SpanCover",
    "SpannerSampling",
    "Start",
    "SupportError",
    "TabularPolicy",
    "TokenOracles",
    "TooLarge",
    "Undecided",
    "Vector",
    "arrays",
    "barycentric_spanner",
    "base_policy",
    "best_of_n_law",
    "certificate_json",
    "certify",
    "certify_realizability",
    "check",
    "coverage",
    "coverage_profile",
    "decide_realizability",
    "dump",
    "exp",
    "exp_ratio",
    "fair_bits",
    "from_floats",
    "from_logits",
    "gap",
    "ideal_law",
    "ideal_token_policy",
    "judge_sampler",
    "kl",
    "kl_estimator",
    "kl_gradient",
    "l1_coverage",
    "law_of",
    "law_of_tokens",
    "load",
    "load_linear",
    "log",
    "logit_gradient",
    "loglinear",
    "mixed",
    "names",
    "needle_path",
    "number_of_draws",
    "objective",
    "objective_gradient",
    "opposite_rewards",
    "optimal_value",
    "optimum",
    "parse",
    "parse_linear",
    "play",
    "play_proper",
    "play_tokens",
    "preference_loss",
    "rational",
    "read_certificate",
    "real",
    "soft_values",
    "softmax",
    "softmax_sampler_joint_law",
    "softmax_sampler_law",
    "theory_parameters",
    "theta_gradient",
    "tilted",
    "to_decimal",
    "to_float",
    "token_coverage",
    "truncated_rejection",
    "ulps",
    "vertices",
    "xpo_loss",
]


if not TYPE_CHECKING:  # else every misspelt name would be an object

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("spanner-reference")
        if name not in _HOME:
            from difflib import get_close_matches  # noqa: PLC0415 - only for the hint

            close = get_close_matches(name, _HOME, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise AttributeError(f"module 'reference' has no attribute {name!r}{hint}")
        value = globals()[name] = getattr(import_module(_HOME[name]), name)
        return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
