// Elements and figures, without a framework.

const SVG = "http://www.w3.org/2000/svg";

const fill = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes ?? {}))
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
};

/** An HTML element. */
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element. */
export const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** A drawing with a text for those who do not see it. */
export const drawing = (width, height, alt, ...children) =>
  s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": alt }, ...children);

export const colour = (name) => `var(--figure-${name})`;

/** Text with `code` and paragraphs. */
export const prose = (text) => text.split("\n\n").map((paragraph) =>
  h("p", null, paragraph.split(/`([^`]*)`/).map((part, i) => (i % 2 ? h("code", null, part) : part))));

export const table = (heads, rows) => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of numbers" },
  h("table", null, h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((cell) => h("td", null, cell)))))));

let counted = 0;

/** A labelled slider over a list of texts; `changed` gets the text. */
export const slider = (label, values, value, changed) => {
  const id = `slider-${++counted}`;
  const output = h("output", { for: id }, value);
  const input = h("input", { id, type: "range", min: 0, max: values.length - 1, step: 1, value: Math.max(0, values.indexOf(value)), "aria-valuetext": value,
    oninput: () => { const chosen = values[input.value]; output.value = chosen; input.setAttribute("aria-valuetext", chosen); changed(chosen); } });
  return [h("label", { for: id }, label), input, output];
};

/** A labelled choice. */
export const choice = (label, values, value, changed) => {
  const id = `choice-${++counted}`;
  return [h("label", { for: id }, label), h("select", { id, class: "wide", onchange: (event) => changed(event.target.value) },
    values.map((each) => h("option", { value: each, selected: each === value }, each)))];
};

/** A sentence in place of an answer. */
export const sentence = (text) => h("p", { class: "sentence", role: "alert" }, text);

/** Run only the last of what is asked for while something runs: for sliders. */
export const latest = (run) => {
  let running = false, next = null;
  const go = async (...args) => {
    if (running) { next = args; return; }
    running = true;
    try { await run(...args); } finally { running = false; if (next) { const again = next; next = null; go(...again); } }
  };
  return go;
};
