"""The hand-made problems: each the smallest we know that shows its phenomenon.

``python -m reference.catalog.handmade`` writes them, and the token problems of
:mod:`reference.catalog.handmade_tokens`, to ``data/``; a test checks that the files are what this writes, and that each
instance does what its ``shows`` says.
"""

from collections.abc import Iterable

from flint import fmpq

from reference.catalog.format import SCHEMA_PATH, schema_text
from reference.catalog.format2 import SCHEMA_2_PATH, schema_2_text
from reference.catalog.handmade_tokens import token_instances
from reference.catalog.loading import DATA, TOKEN_DATA
from reference.catalog.token_format import TOKEN_SCHEMA_PATH, token_schema_text
from reference.catalog.write import dump
from reference.exact.rational_numbers import RationalLike
from reference.model.linear_problem import LinearProblem
from reference.model.parts import About, Prompt, Response

_Row = tuple[str, RationalLike, Iterable[RationalLike]]


def instances() -> tuple[LinearProblem, ...]:
    """Return the hand-made problems."""
    return (
        _two_arms(),
        _two_arms_exp(),
        _two_arms_mixed(),
        _single_response(),
        _zero_base_mass(),
        _rank_deficient(),
        _needle(),
        _fair_coin(),
        _different_supports(),
        _gap_oscillation(),
        _gap_quadratic(),
        _truncated_coverage(),
        _off_support_anchor(),
        _sampler_tight_m(),
        _sampler_tight_n(),
        _antipodal(),
        _spanner_fourfold(),
    )


def _prompt(name: str, rows: Iterable[_Row], *, rho: RationalLike = 1, baseline: RationalLike = 0) -> Prompt:
    return Prompt.of(name, [Response.of(*row) for row in rows], rho=rho, baseline=baseline)


def _two_arms() -> LinearProblem:
    about = About(
        title="Two arms, every number rational",
        shows="the smallest log-rational instance: pi* = (2/3, 1/3), coverage 4/3, and J, KL and every gap are "
        "log-linear, so equality is decided",
        source="ours; the two-armed case of the linear softmax class, FMR25 Def. 1.1",
    )
    prompt = _prompt("x", [("good", "1/2", ["1"]), ("bad", "1/2", ["0"])])
    return LinearProblem.of("two-arms", [prompt], theta=["log(2)"], beta=1, B=1, R_max=1, about=about)


def _two_arms_exp() -> LinearProblem:
    about = About(
        title="Two arms, rational rewards",
        shows="the smallest rational-reward instance: pi*(good) = e^2/(1 + e^2) is an exp-ratio, and J = log((1 "
        "+ e^2)/2)/2 is a real that is neither rational nor log-linear",
        source="ours; the two-armed case of the linear softmax class, FMR25 Def. 1.1",
    )
    prompt = _prompt("x", [("good", "1/2", ["1"]), ("bad", "1/2", ["0"])])
    return LinearProblem.of("two-arms-exp", [prompt], theta=["1"], beta="1/2", B=1, R_max=1, about=about)


def _two_arms_mixed() -> LinearProblem:
    about = About(
        title="Both families at once, with a radical",
        shows="rational and logarithmic parameters together: Z = (1 + e + sqrt(2))/3 needs the whole normal "
        "form of exp-sums",
        source="ours",
    )
    rows: list[_Row] = [("plain", "1/3", ["0", "0"]), ("exp", "1/3", ["1", "0"]), ("root", "1/3", ["0", "1"])]
    theta = ["1", "1/2*log(2)"]
    return LinearProblem.of("two-arms-mixed", [_prompt("x", rows)], theta=theta, beta=1, B=2, R_max=1, about=about)


def _single_response() -> LinearProblem:
    about = About(
        title="One response",
        shows="the degenerate case: nothing to choose, so every policy on the support is optimal, coverage is "
        "1, the gap is 0 and no difference can be queried (rank 0)",
        source="ours",
    )
    prompt = _prompt("x", [("only", "1", ["3/5", "4/5"])], baseline="1/2")
    return LinearProblem.of("single-response", [prompt], theta=["1", "-1"], beta=1, B="3/2", R_max=0, about=about)


def _zero_base_mass() -> LinearProblem:
    about = About(
        title="The best response has base mass zero",
        shows="conventions at zero mass: 'best' has the largest reward but pi* gives it 0; J is -inf for any "
        "policy that plays it; maxima, oscillation and rank range over the support only",
        source="ours",
    )
    rows: list[_Row] = [("best", "0", ["0", "1"]), ("good", "1/4", ["1", "0"]), ("bad", "3/4", ["0", "0"])]
    theta = ["log(3)", "5"]
    return LinearProblem.of("zero-base-mass", [_prompt("x", rows)], theta=theta, beta=1, B=6, R_max=2, about=about)


def _rank_deficient() -> LinearProblem:
    about = About(
        title="Features in three dimensions, differences in one",
        shows="rank 1 < d = 3: rewards identify theta along (1, -1, 0) only; ridge and span mode must cope with "
        "a singular Gram matrix, and other parameters give the same pi*",
        source="ours; rank as in FMR25 section 1",
    )
    rows: list[_Row] = [
        ("a", "1/2", ["1/2", "0", "1/2"]),
        ("b", "1/4", ["0", "1/2", "1/2"]),
        ("c", "1/4", ["1/4", "1/4", "1/2"]),
    ]
    theta = ["4*log(2)", "0", "1"]
    return LinearProblem.of("rank-deficient", [_prompt("x", rows)], theta=theta, beta=1, B=3, R_max=2, about=about)


def _needle() -> LinearProblem:
    about = About(
        title="A needle of base mass 2^-10",
        shows="large coverage: C_cov(pi*) is just below 2^10, J(pi*) >= 1/2, and only a search of about 2^10 "
        "draws finds the one rewarded response; seven decoys have base mass 0",
        source="FMR25 Thm 2.1; the finite family is ours (m = 2, k = 8, C = 2^10, beta = 1/14, needle 3)",
    )
    needle, decoys = 3, 8
    rows: list[_Row] = [("0", fmpq(1023, 1024), [0] * 4)]
    rows += [
        (str(i), fmpq(1, 1024) if i == needle else 0, ["1/2", "-1/2", "1/2", "1/2"] if i == needle else [0] * 4)
        for i in range(1, decoys + 1)
    ]
    theta = ["1/2", "-1/2", "1/2", "1/2"]
    return LinearProblem.of("needle-1024", [_prompt("x", rows)], theta=theta, beta="1/14", B=1, R_max=1, about=about)


def _fair_coin() -> LinearProblem:
    about = About(
        title="A fair coin with a constant reward",
        shows="the equality case of coverage-range: the reward is constant, so pi* = pi_ref, coverage 1, KL 0, "
        "although the features differ",
        source="ours",
    )
    prompt = _prompt("x", [("heads", "1/2", ["1", "0"]), ("tails", "1/2", ["0", "1"])])
    return LinearProblem.of("fair-coin", [prompt], theta=["1", "1"], beta=1, B=2, R_max=0, about=about)


def _different_supports() -> LinearProblem:
    about = About(
        title="Three prompts, response sets and supports that differ",
        shows="per-prompt response sets, names that mean different things at different prompts, baselines, and "
        "a maximum coverage that one rare prompt decides",
        source="ours",
    )
    entries = [
        _prompt("coin", [("yes", "1/2", ["1", "0"]), ("no", "1/2", ["0", "0"])], rho="1/2"),
        _prompt(
            "die",
            [("no", "0", ["1", "0"]), ("yes", "1/3", ["0", "1"]), ("maybe", "2/3", ["0", "-1"])],
            rho="1/3",
            baseline="-1",
        ),
        _prompt("rare", [("yes", "1/100", ["3/5", "4/5"]), ("never", "99/100", ["0", "0"])], rho="1/6", baseline="7/2"),
    ]
    theta = ["5*log(2)", "5*log(3)"]
    return LinearProblem.of("different-supports", entries, theta=theta, beta=1, B=7, R_max=11, about=about)


def _gap_oscillation() -> LinearProblem:
    about = About(
        title="Two balanced responses with nearly equal rewards",
        shows="gap-oscillation is sharp: f = 0 leaves a gap of more than 99.99% of osc^2/(8 beta)",
        source="ours (Hoeffding's lemma is tight on a fair coin)",
    )
    prompt = _prompt("x", [("up", "1/2", ["1/2"]), ("down", "1/2", ["-1/2"])])
    return LinearProblem.of("gap-oscillation-tight", [prompt], theta=["1/100"], beta=1, B=1, R_max="1/100", about=about)


def _gap_quadratic() -> LinearProblem:
    about = About(
        title="A far response of mass 10^-6",
        shows="gap-quadratic is sharp: f = 0 leaves a gap of more than 99.99% of ((e-2)/beta) E (f-r)^2",
        source="ours",
    )
    rows: list[_Row] = [("near", fmpq(999_999, 1_000_000), ["0"]), ("far", fmpq(1, 1_000_000), ["1"])]
    return LinearProblem.of("gap-quadratic-tight", [_prompt("x", rows)], theta=["1"], beta=1, B=1, R_max=1, about=about)


def _truncated_coverage() -> LinearProblem:
    about = About(
        title="Estimation errors of size beta in the worst directions",
        shows="truncated-coverage is sharp in e^2: with theta_t = 1 and the anchor as y', f is off by -beta on "
        "the common response and by +beta on the rare one, everything is covered, and C_cov(pi_f) > 0.98 e^2 "
        "while C_cov(pi*) = 1",
        source="ours",
    )
    rows: list[_Row] = [
        ("common", fmpq(998, 1000), ["-1"]),
        ("anchor", fmpq(1, 1000), ["0"]),
        ("rare", fmpq(1, 1000), ["1"]),
    ]
    return LinearProblem.of(
        "truncated-coverage-tight", [_prompt("x", rows)], theta=["0"], beta=1, B=1, R_max=0, about=about
    )


def _off_support_anchor() -> LinearProblem:
    about = About(
        title="An anchor outside the support",
        shows="why truncated-coverage needs y' in the support: relative to 'anchor' (base mass 0, reward 10) f "
        "= -10 on the covered response and 0 on the uncovered one, and C_cov(pi_f) > 950 while C_cov(pi*) = 1",
        source="ours",
    )
    rows: list[_Row] = [
        ("common", fmpq(999, 1000), ["0", "0"]),
        ("uncovered", fmpq(1, 1000), ["0", "1"]),
        ("anchor", "0", ["1", "0"]),
    ]
    return LinearProblem.of(
        "off-support-anchor", [_prompt("x", rows)], theta=["10", "0"], beta=1, B=10, R_max=0, about=about
    )


def _sampler_tight_m() -> LinearProblem:
    about = About(
        title="A rare response with weight 1000",
        shows="SoftmaxSampler needs M >= 2 C_cov: with M = C_cov and delta = 1/100 its law is further than "
        "delta from pi*",
        source="ours; for FMR25 Alg. SoftmaxSampler",
    )
    rows: list[_Row] = [("rare", fmpq(184, 100_000), ["1"]), ("common", fmpq(99_816, 100_000), ["0"])]
    return LinearProblem.of(
        "sampler-tight-m", [_prompt("x", rows)], theta=["3*log(10)"], beta=1, B=7, R_max=7, about=about
    )


def _sampler_tight_n() -> LinearProblem:
    about = About(
        title="A rare response with weight 10^4",
        shows="SoftmaxSampler needs its factor 4: with N = ceil(M log(2/delta)), M = 2 C_cov and delta = 1/1000 "
        "its law is further than delta from pi*",
        source="ours; for FMR25 Alg. SoftmaxSampler",
    )
    rows: list[_Row] = [("rare", fmpq(1546, 1_000_000), ["1"]), ("common", fmpq(998_454, 1_000_000), ["0"])]
    return LinearProblem.of(
        "sampler-tight-n", [_prompt("x", rows)], theta=["4*log(10)"], beta=1, B=10, R_max=10, about=about
    )


def _antipodal() -> LinearProblem:
    about = About(
        title="Antipodal unit features on a line",
        shows="spanner-size is sharp: after n acceptances det(Sigma)/lambda equals 1 + 4n/lambda exactly",
        source="ours; FMR25 Alg. SpannerSampling, phase 1",
    )
    prompt = _prompt("x", [("plus", "1/2", ["1"]), ("minus", "1/2", ["-1"])])
    return LinearProblem.of("antipodal", [prompt], theta=["1/2*log(2)"], beta=1, B=1, R_max=1, about=about)


def _spanner_fourfold() -> LinearProblem:
    about = About(
        title="Two balanced responses, one of them better by 64 log 2",
        shows="where a search found the gap of spanner-end-to-end closest to its bound, a factor of 4 is to spare: "
        "without data the gap is 31 log 2 and a little, the bound 128 log 2",
        source="ours; found by spanner search spanner-end-to-end, with rounder numbers",
    )
    prompt = _prompt("x", [("up", "1/2", ["1/2"]), ("down", "1/2", ["-1/2"])])
    return LinearProblem.of("spanner-fourfold", [prompt], theta=["64*log(2)"], beta=1, B=45, R_max=45, about=about)


def main() -> None:
    """Write the instance files and the schemas."""
    SCHEMA_PATH.write_text(schema_text(), encoding="utf-8")
    SCHEMA_2_PATH.write_text(schema_2_text(), encoding="utf-8")
    TOKEN_SCHEMA_PATH.write_text(token_schema_text(), encoding="utf-8")
    for problem in instances():
        (DATA / f"{problem.name}.json").write_text(dump(problem), encoding="utf-8")
    for tokens in token_instances():
        (TOKEN_DATA / f"{tokens.name}.json").write_text(dump(tokens), encoding="utf-8")


if __name__ == "__main__":
    main()
