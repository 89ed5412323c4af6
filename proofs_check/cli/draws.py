"""What a learner's draws are worth: the gap of the law of what is drawn, all its runs taken together as one policy."""

from proofs_check.cli.formats.parts import DIGITS, number
from proofs_check.cli.stages import Line, Stage
from reference.exact import real_sum
from reference.exact.law import Law
from reference.games.contest import Drawn
from reference.games.draws import gap_of_draws
from reference.model import base_policy, gap


def gaps(played_on: Stage, laws: list[Law[Drawn]]) -> list[Line]:
    """Return the mean gap over the members, and that of the base model; nothing where runs were simulated.

    To run a learner and draw once is a policy: its law is what counts, and its ``J`` is no less than the mean of ``J``
    over the runs.
    """
    if not laws:
        return []
    members = list(played_on.members())
    found = [gap_of_draws(member, law) for member, law in zip(members, laws, strict=True)]
    finite = [each for each in found if each is not None]
    mean = real_sum(finite) / len(found) if len(finite) == len(found) else None
    base = real_sum(gap(member, base_policy(member)) for member in members) / len(members)
    return [
        Line("gap", "gap of what is drawn, all runs together", None if mean is None else number(mean, DIGITS)),
        Line("gap_base", "gap of the base model", number(base, DIGITS)),
    ]
