// The frame: which figure is shown, the link that restores it, the theme, and the line that says what goes on.

import { h, sentence } from "./draw.js";
import { Python, keep } from "./python.js";
import * as coverage from "./views/coverage.js";
import * as rejection from "./views/rejection.js";
import * as spanner from "./views/spanner.js";
import * as readings from "./views/readings.js";
import * as sweeps from "./views/sweeps.js";
import * as tokens from "./views/tokens.js";
import * as claims from "./views/claims.js";
import * as exercises from "./views/exercises.js";
import * as grade from "./views/grade.js";
import * as games from "./views/games.js";
import * as reduce from "./views/reduce.js";

const VIEWS = { coverage, rejection, spanner, readings, sweeps, tokens, games, reduce, claims, exercises, grade };
const FIRST = "coverage";
const main = document.getElementById("main"), status = document.getElementById("status"), stop = document.getElementById("stop");

// ------------------------------------------------------------------------------------------------- storage, theme

/** What is kept between visits; where storage is forbidden, nothing is. */
export const kept = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); return true; } catch { return false; } },
};

const THEMES = ["auto", "light", "dark"]; // the names that the documentation uses, too
const dark = matchMedia("(prefers-color-scheme: dark)");
const themed = () => {
  const chosen = THEMES.includes(kept.get("theme")) ? kept.get("theme") : "auto";
  document.documentElement.dataset.theme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
  document.getElementById("theme").textContent = `Theme: ${chosen === "auto" ? "as the system" : chosen}`;
  return chosen;
};
document.getElementById("theme").onclick = () => {
  if (!kept.set("theme", THEMES[(THEMES.indexOf(themed()) + 1) % 3])) say("This browser forbids storage, so the theme cannot be kept: allow it for this site.");
  themed();
};
dark.onchange = themed;
themed();

// ------------------------------------------------------------------------------------------------- Python, values

const say = (text) => { status.textContent = text; };
const python = new Python(say, (busy) => { stop.hidden = !busy; });
stop.onclick = () => python.stop();

const built = await (await fetch(new URL("values.json", import.meta.url))).json();
const remembered = new Map(Object.entries(built.answers));

/** The answer to a call: the one that was built into the page if there is one, else Python's. */
const ask = async (call, ...args) => {
  const key = JSON.stringify([call, ...args]);
  if (remembered.has(key)) return remembered.get(key);
  return python.ask(call, ...args);
};

// ------------------------------------------------------------------------------------------------- the fragment

const pack = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const unpack = (text) => new TextDecoder().decode(Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)));
const LONGEST = 6_000;

const read = () => {
  const [name, query] = location.hash.slice(1).split("?");
  const state = Object.fromEntries(new URLSearchParams(query ?? ""));
  try { if (state.text) state.text = unpack(state.text); } catch { delete state.text; }
  return [name in VIEWS ? name : FIRST, state];
};

/** Put the state into the address, so that the link restores it; a long text is left out. */
const write = (name, state) => {
  const query = Object.entries(state).filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([key, value]) => [key, key === "text" ? pack(value) : String(value)]).filter(([, value]) => value.length <= LONGEST);
  const address = `#${name}${query.length ? `?${new URLSearchParams(query)}` : ""}`;
  if (address !== location.hash) try { history.replaceState(null, "", address); } catch { /* too often: the next one counts */ }
};

// ------------------------------------------------------------------------------------------------- views

const links = document.getElementById("views");
links.append(...Object.entries(VIEWS).map(([name, view]) => h("a", { href: `#${name}` }, view.title)));

const show = () => {
  const [name, state] = read();
  for (const link of links.children) if (link.hash === `#${name}`) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  document.title = `${VIEWS[name].title}: spanner-reference`;
  main.replaceChildren(h("h2", null, VIEWS[name].heading));
  try { VIEWS[name].show({ main, state, ask, kept, catalog: built.catalog, linear: built.linear, write: (now) => write(name, now) }); }
  catch (error) { main.append(sentence(`This link does not open (${error.message}): start again from the links above.`)); }
};
addEventListener("hashchange", show);
show();

if (built.python) {
  keep(built.python);
  python.start();
} else {
  python.state = "dead";
  say("This copy of the page was built without Python: the figures stand, and what is built in can be moved. `make play`, where npm and a network are, adds the rest.");
}
