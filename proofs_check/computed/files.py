"""What the files of ``proofs_check/coq/{laws,returned}`` say: instances, listings, inputs, laws."""

import json
from fractions import Fraction

import certified_form
import computed_form as form

from proofs_check.certified.cost import MOST
from proofs_check.computed.cost import seconds_of_law
from proofs_check.computed.laws import laws_of_listing
from reference.catalog import linear_names, load_linear, parse_linear
from reference.catalog.loading import file_of
from reference.model import LinearProblem

MOST_COMPUTED_RESPONSES = 4
"""Instances of the catalog with more responses at a prompt have laws that take the kernel too long."""


def catalog_names() -> list[str]:
    """Return the catalog's instances whose laws are computed: few responses, and ``exp((r - r')/beta)`` rational."""
    found = {name: load_linear(name) for name in linear_names()}
    return [name for name, problem in found.items() if _small(problem) and problem.is_log_rational()]


def _small(problem: LinearProblem) -> bool:
    return all(len(problem.support(x)) <= MOST_COMPUTED_RESPONSES for x in range(len(problem.prompts)))


def catalog_text(part: form.Part) -> str:
    """Return the file of the catalog's instances."""
    cases = []
    for name in catalog_names():
        _, written = certified_form.read(file_of(name))
        cases.append(_case(part, name, written, load_linear(name), catalog_runs(written)))
    return form.file_of_cases(part, cases)


def random_text(part: form.Part) -> str:
    """Return the file of the random instances."""
    cases = []
    for number, document, written in form.random_instances(part):
        problem = parse_linear(json.dumps(document))
        cases.append(_case(part, problem.name, written, problem, random_runs(number, written)))
    return form.file_of_cases(part, cases)


_MODERATE = 0.5
"""Seconds that SpannerSampling may take the kernel on an instance; else its inputs are smaller."""


def catalog_runs(written: certified_form.Written) -> tuple[form.Setting, ...]:
    """Return listings with their inputs ``M``, ``N``; before them for SpannerSampling ``N_prompt, N_pair, T_exp``."""
    M = Fraction(2)
    whole: list[form.Setting] = [
        ("Returned", (*counts, M, N)) for *counts, N in ((2, 1, 1, 2), (1, 1, 1, 2), (1, 1, 1, 1))
    ]
    return ("Rejection", (Fraction(3, 2), 3)), ("Sampler", (Fraction(5, 3), 3)), _first_moderate(written, whole)


def random_runs(number: int, written: certified_form.Written) -> tuple[form.Setting, ...]:
    """Return the listings for a random instance; the number decides the inputs, too."""
    caps = (Fraction(1, 2), Fraction(1), Fraction(4, 3), Fraction(3))
    cap, N = caps[number % 4], 1 + number // 4 % 3
    most = (1 + number % 2, 1 + number // 2 % 2, 1 + number % 5 // 4)
    M = max(cap, Fraction(1))
    whole: list[form.Setting] = [("Returned", (*counts, M, 1)) for counts in (most, (1, 1, 1))]
    runs: list[form.Setting] = [("Rejection", (cap, N)), ("Sampler", (cap, N))]
    return (*runs, *([_first_moderate(written, whole)] if number % form.EACH_WHOLE == 0 else []))


def _first_moderate(written: certified_form.Written, settings: list[form.Setting]) -> form.Setting:
    return next((each for each in settings if seconds_of_law(written, each) <= _MODERATE), settings[-1])


def _case(
    part: form.Part,
    name: str,
    written: certified_form.Written,
    problem: LinearProblem,
    runs: tuple[form.Setting, ...],
) -> str:
    settings = [each for each in runs if each[0] in part.kinds]
    slow = [kind for kind, inputs in settings if seconds_of_law(written, (kind, inputs)) > MOST]
    if slow:
        raise ValueError(f"{name}: {slow[0]} would take the kernel more than {MOST} s: fewer draws, or responses")
    return form.case_text(name, written, [(setting, laws_of_listing(problem, setting)) for setting in settings])
