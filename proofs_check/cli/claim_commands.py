"""The commands about claims: ``spanner verify``, ``spanner sweep``, ``spanner search``; their options and help.

Nothing but typer is imported before one is called.
"""

from pathlib import Path
from typing import Annotated

import typer

from proofs_check.cli.shared_options import Digits, Json, claim_names, fault_names, instances, pages, strategy_names


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
            metavar="catalog:NAME|FILE|ENGINE",
            autocompletion=instances,
            help="Decide what is claimed of every instance on this one; or run all there: serial, local, local:JOBS or "
            "dask:ADDRESS.",
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


def certify(
    source: Annotated[
        str,
        typer.Argument(
            metavar="catalog:NAME|FILE", autocompletion=instances, help="An instance; or a formula, FILE.dnf."
        ),
    ],
    *,
    coq: Annotated[
        bool, typer.Option("--coq", help="Also a certificate for Coq, decided by its kernel if Coq is there.")
    ] = False,
    folder: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the files are written.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with the certificates.")] = False,
) -> int:
    """Write an instance or a formula with its certified answers.

    Two files: the instance, and the certificates of its answers, which have passed their check.
    With --coq, of a linear problem or one of several tokens, a third: instance and answers as Coq's terms, which the
    kernel decides again with checkers that are proved sound. Where pi* is irrational, its answers are enclosures. Of
    several tokens they are the soft values and the parameters of pi*, or why it has none. Of a k-DNF (a file that ends
    with .dnf) it is val*, with an assignment that attains it; the checker runs branch and bound. Exit code 1 if the
    kernel refuses it; where it did not decide (no Coq, another version, out of time) one line says why, and the exit
    code is 0.

    Example: spanner certify two-arms --coq --out certified
    """
    from proofs_check.cli.certify import certify_command as command
    from proofs_check.cli.certify_formula import ENDING, certify_formula

    if source.endswith(ENDING):
        return certify_formula(source, coq=coq, folder=folder, as_json=as_json)
    return command(source, coq=coq, folder=folder, as_json=as_json)


def sweep(  # noqa: PLR0913 - one for each option
    strategy: Annotated[
        str | None,
        typer.Argument(
            autocompletion=strategy_names, help="A strategy, or MODULE:FUNCTION; all are listed, unless given."
        ),
    ] = None,
    *,
    n: Annotated[int, typer.Option("-n", min=1, max=10**9, help="How many instances.")] = 1000,
    first: Annotated[int, typer.Option(min=0, max=10**18, help="Number of the first.")] = 0,
    claims: Annotated[
        str | None, typer.Option(metavar="CLAIM,CLAIM", help="Claims; all that speak of such instances, unless given.")
    ] = None,
    seed: Annotated[int, typer.Option(min=-(2**63), max=2**63 - 1, help="Seed and number decide an instance.")] = 1,
    on: Annotated[str, typer.Option(metavar="ENGINE", help="serial, local, local:JOBS or dask:ADDRESS.")] = "local",
    chunk: Annotated[str, typer.Option(metavar="auto|K", help="Instances that a worker takes at a time.")] = "auto",
    resume: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write a line for each instance; go on from those that are there."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.001, max=10**6, metavar="SECONDS", help="Of computing, for a claim on an instance.")
    ] = 10,
    save: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the smallest counterexample as an instance file.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Decide claims on many random instances.

    Instance i follows from the seed and i alone, on every machine. Counts, narrowest margins, undecided instances, and
    of each violated claim a counterexample made as small as can be. Exit code 0 if nothing is violated or undecided, 1
    if something is. After an interrupt, or whatever stops it, the same command goes on from the file of --resume.

    Example: spanner sweep linear-problems -n 10000 --claims coverage-range,gibbs-optimum --resume out.jsonl
    """
    from proofs_check.cli.sweep import SweepOptions, sweep_command

    options = SweepOptions(n, first, claims, seed, on, chunk, resume, time_limit, save, as_json)
    return sweep_command(strategy, options)


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
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; one, unless given.")] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="ENGINE", help="Where restarts run: serial, local, local:JOBS or dask:ADDRESS."),
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the worst instance there.")] = None,
    digits: Digits = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with an instance for each inequality.")] = False,
) -> int:
    """Search for the worst instance of an inequality.

    That is where the ratio of its smaller to its larger side is largest: 1 where it is attained, above 1 at a
    counterexample. Coordinate steps in rational numbers, restarts at the catalog's instances and at random ones, or at
    what the claim's checks list. The ratio is exact or correctly rounded; what is printed was decided by the claim's
    own function.

    Exit code 0 if no counterexample was met with, else 1. With --steps the result depends on the seed alone.

    Example: spanner search gap-oscillation --set constant=9 --save worst.json
    """
    from proofs_check.cli.search import SearchOptions
    from proofs_check.cli.search import search_command as command

    options = SearchOptions(
        maximise, alter or [], mutation, start or [], inequality, seed, steps, budget, jobs, on, save, digits, as_json
    )
    return command(claim, options)
