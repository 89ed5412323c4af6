// A spanner in the plane: differences as dots, the ellipse of what is covered, growing round by round.

import { colour, drawing, h, latest, s, sentence, slider } from "../draw.js";

export const title = "Spanner";
export const heading = "A spanner in the plane, round by round";
const SEEDS = ["1", "2", "3", "4", "5", "6", "7", "8"], RIDGES = ["1/16", "1/8", "1/4", "1/2", "1", "2"], NUS = ["1/4", "1/2", "3/4", "1"];
const PAIRS = ["1", "2", "3", "4", "6", "8"], ROUNDS = Array.from({ length: 13 }, (_, i) => String(i));
const among = (values, value, otherwise) => (values.includes(value) ? value : otherwise);

export const show = ({ main, state, ask, write }) => {
  const now = { seed: among(SEEDS, state.seed, "1"), ridge: among(RIDGES, state.ridge, "1/4"), nu: among(NUS, state.nu, "3/4"), pairs: among(PAIRS, state.pairs, "2"), round: among(ROUNDS, state.round, "0") };
  const figure = h("div");
  const draw = latest(async () => {
    write(now);
    try { figure.replaceChildren(...picture(await ask("spanner", Number(now.seed), now.ridge, now.nu, Number(now.pairs)), now)); }
    catch (error) { figure.replaceChildren(sentence(error.message)); }
  });
  const moved = (name) => (value) => { now[name] = value; draw(); };
  const round = slider("round", ROUNDS, now.round, moved("round"));
  const next = h("button", { type: "button", onclick: () => { const input = round[1]; input.value = (Number(input.value) + 1) % ROUNDS.length; input.dispatchEvent(new Event("input")); } }, "Next round");
  main.append(h("div", { class: "columns" },
    h("div", null,
      h("p", null, "Eight responses have features in the plane; a reward query about a pair tells the reward of their difference. In each round SpannerSampling draws pairs from the base model, ",
        "asks about the first whose difference is not yet covered, and adds it to Σ. Covered is what lies in the ellipse ‖φ‖ ≤ ν in the norm of Σ⁻¹: it grows along what was asked, and soon holds everything."),
      h("div", { class: "controls" }, round, slider("pairs drawn in a round", PAIRS, now.pairs, moved("pairs")), slider("λ, where Σ starts", RIDGES, now.ridge, moved("ridge")),
        slider("ν, the threshold", NUS, now.nu, moved("nu")), slider("seed", SEEDS, now.seed, moved("seed"))),
      h("p", null, next),
      h("p", { class: "quiet" }, "Try: how many pairs are asked about in all? Find a seed and ν for which one direction stays open for long.")),
    figure));
  draw();
};

const picture = ({ differences, steps }, { round }) => {
  const step = steps[round], [size, unit] = [420, 110], middle = size / 2;
  const at = ([a, b]) => [middle + a * unit, middle - b * unit];
  const [[p, q], [, r]] = step.sigma.map((row) => row.map((entry) => entry.value)); // Sigma = L L^T
  const l = Math.sqrt(p), m = q / l, n = Math.sqrt(r - m * m), nu = step.nu.value;
  const outline = Array.from({ length: 73 }, (_, i) => {
    const [c, d] = [Math.cos((i * Math.PI) / 36), Math.sin((i * Math.PI) / 36)];
    return at([nu * l * c, nu * (m * c + n * d)]).map((z) => z.toFixed(1)).join(",");
  }).join(" ");
  const dots = differences.map((phi, i) => {
    const [cx, cy] = at(phi.map((entry) => entry.value));
    return s("circle", { cx, cy, r: 5, fill: step.covered[i] ? colour("faint") : colour("blue") });
  });
  const arrows = step.accepted.map((phi) => { const [x2, y2] = at(phi); return s("line", { x1: middle, y1: middle, x2, y2, stroke: colour("orange"), "stroke-width": 2.5 }); });
  const open = step.covered.filter((covered) => !covered).length;
  const asked = step.accepted.length;
  return [
    h("figure", null, drawing(size, size, `Round ${round}: ${asked} differences accepted; ${open} of ${differences.length} are not covered.`,
      s("polygon", { points: outline, fill: colour("green"), "fill-opacity": 0.15, stroke: colour("green") }), dots, arrows),
    h("figcaption", null, "Dots: all differences of features, grey where covered. Orange: those asked about. Green: what is covered.")),
    h("p", { id: "round" }, `Round ${round}: `, h("span", { class: "number" }, String(asked)), ` asked about (${2 * asked} reward queries); `, h("span", { class: "number" }, String(open)), ` of ${differences.length} differences not covered; det Σ = `, h("span", { class: "number" }, step.determinant.text),
      step.drawn.length ? `. Drawn: ${step.drawn.join(", ")}.` : "."),
  ];
};
