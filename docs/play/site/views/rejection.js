// The funnel: which of N trials accepts, how often none does, and how far the result is from its target.

import { choice, colour, drawing, h, latest, s, sentence, slider, table } from "../draw.js";

export const title = "Rejection";
export const heading = "What rejection keeps: SoftmaxSampler with M and N";
const MS = ["1", "4/3", "3/2", "2", "8/3", "3", "4", "6", "8", "12", "16"];
const NS = Array.from({ length: 16 }, (_, i) => String(i + 1));

export const show = ({ main, state, ask, catalog, linear, write }) => {
  const now = { instance: linear.includes(state.instance) ? state.instance : "two-arms", M: MS.includes(state.M) ? state.M : "3", N: NS.includes(state.N) ? state.N : "8" };
  const figure = h("div");
  const draw = latest(async () => {
    write(now);
    try { figure.replaceChildren(...picture(await ask("rejection", catalog[now.instance], now.M, Number(now.N)), now)); }
    catch (error) { figure.replaceChildren(sentence(error.message)); }
  });
  main.append(h("div", { class: "columns" },
    h("div", null,
      h("p", null, "SoftmaxSampler draws from the base model and accepts a response with probability exp(f/β)/(Ẑ M), at most 1. ",
        "A small M accepts soon and cuts off what is rare and good. A large M is faithful and needs more trials; if none of N accepts, it gives up and answers with a plain draw."),
      h("div", { class: "controls" },
        choice("instance", linear, now.instance, (name) => { now.instance = name; draw(); }),
        slider("M", MS, now.M, (M) => { now.M = M; draw(); }),
        slider("N, trials", NS, now.N, (N) => { now.N = N; draw(); })),
      h("p", { class: "quiet" }, "Try: with M = 1, does a larger N bring the law nearer to its target? And with M = 8?")),
    figure));
  draw();
};

const picture = (found, { N }) => {
  const [width, height, left, low] = [560, 240, 44, 200];
  const top = Math.max(...found.waiting) * 1.1, step = (width - left - 8) / found.waiting.length;
  const y = (mass) => low - (mass / top) * (low - 14);
  const bars = found.waiting.map((mass, i) => s("rect", { x: left + i * step, y: y(mass), width: Math.max(1, step - 1.5), height: low - y(mass), fill: colour(i === found.waiting.length - 1 ? "orange" : "blue") }));
  return [
    h("figure", null, drawing(width, height, `Probability that trial 1 to ${N} is the first to accept, falling from ${found.first.text}; none accepts with probability ${found.none.text}.`, bars,
      s("line", { x1: left, x2: width, y1: low, y2: low, stroke: colour("ink") }),
      s("text", { x: left - 6, y: y(top / 1.1) + 8, "text-anchor": "end" }, Number((top / 1.1).toPrecision(2))),
      s("text", { x: left, y: low + 18 }, "trial 1"), s("text", { x: width - 4, y: low + 18, "text-anchor": "end" }, `trial ${N}, none`)),
    h("figcaption", null, "Blue: the probability that this trial is the first to accept. Orange, last: none does, and the answer is a plain draw.")),
    h("p", { id: "apart" }, "From its target the law is ", h("span", { class: "number" }, found.apart.text), " away in total variation. None accepts: ", h("span", { class: "number" }, found.none.text),
      ". Queries on average: ", h("span", { class: "number" }, found.queries.text), ". Theory asks for M ≥ 2 C_cov = ", h("span", { class: "number" }, found.needed.text), "."),
    table(["response", "π_ref", "exact law", "target π*"], found.rows.map((row) => [row.name, row.base.text, row.law.text, row.target.text])),
  ];
};
