"""The canonical text of version 2: what :func:`reference.catalog.dump` writes where version 1 cannot say it."""

from reference.catalog import layout
from reference.catalog.format import FORMAT
from reference.catalog.format2 import VERSION_2
from reference.catalog.graph2 import Graph
from reference.model.parts import END, Edge


def written(graph: Graph) -> str:
    """Return the instance file of a graph; forced steps are not written, the tokens before them end the response."""
    bounds = {"R_max": layout.number_text(graph.R_max)}
    head: dict[str, object] = {
        **layout.head(FORMAT, VERSION_2, graph.name, graph.about),
        "beta": layout.number_text(graph.beta),
        "bounds": bounds,
    }
    noise = [
        f"    {layout.json_text({'value': layout.number_text(value), 'mass': layout.number_text(mass)})}"
        for value, mass in graph.noise
    ]
    lists = {"noise": noise} if noise else {}
    if graph.linear is not None:
        head["theta"] = [layout.loglinear_text(t) for t in graph.linear.theta]
        bounds["B"] = layout.number_text(graph.linear.B)
        return layout.file(head, {"prompts": _responses(graph)} | lists)
    head["horizon"] = str(len(graph.layers))
    return layout.file(head, {"prompts": _starts(graph), "nodes": _nodes(graph)} | lists)


def _responses(graph: Graph) -> list[str]:
    (nodes,) = graph.layers
    found: list[str] = []
    for start in graph.prompts:
        fields = {"name": start.name, "rho": layout.number_text(start.rho)}
        if start.baseline != 0:
            fields["baseline"] = layout.number_text(start.baseline)
        rows = [f"      {layout.json_text({'name': step.token, **_law(step)})}" for step in nodes[start.root]]
        found.append(f'    {{{layout.fields(fields)}, "responses": [\n{layout.lines(rows)}\n    ]}}')
    return found


def _starts(graph: Graph) -> list[str]:
    return [
        f"    {layout.json_text({'name': s.name, 'rho': layout.number_text(s.rho), 'start': _node_name(0, s.root)})}"
        for s in graph.prompts
    ]


def _nodes(graph: Graph) -> list[str]:
    found: list[str] = []
    for h, layer in enumerate(graph.layers):
        for i, node in enumerate(layer):
            if node[0].token == END:
                continue
            rows = [f"      {layout.json_text(_token(graph, h, step))}" for step in node]
            name = layout.json_text(_node_name(h, i))
            found.append(f'    {{"name": {name}, "tokens": [\n{layout.lines(rows)}\n    ]}}')
    return found


def _token(graph: Graph, h: int, step: Edge) -> dict[str, object]:
    fields = {"token": step.token, **_law(step)}
    if step.reward != 0:
        fields["reward"] = layout.loglinear_text(step.reward)
    if h + 1 < len(graph.layers):
        over = graph.layers[h + 1][step.child][0].token == END
        fields |= {"ends": True} if over else {"next": _node_name(h + 1, step.child)}
    return fields


def _law(step: Edge) -> dict[str, object]:
    return {"pi_ref": layout.mass_text(step.token, step.pi_ref), "phi": [layout.number_text(x) for x in step.phi]}


def _node_name(h: int, i: int) -> str:
    return f"{h}.{i}"
