"""The canonical text of a problem: instance files are written by this function only and read back to the same bytes."""

from reference.catalog import layout
from reference.catalog.format import FORMAT, VERSION
from reference.catalog.parsing import problem_in
from reference.catalog.reading import DEFAULT_LIMITS, Limits, reported
from reference.catalog.token_format import TOKEN_FORMAT, TOKEN_VERSION
from reference.model.linear_problem import LinearProblem
from reference.model.parts import END, Edge, Node, Prompt, Response
from reference.model.problem import NO_NOISE, Problem

Names = tuple[str, ...]
"""The tokens of a prefix."""


def dump(problem: Problem, *, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return the instance file of a problem: one line for each response or token, fields in the order of the format.

    It has version 1 where that says all, and version 2 otherwise.  A token problem is written prefix by prefix if it is
    a tree in the order in which such a file is read, and with named nodes otherwise; its rewards stand on the tokens.
    What is written has been read back, within ``limits``.

    >>> import reference as ref
    >>> print(ref.dump(ref.load("two-arms"))[:41])
    {
      "format": "spanner-reference/problem"

    Raises:
        InstanceError: for a problem that no file within the limits holds; one line that names the entry.
    """

    def write() -> str:
        text = file_text(problem)
        # Half a surrogate pair has no UTF-8, and an escape in JSON.
        problem_in(text.encode("utf-8", "backslashreplace"), limits)
        return text

    return reported(f"{problem.name[:_SHOWN]!r} cannot be written", "", write)


_SHOWN = 60
"""Characters of a name in a message."""


def file_text(problem: Problem) -> str:
    """Return what :func:`dump` writes, whether it can be read or not."""
    if _needs_version_2(problem):
        # Few problems need it, and commands are to start at once.
        from reference.catalog.build2 import graph_of  # noqa: PLC0415 - see above
        from reference.catalog.write2 import written  # noqa: PLC0415 - see above

        return written(graph_of(problem))
    return _problem(problem) if isinstance(problem, LinearProblem) else _token_problem(problem)


def _needs_version_2(problem: Problem) -> bool:
    """Whether version 1 cannot say all of the problem: noise, or responses that end before the horizon."""
    forced = any(node[0].token == END for layer in problem.layers for node in layer)
    return forced or problem.noise != NO_NOISE


def _problem(problem: LinearProblem) -> str:
    head = {
        **layout.head(FORMAT, VERSION, problem.name, problem.about),
        "beta": layout.number_text(problem.beta),
        "theta": [layout.loglinear_text(t) for t in problem.theta],
        "bounds": {"B": layout.number_text(problem.B), "R_max": layout.number_text(problem.R_max)},
    }
    return layout.file(head, {"prompts": [_prompt(entry) for entry in problem.prompts]})


def _prompt(entry: Prompt) -> str:
    head = {"name": entry.name, "rho": layout.number_text(entry.rho)}
    if entry.baseline != 0:
        head["baseline"] = layout.number_text(entry.baseline)
    responses = layout.lines([f"      {_response(response)}" for response in entry.responses])
    return f'    {{{layout.fields(head)}, "responses": [\n{responses}\n    ]}}'


def _response(response: Response) -> str:
    phi = [layout.number_text(response.phi[k]) for k in range(len(response.phi))]
    mass = layout.mass_text(response.name, response.pi_ref)
    return layout.json_text({"name": response.name, "pi_ref": mass, "phi": phi})


# ---------------------------------------------------------------------------------------------- token problems


def _token_problem(problem: Problem) -> str:
    head = {
        **layout.head(TOKEN_FORMAT, TOKEN_VERSION, problem.name, problem.about),
        "beta": layout.number_text(problem.beta),
        "alphabet": list(problem.alphabet),
        "horizon": str(problem.horizon),
        "bounds": {"R_max": layout.number_text(problem.R_max)},
    }
    trees = _trees(problem)
    prompts: list[str] = []
    for x, entry in enumerate(problem.prompts):
        fields: dict[str, object] = {"name": entry.name, "rho": layout.number_text(entry.rho)}
        if trees is None:
            prompts.append(f"    {{{layout.fields(fields | {'start': _node_name(0, entry.root)})}}}")
        else:
            prefixes = layout.lines([_prefix(prefix, node) for prefix, node in trees[x]])
            prompts.append(f'    {{{layout.fields(fields)}, "prefixes": [\n{prefixes}\n    ]}}')
    return layout.file(head, {"prompts": prompts} | ({} if trees is not None else {"nodes": _nodes(problem)}))


def _trees(problem: Problem) -> list[list[tuple[Names, Node]]] | None:
    """Return the prefixes of each prompt with their nodes, shorter first, or None if the file would read otherwise."""
    trees: list[list[tuple[Names, Node]]] = []
    used = [0] * problem.horizon
    for entry in problem.prompts:
        tree: list[tuple[Names, Node]] = []
        layer: list[tuple[Names, int]] = [((), entry.root)]
        for h, nodes in enumerate(problem.layers):
            longer: list[tuple[Names, int]] = []
            for prefix, i in layer:
                if i != used[h]:  # every node comes up once, and in this order
                    return None
                used[h] += 1
                tree.append((prefix, nodes[i]))
                longer += [((*prefix, edge.token), edge.child) for edge in nodes[i]]
            layer = longer
        trees.append(tree)
    return trees


def _prefix(prefix: Names, node: Node) -> str:
    tokens = layout.lines([f"        {_edge(edge)}" for edge in node])
    return f'      {{"prefix": {layout.json_text(list(prefix))}, "tokens": [\n{tokens}\n      ]}}'


def _nodes(problem: Problem) -> list[str]:
    found: list[str] = []
    for h, layer in enumerate(problem.layers):
        last = h + 1 == problem.horizon
        for i, node in enumerate(layer):
            tokens = [_edge(edge, "" if last else _node_name(h + 1, edge.child)) for edge in node]
            lines = layout.lines([f"      {token}" for token in tokens])
            found.append(f'    {{"name": {layout.json_text(_node_name(h, i))}, "tokens": [\n{lines}\n    ]}}')
    return found


def _node_name(h: int, i: int) -> str:
    return f"{h}.{i}"


def _edge(edge: Edge, child: str = "") -> str:
    phi = [layout.number_text(edge.phi[k]) for k in range(len(edge.phi))]
    fields = {"token": edge.token, "pi_ref": layout.mass_text(edge.token, edge.pi_ref), "phi": phi}
    if edge.reward != 0:
        fields["reward"] = layout.loglinear_text(edge.reward)
    if child:
        fields["next"] = child
    return layout.json_text(fields)
