// One program, two readings: the tree of all its runs, and in it the run of one seed.

import { choice, colour, drawing, h, latest, s, sentence, slider, table } from "../draw.js";
import { edge, lineage, placed, short, tall, wide } from "../tree.js";

export const title = "Two readings";
export const heading = "One program, two readings: one run, or all of them";
const PROGRAMS = ["rejection", "softmax-sampler", "spanner, phase 1"], NS = ["1", "2", "3", "4"];
const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));
const among = (values, value, otherwise) => (values.includes(value) ? value : otherwise);

export const show = ({ main, state, ask, catalog, linear, write }) => {
  const instances = linear.filter((name) => JSON.parse(catalog[name]).prompts.length === 1);
  const now = { program: among(PROGRAMS, state.program, "softmax-sampler"), instance: among(instances, state.instance, "two-arms"), N: among(NS, state.N, "1"), seed: among(SEEDS, state.seed, "1") };
  const figure = h("div");
  let found = null;
  const light = () => { write(now); if (found) figure.replaceChildren(...picture(found, now, wide(main))); };
  const draw = latest(async () => {
    write(now);
    try { found = await ask("readings", catalog[now.instance], now.program, Number(now.N)); light(); }
    catch (error) { found = null; figure.replaceChildren(sentence(error.message)); }
  });
  const seed = slider("seed", SEEDS, now.seed, (chosen) => { now.seed = chosen; light(); });
  const next = h("button", { type: "button", onclick: () => { const input = seed[1]; input.value = (Number(input.value) + 1) % SEEDS.length; input.dispatchEvent(new Event("input")); } }, "Next seed");
  main.append(h("div", { class: "columns" },
    h("div", null,
      h("p", null, "A program here is a function that draws. Read with a seed, it makes one run: the orange path. Read exhaustively, it makes every run: the whole tree. ",
        "A run's probability is the product of those of its draws; all runs that end alike, added up, are the exact law of the program."),
      h("div", { class: "controls" },
        choice("program", PROGRAMS, now.program, (name) => { now.program = name; draw(); }),
        choice("instance", instances, now.instance, (name) => { now.instance = name; draw(); }),
        choice("N", NS, now.N, (N) => { now.N = N; draw(); }),
        seed),
      h("p", null, next),
      h("p", { class: "quiet" }, "N: trials; of softmax-sampler (M = 2) as many draws for Ẑ before them; in phase 1, pairs of responses. “keep”: the coin of a trial. ",
        "Try: how does the number of runs grow with N, and how that of the merged draws?")),
    figure));
  draw();
};

const picture = (found, { seed }, width) => {
  const { law, runs, asked, seeded } = found, soFar = seeded.slice(0, seed);
  return [
    runs === null ? sentence("More than 64 runs: they are not drawn. Merged, the law is exact all the same.") : tree(found, seed, width),
    h("p", { id: "run" }, `Seed ${seed} `, runs === null ? "" : told(found, seed), " ends with ", h("span", { class: "number" }, seeded[seed - 1]), ...(runs === null ? ["."] : [". This run has probability ", h("span", { class: "number" }, end(found, seed).mass.text), "."])),
    table(["ends with", ...(runs === null ? [] : ["runs"]), "exact law", `of seeds 1 to ${seed}`], law.map((each) =>
      [each.result, ...(runs === null ? [] : [String(each.runs)]), each.mass.text, String(soFar.filter((result) => result === each.result).length)])),
    h("p", { id: "asked" }, runs === null ? "" : [`Run by run, the program is asked for `, h("span", { class: "number" }, String(asked.runs)), " draws. "],
      "Where a loop comes to the same state twice, the exhaustive reading merges: ", runs === null ? "the" : "the same", " law from ", h("span", { class: "number" }, String(asked.merged)), " draws."),
  ];
};

const end = ({ nodes, leaves }, seed) => nodes[leaves[seed - 1]];

const told = ({ nodes, leaves, draws }, seed) => {
  const drawn = lineage(nodes, leaves[seed - 1]).slice(1).map((i) => nodes[i]);
  return ["draws ", ...drawn.flatMap((node, k) => [k ? ", then " : "", h("b", null, node.drawn), ` (${draws[k]}, ${node.share.text})`]), drawn.length ? ", and" : "nothing, and"];
};

const tree = ({ nodes, draws, runs, leaves: ends }, seed, width) => {
  const { depth, rows, leaves, levels } = placed(nodes), lit = lineage(nodes, ends[seed - 1]), last = nodes[lit.at(-1)];
  const row = leaves <= 16 ? 22 : 15, [left, top, right] = [8, 34, 108];
  const step = (width - left - right) / Math.max(1, levels), height = top + leaves * row;
  const x = (i) => left + depth[i] * step, y = (i) => top + rows[i] * row, isLit = (i) => lit.includes(i);
  const named = (i) => isLit(i) || (leaves <= 32 && step >= 40);
  const order = nodes.map((_, i) => i).filter((i) => nodes[i].parent !== null).sort((a, b) => isLit(a) - isLit(b)); // the lit ones on top
  const lines = order.map((i) => edge(x(nodes[i].parent), y(nodes[i].parent), x(i), y(i), { stroke: colour(isLit(i) ? "orange" : "faint"), "stroke-width": (1 + 7 * Math.sqrt(nodes[i].mass.value)).toFixed(1) }));
  const names = order.filter(named).map((i) => s("text", { x: x(i) - 4, y: y(i) - 3, "text-anchor": "end", class: isLit(i) ? "over lit" : "over" }, short(nodes[i].drawn, Math.max(3, Math.floor(step / 7)))));
  const marks = nodes.flatMap((node, i) => (node.result === "" ? [] : [
    s("circle", { cx: x(i), cy: y(i), r: isLit(i) ? 5 : 3, fill: colour(isLit(i) ? "orange" : "blue") }),
    s("text", { x: x(i) + 8, y: y(i) + 4, class: isLit(i) ? "lit" : null }, `${short(node.result, 9)} ${node.mass.text}`),
  ]));
  const heads = draws.slice(0, levels).map((text, k) => s("text", { x: left + (k + 1) * step - 4, y: 14, "text-anchor": "end" }, text));
  const alt = `The tree of all ${runs} runs, and in it the run of seed ${seed}, which ends with ${last.result} and has probability ${last.mass.text}.`;
  return h("figure", null, tall(drawing(width, height, alt, heads, lines, names, marks)),
    h("figcaption", null, `All ${runs} runs with their exact probabilities; as thick as probable. Orange: the run of seed ${seed}.`));
};
