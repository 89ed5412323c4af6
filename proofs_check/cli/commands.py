"""The commands: their names, options and help.  What one of them does is imported when it is called.

So that ``spanner --help``, and the help of a command, need nothing but typer.
"""

from collections.abc import Callable
from typing import Annotated

import typer

from proofs_check.cli.claim_commands import certify, search, sweep, verify
from proofs_check.cli.outside_commands import grade, import_logits
from proofs_check.cli.shared_options import (
    Digits,
    Json,
    Parameters,
    algorithm_names,
    claim_names,
    exercise_names,
    families,
    format_names,
    instances,
)


def solve(
    source: Annotated[str, typer.Argument(metavar="catalog:NAME|FILE", autocompletion=instances, help="An instance.")],
    *,
    digits: Digits = 6,
    expand: Annotated[bool, typer.Option("--sequences", help="List whole responses of several tokens, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every response.")] = False,
) -> None:
    """Solve an instance: its optimum, its coverage, a spanner.

    That is optimum, value, gap of the base model, coverage, partition functions, divergences; of a linear problem a
    barycentric spanner, of any other whether pi* is in the softmax class; where responses have several tokens, optimum
    and soft values at every node. Values are exact; decimals are correctly rounded, and marked ≈ where they are.

    Example: spanner solve two-arms --digits 20
    """
    from proofs_check.cli.solve import solve_command as command

    command(source, digits=digits, expand=expand, as_json=as_json)


def run(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="ALGORITHM", autocompletion=algorithm_names, help="An algorithm; unless given, all are listed."
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="catalog:NAME|FILE",
            autocompletion=instances,
            help="An instance; unless given, the parameters are listed.",
        ),
    ] = None,
    *,
    seed: Annotated[int, typer.Option(help="Seed of the run.")] = 7,
    param: Parameters = None,
    theory: Annotated[
        str | None,
        typer.Option(metavar="EPS,DELTA", help="spanner-sampling: inputs for a gap of at most EPS, but for DELTA."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Start what takes longer than a minute.")] = False,
    law: Annotated[bool, typer.Option("--law", help="The exact law of the result, over all runs.")] = False,
    digits: Digits = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with the whole transcript or law.")] = False,
) -> None:
    """Run an algorithm: its transcript and meter, or its law.

    That is one run with its queries and what they cost, or the exact law of the result over all runs.

    Example: spanner run spanner-sampling two-arms --param n_pair=2
    """
    from proofs_check.cli.run import run_command as command

    command(
        name, source, seed=seed, param=param or [], theory=theory, force=force, law=law, digits=digits, as_json=as_json
    )


def play(  # noqa: PLR0913 - one for each option
    *,
    learner: Annotated[str, typer.Option(metavar="MODULE:NAME", help="A function of the oracles; returns a policy.")],
    family: Annotated[
        str,
        typer.Option(autocompletion=families, help="needle, needle-path, dnf, fair-bits or opposite-rewards."),
    ] = "needle",
    access: Annotated[
        str | None, typer.Option(help="What the learner sees: tokens or responses; the usual, unless given.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="A parameter of the family; repeat it.")
    ] = None,
    t_comp: Annotated[int, typer.Option(min=0, help="Budget of sampling queries.")] = 100_000,
    t_data: Annotated[int, typer.Option(min=0, help="Budget of reward queries.")] = 10_000,
    runs: Annotated[int, typer.Option(min=1, help="Runs, where the exact law is too large.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the first run.")] = 1,
    time_limit: Annotated[
        int | None, typer.Option(min=1, metavar="SECONDS", help="End a learner that takes longer.")
    ] = None,
    memory_limit: Annotated[
        int | None,
        typer.Option(min=256, metavar="MIB", help="Refuse a learner more memory, in each of two processes."),
    ] = None,
    as_json: Json = False,
) -> int:
    """Play a learner against a family of instances.

    What it hits, what that costs, and what the bound allows, where theory has one. Parameters, with what they are
    unless given:

    needle: C=64 (one over the needle's base mass), k=16 (places), m=1 (m^2 features), beta=1/9. The lower bound.

    needle-path: H=4 (tokens), s (the string; any, unless given), features=prefixes (or string: of whole responses).

    dnf: formula='x1 & !x2 | x2 & x3' (or a file), A=8, L=2, beta=1, star (theta*, such as +-+; any, unless given).

    fair-bits: H=3 (tokens), reward=log(4) (of a token 1), beta=1.

    opposite-rewards: s=log(3) (reward over beta), beta=1.

    Tokens are seen on needle-path, fair-bits and opposite-rewards, unless --access responses is given; whole responses
    on the others.

    A learner to begin from, proofs_check/example_learner.py, is installed with the command. With a copy of it as
    my_learner.py in this folder: --learner my_learner:search.

    Example: spanner play --learner proofs_check.example_learner:ten_draws --param C=16
    """
    from proofs_check.cli.play import PlayOptions
    from proofs_check.cli.play import play_command as command

    options = PlayOptions(family, access, param or [], t_comp, t_data, runs, seed, time_limit, memory_limit, as_json)
    return command(learner, options)


LEARNERS = "brute-force, passive, online-dpo, online-dpo-preferences, xpo, xpo-exhaustive, naming, coin-flip"
"""Those of :mod:`proofs_check.reduction.methods`."""


def reduce(
    source: Annotated[str, typer.Argument(metavar="FORMULA|FILE", help="'x1 & !x2 | x2 & x3', or a file with one.")],
    *,
    learner: Annotated[str, typer.Option(metavar="NAME", help=f"One of {LEARNERS}.")] = "xpo",
    a: Annotated[str, typer.Option("--A", metavar="NUMBER", help="A > 1.")] = "1000",
    el: Annotated[str, typer.Option("--L", metavar="NUMBER", help="L >= 1; p = L/A^k < 1/2.")] = "9",
    draws: Annotated[int, typer.Option("--T", help="Draws of the learner, each of them rewarded.")] = 6,
    seed: Annotated[int, typer.Option(help="Seed of the null run.")] = 7,
    law: Annotated[bool, typer.Option("--law", help="Also the exact law over all null runs: small formulas.")] = False,
    as_json: Json = False,
) -> None:
    """Run the reduction from Max-k-DNF on a formula.

    A proper learner on a null run, and the assignments that it commits to.

    Example: spanner reduce 'x1 & !x2 | x2 & x3' --learner brute-force
    """
    from proofs_check.cli.reduce import reduce as command

    command(source, learner=learner, a=a, el=el, draws=draws, seed=seed, law=law, as_json=as_json)


def exercise(
    name: Annotated[
        str | None,
        typer.Argument(autocompletion=exercise_names, help="An exercise; unless given, all are listed."),
    ] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Your answer; unless given, the exercise is shown.")
    ] = None,
    *,
    time_limit: Annotated[int, typer.Option(min=1, metavar="SECONDS", help="End a learner that takes longer.")] = 60,
    memory_limit: Annotated[
        int | None,
        typer.Option(min=256, metavar="MIB", help="Refuse a learner more memory, in each of two processes."),
    ] = None,
    as_json: Json = False,
) -> int:
    """List the exercises, show one, or decide an answer to it.

    Four for each of the paper's four results, from easy to open. An answer is an instance file, a small JSON file, or a
    Python file with a learner, its function learner (or FILE.py:NAME); the exercise says which. Exit code 0 if it is
    right, 1 if not: then one line says what was found and what is asked, and another gives a hint.

    Without FILE an exercise shows the form of a small JSON file; with {"formula": "x1 & !x2 | x2 & x3"} in my.json:

    Example: spanner exercise one-in-four my.json
    """
    from proofs_check.cli.exercise import exercise as command

    return command(name, file, time_limit=time_limit, memory_limit=memory_limit, as_json=as_json)


def catalog(
    name: Annotated[
        str | None, typer.Argument(autocompletion=instances, help="An instance; all, unless given.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """List the instances with their sources, or describe one.

    Example: spanner catalog two-arms
    """
    from proofs_check.cli.catalog import catalog as command

    command(name, as_json=as_json)


def schema(
    name: Annotated[
        str | None,
        typer.Argument(autocompletion=format_names, help="A format; that of instance files, version 1, unless given."),
    ] = None,
    *,
    tokens: Annotated[bool, typer.Option("--tokens", help="Of files with token problems.")] = False,
) -> None:
    """Print the JSON Schema of a file or of an output.

    The formats are solution, run, law, algorithms, ledger, instance-ledger, altered-claim, claims, certified,
    certified-formula, search, faults, against, play, reduce, exercises, exercise, exercise-decision, catalog, grade,
    made-vectors, linted-vectors, sweep, strategies, error; of instance files, problem-1, problem-2 and token-problem-1;
    of test vectors, vectors-1; of the lines that 'spanner grade' writes and reads, protocol-1; of replays, replay-1; of
    the file of a sweep, sweep-1.

    Example: spanner schema solution
    """
    from proofs_check.cli.schemas import schema_command as command

    command(name, tokens=tokens)


def cite(
    claim: Annotated[
        str | None, typer.Argument(metavar="CLAIM", autocompletion=claim_names, help="A claim to be named, too.")
    ] = None,
) -> None:
    """Print how to cite the paper and this package, for BibTeX.

    Cite the paper for its results; this package, with its version, for exact values, counterexamples, and statements
    that the ledger marks as ours.

    Example: spanner cite spanner-as-listed
    """
    from proofs_check.cli.cite import cite as command

    command(claim)


COMMANDS: tuple[Callable[..., int | None], ...] = (
    verify, certify, sweep, search, solve, run, play, reduce, exercise, grade, import_logits, catalog, schema, cite,
)  # fmt: skip
"""In the order of ``spanner --help``."""
