// The exercises: a text, an answer that is typed, and an exact decision with a hint.

import { h, prose, sentence } from "../draw.js";

export const title = "Exercises";
export const heading = "Exercises that check themselves";
const LONGEST = 100_000;
const KINDS = { instance: "an instance, as JSON", answer: "a small JSON text", learner: "a Python function learner(oracles)" };

export const show = ({ main, state, ask, kept, write }) => {
  const place = h("div");
  main.append(place);
  ask("exercises").then(({ exercises }) => place.replaceChildren(...page(exercises, state, ask, kept, write)), (error) => place.replaceChildren(sentence(error.message)));
};

const page = (exercises, state, ask, kept, write) => {
  const names = exercises.map((each) => each.name);
  let chosen = exercises[Math.max(0, names.indexOf(state.exercise))];
  const text = h("textarea", { id: "answer", spellcheck: "false", "aria-label": "Your answer", oninput: () => remember() });
  const about = h("div"), told = h("div", { id: "told", role: "status" });
  const key = () => `spanner-exercise-${chosen.name}`;
  const remember = () => { kept.set(key(), text.value); write({ exercise: chosen.name, text: text.value === chosen.start ? null : text.value }); };
  const open = (typed) => {
    about.replaceChildren(h("h3", null, `${chosen.title} (${chosen.level})`), ...prose(chosen.text), h("p", { class: "quiet" }, `The answer is ${KINDS[chosen.kind]}. ${chosen.result}: ${chosen.words}`));
    text.value = typed ?? kept.get(key()) ?? chosen.start;
    told.replaceChildren();
    write({ exercise: chosen.name, text: text.value === chosen.start ? null : text.value });
  };
  const check = async () => {
    if (text.value.length > LONGEST) return told.replaceChildren(sentence(`This text has ${text.value.length.toLocaleString("en")} characters; an answer has at most ${LONGEST.toLocaleString("en")}. Make it shorter.`));
    told.replaceChildren(h("p", { class: "quiet" }, "Deciding …"));
    try {
      const { solved, met, failed, hint } = await ask("check", chosen.name, text.value);
      told.replaceChildren(h("ul", null, met.map((line) => h("li", null, `✓ ${line}`)), failed ? h("li", { class: "bad" }, `✗ ${failed}`) : null),
        solved ? h("p", { class: "good" }, "Solved.") : h("p", null, `Hint: ${hint}`));
    } catch (error) { told.replaceChildren(sentence(error.message)); }
  };
  const results = [...new Set(exercises.map((each) => each.result))];
  const list = h("select", { id: "exercise", class: "wide", onchange: () => { chosen = exercises[names.indexOf(list.value)]; open(); } },
    results.map((result) => h("optgroup", { label: result }, exercises.filter((each) => each.result === result).map((each) =>
      h("option", { value: each.name, selected: each === chosen }, `${each.title} (${each.level})`)))));
  open(state.text);
  return [h("div", { class: "controls" }, h("label", { for: "exercise" }, "exercise"), list),
    h("div", { class: "columns" }, h("div", null, about),
      h("div", null, text, h("p", null, h("button", { id: "check", type: "button", onclick: check }, "Check"), " ",
        h("button", { type: "button", onclick: () => { text.value = chosen.start; remember(); } }, "Start over")), told))];
};
