"""The needle path: one string out of ``2^H`` earns everything, and its prefixes are what the features see.

``H`` fair bits, ``beta = 1``.  The string ``s``, ``11..1`` unless given, earns ``2 H log 2``, any other nothing.  The
feature of a prefix, in one dimension, is 1 if it is a prefix of ``s``, else 0.  Off the path all prefixes of a length
share a node.  With ``u_k = 1 + (4^H - 1)/2^k`` and ``k`` tokens to come:

* On the path the value still to come is ``log u_k``; off the path it is 0.  ``pi*`` stays on the
  path with ``(u_{k-1}/u_k)/2``.
* ``C_cond = u_0/u_1 = 2 * 4^H/(4^H + 1) < 2``, attained by the last token, while ``C_cov = u_0/u_H``, which is
  ``2^H * 2^H/(2^H + 1 - 2^-H)``, about ``2^H``.
* Realizable with ``theta*_h = log u_{H-h}``, log-rational (the tower factors these integers for all ``H <= 48``);
  ``J(pi*) = log u_H``, and ``pi_ref`` earns ``2^-H * 2 H log 2``.
* Layer ``h`` is covered only by the two tokens after ``s_1..s_{h-1}``, which the base model reaches with probability
  ``2^-(h-1)``: roll-ins alone look there in vain, roll-outs from a pair of the layer before stand there every time.

Source: ours; for FMR25 Theorem 5.1.
"""

from reference.exact.log_linear import log
from reference.model.checks import ProblemError
from reference.model.parts import About, Edge, Start
from reference.model.problem import Problem


def needle_path(H: int, s: str | None = None, *, name: str | None = None, about: About | None = None) -> Problem:
    """Return the needle path of horizon ``H >= 1`` to ``s``; in each layer node 0 is on the path, node 1 off it.

    >>> import reference as ref
    >>> p = ref.needle_path(4)
    >>> ref.token_coverage(p), ref.coverage(p)
    (512/257, 4096/271)
    >>> ref.optimum(ref.needle_path(2, "01")).at(1, 0).mass(1)
    16/17

    Raises:
        ProblemError: if ``H < 1``, or ``s`` is not a string of ``H`` bits.
    """
    if type(H) is not int or H < 1:
        raise ProblemError("H", f"{H!r}: needs an integer of at least 1")
    needle = "1" * H if s is None else s
    if len(needle) != H or not set(needle) <= set("01"):
        raise ProblemError("s", f"{s!r}: needs {H} bits, as in {'01' * H:.{H}}")
    earned = log(2) * (2 * H)

    def layer(h: int) -> list[tuple[Edge, ...]]:
        last = h == H - 1
        on, off = (0, 0) if last else (0, 1)
        path = tuple(
            Edge.of(bit, "1/2", [1], reward=earned if last else 0, child=on)
            if bit == needle[h]
            else Edge.of(bit, "1/2", [0], child=off)
            for bit in "01"
        )
        beside = tuple(Edge.of(bit, "1/2", [0], child=off) for bit in "01")
        return [path, beside] if h > 0 else [path]

    return Problem.of(
        name or f"needle-path-{H if s is None else s}",
        [Start.of("x")],
        [layer(h) for h in range(H)],
        beta=1,
        R_max=earned.ceil(),
        about=about,
    )
