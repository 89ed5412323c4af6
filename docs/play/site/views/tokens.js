// The tree of tokens: at each prefix its soft value, at each token how likely the base model and a tilted one take it.

import { choice, colour, drawing, h, latest, s, sentence, slider, table } from "../draw.js";
import { edge, placed, short, tall, wide } from "../tree.js";

export const title = "Token tree";
export const heading = "The token tree: soft values, and how far a policy leans";
const SCALES = ["0", "1/4", "1/2", "3/4", "1", "5/4", "3/2", "2", "3"], DEPTHS = ["1", "2", "3", "4", "5", "6"];
const REST = 200; // milliseconds without a move after which the gap is computed: it takes longer than the tree
const among = (values, value, otherwise) => (values.includes(value) ? value : otherwise);

export const show = ({ main, state, ask, catalog, write }) => {
  const now = { instance: state.instance in catalog ? state.instance : "needle-path-4", scale: among(SCALES, state.scale, "1"), depth: among(DEPTHS, state.depth, "4"), prompt: state.prompt ?? "0" };
  const worth = h("p", { id: "gap" });
  let resting = null;
  const figure = h("div"), prompts = h("div", { class: "controls" });
  const draw = latest(async () => {
    write(now);
    try {
      const found = await ask("soft-tree", catalog[now.instance], now.scale, Number(now.depth), Number(now.prompt) || 0);
      worth.replaceChildren(...told(found));
      figure.replaceChildren(...picture(found, now, wide(main), worth));
      clearTimeout(resting);
      if (found.theta !== null) resting = setTimeout(weigh, REST, found, now.instance, now.scale);
      if (found.prompts.length > 1 && !prompts.childElementCount)
        prompts.append(...choice("prompt", found.prompts, found.prompts[now.prompt], (name) => { now.prompt = String(found.prompts.indexOf(name)); draw(); }));
    } catch (error) { figure.replaceChildren(sentence(error.message)); }
  });
  const weigh = async (found, instance, scale) => {
    try {
      const { gap, coverage } = await ask("tilted-gap", catalog[instance], scale);
      if (instance === now.instance && scale === now.scale) worth.replaceChildren(...told(found), ": gap ", h("span", { class: "number" }, gap.text), ", coverage ", h("span", { class: "number" }, coverage.text), ".");
    } catch (error) { worth.replaceChildren(...told(found), `. ${error.message}`); }
  };
  const changed = (name) => (value) => { now[name] = value; draw(); };
  main.append(h("div", { class: "columns" },
    h("div", null,
      h("p", null, "A response is a path from the root. A prefix is worth V: its reward if it is complete, else β log of the mean of exp(V/β) over what the base model says next. ",
        "The best policy takes each token with the base model's probability times exp(V/β). If it is a softmax of the features, one θ for each layer says how; here θ is t times that one: ",
        "t = 0 is the base model, t = 1 the best policy, more leans too far."),
      h("div", { class: "controls" },
        choice("instance", Object.keys(catalog), now.instance, (name) => { now.instance = name; now.prompt = "0"; prompts.replaceChildren(); draw(); }),
        slider("depth", DEPTHS, now.depth, changed("depth")), slider("t, in θ = t θ*", SCALES, now.scale, changed("scale"))),
      prompts,
      h("p", { class: "quiet" }, "Try: on which side of t = 1 does the gap grow faster? On linear-not-realizable no θ is right: what does π* know that the features do not say?")),
    figure));
  draw();
};

const told = ({ theta, why }) => (theta === null
  ? [`There is no t to be moved here, and π* is shown: ${why}.`]
  : ["θ = ", h("span", { class: "number" }, theta.map((layer) => `(${layer.join(", ")})`).join("; "))]);

const picture = (found, { scale }, width, worth) => {
  const { nodes, depth, horizon, theta } = found;
  const chosen = theta === null ? "π*" : scale === "1" ? "π* = π_θ" : "π_θ";
  const root = nodes[0].value.text;
  return [
    tree(found, chosen, width),
    h("p", { id: "value" }, "The root is worth V = ", h("span", { class: "number" }, root), "; the coverage of π* is ", h("span", { class: "number" }, found.best.text), ".",
      depth < horizon ? ` Shown are the first ${depth} of ${horizon} tokens.` : ""),
    worth,
    h("details", null, h("summary", null, "All numbers of the figure"),
      table(["prefix", "V", "π_ref", "π*", ...(theta === null ? [] : ["π_θ"])], nodes.map((node, i) => [spelled(nodes, i) || "root", node.value.text, ...(node.masses.length ? node.masses.map(({ text }) => text) : ["", "", ...(theta === null ? [] : [""])])]))),
  ];
};

const spelled = (nodes, i) => (nodes[i].parent === null ? "" : `${spelled(nodes, nodes[i].parent)} ${nodes[i].token}`.trim());

const rounded = ({ text, value }) => (text.length <= 6 ? text : `≈${Number(value.toPrecision(3))}`);

const tree = ({ nodes, prompts, name, theta }, chosen, width) => {
  const { depth, rows, leaves, levels } = placed(nodes);
  const row = leaves <= 16 ? 30 : 15, [left, top, right] = [62, 20, 76];
  const step = (width - left - right) / levels, height = top + leaves * row + 6;
  const x = (i) => left + depth[i] * step, y = (i) => top + rows[i] * row, inner = nodes.map((_, i) => i).slice(1);
  const reach = (which) => nodes.reduce((found, node) => [...found, node.parent === null ? 1 : found[node.parent] * node.masses[which].value], []);
  const lean = theta === null ? 1 : 2; // of the masses: pi_ref, pi*, pi_theta
  const lines = [[0, "faint", -1.5], [lean, "orange", 1.5]].map(([which, paint, off]) => {
    const masses = reach(which);
    return inner.map((i) => edge(x(nodes[i].parent), y(nodes[i].parent) + off, x(i), y(i) + off, { stroke: colour(paint), "stroke-width": (0.4 + 7 * Math.sqrt(masses[i])).toFixed(2), "stroke-opacity": which === 0 ? 1 : 0.8 }));
  });
  const words = (i) => {
    const token = short(nodes[i].token, Math.max(2, Math.floor(step / 16))), mass = rounded(nodes[i].masses[lean]);
    return step < 64 ? token : `${token}: ${mass}`;
  };
  const falls = (i) => rows[i] > rows[nodes[i].parent], last = (i) => depth[i] === levels; // texts stand off the lines, where there is room
  const apart = Array.from({ length: levels + 1 }, (_, level) => Math.min(...inner.filter((i) => depth[i] === level).map((i) => y(i)).sort((a, b) => a - b).map((at, k, all) => (k ? at - all[k - 1] : 99))));
  const names = inner.filter((i) => apart[depth[i]] >= 28).map((i) => s("text", { x: x(i) - 10, y: y(i) + (falls(i) ? 14 : -5), "text-anchor": "end", class: "over" }, words(i)));
  const stand = (i) => (i === 0 ? [-8, 4, "end"] : last(i) ? [8, 4, "start"] : [0, falls(i) ? -8 : 17, "middle"]);
  const values = nodes.map((node, i) => {
    const [right, down, anchor] = stand(i);
    return i === 0 || last(i) || apart[depth[i]] >= 40 ? s("text", { x: x(i) + right, y: y(i) + down, "text-anchor": anchor, class: "over lit" }, rounded(node.value)) : null;
  });
  const dots = nodes.map((_, i) => s("circle", { cx: x(i), cy: y(i), r: 3.5, fill: colour("blue") }));
  const best = inner.filter(last).reduce((a, b) => (reach(lean)[b] > reach(lean)[a] ? b : a));
  const alt = `The tokens of ${name}, ${leaves} prefixes of ${levels}, each with its soft value; the root is worth ${nodes[0].value.text}. ${chosen} takes ${spelled(nodes, best) || "the only one"} most often.`;
  return h("figure", null, tall(drawing(width, height, alt, lines.flat(), dots, names, values)),
    h("figcaption", null, `Bold: V. Lines: how often a prefix is reached, grey by π_ref, orange by ${chosen}${step < 64 ? "" : `; at a token, its probability under ${chosen}`}.${prompts.length > 1 ? " One prompt of several is shown." : ""}`));
};
