"""The canonical text of a problem: instance files are written by this function only and read back to the same bytes."""

from collections.abc import Mapping, Sequence
from json import dumps

from reference.catalog.format import FORMAT, VERSION
from reference.catalog.token_format import TOKEN_FORMAT, TOKEN_VERSION
from reference.exact.rational_numbers import rational_text
from reference.model.linear_problem import LinearProblem
from reference.model.parts import About, Edge, Node, Prompt, Response
from reference.model.problem import Problem

Fields = Mapping[str, object]


def dump(problem: Problem) -> str:
    """Return the instance file of a problem: one line for each response or token, fields in the order of the format.

    A token problem is written prefix by prefix if it is a tree in the order in which such a file is read, and with
    named nodes otherwise; its rewards stand on the tokens.

    >>> import reference as ref
    >>> print(ref.dump(ref.load("two-arms"))[:41])
    {
      "format": "spanner-reference/problem"
    """
    return _problem(problem) if isinstance(problem, LinearProblem) else _token_problem(problem)


def _problem(problem: LinearProblem) -> str:
    head = {
        **_head(FORMAT, VERSION, problem.name, problem.about),
        "beta": rational_text(problem.beta),
        "theta": [str(t) for t in problem.theta],
        "bounds": {"B": rational_text(problem.B), "R_max": rational_text(problem.R_max)},
    }
    return _file(head, {"prompts": [_prompt(entry) for entry in problem.prompts]})


def _head(kind: str, version: int, name: str, about: About) -> dict[str, object]:
    texts = {
        "title": about.title,
        "shows": about.shows,
        "source": about.source,
        "license": about.license,
        "provenance": {k: v if isinstance(v, str) else dict(v) for k, v in about.provenance},
    }
    return {"format": kind, "version": version, "name": name} | {key: value for key, value in texts.items() if value}


def _file(head: Fields, lists: Mapping[str, list[str]]) -> str:
    lines = [f"  {_json(key)}: {_json(value)}" for key, value in head.items()]
    lines += [f"  {_json(key)}: [\n{_lines(items)}\n  ]" for key, items in lists.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(items: list[str]) -> str:
    return ",\n".join(items)


def _fields(values: Fields) -> str:
    return ", ".join(f"{_json(key)}: {_json(value)}" for key, value in values.items())


def _prompt(entry: Prompt) -> str:
    head = {"name": entry.name, "rho": rational_text(entry.rho)}
    if entry.baseline != 0:
        head["baseline"] = rational_text(entry.baseline)
    responses = _lines([f"      {_response(response)}" for response in entry.responses])
    return f'    {{{_fields(head)}, "responses": [\n{responses}\n    ]}}'


def _response(response: Response) -> str:
    phi = [rational_text(response.phi[k]) for k in range(len(response.phi))]
    return _json({"name": response.name, "pi_ref": rational_text(response.pi_ref), "phi": phi})


# ---------------------------------------------------------------------------------------------- token problems


def _token_problem(problem: Problem) -> str:
    head = {
        **_head(TOKEN_FORMAT, TOKEN_VERSION, problem.name, problem.about),
        "beta": rational_text(problem.beta),
        "alphabet": list(problem.alphabet),
        "horizon": str(problem.horizon),
        "bounds": {"R_max": rational_text(problem.R_max)},
    }
    trees = _trees(problem)
    prompts: list[str] = []
    for x, entry in enumerate(problem.prompts):
        fields: dict[str, object] = {"name": entry.name, "rho": rational_text(entry.rho)}
        if trees is None:
            prompts.append(f"    {{{_fields(fields | {'start': _node_name(0, entry.root)})}}}")
        else:
            prefixes = _lines([_prefix(prefix, node) for prefix, node in trees[x]])
            prompts.append(f'    {{{_fields(fields)}, "prefixes": [\n{prefixes}\n    ]}}')
    return _file(head, {"prompts": prompts} | ({} if trees is not None else {"nodes": _nodes(problem)}))


def _trees(problem: Problem) -> list[list[tuple[tuple[str, ...], Node]]] | None:
    """Return the prefixes of each prompt with their nodes, shorter first, or None if the file would read otherwise."""
    trees: list[list[tuple[tuple[str, ...], Node]]] = []
    used = [0] * problem.horizon
    for entry in problem.prompts:
        tree: list[tuple[tuple[str, ...], Node]] = []
        layer: list[tuple[tuple[str, ...], int]] = [((), entry.root)]
        for h, nodes in enumerate(problem.layers):
            longer: list[tuple[tuple[str, ...], int]] = []
            for prefix, i in layer:
                if i != used[h]:  # every node comes up once, and in this order
                    return None
                used[h] += 1
                tree.append((prefix, nodes[i]))
                longer += [((*prefix, edge.token), edge.child) for edge in nodes[i]]
            layer = longer
        trees.append(tree)
    return trees


def _prefix(prefix: Sequence[str], node: Node) -> str:
    tokens = _lines([f"        {_edge(edge)}" for edge in node])
    return f'      {{"prefix": {_json(list(prefix))}, "tokens": [\n{tokens}\n      ]}}'


def _nodes(problem: Problem) -> list[str]:
    found: list[str] = []
    for h, layer in enumerate(problem.layers):
        last = h + 1 == problem.horizon
        for i, node in enumerate(layer):
            tokens = [_edge(edge, "" if last else _node_name(h + 1, edge.child)) for edge in node]
            lines = _lines([f"      {token}" for token in tokens])
            found.append(f'    {{"name": {_json(_node_name(h, i))}, "tokens": [\n{lines}\n    ]}}')
    return found


def _node_name(h: int, i: int) -> str:
    return f"{h}.{i}"


def _edge(edge: Edge, child: str = "") -> str:
    phi = [rational_text(edge.phi[k]) for k in range(len(edge.phi))]
    fields = {"token": edge.token, "pi_ref": rational_text(edge.pi_ref), "phi": phi}
    if edge.reward != 0:
        fields["reward"] = str(edge.reward)
    if child:
        fields["next"] = child
    return _json(fields)


def _json(value: object) -> str:
    return dumps(value, ensure_ascii=False)
