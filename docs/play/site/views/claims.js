// The counterexample explorer: an instance as text, and what is claimed of every instance, both sides as bars.

import { choice, colour, h, sentence, table } from "../draw.js";

export const title = "Claims";
export const heading = "Look for a counterexample";
const LONGEST = 200_000;

export const show = ({ main, state, ask, catalog, kept, write }) => {
  const name = state.instance in catalog ? state.instance : "two-arms";
  const text = h("textarea", { id: "text", spellcheck: "false", "aria-label": "Instance, as JSON", oninput: () => changed() });
  const found = h("div", { id: "found" }), list = h("div", { id: "claims" });
  let instance = name;
  text.value = state.text ?? catalog[name];
  const changed = () => { write(text.value === catalog[instance] ? { instance } : { instance, text: text.value }); };
  const within = () => {
    if (text.value.length <= LONGEST) return true;
    found.replaceChildren(sentence(`This text has ${text.value.length.toLocaleString("en")} characters; the page reads up to ${LONGEST.toLocaleString("en")}. Paste a smaller instance, or use \`spanner verify --on FILE\`.`));
    return false;
  };
  text.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text") ?? "";
    if (pasted.length > LONGEST) {
      event.preventDefault();
      found.replaceChildren(sentence(`What you pasted has ${pasted.length.toLocaleString("en")} characters; the page reads up to ${LONGEST.toLocaleString("en")}. The text above is as it was.`));
    }
  });
  const solve = async () => {
    list.replaceChildren();
    if (!within()) return;
    try {
      const { coverage, gap, rows } = await ask("coverage", text.value);
      found.replaceChildren(h("p", null, "Coverage ", h("span", { class: "number", id: "coverage" }, coverage.text), "; gap of the base model ", h("span", { class: "number" }, gap.text), "."),
        table(["response", "π_ref", "π*", "ratio"], rows.map((row) => [row.name, row.base.text, row.best.text, row.ratio.text])));
    } catch (error) { found.replaceChildren(sentence(error.message)); }
  };
  const verify = async () => {
    if (!within()) return;
    found.replaceChildren(h("p", { class: "quiet" }, "The claims are loaded, the first time for some seconds …"));
    list.replaceChildren();
    const source = text.value;
    try {
      const { claims } = await ask("claims", source);
      const count = { holds: 0, violated: 0 };
      for (const claim of claims) {
        const told = await ask("claim", source, claim.id).catch((error) => ({ word: "not decided", why: error.message, cases: 0, sides: null }));
        if (source !== text.value) return found.replaceChildren(sentence("The text was changed meanwhile: decide again."));
        count[told.word] = (count[told.word] ?? 0) + 1;
        list.append(row(claim, told, (mutated) => ask("claim", source, claim.id, mutated)));
        found.replaceChildren(h("p", { id: "count" }, `${count.holds} of ${claims.length} claims hold`, count.violated ? h("span", { class: "bad" }, `; ${count.violated} violated: keep this instance, it is a finding`) : "", "."));
      }
      list.dataset.done = "yes";
    } catch (error) { found.replaceChildren(sentence(error.message)); }
  };
  main.append(h("p", null, "Every claim below is decided exactly on the instance in the box. Edit it: can you break one? Switch a claim to its false variant, with one constant or sign changed, and you may. ",
      h("a", { href: "../reference/instance-format.html" }, "The format.")),
    h("div", { class: "controls" }, choice("start from", Object.keys(catalog), instance, (chosen) => { instance = chosen; text.value = catalog[chosen]; changed(); solve(); })),
    h("div", { class: "columns" },
      h("div", null, text, h("p", null, h("button", { id: "solve", type: "button", onclick: solve }, "Solve"), " ", h("button", { id: "verify", type: "button", onclick: verify }, "Decide every claim"))),
      h("div", null, found, list)));
  solve();
};

const row = (claim, told, decide) => {
  const shown = h("div");
  const put = (now) => shown.replaceChildren(...verdict(now));
  put(told);
  const toggle = claim.variant ? h("label", null, h("input", { type: "checkbox", onchange: async (event) => {
    shown.replaceChildren(h("p", { class: "quiet" }, "…"));
    try { put(await decide(event.target.checked)); } catch (error) { shown.replaceChildren(sentence(error.message)); }
  } }), ` false variant: ${claim.variant}`) : h("span", { class: "quiet" }, "Its false variant needs an instance of its own.");
  return h("div", { class: "claim", "data-claim": claim.id },
    h("p", null, h("a", { href: `../reference/theory/${claim.page}.html#${claim.id}` }, claim.id), `: ${claim.title}`), shown, h("p", null, toggle));
};

const verdict = ({ word, cases, why, sides, statement }) => {
  const mark = { holds: "good", violated: "bad" }[word] ?? "quiet";
  const lines = [h("p", null, h("span", { class: mark }, word), cases ? ` in ${cases} ${cases === 1 ? "case" : "cases"}` : "", why ? `. ${why}` : "")];
  if (sides) {
    const most = Math.max(Math.abs(sides.left.value), Math.abs(sides.right.value)) || 1;
    const bar = ({ text, value }, name) => h("div", { class: "bar" }, h("span", null, text), h("i", { style: `width:${(100 * Math.abs(value)) / most}%;background:${colour(name)}` }));
    lines.push(h("p", { class: "quiet" }, word === "violated" ? "the first violated case: " : "the tightest case: ", statement),
      h("div", { class: "bars" }, bar(sides.left, "blue"), h("span", null, sides.relation), bar(sides.right, "orange")));
  }
  return lines;
};
