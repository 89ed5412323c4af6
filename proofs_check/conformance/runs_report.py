"""Replays and samplers as data and as lines for a terminal."""

from collections.abc import Sequence

from proofs_check.cli.formats.grade import ReplayGrade, SamplerGrade
from proofs_check.cli.output import TextTable
from proofs_check.conformance.replays import Replayed
from proofs_check.conformance.samplers import Sampled
from reference.exact.decimals import to_decimal


def replay_grades(found: Sequence[Replayed]) -> list[ReplayGrade]:
    """Return replays as ``--json`` has them."""
    return [ReplayGrade(each.script.id, each.algorithm, each.passed, each.asked, each.said or "") for each in found]


def sampler_grades(found: Sequence[Sampled]) -> list[SamplerGrade]:
    """Return samplers as ``--json`` has them."""
    return [
        SamplerGrade(
            each.sampler, each.setting.name, each.passed, each.draws, each.said or "", each.seeded, _seen(each)
        )
        for each in found
    ]


def _seen(found: Sampled) -> str | None:
    far = found.verdict.seen().any_law if found.verdict is not None else None
    return None if far is None else to_decimal(far, 3).text


def replay_table(found: Sequence[ReplayGrade]) -> TextTable:
    """Return a row for each algorithm."""
    table = TextTable((("replay", "key"), ("passed", "number"), ("questions", "number")))
    for name in dict.fromkeys(each.algorithm for each in found):
        rows = [each for each in found if each.algorithm == name]
        table.add_row(
            name, f"{sum(each.passed for each in rows)}/{len(rows)}", str(sum(each.questions for each in rows))
        )
    return table


def sampler_table(found: Sequence[SamplerGrade]) -> TextTable:
    """Return a row for each setting; that nothing was found is no proof, so what would have been is told."""
    table = TextTable(
        (("sampler", "key"), ("setting", "text"), ("draws", "number"), ("verdict", "text"), ("seen from TV", "number"))
    )
    for each in found:
        verdict = "not refuted" if each.passed else "refuted" if each.draws else "no draws"
        table.add_row(each.sampler, each.setting, str(each.draws), verdict, each.seen or "")
    return table


def fallen_lines(replays: Sequence[ReplayGrade], samplers: Sequence[SamplerGrade]) -> list[str]:
    """Return a line for each that failed, and one for samplers that equal seeds do not repeat."""
    lines = [f"{each.script}: {each.said}" for each in replays if not each.passed]
    lines += [f"{each.sampler}, {each.setting}: {each.said}" for each in samplers if not each.passed]
    if any(not each.repeats for each in samplers):
        lines.append("note: equal seeds give other draws; nothing is wrong with that, but a failure cannot be repeated")
    return lines
