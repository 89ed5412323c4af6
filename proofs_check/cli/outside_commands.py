"""The commands about what others made: ``spanner grade``, ``spanner import-logits``; their options and help.

Nothing but typer is imported before one is called.
"""

from pathlib import Path
from typing import Annotated

import typer


def grade(  # noqa: PLR0913 - one for each option
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="IMPLEMENTATION",
            help="python:module:object, command:'program arguments', file:answers.jsonl; $SPANNER_IMPL, unless given.",
        ),
    ] = None,
    *,
    functions: Annotated[str | None, typer.Option(metavar="NAME,NAME", help="Only these; all that it has.")] = None,
    float_format: Annotated[
        str | None, typer.Option("--format", help="binary64, binary32 or bfloat16; what it says, unless given.")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="What passes: exact, correct, faithful, ulps:4, stable (the default).")
    ] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME|FILE", help="default, ftz, or a TOML file.")] = None,
    xfails: Annotated[Path | None, typer.Option(metavar="FILE", help="Vectors that are expected to fail.")] = None,
    timeout: Annotated[float, typer.Option(min=0.01, max=86400, metavar="SECONDS", help="For one answer.")] = 10,
    memory: Annotated[str | None, typer.Option(metavar="SIZE", help="What it may use, such as 2G.")] = None,
    vectors: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Other vectors than the package's.")] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all of it as JSON; - is standard output.")
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page.")] = None,
    badge: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a badge for shields.io.")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit's XML.")] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Replay the algorithms that it has, too.")] = False,
    samplers: Annotated[bool, typer.Option("--samplers", help="Judge the samplers that it has, too.")] = False,
    draws: Annotated[int, typer.Option(min=1_000, max=10_000_000, help="Draws of a sampler in each setting.")] = 20_000,
    alpha: Annotated[str, typer.Option(help="Probability that a right sampler is refuted, in all.")] = "1e-6",
    jobs: Annotated[
        int, typer.Option(min=1, max=256, help="Processes of the implementation that are asked for vectors at once.")
    ] = 1,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="ENGINE", help="Where it is asked: serial, local, local:JOBS or dask:ADDRESS."),
    ] = None,
    random: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="So many random questions of each function, judged at once.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the random questions.")] = 0,
    exhaustive: Annotated[
        bool, typer.Option("--exhaustive", help="log_partition for every number of bfloat16, judged at once.")
    ] = False,
) -> int:
    """Grade an implementation, whatever its language.

    In place of an implementation, 'compare A.json B.json' shows side by side what --json wrote. What a file of answers
    answers is printed by 'spanner vectors questions'. The exit code is 0 if all passes, 1 if something fell short,
    3 if the implementation cannot be started.

    Example: spanner grade "command:node impl.mjs" --html page.html
    """
    from proofs_check.cli.grade import GradeOptions
    from proofs_check.cli.grade import grade_command as command

    return command(
        words or [],
        GradeOptions(
            functions,
            float_format,
            level,
            profile,
            xfails,
            timeout,
            memory,
            vectors,
            as_json,
            html,
            badge,
            junit,
            replay,
            samplers,
            draws,
            alpha,
            jobs,
            on,
            random,
            seed,
            exhaustive,
        ),
    )


def import_logits(  # noqa: PLR0913 - one for each option
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="npz, npy or safetensors, or records of log-probabilities (jsonl).")
    ],
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="OUT", help="Where the instance goes; to stdout unless given.")
    ] = "",
    key: Annotated[
        str, typer.Option(metavar="NAME", help="The array; in records, the path of the field: choices.0.logprobs.")
    ] = "",
    row: Annotated[
        str,
        typer.Option(metavar="I[,J..]", help="Where along the first axes; in records, the line and the place in it."),
    ] = "",
    choice: Annotated[int, typer.Option(min=0, help="Which answer of a record.")] = 0,
    dtype: Annotated[
        str,
        typer.Option(metavar="TYPE", help="What cells of two bytes are, if the file does not say: bfloat16."),
    ] = "",
    weights: Annotated[
        bool, typer.Option("--weights", help="The numbers are probabilities or weights, not logits.")
    ] = False,
    mask: Annotated[str, typer.Option(metavar="[FILE:]KEY", help="True (or 1) where an outcome is kept.")] = "",
    drop_masked: Annotated[
        bool, typer.Option("--drop-masked", help="Leave out -inf, and what engines write for it.")
    ] = False,
    temperature: Annotated[str, typer.Option(metavar="NUMBER", help="Logits are divided by it, exactly.")] = "1",
    reward: Annotated[
        list[str] | None,
        typer.Option(metavar="TOKEN=NUMBER", help="The reward of an outcome, by name or #number; repeat it; else 0."),
    ] = None,
    rewards: Annotated[str, typer.Option(metavar="[FILE:]KEY", help="The rewards of all outcomes.")] = "",
    features: Annotated[
        str, typer.Option(metavar="[FILE:]KEY", help="Features, a row for each outcome; with --theta.")
    ] = "",
    theta: Annotated[str, typer.Option(metavar="A,B,..", help="The parameter: the reward is <theta, features>.")] = "",
    tokens: Annotated[
        str, typer.Option(metavar="FILE", help="Names: a JSON list, a vocab.json or tokenizer.json, or lines.")
    ] = "",
    beta: Annotated[str, typer.Option(metavar="NUMBER", help="Strength of the KL regularisation.")] = "1",
    name: Annotated[str, typer.Option(help="Name of the instance; that of the file unless given.")] = "",
) -> None:
    """Make an instance of a row of logits.

    Their softmax is the base model. Every float is taken as the dyadic rational that it is. Logits of -inf, and masks
    that engines write (-1e10, finfo.min, -9999.0), are no probabilities: say --drop-masked, or pass the --mask. Records
    may list the likeliest tokens alone: their probabilities are then divided by their sum, which is said. No pickle is
    ever loaded.

    Example: spanner import-logits logits.npz --reward '#17=1' -o my.json
    """
    from pathlib import Path

    from proofs_check.cli.import_logits import chosen_by, import_command

    chosen = chosen_by(
        file, key=key, row=row, choice=choice, dtype=dtype, weights=weights, mask=mask, drop_masked=drop_masked,
        temperature=temperature, reward=reward or [], rewards=rewards, features=features, theta=theta, tokens=tokens,
        beta=beta, name=name,
    )  # fmt: skip
    import_command(chosen, Path(output) if output else None)
