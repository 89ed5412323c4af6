"""The commands: their names, options and help.  What one of them does is imported when it is called.

So that ``spanner --help``, and the help of a command, need nothing but typer.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from proofs_check.cli.outside_commands import grade, import_logits


def instances(incomplete: str) -> list[str]:
    """Return the instances that a shell may complete to."""
    from reference.catalog import names

    return [name for name in names() if name.startswith(incomplete)]


def claim_names(incomplete: str) -> list[str]:
    """Return the claims, and groups of claims, that a shell may complete to."""
    from proofs_check.claims import registry

    known = dict.fromkeys(name for claim in registry() for name in (claim.group, claim.id) if name)
    return [name for name in known if name.startswith(incomplete)]


def fault_names(incomplete: str) -> list[str]:
    """Return the faults that a shell may complete to."""
    from proofs_check.faults import all_faults

    return [fault.name for fault in all_faults() if fault.name.startswith(incomplete)]


def pages(incomplete: str) -> list[str]:
    """Return the pages of the theory that a shell may complete to."""
    from proofs_check.ledger.pages import PAGES

    return [page.name for page in PAGES if page.name.startswith(incomplete)]


def algorithm_names(incomplete: str) -> list[str]:
    """Return the algorithms that a shell may complete to."""
    from proofs_check.cli.algorithms import ALGORITHMS

    return [name for name in ALGORITHMS if name.startswith(incomplete)]


def families(incomplete: str) -> list[str]:
    """Return the families that a shell may complete to."""
    from proofs_check.cli.stage_parameters import STAGES

    return [name for name in STAGES if name.startswith(incomplete)]


def exercise_names(incomplete: str) -> list[str]:
    """Return the exercises that a shell may complete to."""
    from proofs_check.exercises import all_exercises

    return [each.name for each in all_exercises() if each.name.startswith(incomplete)]


def format_names(incomplete: str) -> list[str]:
    """Return the names of schemas that a shell may complete to."""
    from proofs_check.cli.formats.registry import FORMATS
    from proofs_check.cli.schemas import FILES

    return [name for name in (*FORMATS, *FILES) if name.startswith(incomplete)]


def strategy_names(incomplete: str) -> list[str]:
    """Return the strategies that a shell may complete to."""
    from proofs_check.sweep.strategies import STRATEGIES

    return [name for name in STRATEGIES if name.startswith(incomplete)]


Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Digits = Annotated[int, typer.Option(min=1, max=1000, help="Significant digits of decimals.")]
Parameters = Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A parameter; repeat it.")]


def verify(  # noqa: PLR0913 - one for each option
    claims: Annotated[
        list[str] | None,
        typer.Argument(metavar="CLAIM", autocompletion=claim_names, help="Claims; all, unless given."),
    ] = None,
    *,
    page: Annotated[
        str | None,
        typer.Option(metavar="PAGE", autocompletion=pages, help="Only the claims of this page of the theory."),
    ] = None,
    section: Annotated[int | None, typer.Option(help="The page by the number it had.", hidden=True)] = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="catalog:NAME|FILE",
            autocompletion=instances,
            help="Decide what is claimed of every instance on this one.",
        ),
    ] = None,
    alter: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Another constant than CLAIM states; repeat it."),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="FAULT", autocompletion=fault_names, help="What becomes of CLAIM in a faulty program."),
    ] = None,
    faults: Annotated[bool, typer.Option("--faults", help="List the faults; run nothing.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only each witness, and each check on one instance of the catalog.")
    ] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="Run definitions in place of their quick forms; the same, and slower.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say everything about each claim.")] = False,
    as_json: Json = False,
    only_list: Annotated[bool, typer.Option("--list", help="List the claims; run nothing.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; one for each core, unless given.")] = None,
) -> int:
    """Check the claims of the ledger.

    Exit code 0 if each named claim holds; without names, if each claim that is implemented holds. 1 if one fell short
    or stayed undecided. A quick look takes seconds, says what it left out, and concludes nothing: a claim then holds so
    far.

    With --set a claim is decided with other constants than it states: which it has, --explain says. With --against a
    program runs that has a fault, on the domain of the kill matrix; the exit code is 0 if a claim notices it.

    Example: spanner verify gibbs-optimum needle-hit --explain
    """
    from proofs_check.cli.verify import Options
    from proofs_check.cli.verify import verify as command

    return command(
        claims or [],
        Options(page, section, on, alter or [], against, faults, quick, plain, explain, as_json, only_list, jobs),
    )


def search(  # noqa: PLR0913 - one for each option
    claim: Annotated[str, typer.Argument(metavar="CLAIM", autocompletion=claim_names, help="A claim.")],
    *,
    maximise: Annotated[str, typer.Option(metavar="ratio", help="What is made large.")] = "ratio",
    alter: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Another constant than CLAIM states; repeat it."),
    ] = None,
    mutation: Annotated[bool, typer.Option("--mutation", help="Search the claim's false variant instead.")] = False,
    start: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="catalog:NAME|FILE",
            autocompletion=instances,
            help="Start here; at the catalog's and at random ones, unless given. Repeat it.",
        ),
    ] = None,
    inequality: Annotated[
        str, typer.Option(metavar="TEXT", help="Only the inequalities with this in their text.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    steps: Annotated[int | None, typer.Option(min=1, help="End after so many instances; then simplify.")] = None,
    budget: Annotated[
        int | None, typer.Option(min=1, metavar="SECONDS", help="End after so long; 20 s, unless given.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the worst instance there.")] = None,
    digits: Digits = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with an instance for each inequality.")] = False,
) -> int:
    """Search for the worst instance of an inequality.

    That is where the ratio of its smaller to its larger side is largest: 1 where it is attained, above 1 at a
    counterexample. Coordinate steps in rational numbers, restarts at the catalog's instances and at random ones. The
    ratio is exact or correctly rounded; what is printed was decided by the claim's own function.

    Exit code 0 if no counterexample was met with, else 1. With --steps the result depends on the seed alone.

    Example: spanner search gap-oscillation --set constant=9 --save worst.json
    """
    from proofs_check.cli.search import SearchOptions
    from proofs_check.cli.search import search_command as command

    options = SearchOptions(
        maximise, alter or [], mutation, start or [], inequality, seed, steps, budget, jobs, save, digits, as_json
    )
    return command(claim, options)


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

    Example: spanner play --learner my_learner:search --param C=16
    """
    from proofs_check.cli.play import PlayOptions
    from proofs_check.cli.play import play_command as command

    options = PlayOptions(family, access, param or [], t_comp, t_data, runs, seed, time_limit, memory_limit, as_json)
    return command(learner, options)


def sweep(  # noqa: PLR0913 - one for each option
    strategy: Annotated[
        str | None,
        typer.Argument(
            autocompletion=strategy_names, help="A strategy, or MODULE:FUNCTION; all are listed, unless given."
        ),
    ] = None,
    *,
    n: Annotated[int, typer.Option("-n", min=1, help="How many instances.")] = 1000,
    first: Annotated[int, typer.Option(min=0, help="Number of the first.")] = 0,
    claims: Annotated[
        str | None, typer.Option(metavar="CLAIM,CLAIM", help="Claims; all that speak of such instances, unless given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed and number decide an instance.")] = 1,
    on: Annotated[str, typer.Option(metavar="ENGINE", help="serial, local, local:JOBS or dask:ADDRESS.")] = "local",
    chunk: Annotated[str, typer.Option(metavar="auto|K", help="Instances that a worker takes at a time.")] = "auto",
    resume: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write a line for each instance; go on from those that are there."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.001, metavar="SECONDS", help="Of computing, for a claim on an instance.")
    ] = 10,
    save: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the smallest counterexample as an instance file.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Decide claims on many random instances, on all cores or a cluster.

    Instance i follows from the seed and i alone, on every machine. Counts, narrowest margins, undecided instances, and
    of each violated claim a counterexample made as small as can be. Exit code 0 if nothing is violated or undecided, 1
    if something is. After an interrupt, or whatever stops it, the same command goes on from the file of --resume.

    Example: spanner sweep linear-problems -n 10000 --claims coverage-range,gibbs-optimum --resume out.jsonl
    """
    from proofs_check.cli.sweep import SweepOptions, sweep_command

    options = SweepOptions(n, first, claims, seed, on, chunk, resume, time_limit, save, as_json)
    return sweep_command(strategy, options)


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

    Example: spanner exercise coverage-five-halves my.json
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

    The formats are solution, run, law, algorithms, ledger, instance-ledger, claims, sweep, search, faults, against,
    play, reduce, exercises, exercise, exercise-decision, grade, catalog, error; of instance files, problem-1,
    problem-2 and token-problem-1; of test vectors, vectors-1; of the lines that 'spanner grade' writes and reads,
    protocol-1; of the file of a sweep, sweep-1.

    Example: spanner schema solution
    """
    from proofs_check.cli.schemas import schema_command as command

    command(name, tokens=tokens)


COMMANDS: tuple[Callable[..., int | None], ...] = (
    verify, sweep, search, solve, run, play, reduce, exercise, grade, import_logits, catalog, schema,
)  # fmt: skip
"""In the order of ``spanner --help``."""
