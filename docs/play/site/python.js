// The page's side of the worker: questions in order, a limit of time for each, and a new worker where one is ended.

const LIMIT = 30_000;
const WITHOUT = "What this page shows already stands; nothing new is computed.";

/** Keep the packages of this digest for later visits, where the browser allows it. */
export const keep = (digest) => {
  if (navigator.serviceWorker && isSecureContext) navigator.serviceWorker.register(new URL(`keep.js?${digest}`, import.meta.url)).catch(() => {});
};

export class Python {
  #worker = null; #next = 0; #waiting = new Map(); #timer = null; #say; #busy; #limit;
  state = "starting";

  /** `say` gets what goes on, `busy` whether something can be stopped; `limit`: milliseconds that an answer may take. */
  constructor(say, busy, limit = LIMIT) { this.#say = say; this.#busy = busy; this.#limit = limit; }

  start() {
    if (typeof WebAssembly !== "object") return this.#dead(`WebAssembly is forbidden in this browser, so Python cannot start: allow it, or take another browser. ${WITHOUT}`);
    this.state = "starting";
    const from = performance.now();
    try { this.#worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" }); }
    catch { return this.#dead(`This browser forbids workers, so Python cannot start: allow them, or take another browser. ${WITHOUT}`); }
    this.#say("Python starts in this page, about 20 MB, kept for later visits. What is here can be looked at already.");
    this.#worker.onerror = (event) => { event.preventDefault(); this.#dead(`Python could not be started here: reload the page, or take a newer browser. ${WITHOUT}`); };
    this.#worker.onmessage = ({ data }) => {
      if (data.stage) this.#say(`Working: ${data.stage} …`);
      else if (data.failed) this.#dead(`Python could not be started (${data.failed}): reload the page; if that does not help, take a newer browser. ${WITHOUT}`);
      else if (data.ready) { this.state = "ready"; this.#say(`Ready after ${((performance.now() - from) / 1000).toFixed(1)} s. Everything is computed in this page.`); document.body.dataset.ready = "yes"; }
      else if (data.begun) this.#watch(data.id);
      else this.#done(data);
    };
    for (const [id, { call, args }] of this.#waiting) this.#worker.postMessage({ id, call, args });
  }

  /** The answer to a call; an Error with a sentence for the reader if there is none. */
  ask(call, ...args) {
    if (this.state === "dead") return Promise.reject(new Error("Python is not running in this page; the line at the top says why."));
    return new Promise((resolve, reject) => {
      const id = ++this.#next;
      this.#waiting.set(id, { call, args, resolve, reject });
      this.#worker?.postMessage({ id, call, args });
    });
  }

  /** End what runs and start again; questions that wait are asked again. */
  stop(why = "stopped") {
    const [id, first] = this.#waiting.entries().next().value ?? [];
    if (first === undefined) return;
    this.#end();
    this.#waiting.delete(id);
    first.reject(new Error(`This was ${why}, and Python starts again. Nothing that you typed is lost: change it, and try again.`));
    delete document.body.dataset.ready;
    this.start();
  }

  #watch(id) {
    clearTimeout(this.#timer);
    this.#busy(false);
    const shown = setTimeout(() => this.#busy(true), 800);
    const ended = setTimeout(() => this.stop(`ended after ${this.#limit / 1000} s`), this.#limit);
    this.#timer = ended;
    this.#waiting.get(id).clear = () => { clearTimeout(shown); clearTimeout(ended); this.#busy(false); };
  }

  #done({ id, found, ms, broken }) {
    const { resolve, reject, clear } = this.#waiting.get(id);
    clear?.();
    if (broken) return this.stop(`too much for Python here (${found.error})`);
    this.#waiting.delete(id);
    document.body.dataset.lap = ms;
    if (found.error) reject(new Error(found.error)); else resolve(found);
    if (this.state === "ready" && this.#waiting.size === 0) this.#say(`Ready. The last answer took ${ms.toFixed(0)} ms.`);
  }

  #end() { clearTimeout(this.#timer); this.#busy(false); this.#worker?.terminate(); this.#worker = null; }

  #dead(why) {
    this.#end();
    this.state = "dead";
    this.#say(why);
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
  }
}
