// A grader's verdict on code that is typed: each test vector a square, the smallest that fails, the mistake it resembles.

import { choice, colour, drawing, h, s, sentence } from "../draw.js";

export const title = "Grader";
export const heading = "Is this softmax right? A grader's verdict";
const KEY = "spanner-graded";
const MARKS = {
  bit: { colour: "blue", sign: "✓", words: "right to the last bit" },
  stable: { colour: "green", sign: "≈", words: "as near as a careful program comes" },
  refused: { colour: "grey", sign: "–", words: "refused, as it must be" },
  wrong: { colour: "orange", sign: "✗", words: "wrong" },
};

export const show = ({ main, state, ask, kept, write }) => {
  const place = h("div");
  main.append(place);
  ask("examples").then((known) => place.replaceChildren(...page(known, state, ask, kept, write)), (error) => place.replaceChildren(sentence(error.message)));
};

const page = ({ examples, functions, meanings }, state, ask, kept, write) => {
  const named = (title) => examples.find((each) => each.title === title);
  const now = { example: named(state.example)?.title ?? examples[0].title, function: state.function ?? "", vector: state.vector ?? "" };
  const text = h("textarea", { id: "code", spellcheck: "false", "aria-label": "Your code, in Python", oninput: () => { kept.set(KEY, text.value); remember(); } });
  const about = h("p", { class: "quiet" }), told = h("div", { id: "verdict", role: "status" });
  const remember = () => write({ ...now, text: text.value === named(now.example).code ? null : text.value });
  const open = (typed) => { text.value = typed ?? named(now.example).code; about.textContent = named(now.example).about; remember(); };
  const put = (found) => {
    const chosen = found.functions.find((each) => each.name === now.function) ?? found.functions[0];
    const vector = chosen.vectors.find((each) => each.id === now.vector) ?? chosen.vectors.find((each) => each.id === chosen.smallest) ?? chosen.vectors[0];
    const pick = (id) => { now.vector = id; remember(); put(found); };
    told.replaceChildren(...found.notes.map((note) => h("p", { class: "quiet" }, note)),
      found.functions.length > 1 ? h("div", { class: "controls" }, choice("function", found.functions.map((each) => each.name), chosen.name, (name) => { now.function = name; now.vector = ""; remember(); put(found); })) : "",
      ...verdict(chosen, found.format, vector, pick), ...one(chosen, vector, meanings, pick));
  };
  const grade = async () => {
    told.replaceChildren(h("p", { class: "quiet" }, "Grading …"));
    try { put(await ask("grade", text.value)); } catch (error) { told.replaceChildren(sentence(error.message)); }
  };
  open(state.text ?? (state.example ? null : kept.get(KEY)));
  if (text.value === named(now.example).code) grade();
  return [h("div", { class: "columns" },
    h("div", null,
      h("p", null, "The project's grader asks code for softmax(pi, r, beta) = pi(y) exp(r(y)/β) / Z at inputs that are chosen to show mistakes. It knows the exact value of each answer, and what rounding a careful program may do. ",
        "Change the code, and see what the grader finds. A ValueError is a refusal, due where the question has no answer."),
      h("div", { class: "controls" }, choice("start from", examples.map((each) => each.title), now.example, (title) => { now.example = title; now.function = now.vector = ""; open(); grade(); })),
      about, text,
      h("p", null, h("button", { id: "grade", type: "button", onclick: () => { now.vector = ""; grade(); } }, "Grade it")),
      h("p", { class: "quiet" }, "Try: in the first example, take the largest reward off all rewards first. Two vectors that have a value still fail: why?"),
      h("details", null, h("summary", null, "What else is graded"), h("p", null, "Define any of these functions: ", functions.map((name) => [h("code", null, name), " "]).flat(),
        h("a", { href: "../reference/vectors.html" }, "Their inputs and vectors.")))),
    told)];
};

const verdict = ({ name, marks, vectors, resembles }, format, chosen, pick) => {
  const [across, size] = [18, 30], rows = Math.ceil(vectors.length / across);
  const counts = Object.entries(MARKS).filter(([mark]) => marks[mark]).map(([mark, { words }]) => `${marks[mark]} ${words}`).join(", ");
  const squares = vectors.map((vector, i) => {
    const [x, y, mark] = [(i % across) * size, Math.floor(i / across) * size, MARKS[vector.mark]];
    return s("g", { onclick: () => pick(vector.id), style: "cursor:pointer" }, s("title", null, `${vector.id}: ${vector.verdict}`),
      s("rect", { x: x + 2, y: y + 2, width: size - 4, height: size - 4, rx: 4, fill: colour(mark.colour), "fill-opacity": vector.mark === "wrong" ? 0.85 : 0.3, stroke: colour("ink"), "stroke-width": vector === chosen ? 2.5 : 0 }),
      s("text", { x: x + size / 2, y: y + size / 2 + 5, "text-anchor": "middle" }, mark.sign));
  });
  return [
    h("p", { id: "marks", "data-wrong": marks.wrong }, h("code", null, name), `, ${vectors.length} vectors in ${format}: `,
      Object.entries(MARKS).filter(([mark]) => marks[mark]).flatMap(([mark, { words, sign }], i) => [i ? ", " : "", h("span", { class: mark === "wrong" ? "bad" : "number" }, `${sign} ${marks[mark]}`), ` ${words}`]), "."),
    h("figure", null, drawing(across * size, rows * size, `${vectors.length} squares, one for each vector of ${name}: ${counts}. The list below names each.`, squares)),
    resembles.length ? h("p", { id: "resembles" }, "It fails nearly the same vectors as ",
      resembles.flatMap(({ mutant, both, either, why }, i) => [i ? ", and as " : "", h("strong", null, mutant.split("/")[1].replaceAll("-", " ")), ` (${both} of ${either}): ${why.replaceAll("``", "")}`])) : "",
  ];
};

const one = ({ vectors, smallest }, vector, meanings, pick) => [
  h("div", { class: "controls" }, h("label", { for: "vector" }, "vector"),
    h("select", { id: "vector", class: "wide", onchange: (event) => { const { value } = event.target; pick(value); document.getElementById("vector").focus(); } },
      Object.entries(MARKS).map(([mark, { words }]) => [mark, words, vectors.filter((each) => each.mark === mark)]).filter(([, , listed]) => listed.length).reverse().map(([, words, listed]) =>
        h("optgroup", { label: words }, listed.map((each) => h("option", { value: each.id, selected: each === vector }, `${each.id}: ${each.comment}`)))))),
  h("p", null, vector.id === smallest ? "The smallest input that fails: " : "", `${vector.comment}. `, h("span", { class: vector.mark === "wrong" ? "bad" : "good" }, vector.verdict), `: ${vector.said || meanings[vector.verdict]}`),
  h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The vector" }, h("table", { class: "folded" }, h("tbody", null,
    [...Object.entries(vector.input), ["value", vector.value], ["answered", vector.answered]].map(([name, value]) => h("tr", null, h("th", { scope: "row" }, name), h("td", null, value)))))),
  vector.shows.length ? h("p", { class: "quiet" }, `What it can show: ${vector.shows.join("; ")}.`) : "",
];
