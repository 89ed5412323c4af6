"""Named wrong versions of the paper's algorithms: each is one change of :mod:`right.algorithms`."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

SOURCE = Path(__file__).parent / "right" / "algorithms.py"


@dataclass(frozen=True)
class WrongRun:
    """``old`` becomes ``new``, at its one place; ``what``: the mistake in words."""

    algorithm: str
    name: str
    old: str
    new: str
    what: str

    @property
    def full_name(self) -> str:
        """Algorithm and name."""
        return f"{self.algorithm}/{self.name}"

    @cached_property
    def module(self) -> ModuleType:
        """The changed program."""
        text = SOURCE.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.full_name}: {self.old!r} stands {text.count(self.old)} times in {SOURCE.name}")
        found = ModuleType(self.name)
        exec(compile(text.replace(self.old, self.new), f"<{self.full_name}>", "exec"), found.__dict__)  # noqa: S102
        return found


_SAMPLER = (
    ("zhat-one-more", "for _ in range(N)) / N  # 2", "for _ in range(N + 1)) / (N + 1)  # 2", "N + 1 draws for Zhat"),
    ("zhat-one-less", "for _ in range(N)) / N  # 2", "for _ in range(N - 1)) / (N - 1)  # 2", "N - 1 draws for Zhat"),
    ("zhat-sum", "for _ in range(N)) / N  # 2", "for _ in range(N))  # 2", "the sum for the mean"),
    ("one-trial-more", "for _ in range(N):  # 3", "for _ in range(N + 1):  # 3", "N + 1 trials"),
    ("one-trial-less", "for _ in range(N):  # 3", "for _ in range(N - 1):  # 3", "N - 1 trials"),
    ("trial-reuses-draw", "        y, phi = draw()  # 4\n", "        y, phi = (y, phi) if _ % 2 else draw()  # 4\n", "draws only every other time"),
    ("M-missing", "exp(f(phi) / beta) / (mean * M)", "exp(f(phi) / beta) / mean", "M is left out"),
    ("beta-missing-in-trial", "exp(f(phi) / beta) / (mean * M)", "exp(f(phi)) / (mean * M)", "beta is left out of the trial"),
    ("beta-missing-in-zhat", "fsum(exp(f(draw()[1]) / beta)", "fsum(exp(f(draw()[1]))", "beta is left out of Zhat"),
    ("not-clipped", "oracles.coin(min(1.0, exp(", "oracles.coin(max(0.0, exp(", "a probability above 1"),
    ("fallback-last", "    return draw()[0]  # 6", "    return y  # 6", "falls back to the last response that was refused"),
    ("accepts-on-false", "        if oracles.coin(", "        if not oracles.coin(", "takes what the coin refuses"),
)
_SPANNER = (
    ("one-prompt-less", "for _ in range(n_prompt):  # 2", "for _ in range(n_prompt - 1):  # 2", "a round of phase 1 less"),
    ("no-break", "                cover.add(phi)\n                break", "                cover.add(phi)", "takes more pairs of one prompt"),
    ("prompt-per-pair", "(y1, phi1), (y2, phi2) = oracles.weak(at), oracles.weak(at)\n            phi = np.subtract(phi1, phi2).tolist()\n            if not cover.covers(phi):  # 6", "at = oracles.prompt()\n            (y1, phi1), (y2, phi2) = oracles.weak(at), oracles.weak(at)\n            phi = np.subtract(phi1, phi2).tolist()\n            if not cover.covers(phi):  # 6", "a prompt for each pair"),
    ("accepts-covered", "if not cover.covers(phi):  # 6", "if cover.covers(phi):  # 6", "takes what is covered"),
    ("accepts-all", "if not cover.covers(phi):  # 6", "if True:  # 6", "takes every pair"),
    ("sigma-not-updated", "                cover.add(phi)\n                break", "                break", "Sigma stays as it was"),
    ("spanner-not-in-data", "accepted, thetas = len(data), []", "accepted, thetas = len(data), []\n    data = []", "D starts empty"),
    ("sigma-updated-in-phase-2", "- oracles.reward(at, y2)))  # 14", "- oracles.reward(at, y2)))  # 14\n        cover.add(phi)", "Sigma goes on in phase 2"),
    ("no-truncation", "return float(theta @ difference) if self.covers(difference.tolist()) else 0.0", "return float(theta @ difference)", "f is not cut to what is covered"),
    ("truncation-to-minus-infinity", "if self.covers(difference.tolist()) else 0.0", "if self.covers(difference.tolist()) else -50.0", "what is not covered is ruled out"),
    ("nu-not-squared", "<= self.nu**2)", "<= self.nu)", "nu is not squared"),
    ("fit-without-ridge", "np.sqrt(self.ridge) * np.eye(d)])\n", "1e-9 * np.eye(d)])\n", "least squares without the ridge"),
    ("fit-with-squared-ridge", "np.sqrt(self.ridge) * np.eye(d)])\n", "self.ridge * np.eye(d)])\n", "the ridge is squared"),
    ("sigma-with-ridge-1", "sigma = self.ridge * np.eye(len(v))", "sigma = np.eye(len(v))", "Sigma starts at the unit matrix"),
    ("stale-theta", "        theta = cover.fit(data)  # 10", "        theta = thetas[0] if thetas else cover.fit(data)  # 10", "theta is fitted once"),
    ("phase-2-not-in-data", "        data.append((phi, oracles.reward(at, y1) - oracles.reward(at, y2)))  # 14", "        _ = oracles.reward(at, y1) - oracles.reward(at, y2)  # 14", "phase 2 learns nothing"),
    ("no-reference-draw", "        y2, phi2 = oracles.weak(at)\n        features", "        y2, phi2 = 0, [0.0] * dimension\n        features", "no reference response in phase 2"),
    ("reward-sign", "        data.append((phi, oracles.reward(at, y1) - oracles.reward(at, y2)))  # 14", "        data.append((phi, -oracles.reward(at, y1) + oracles.reward(at, y2)))  # 14", "r2 - r1"),
    ("reward-of-one", "        data.append((phi, oracles.reward(at, y1) - oracles.reward(at, y2)))  # 14", "        data.append((phi, oracles.reward(at, y1)))  # 14", "r1 alone is asked"),
    ("last-theta-returned", "t = oracles.choose([1 / t_exp] * t_exp)  # 15", "t = t_exp - 1  # 15", "the last estimate in place of the mixture"),
    ("returned-without-reference", "_, reference = oracles.weak(x)", "reference = [0.0] * dimension", "no reference response in what is returned"),
    ("returns-base", "    response = sampled(lambda: oracles.weak(x), oracles, cover.truncated(thetas[t], reference), beta, M, N)\n    return {\"thetas\"", "    response = oracles.weak(x)[0]\n    return {\"thetas\"", "returns the base model"),
    ("theta-after-draw", "        thetas.append(theta)\n", "        thetas.append(cover.fit(data))\n", "the estimate after the round"),
)
_DPO = (
    ("first-round-fitted", "theta = fitted() if data else zero  # 3", "theta = fitted()  # 3", "the first round is not the base model"),
    ("stale", "theta = fitted() if data else zero  # 3", "theta = zero  # 3", "never moves"),
    ("one-round-less", "for _ in range(T):  # 2", "for _ in range(T - 1):  # 2", "a round less"),
    ("loser-wins", "difference if won else -difference", "-difference if won else difference", "prefers the loser"),
    ("sign", "data.append((difference, r1 - r2, x, y2))  # 5", "data.append((difference, r2 - r1, x, y2))  # 5", "r2 - r1"),
    ("preference-of-probability", "oracles.coin(1 / (1 + exp(r2 - r1)))", "oracles.coin(1 / (1 + exp(r1 - r2)))", "the coin of the other"),
)
_XPO = (
    ("paired", "candidates, paired=False, bonus=bonus", "candidates, paired=True, bonus=bonus", "both from the policy"),
    ("no-bonus", "return alpha * beta * float(", "return 0.0 * float(", "no bonus: OnlineDPO"),
    ("bonus-sign", "return alpha * beta * float(", "return -alpha * beta * float(", "a bonus of the other sign"),
    ("bonus-without-beta", "return alpha * beta * float(", "return alpha * float(", "beta is left out of the bonus"),
    ("bonus-on-policy", "x, y2))  # 5\n        else", "x, answers[0][0]))  # 5\n        else", "the bonus of the policy's answer"),
)
_ENUMERATING = (
    ("all-pairs", "for k in spanner([phi for *_, phi in pairs], C):  # 2", "for k in range(len(pairs)):  # 2", "asks for every pair"),
    ("any-basis", "for k in spanner([phi for *_, phi in pairs], C):  # 2", "for k in spanner([phi for *_, phi in pairs], 1e9):  # 2", "takes any basis"),
    ("once", "for _ in range(n)) / n  # 3", "for _ in range(1)) / n  # 3", "asks once"),
    ("sum", "for _ in range(n)) / n  # 3", "for _ in range(n))  # 3", "the sum for the mean"),
    ("unsupported", "enumerate(row) if masses[x][y] > 0], 2)", "enumerate(row)], 2)", "asks for what the base model never says"),
)
_MTSS = (
    ("no-look-in-roll-outs", "f, token, phi, listing = chosen(x, prefix, seen(x, prefix))", "f, token, phi, listing = chosen(x, prefix)", "line 7 is left out of roll-outs"),
    ("no-look-in-roll-ins", "prefix = [*prefix, chosen(x, prefix, seen(x, prefix))[1]]", "prefix = [*prefix, chosen(x, prefix)[1]]", "line 7 is left out of roll-ins"),
    ("nothing-explained", "return oracles.reward(x, prefix) - explained", "return oracles.reward(x, prefix)", "targets are whole rewards"),
    ("no-normaliser", "explained += f(phi) - beta * log_z(f, x, prefix, listing)", "explained += f(phi)", "log Z is left out of targets"),
    ("normaliser-without-beta", "f(phi) - beta * log_z(f", "f(phi) - log_z(f", "beta is left out of targets"),
    ("no-restart", "        except _Met:\n            continue\n        break  # 9", "        except _Met:\n            break\n        break  # 9", "stops at the first pair"),
    ("layers-forwards", "for h in reversed(range(horizon)):  # 3", "for h in range(horizon):  # 3", "fits the first layer first"),
    ("one-roll-in-less", "for _ in range(n_roll):  # 4", "for _ in range(n_roll - 1):  # 4", "a roll-in less"),
    ("one-roll-out", "                for _ in range(n_out):\n", "                for _ in range(1):\n", "one roll-out for each target"),
    ("second-not-subtracted", "-rolled_out(x, [*prefix, second])]", "rolled_out(x, [*prefix, second])]", "adds both returns"),
    ("lists-twice", "tokens, masses, phis = listing = listing or oracles.listing(x, prefix)", "tokens, masses, phis = listing = oracles.listing(x, prefix)", "lists a prefix again"),
    ("greedy", "place = oracles.choose((weights / weights.sum()).tolist())", "place = int(np.argmax(weights))", "takes the likeliest token"),
    ("base-ignored", "weights = np.array([p * exp(f(phi) / beta) for p, phi", "weights = np.array([exp(f(phi) / beta) for p, phi", "a softmax without the base model"),
    ("last-pair-first", "in combinations(list(zip(listing[0], listing[2], strict=True)), 2):", "in reversed(list(combinations(list(zip(listing[0], listing[2], strict=True)), 2))):", "takes the last pair"),
    ("returns-base", "    while len(prefix) < horizon:  # 10\n        prefix = [*prefix, chosen(0, prefix)[1]]", "    while len(prefix) < horizon:  # 10\n        prefix = [*prefix, oracles.weak(0, prefix)[0]]", "returns the base model"),
)  # fmt: skip

WRONG_RUNS = tuple(
    WrongRun(algorithm, name, old, new, what)
    for algorithm, rows in (
        ("softmax_sampler", _SAMPLER),
        ("spanner_sampling", _SPANNER),
        ("online_dpo", _DPO),
        ("xpo", _XPO),
        ("enumerating", _ENUMERATING),
        ("mtss", _MTSS),
    )
    for name, old, new, what in rows
)
"""Those of SoftmaxSampler are part of SpannerSampling and MTSS, too."""
