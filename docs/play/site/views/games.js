// The needle games: the exact value of every budget, over all learners, the frontier, and a best learner's moves.

import { colour, drawing, h, latest, s, sentence, slider } from "../draw.js";

export const title = "Games";
export const heading = "The best of all learners: games of finding a needle";
const COMP = Array.from({ length: 25 }, (_, i) => String(i)), DATA = Array.from({ length: 9 }, (_, i) => String(i));
const CS = ["2", "4", "8", "16", "32"], LEVELS = ["1/2", "2/3", "3/4", "9/10"];
const KINDS = { one: "one needle", two: "two needles", graded: "one needle, and rewards say how far it is" };
const NAMES = { one: [2, 12], two: [3, 8], graded: [2, 8] };
const count = (n, what) => `${n} ${what}${Number(n) === 1 ? "" : "s"}`;
const among = (values, value, otherwise) => (values.includes(value) ? value : otherwise);
const names = (kind) => Array.from({ length: NAMES[kind][1] - NAMES[kind][0] + 1 }, (_, i) => String(NAMES[kind][0] + i));

export const show = ({ main, state, ask, write }) => {
  const kind = among(Object.keys(KINDS), state.kind, "one");
  const now = { kind, k: among(names(kind), state.k, "6"), C: among(CS, state.C, "8"), level: among(LEVELS, state.level, "3/4"), samples: among(COMP, state.samples, "2"), rewards: among(DATA, state.rewards, "1"), path: /^\d+(\.\d+)*$/.test(state.path) ? state.path : "" };
  const figure = h("div"), moves = h("div", { id: "moves" }), controls = h("div", { class: "controls" });
  const path = () => (now.path ? now.path.split(".").map(Number) : []);
  const draw = latest(async () => {
    write(now);
    try {
      const found = await ask("game", now.kind, Number(now.k), now.C, now.level, Number(now.samples), Number(now.rewards), path());
      figure.replaceChildren(...picture(found, now));
      moves.replaceChildren(...listing(found, now, (step, i) => {
        now.path = [...found.steps.slice(0, step).map(({ outcomes }) => outcomes.findIndex((each) => each.taken)), i].join(".");
        draw().then(() => document.querySelector(`#moves [data-step="${step}"][data-answer="${i}"]`)?.focus());
      }));
    } catch (error) { figure.replaceChildren(sentence(error.message)); moves.replaceChildren(); }
  });
  const moved = (name) => (value) => { now[name] = value; now.path = ""; draw(); };
  const chosen = h("select", { id: "kind", class: "wide", onchange: () => { now.kind = chosen.value; now.k = among(names(now.kind), now.k, "6"); now.path = ""; put(); draw(); } },
    Object.entries(KINDS).map(([value, words]) => h("option", { value, selected: value === now.kind }, words)));
  const put = () => controls.replaceChildren(h("label", { for: "kind" }, "game"), chosen,
    ...slider("k, names", names(now.kind), now.k, moved("k")), ...slider("C, where 1/C is the needles' mass", CS, now.C, moved("C")),
    ...slider("T_comp, samples", COMP, now.samples, moved("samples")), ...slider("T_data, rewards", DATA, now.rewards, moved("rewards")),
    ...slider("level of the frontier", LEVELS, now.level, moved("level")));
  put();
  main.append(h("div", { class: "columns" },
    h("div", null,
      h("p", null, "One of k names is the needle. A draw from the base model is the needle with probability 1/C, and otherwise the usual answer, which is no needle. A learner may draw T_comp times, ask for the rewards of T_data names, and then names one. ",
        "Over all learners, with all memory and all coins, the best chance to be right is one rational number: the game is solved backwards, belief by belief."),
      controls,
      h("p", { class: "quiet" }, "Try: with C = 32, how many samples do eight rewards save when k = 12? And where rewards say how far the needle is?")),
    h("div", null, figure, moves)));
  draw();
};

const picture = ({ values, least, curve, value, states, members }, { kind, C, level, samples, rewards }) => {
  const [across, up] = [COMP.length, DATA.length], [left, low, w, hgt] = [34, 250, 21, 26], width = left + across * w + 4;
  const x = (c) => left + c * w, y = (d) => low - d * hgt;
  const squares = values.flatMap((row, d) => row.map((chance, c) => s("rect", { x: x(c), y: y(d + 1), width: w, height: hgt, fill: colour("blue"), "fill-opacity": 0.04 + 0.6 * chance ** 2 })));
  const stairs = least.flatMap((c, d) => [[x(c ?? across), y(d)], [x(c ?? across), y(d + 1)]]).map((at) => at.join(",")).join(" ");
  const bound = curve.map((c, d) => [x(Math.min(c, across - 0.5) + 0.5), y(d + 0.5)].map((z) => z.toFixed(1)).join(",")).join(" ");
  const ticks = [...COMP.filter((c) => c % 4 === 0).map((c) => s("text", { x: x(Number(c)) + w / 2, y: low + 16, "text-anchor": "middle" }, c)), ...DATA.filter((d) => d % 2 === 0).map((d) => s("text", { x: left - 8, y: y(Number(d)) - hgt / 2 + 5, "text-anchor": "end" }, d))];
  const told = least.map((c, d) => `${c ?? "more than 24"} with ${d}`).join(", ");
  return [h("figure", null,
    drawing(width, low + 40, `A grid of budgets, bluer where the best learner is right more often. Samples needed for ${level}: ${told} rewards.`, squares, ticks,
      s("polyline", { points: stairs, fill: "none", stroke: colour("orange"), "stroke-width": 2.5 }),
      s("polyline", { points: bound, fill: "none", stroke: colour("ink"), "stroke-width": 1.5, "stroke-dasharray": "5 4" }),
      s("rect", { x: x(Number(samples)), y: y(Number(rewards) + 1), width: w, height: hgt, fill: "none", stroke: colour("ink"), "stroke-width": 2.5 }),
      s("text", { x: width - 4, y: low + 34, "text-anchor": "end" }, "across: samples T_comp; upwards: rewards T_data")),
    h("figcaption", null, `Orange: from here to the right some learner is right with probability ${level}. Dashed: where 1 − (1 − 1/C)^T_comp · binom(k−n, T_data+1)/binom(k, T_data+1), the value with n needles of reward 1, crosses ${level}`,
      kind === "graded" ? "; here rewards say more, and the frontier lies below it." : "; the solved games agree with it.")),
  h("p", null, `With ${count(samples, "sample")} and ${count(rewards, "reward")} the best learner is right with probability `, h("span", { class: "number", id: "game-value" }, value.text), `, and no learner more often (C = ${C}; ${members} instances, ${states} states of belief up to symmetry).`)];
};

const listing = ({ steps }, _, take) => [
  h("h3", null, "A best learner's moves"),
  h("p", { class: "quiet" }, "At each query choose the answer that it gets."),
  h("ol", null, steps.map(({ move, left: [c, d], value, now, outcomes }, step) => h("li", null,
    h("strong", null, move), ` (${count(c, "sample")} and ${count(d, "reward")} left; to name now: ${now.text}; by going on: `, h("span", { class: "number" }, value.text), "). ",
    outcomes.map(({ text, chance, taken }, i) => [h("button", { type: "button", "aria-pressed": String(taken), "data-step": step, "data-answer": i, onclick: () => take(step, i) }, `${text}: ${chance.text}`), " "]).flat()))),
];
