// Coverage as mass: a response is a rectangle, as wide as its mass under the base model, as high as the ratio.

import { choice, colour, drawing, h, latest, s, sentence, slider, table } from "../draw.js";

export const title = "Coverage";
export const heading = "Coverage, as mass";
const BETAS = ["1/8", "1/4", "1/3", "1/2", "2/3", "1", "3/2", "2", "4", "8"];

export const show = ({ main, state, ask, catalog, write }) => {
  const now = { instance: state.instance in catalog ? state.instance : "two-arms", beta: BETAS.includes(state.beta) ? state.beta : "1", prompt: state.prompt ?? "0" };
  const figure = h("div"), prompts = h("div", { class: "controls" });
  const draw = latest(async () => {
    write(now);
    try {
      const found = await ask("coverage", catalog[now.instance], now.beta, Number(now.prompt) || 0);
      figure.replaceChildren(picture(found), ...numbers(found));
      if (found.prompts.length > 1 && !prompts.childElementCount)
        prompts.append(...choice("prompt", found.prompts, found.prompts[now.prompt], (name) => { now.prompt = String(found.prompts.indexOf(name)); draw(); }));
    } catch (error) { figure.replaceChildren(sentence(error.message)); }
  });
  main.append(h("div", { class: "columns" },
    h("div", null,
      h("p", null, "The base model gives each response a mass. The best policy tilts it towards reward, and pays for that in KL at the price β. ",
        "How far it tilts is the ratio π*/π_ref, and the largest ratio is the coverage: so many draws from the base model rejection sampling needs, on average, for one draw from π*."),
      h("div", { class: "controls" },
        choice("instance", Object.keys(catalog), now.instance, (name) => { now.instance = name; now.prompt = "0"; prompts.replaceChildren(); draw(); }),
        slider("β, the price of KL", BETAS, now.beta, (beta) => { now.beta = beta; draw(); })),
      prompts,
      h("p", { class: "quiet" }, "Try: at which β does the coverage of two-arms pass 3/2? Why can it never reach 2?")),
    figure));
  draw();
};

const picture = ({ rows, coverage }) => {
  const [width, height, left, low] = [560, 330, 42, 290];
  const top = Math.max(1.2, ...rows.map((row) => row.ratio.value)) * 1.08;
  const x = (mass) => left + mass * (width - left - 8), y = (ratio) => low - (ratio / top) * (low - 12);
  const highest = Math.max(...rows.map((row) => row.ratio.value));
  let before = 0;
  const boxes = rows.map((row) => {
    const from = before;
    before += row.base.value;
    const wide = x(before) - x(from), tallest = row.ratio.value >= highest * (1 - 1e-9);
    return [
      s("rect", { x: x(from), y: y(row.ratio.value), width: Math.max(0.5, wide - 1.5), height: low - y(row.ratio.value), fill: colour(tallest ? "orange" : "blue"), "fill-opacity": 0.75 }),
      wide > 8 * Math.min(row.name.length, 6) ? s("text", { x: x(from) + wide / 2, y: low + 16, "text-anchor": "middle" }, row.name.slice(0, Math.max(3, wide / 8))) : null,
    ];
  });
  const alt = `Rectangles for ${rows.length} responses; the highest ratio at this prompt is ${Number(highest.toPrecision(4))}, the coverage is ${coverage.text}.`;
  return h("figure", null, drawing(width, height, alt, boxes.flat(),
    s("line", { x1: left, x2: width, y1: y(1), y2: y(1), stroke: colour("ink"), "stroke-dasharray": "5 4" }),
    s("text", { x: left - 6, y: y(1) + 4, "text-anchor": "end" }, "1"),
    s("text", { x: left - 6, y: y(highest) + 4, "text-anchor": "end" }, highest > 1.12 ? Number(highest.toPrecision(3)) : ""),
    s("line", { x1: left, x2: width, y1: low, y2: low, stroke: colour("ink") }),
    s("text", { x: width - 6, y: height - 6, "text-anchor": "end" }, "width: mass under π_ref")),
  h("figcaption", null, "Height: the ratio π*/π_ref. Area: the mass under π*. Dashed: where both agree. Orange: the highest at this prompt; the coverage is the highest of all prompts."));
};

const numbers = ({ rows, coverage, gap }) => [
  h("p", { id: "solved" }, "Coverage ", h("span", { class: "number", id: "coverage" }, coverage.text), "; the base model's gap is ", h("span", { class: "number" }, gap.text), "."),
  table(["response", "π_ref", "π*", "ratio"], rows.map((row) => [row.name, row.base.text, row.best.text, row.ratio.text])),
];
