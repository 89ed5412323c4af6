"""What a learner's draws are worth: the gap of the law of what is drawn, all its runs taken together as one policy.

To run a learner and draw once is a policy: its law is what counts, and its ``J`` is no less than the mean of ``J`` over
the runs.
"""

from flint import fmpq

from reference.exact.law import Law, Mass
from reference.exact.reals import Real, real, real_log, real_sum
from reference.games.contest import Drawn
from reference.model.forms import times
from reference.model.parts import Prefix
from reference.model.problem import Problem
from reference.model.values import optimal_value


def gap_of_draws(member: Problem, law: Law[Drawn]) -> Real | None:
    """Return ``J(pi*) - J(pi)``, ``pi`` the law of the drawn response given the prompt; ``None`` if it is infinite."""
    tokens = law.map(lambda run: (run.x, run.y if isinstance(run.y, tuple) else (run.y,)))
    parts = list[Real]()
    for (x, response), mass in tokens.items():
        base = base_mass(member, x, response)
        if base == 0:
            return None
        ratio = real_log(mass) - real_log(times(member.rho.mass(x), base))
        parts.append(worth(member, x, response, ratio) * mass)
    return optimal_value(member) - real_sum(parts)


def worth(member: Problem, x: int, response: Prefix, ratio: Real) -> Real:
    """Return ``r - beta log(pi/pi_ref)`` at a response."""
    return real(member.reward_of(x, response)) - ratio * member.beta


def base_mass(member: Problem, x: int, response: Prefix) -> Mass:
    """Return ``pi_ref(response|x)``."""
    mass: Mass = fmpq(1)
    i = member.prompts[x].root
    for h, token in enumerate(response):
        mass = times(mass, member.edge(h, i, token).pi_ref)
        i = member.edge(h, i, token).child
    return mass
