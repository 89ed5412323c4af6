// The reduction from Max-k-DNF: a formula becomes prompts, a learner sees only answers 0, and what it commits to is decoded.

import { colour, drawing, h, latest, s, sentence, slider } from "../draw.js";

export const title = "Reduction";
export const heading = "A learner becomes an algorithm for Max-k-DNF";
const FORMULA = "x1 & x2 | !x1 & x3 | !x2 & !x3 | x1 & !x3", LONGEST = 2_000;
const LEARNERS = { xpo: "XPO, coordinate descent", "xpo-exhaustive": "XPO, exact over all vertices", "online-dpo": "OnlineDPO", "online-dpo-preferences": "OnlineDPO on preferences", passive: "passive exploration", "brute-force": "brute force", naming: "told the best assignment", "coin-flip": "told it, if a coin says so" };
const DRAWS = Array.from({ length: 6 }, (_, i) => String(2 * i + 2)), AS = ["8", "32", "128", "1000", "10000"], SEEDS = Array.from({ length: 12 }, (_, i) => String(i + 1));
const among = (values, value, otherwise) => (values.includes(value) ? value : otherwise);

export const show = ({ main, state, ask, write }) => {
  const now = { learner: among(Object.keys(LEARNERS), state.learner, "xpo"), T: among(DRAWS, state.T, "8"), A: among(AS, state.A, "1000"), seed: among(SEEDS, state.seed, "1"), round: /^\d+$/.test(state.round) ? Number(state.round) : 1 };
  const figure = h("div");
  const text = h("textarea", { id: "formula", class: "short", spellcheck: "false", "aria-label": "Formula: terms joined by |, literals by &, ! for not", oninput: () => { now.round = 1; draw(); } });
  text.value = state.text ?? FORMULA;
  const next = h("button", { type: "button", id: "next", onclick: () => { now.round += 1; draw(); } }, "Next round");
  const first = h("button", { type: "button", onclick: () => { now.round = 0; draw(); } }, "From the start");
  const draw = latest(async () => {
    write({ ...now, text: text.value === FORMULA ? null : text.value });
    if (text.value.length > LONGEST) return figure.replaceChildren(sentence(`This text has ${text.value.length.toLocaleString("en")} characters; a formula has at most ${LONGEST.toLocaleString("en")} here. \`spanner reduce\` takes larger ones.`));
    try {
      const found = await ask("reduce", text.value, now.learner, Number(now.T), now.A, Number(now.seed));
      now.round = Math.min(now.round, found.rounds.length);
      next.disabled = now.round >= found.rounds.length;
      figure.replaceChildren(...picture(found, now));
    } catch (error) { figure.replaceChildren(sentence(error.message)); }
  });
  const moved = (name) => (value) => { now[name] = value; draw(); };
  main.append(h("div", { class: "columns" },
    h("div", null,
      h("p", null, "Each term of the formula is a prompt; answer 1 is rare, and good where a hidden assignment satisfies the term. A proper learner commits to a parameter θ before it sees the prompt. On a null run it is told nothing about the assignment: every answer is 0, with reward 0. ",
        "Round what it commits to, sign by sign, and you have assignments. A learner that would find a rewarded answer within T draws half the time must by then have committed to one that satisfies many terms."),
      text,
      h("div", { class: "controls" }, h("label", { for: "learner" }, "learner"),
        h("select", { id: "learner", class: "wide", onchange: (event) => { now.learner = event.target.value; draw(); } }, Object.entries(LEARNERS).map(([value, words]) => h("option", { value, selected: value === now.learner }, words))),
        slider("T, draws that count", DRAWS, now.T, moved("T")), slider("A, how rare answer 1 is", AS, now.A, moved("A")), slider("seed of the prompts", SEEDS, now.seed, moved("seed"))),
      h("p", null, next, " ", first),
      h("p", { class: "quiet" }, "Try: which learners never leave θ = 0 on a null run? Write a formula that XPO's coordinate descent solves and one that it does not.")),
    figure));
  draw();
};

const picture = (found, { round, A }) => {
  const { terms, star, rounds, best, returned, bound } = found;
  const [left, size, right] = [150, 44, 64], width = Math.max(420, left + terms.length * size + right), shown = rounds.slice(0, round);
  const rows = [{ ...star, name: "a best one" }, ...shown.flatMap(({ committed, term }, i) => committed.map((each, j) => ({ ...each, name: j ? "" : `round ${i + 1}`, term })))];
  const y = (i) => 26 + i * 24 + (i ? 10 : 0);
  const lines = rows.flatMap(({ name, signs, val, satisfied, zero, term }, i) => [
    s("text", { x: 0, y: y(i) + 15 }, name), s("text", { x: left - 12, y: y(i) + 15, "text-anchor": "end", style: "font-family:ui-monospace,monospace" }, signs),
    ...satisfied.map((holds, j) => s("rect", { x: left + j * size, y: y(i), width: size - 4, height: 20, rx: 3, fill: colour(holds ? "green" : "faint"), "fill-opacity": holds ? 0.8 : 0.25, stroke: colour("orange"), "stroke-width": term === j ? 2.5 : 0 })),
    s("text", { x: left + terms.length * size + 4, y: y(i) + 15 }, zero ? `${val}, θ=0` : val)]);
  const committed = shown.flatMap((each) => each.committed), leading = committed.reduce((most, each) => (most === null || each.satisfied.filter(Boolean).length > most.satisfied.filter(Boolean).length ? each : most), null);
  const alt = `A row for each assignment, a column for each of ${terms.length} terms, green where it is satisfied. ${shown.length} of ${rounds.length} rounds; ${leading ? `the best so far is ${leading.signs}, val ${leading.val}` : "nothing is committed to yet"}; the best of all has val ${star.val}.`;
  return [
    h("figure", null, drawing(width, y(rows.length) + 6, alt, terms.map((_, j) => s("text", { x: left + j * size + size / 2 - 2, y: 16, "text-anchor": "middle" }, `t${j + 1}`)), s("text", { x: left + terms.length * size + 4, y: 16 }, "val"), lines),
      h("figcaption", null, `Green: satisfied terms (${terms.map((term, j) => `t${j + 1}: ${term}`).join("; ")}). Orange: the prompt that came after the commitment, answered by 0.`)),
    h("p", { id: "reduced" }, `After ${shown.length} of ${rounds.length} rounds: `, leading ? ["the best so far is ", h("code", null, leading.signs), ", val ", h("span", { class: "number" }, leading.val)] : "nothing yet", "; val* = ", h("span", { class: "number", id: "val-star" }, star.val), ` (${star.count} of ${2 ** found.n} assignments). `,
      shown.length === rounds.length ? [`Of the whole run, `, h("code", null, best ? best.signs : "none"), best ? ", val " : "", h("span", { class: "number", id: "val-best" }, best ? best.val : ""), "; the learner returns ", h("code", null, returned.signs), `, val ${returned.val}.`] : ""),
    h("p", { class: "quiet" }, `${found.learner}. A = ${A} and L = 9: pi_ref answers 1 with p = ${found.p.text}, so the coverage is at most ${found.coverage.text}. The bound 1/(4T) − (L/A)/(1−p), which the best val reaches in one null run of four if the learner finds a rewarded 1 half the time: ${bound.text}${found.promises ? "" : ", which promises nothing: raise A, or lower T"}.`),
  ];
};
