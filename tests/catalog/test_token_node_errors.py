"""The same for files with shared nodes: an error at a node is named by a prefix that leads there."""

from typing import Any

import pytest

from tests.catalog.token_files import Change, complaint, markov_bits


def _named(raw: Any, node: str) -> Any:  # noqa: ANN401 - JSON
    return next(entry for entry in raw["nodes"] if entry["name"] == node)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # a repeated token, after which a node is left over
        (
            lambda raw: [
                _named(raw, node)["tokens"][1].update({"token": "0", "next": "4.0"}) for node in ("3.0", "3.1")
            ],
            (
                "nodes[6].tokens[1]: node '3.0' at prompt 'after 0', prefix ('0', '0', '0'), token '0': follows "
                "twice, first at nodes[6].tokens[0]; keep one, or write another token"
            ),
        ),
        # early end
        (
            lambda raw: _named(raw, "1.0")["tokens"][0].pop("next"),
            (
                "nodes[2].tokens[0]: node '1.0' at prompt 'after 0', prefix ('0'), token '0': has no \"next\", "
                "but the horizon is 5: the path ends early; name the node that follows"
            ),
        ),
        (
            lambda raw: _named(raw, "0.0")["tokens"][0].update(next="4.0"),  # a short cut
            (
                "nodes[8].tokens[0]: node '4.0' at prompt 'after 0', prefix ('0'), token '0': has no \"next\", "
                "but the horizon is 5: the path ends early; name the node that follows"
            ),
        ),
        # wrong horizon
        (
            lambda raw: raw.update(horizon="6"),
            (
                "nodes[8].tokens[0]: node '4.0' at prompt 'after 0', prefix ('0', '0', '0', '0'), token '0': "
                'has no "next", but the horizon is 6: the path ends early; name the node that follows'
            ),
        ),
        (
            lambda raw: raw.update(horizon="4"),
            (
                "nodes[6].tokens[0].next: node '3.0' at prompt 'after 0', prefix ('0', '0', '0'), token '0': "
                'has "next", but the horizon is 4: the path goes on too long; leave it out, or raise the horizon'
            ),
        ),
        # cycles and nodes of two layers
        (
            lambda raw: _named(raw, "1.0")["tokens"][0].update(next="1.0"),
            (
                "nodes[2].tokens[0].next: node '1.0' at prompt 'after 0', prefix ('0'), token '0': leads back "
                "to node '1.0', first reached after 1 token: a cycle has no horizon; lead to another node"
            ),
        ),
        (
            lambda raw: _named(raw, "2.1")["tokens"][1].update(next="0.0"),
            (
                "nodes[5].tokens[1].next: node '2.1' at prompt 'after 0', prefix ('0', '1'), token '1': leads "
                "back to node '0.0', first reached after 0 tokens: a cycle has no horizon; lead to another node"
            ),
        ),
        (
            lambda raw: _named(raw, "0.0")["tokens"][0].update(next="2.0"),
            (
                "nodes[2].tokens[0].next: node '1.0' at prompt 'after 1', prefix ('0'), token '0': leads to "
                "node '2.0', where prompt 'after 0', prefix ('0') leads too; prefixes of different lengths "
                "cannot share a node; make a second one"
            ),
        ),
        # unreached and missing nodes
        (
            lambda raw: raw["nodes"].append({"name": "extra", "tokens": _named(raw, "4.0")["tokens"]}),
            "nodes[10]: node 'extra': no prompt and no prefix lead to this node; lead to it, or remove it",
        ),
        (
            lambda raw: raw["nodes"].pop(),
            (
                "nodes[6].tokens[1].next: node '3.0' at prompt 'after 0', prefix ('0', '0', '0'), token '1': "
                "there is no node '4.1'; did you mean '4.0'?"
            ),
        ),
        (
            lambda raw: raw["prompts"][0].update(start="no"),
            "prompts[0].start: there is no node 'no'; add it to \"nodes\"",
        ),
        (
            lambda raw: raw["nodes"].append(raw["nodes"][0]),
            "nodes[10]: node '0.0': stands twice, first at nodes[0]; keep one",
        ),
        # one node of another kind
        (
            lambda raw: _named(raw, "1.0")["tokens"][1].update(phi=["1"]),
            (
                "nodes[2].tokens[1].phi: node '1.0' at prompt 'after 0', prefix ('0'), token '1': 1 feature, "
                "but nodes[2].tokens[0].phi and most others have 2; give every phi after prefixes of one length "
                "the same number"
            ),
        ),
        (
            lambda raw: _named(raw, "4.0")["tokens"][0].update(pi_ref="1/7"),
            (
                "nodes[8].tokens: node '4.0' at prompt 'after 0', prefix ('0', '0', '0', '0'): pi_ref masses "
                "sum to 11/28, 17/28 too little; they must sum to exactly 1"
            ),
        ),
    ],
)
def test_a_wrong_node_is_named_by_a_prefix(change: Change, message: str) -> None:
    raw = markov_bits()
    change(raw)
    assert complaint(raw) == f"FILE: {message}"
