"""The canonical text of a problem: instance files are written by this function only and read back to the same bytes."""

from json import dumps

from reference.catalog.format import FORMAT, VERSION
from reference.exact.rational import rational_text
from reference.model.problem import Problem, Prompt, Response


def dump(problem: Problem) -> str:
    """Return the instance file of a problem: one line for each response, fields in the order of the format."""
    about = problem.about
    head: dict[str, object] = {"format": FORMAT, "version": VERSION, "name": problem.name}
    head |= {
        key: value
        for key, value in (
            ("title", about.title),
            ("shows", about.shows),
            ("source", about.source),
            ("license", about.license),
            ("provenance", {k: v if isinstance(v, str) else dict(v) for k, v in about.provenance}),
        )
        if value
    }
    head["beta"] = rational_text(problem.beta)
    head["theta"] = [str(t) for t in problem.theta]
    head["bounds"] = {"B": rational_text(problem.B), "R_max": rational_text(problem.R_max)}
    lines = [f"  {_json(key)}: {_json(value)}," for key, value in head.items()]
    prompts = ",\n".join(_prompt(entry) for entry in problem.entries)
    return "\n".join(["{", *lines, '  "prompts": [', prompts, "  ]", "}", ""])


def _prompt(entry: Prompt) -> str:
    head = {"name": entry.name, "rho": rational_text(entry.rho)}
    if entry.baseline != 0:
        head["baseline"] = rational_text(entry.baseline)
    fields = ", ".join(f"{_json(key)}: {_json(value)}" for key, value in head.items())
    responses = ",\n".join(f"      {_response(response)}" for response in entry.responses)
    return f'    {{{fields}, "responses": [\n{responses}\n    ]}}'


def _response(response: Response) -> str:
    phi = [rational_text(response.phi[k]) for k in range(len(response.phi))]
    return _json({"name": response.name, "pi_ref": rational_text(response.pi_ref), "phi": phi})


def _json(value: object) -> str:
    return dumps(value, ensure_ascii=False)
