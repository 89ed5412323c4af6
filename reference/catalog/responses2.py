"""Responses at a prompt, the shorthand of version 2 for horizon 1: with ``theta`` and features, or with rewards."""

from reference.catalog.format2 import ProblemEntry2, PromptEntry2
from reference.catalog.graph2 import Linear
from reference.catalog.reading2 import Reader, cut, norm_bound
from reference.exact.linalg import Vector
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import Edge, Node, counted


def read_responses(reader: Reader, entry: ProblemEntry2) -> tuple[Linear, tuple[tuple[Node, ...], ...]]:
    """Return the hidden parameter, and the one layer: the node of each prompt."""
    if entry.horizon and (stated := reader.horizon(entry.horizon)) != 1:
        raise ProblemError("horizon", f'"responses" are one token long, so the horizon is 1, not {stated}')
    for x, prompt in enumerate(entry.prompts):
        checks.distinct_names(_path(x), (response.name for response in prompt.responses))
    _check_fields(entry)
    linear, phis = _with_theta(reader, entry) if entry.theta else _with_rewards(reader, entry)
    return linear, (tuple(_node(reader, x, prompt, phis[x]) for x, prompt in enumerate(entry.prompts)),)


def _node(reader: Reader, x: int, prompt: PromptEntry2, phis: list[Vector]) -> Node:
    masses = reader.masses(_path(x), f"prompt {cut(prompt.name)}", prompt)
    return tuple(
        Edge(response.name, mass, phi) for response, mass, phi in zip(prompt.responses, masses, phis, strict=True)
    )


def _path(x: int, j: int | None = None) -> str:
    return f"prompts[{x}].responses" + ("" if j is None else f"[{j}]")


def _check_fields(entry: ProblemEntry2) -> None:
    """Refuse features without a theta, rewards with one, and what has neither."""
    if entry.theta and not entry.bounds.B:
        raise ProblemError("bounds", 'has no "B", the bound on the norm of theta; add it')
    for x, prompt in enumerate(entry.prompts):
        for j, response in enumerate(prompt.responses):
            if entry.theta and response.reward:
                reason = "a reward and a theta both: with theta the reward is <theta, phi>; leave one of them out"
                raise ProblemError(f"{_path(x, j)}.reward", reason)
            if entry.theta and not response.phi:
                raise ProblemError(_path(x, j), 'has no "phi", but there is a theta; write features')
            if not entry.theta and response.phi:
                way = 'add "theta", or write "reward" in place of "phi"'
                raise ProblemError(f"{_path(x, j)}.phi", f"features, but there is no theta; {way}")
            if not entry.theta and not response.reward:
                raise ProblemError(_path(x, j), 'has neither "reward" nor, for a theta, "phi"; write one of them')


def _with_theta(reader: Reader, entry: ProblemEntry2) -> tuple[Linear, list[list[Vector]]]:
    theta = reader.parameter(entry.theta, sum(len(prompt.responses) for prompt in entry.prompts))
    bound = reader.number("bounds.B", entry.bounds.B)
    phis = [
        reader.vectors(_path(x), [response.phi for response in prompt.responses])
        for x, prompt in enumerate(entry.prompts)
    ]
    lengths = {len(phi) for row in phis for phi in row}
    if len(theta) not in lengths:
        have = f"every phi has {lengths.pop()}" if len(lengths) == 1 else f"no phi has {len(theta)}"
        reason = f"has {counted(len(theta), 'entry', 'entries')}, but {have}"
        raise ProblemError("theta", f"{reason}; give theta and every phi the same length")
    return Linear(theta, bound), phis


def _with_rewards(reader: Reader, entry: ProblemEntry2) -> tuple[Linear, list[list[Vector]]]:
    reader.check_arguments(response.reward for prompt in entry.prompts for response in prompt.responses)
    rewards = tuple(
        reader.loglinear(f"{_path(x, j)}.reward", response.reward)
        for x, prompt in enumerate(entry.prompts)
        for j, response in enumerate(prompt.responses)
    )
    units = iter(reader.one_hot("prompts", len(rewards), "responses"))
    reader.check_rewards(rewards, nodes=len(entry.prompts), horizon=1)
    phis = [[next(units) for _ in prompt.responses] for prompt in entry.prompts]
    return Linear(rewards, norm_bound(rewards)), phis
