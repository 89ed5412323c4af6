// MTSS on the needle path, pass by pass: a row is a walk, a column a layer.

import { choice, colour, drawing, h, latest, s, sentence, slider, table } from "../draw.js";
import { tall, wide } from "../tree.js";

export const title = "MTSS";
export const heading = "MTSS sweeps the needle path, with and without looks in roll-outs";
const HS = Array.from({ length: 6 }, (_, i) => String(i + 2)), ROLLS = ["1", "2", "3", "4"];
const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1)), PASSES = Array.from({ length: 8 }, (_, i) => String(i + 1));
const LOOKS = { yes: "look, too", no: "do not look" }, LONGEST_LAW = 4;
const among = (values, value, otherwise) => (values.includes(value) ? value : otherwise);

export const show = ({ main, state, ask, write }) => {
  const now = { looks: among(Object.keys(LOOKS), state.looks, "yes"), H: among(HS, state.H, "6"), rolls: among(ROLLS, state.rolls, "4"), seed: among(SEEDS, state.seed, "1"), pass: among(PASSES, state.pass, "1") };
  const figure = h("div"), chance = h("p", { role: "status" });
  let found = null;
  const turn = () => { write(now); if (found) figure.replaceChildren(...picture(found, now, wide(main)), chance); };
  const draw = latest(async () => {
    write(now);
    try {
      found = await ask(now.looks === "yes" ? "sweeps" : "sweeps-in-roll-ins", Number(now.H), Number(now.rolls), Number(now.seed));
      chance.replaceChildren(...(now.looks === "no" && found.H <= LONGEST_LAW ? [h("button", { type: "button", onclick: () => all(now.H, now.rolls) }, "All layers covered: how probable?")] : []));
      turn();
    } catch (error) { found = null; figure.replaceChildren(sentence(error.message)); }
  });
  const all = async (H, rolls) => {
    try { chance.replaceChildren("Over all runs, all layers are covered with probability ", h("span", { class: "number" }, (await ask("chance-in-roll-ins", Number(H), Number(rolls))).chance.text), "."); }
    catch (error) { chance.replaceChildren(sentence(error.message)); }
  };
  const changed = (name) => (value) => { now[name] = value; draw(); };
  const pass = slider("pass", PASSES, now.pass, (value) => { now.pass = value; turn(); });
  const next = h("button", { type: "button", onclick: () => { const input = pass[1]; input.value = found && Number(input.value) + 1 >= found.steps.length ? 0 : Number(input.value) + 1; input.dispatchEvent(new Event("input")); } }, "Next pass");
  main.append(h("div", { class: "columns" },
    h("div", null,
      h("p", null, "One string of H fair bits earns everything, and the features see only whether a prefix belongs to it. A layer is covered by a pair of tokens at that one prefix. ",
        "MTSS walks down from the root (roll-ins), and from the pairs it has stored (roll-outs), and asks at each prefix for the tokens there. Where it meets a pair that is not covered, it stores it, and the next pass begins. ",
        "A roll-out starts where the last layer was covered, so it hands over to the next. Without looks in roll-outs, a roll-in has to find the way by luck."),
      h("div", { class: "controls" },
        choice("roll-outs", Object.values(LOOKS), LOOKS[now.looks], (words) => changed("looks")(words === LOOKS.yes ? "yes" : "no")),
        pass, slider("H, tokens", HS, now.H, changed("H")), slider("roll-ins in a pass", ROLLS, now.rolls, changed("rolls")), slider("seed", SEEDS, now.seed, changed("seed"))),
      h("p", null, next),
      h("p", { class: "quiet" }, "Try: without looks, is there a seed that covers all of 6 layers, and with how many roll-ins? With looks, does a seed ever fail?")),
    figure));
  draw();
};

const picture = (found, { pass }, width) => {
  const last = found.steps.length, number = Math.min(Number(pass), last), step = found.steps[number - 1];
  const listed = step.listed.reduce((a, b) => a + b, 0), met = step.met === null ? null : step.walks.at(-1);
  return [
    grid(found, number, width),
    h("p", { id: "pass" }, `Pass ${number} of ${last}: `, met ? `a ${met.roll_in ? "roll-in" : "roll-out"} meets a pair in layer ${step.met}` : "no walk meets a pair, and the run ends", ". So far ",
      h("span", { class: "number" }, String(listed)), " tokens listed and ", h("span", { class: "number" }, String(step.rewards)), " rewards asked for."),
    h("p", { id: "whole" }, "The whole run: ", h("span", { class: "number" }, `${found.covered} of ${found.H}`), " layers covered, ", h("span", { class: "number" }, String(found.listed)), " tokens listed, ",
      h("span", { class: "number" }, String(found.rewards)), " rewards. Gap: ", h("span", { class: "number" }, found.gap.text), "; that of the base model is ", h("span", { class: "number" }, found.base.text), "."),
    table(["layer", "covered", "tokens listed"], step.listed.map((tokens, k) => [String(k + 1), step.covered.includes(k + 1) ? "yes" : "no", String(tokens)])),
  ];
};

const grid = ({ H, steps }, number, width) => {
  const { walks, met, covered } = steps[number - 1], [left, top, row, right] = [width < 480 ? 72 : 84, 58, 18, 30];
  const gap = (width - left - right) / H, height = top + walks.length * row + 6;
  const x = (k) => left + k * gap, size = 11;
  let ins = 0;
  const heads = Array.from({ length: H }, (_, k) => [
    s("text", { x: x(k), y: 14, "text-anchor": "middle" }, String(k + 1)),
    s("rect", { x: x(k) - size / 2, y: 24, width: size, height: size, stroke: colour("green"), fill: covered.includes(k + 1) ? colour("green") : "none", "stroke-width": 1.5 }),
  ]);
  const rows = walks.map(({ roll_in, start, on_path, reward }, i) => {
    const y = top + i * row, meets = met !== null && i === walks.length - 1;
    const end = x(start + on_path.length - 1), whole = roll_in && !meets ? x(H) : end;
    return [
      s("text", { x: 4, y: y + 4 }, roll_in ? `in ${++ins}` : `out of ${start}`),
      roll_in ? null : s("line", { x1: x(start - 1), x2: x(start), y1: y, y2: y, stroke: colour("ink"), "stroke-dasharray": "2 3" }),
      s("line", { x1: x(start), x2: whole, y1: y, y2: y, stroke: colour(roll_in ? "blue" : "purple"), "stroke-width": 1.5 }),
      on_path.map((on, k) => (start + k === H ? null : s("circle", { cx: x(start + k), cy: y, r: 4.5, fill: on ? colour(roll_in ? "blue" : "purple") : "var(--page)", stroke: colour(on ? (roll_in ? "blue" : "purple") : "faint"), "stroke-width": 1.5 }))),
      meets ? s("path", { d: `M${end} ${y - 9}l9 9l-9 9l-9 -9z`, fill: "none", stroke: colour("orange"), "stroke-width": 3 }) : null,
      reward === null ? null : s("text", { x: x(H), y: y + 5, "text-anchor": "middle", class: "over lit" }, reward === "0" ? "0" : "★"),
    ];
  });
  const seen = walks.reduce((sum, walk) => sum + walk.on_path.length, 0), on = walks.reduce((sum, walk) => sum + walk.on_path.filter(Boolean).length, 0);
  const alt = `Pass ${number}: ${walks.length} walks over ${H} layers, of which ${covered.length} are covered. They come to ${seen} prefixes, ${on} of them on the path; ${met === null ? "no pair is met" : `the last meets a pair in layer ${met}`}.`;
  return h("figure", null, tall(drawing(width, height, alt, s("text", { x: 4, y: 14 }, "layer"), s("text", { x: 4, y: 34 }, "covered"), heads.flat(), rows.flat(2))),
    h("figcaption", null, "A row is a walk: blue a roll-in, purple a roll-out (“out of 3”: from a token of the stored pair of layer 3). A circle is a prefix, full if it is on the path. Orange: a pair is met, and the pass ends. 0 or ★: a reward is asked for, and is nothing or all."));
};
