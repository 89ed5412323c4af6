"""``spanner import-logits``: an instance from a row of logits in somebody's file."""

import sys
from pathlib import Path

from proofs_check.cli.output import UserError, err, one_line, working
from reference.catalog.logits import Imported, LogitsImport, RewardChoice, Wanted, imported_logits


def import_command(chosen: LogitsImport, output: Path | None) -> None:
    """Make an instance file; see :func:`proofs_check.cli.outside_commands.import_logits`."""
    if output is not None and output.exists() and chosen.path.exists() and output.samefile(chosen.path):
        raise UserError(f"--output {output}: this is the file with the logits; give another name")
    with working("importing"):
        made = imported_logits(chosen)
    if output is None:
        sys.stdout.write(made.text)
    else:
        _write(output, made)
    where = "" if output is None else f"; now: spanner solve {output}"
    err().print(one_line(f"{'; '.join(made.told)}{where}"), soft_wrap=True)


def chosen_by(  # noqa: PLR0913 - one for each option
    file: str,
    *,
    key: str,
    row: str,
    choice: int,
    dtype: str,
    weights: bool,
    mask: str,
    drop_masked: bool,
    temperature: str,
    reward: list[str],
    rewards: str,
    features: str,
    theta: str,
    tokens: str,
    beta: str,
    name: str,
) -> LogitsImport:
    """Return what the options of the command line ask for."""
    given = RewardChoice(
        tuple(map(_reward, reward)),
        rewards,
        features,
        tuple(part.strip() for part in theta.split(",")) if theta else (),
    )
    return LogitsImport(
        Path(file), given, Wanted(key, _row(row), dtype, choice), weights, mask, drop_masked, temperature,
        Path(tokens) if tokens else None, beta, name,
    )  # fmt: skip


def _reward(text: str) -> tuple[str, str]:
    token, equals, number = text.rpartition("=")
    if not equals or not token:
        raise UserError(f"--reward {text!r}: write TOKEN=NUMBER, such as 17=1 or ' Paris'=log(2)")
    return token, number


def _row(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",")) if text else ()
    except ValueError:
        raise UserError(f"--row {text!r}: write integers with commas between, such as 0 or 3,12") from None


def _write(output: Path, made: Imported) -> None:
    try:
        output.write_text(made.text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror}") from None
