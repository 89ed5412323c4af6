/* "Run this": a cell of a tutorial runs in the reader's browser, in the playground's Python, after the cells before it. */
(() => {
  const play = new URL("../play/", document.currentScript.src);
  const LIMIT = 300_000; // milliseconds: some cells work for a minute
  const WITHOUT = "What is printed on this page is what they gave when it was built.";
  const name = location.pathname.split("/").pop();
  let cells = [], shown = null, python = null, busy = false;

  const started = () => (python ??= (async () => {
    if (location.protocol === "file:") throw new Error(`Cells run where a file server serves this page, such as "python -m http.server" in its folder. ${WITHOUT}`);
    const values = await fetch(new URL("values.json", play)).catch(() => null);
    const digest = values?.ok ? (await values.json()).python : null;
    if (!digest) throw new Error(`This copy of the documentation was built without the playground's Python, which runs the cells: "make docs", where npm and a network are, adds it. ${WITHOUT}`);
    const { Python, keep } = await import(new URL("python.js", play));
    keep(digest);
    const found = new Python((text) => shown?.status(text), (running) => shown?.running(running), LIMIT);
    found.start();
    return found;
  })().catch((error) => { python = null; throw error; }));

  /** Run a cell, and those before it that have not been run since Python started. */
  const run = async (number) => {
    if (busy) return;
    busy = true;
    shown = cells[number];
    shown.begin();
    try {
      const found = await started();
      if (found.state === "dead") { python = null; throw new Error(shown.said()); } // it has said why; the next press tries again
      for (let i = 0; i <= number; i++) {
        const { ran, printed, failed } = await found.ask("cell", name, i, cells[i].source, i === number);
        if (failed) { shown.end(i === number ? printed : "", i === number ? failed : `Cell ${i + 1}, which comes before, fails: ${failed}`); return; }
        if (i === number) shown.end(printed, "");
        else if (ran) shown.status(`Ran cell ${i + 1} of the ${number} before this one.`);
      }
    } catch (error) { shown.end("", error.message); } finally { busy = false; }
  };

  const element = (tag, attributes, ...children) => { const made = Object.assign(document.createElement(tag), attributes); made.append(...children); return made; };

  const cell = (node, number) => {
    const input = node.querySelector(".cell_input pre"), words = element("span", { className: "run-status" }), output = element("pre", { className: "run-output", tabIndex: 0, hidden: true });
    const stop = element("button", { type: "button", textContent: "Stop", hidden: true, onclick: async () => (await python)?.stop() });
    const button = element("button", { type: "button", textContent: "Run this", onclick: () => run(number) });
    words.setAttribute("role", "status");
    output.setAttribute("aria-label", "What the cell gave here");
    output.setAttribute("role", "region");
    button.setAttribute("aria-label", `Run this: cell ${number + 1}`);
    input.closest(".cell_input").append(element("div", { className: "run-this" }, button, stop, words, output));
    return {
      source: input.textContent,
      status(text) { words.textContent = text; },
      said: () => words.textContent,
      running(now) { stop.hidden = !now; },
      begin() { output.hidden = true; button.disabled = true; words.textContent = "Starting …"; },
      end(printed, failed) {
        button.disabled = false;
        stop.hidden = true;
        output.hidden = !printed;
        output.textContent = printed;
        words.textContent = failed || (printed ? "It gave, here:" : "It ran, and printed nothing.");
        words.classList.toggle("failed", Boolean(failed));
      },
    };
  };

  const begin = () => { cells = [...document.querySelectorAll("div.cell")].filter((node) => node.querySelector(".cell_input pre")).map(cell); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
