"""The exact laws of brute force and MTSS, in the form in which the files of ``proofs_check/coq/learners`` have them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction

import certified_form
import learner_form as form
import token_form
from flint import fmpq

from proofs_check.certified.rewards import as_fraction
from proofs_check.computed.files import catalog_names
from reference.algorithms.brute_force import BruteForce
from reference.algorithms.mtss import MTSS
from reference.catalog import load, load_linear, parse_linear
from reference.catalog.loading import TOKEN_DATA, file_of
from reference.catalog.parsing import parse
from reference.exact.law import Law
from reference.exact.number import Undecided
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.proper_learners import proper
from reference.interaction.public import Public
from reference.interaction.world import World
from reference.model import LinearProblem
from reference.model.parameter_set import FiniteSet, Theta
from reference.model.parts import Prefix
from reference.model.problem import Problem

TOKEN_NAMES = ("clean-sweep", "token-coverage-larger")
"""Problems of several tokens with one prompt that are small enough for the whole law of MTSS, where it is rational."""
BRUTE_SETTINGS: tuple[form.Setting, ...] = (
    ("BruteForce", (0, (Fraction(2), Fraction(1)))),
    ("BruteForce", (2, (Fraction(-1), Fraction(1), Fraction(2)))),
)
"""``T``, and the members as multiples of ``theta*``."""
TOKEN_SETTINGS: tuple[form.Setting, ...] = (
    ("Mtss", (1, 1, 1, 1, 1, 0, Fraction(1), 1)),
    ("Mtss", (0, 1, 1, 1, 1, 0, Fraction(1), 1)),
    ("Mtss", (0, 0, 1, 1, 1, 1, Fraction(4, 3), 1)),
)
"""Lines 7 and 8 by listing or not, ``N_pair``, ``N_roll``, ``N_out``, ``N_tok``, ``M``, ``N``."""


def brute_force_law(problem: LinearProblem, setting: form.Setting) -> list[Fraction]:
    """Return the masses of the members in the law of what brute force returns."""
    T, multiples = setting[1]
    members = [_multiple(problem, factor) for factor in multiples]
    public = Public.of(problem, FiniteSet(tuple(members)))
    learner = BruteForce(T, tuple(members))

    def outcome(choice: Choice) -> Theta:
        return proper(learner, public)(World(problem, choice, metered=False).oracles).theta

    law: Law[Theta] = law_of(outcome)
    return _fractions(problem.name, [law.mass(theta) for theta in members])


def mtss_law(problem: Problem, setting: form.Setting) -> list[Fraction]:
    """Return the masses of the responses in the law of a draw from what MTSS returns, in lexicographic order."""
    look, listed, n_pair, n_roll, n_out, n_tok, M, N = setting[1]
    learner = MTSS(
        n_roll,
        n_pair,
        n_out=n_out,
        sampler="listed" if listed else "rejection",
        look="listed" if look else "draws",
        M=fmpq(M.numerator, M.denominator),
        n_tok=n_tok or None,
    )
    object.__setattr__(learner, "draws", N)  # fewer than any delta asks for: the law is small

    def outcome(choice: Choice) -> Prefix:
        oracles = World(problem, choice, metered=False).tokens
        return learner(oracles).sample(oracles, 0)

    law: Law[Prefix] = law_of(outcome)
    return _fractions(problem.name, [law.mass(prefix) for prefix in _responses(problem, 0, problem.prompts[0].root)])


def brute_force_text() -> str:
    """Return the file of brute force."""
    named = [(name, certified_form.read(file_of(name))[1], load_linear(name)) for name in catalog_names()]
    cases = [each for each in named if form.has_one_logarithm(each[1])]
    cases += [
        (written_name, written, parse_linear(json.dumps(document)))
        for written_name, document, written in form.random_linear()
    ]
    return form.file_of_cases(
        form.BRUTE_FORCE,
        [
            form.case_text(form.BRUTE_FORCE, name, written, [(s, brute_force_law(problem, s)) for s in BRUTE_SETTINGS])
            for name, written, problem in cases
        ],
    )


def mtss_text() -> str:
    """Return the file of MTSS; by rejection on the catalog's problems only, for the kernel's time."""
    cases = []
    for name in TOKEN_NAMES:
        _, written = token_form.read(TOKEN_DATA / f"{name}.json")
        cases.append(form.case_text(form.MTSS, name, written, list(_rational_laws(load(name), TOKEN_SETTINGS))))
    for name, document, written in form.random_tokens():
        laws = _rational_laws(parse(json.dumps(document)), TOKEN_SETTINGS[:2])
        cases.append(form.case_text(form.MTSS, name, written, list(laws)))
    return form.file_of_cases(form.MTSS, cases)


def _rational_laws(problem: Problem, settings: Sequence[form.Setting]) -> Iterator[tuple[form.Setting, list[Fraction]]]:
    for setting in settings:
        with suppress(Undecided, ValueError):
            yield setting, mtss_law(problem, setting)


def _multiple(problem: LinearProblem, factor: Fraction) -> Theta:
    return tuple(entry * fmpq(factor.numerator, factor.denominator) for entry in problem.theta)


def _fractions(name: str, masses: Sequence[object]) -> list[Fraction]:
    found = [as_fraction(mass) for mass in masses if isinstance(mass, fmpq)]
    if len(found) < len(masses) or sum(found) != 1:
        raise ValueError(f"{name}: the law is irrational, or has other outcomes: the kernel computes with rationals")
    return found


def _responses(problem: Problem, h: int, node: int) -> list[Prefix]:
    """Return the responses of positive base mass, tokens by their places in the nodes, in the alphabet's order."""
    if h == problem.horizon:
        return [()]
    edges = [(problem.alphabet.index(e.token), a, e) for a, e in enumerate(problem.layers[h][node]) if e.pi_ref > 0]
    return [(a, *rest) for _, a, e in sorted(edges, key=lambda t: t[0]) for rest in _responses(problem, h + 1, e.child)]
