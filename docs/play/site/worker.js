// Python, in a thread of its own: the page stays alive whatever runs here, and can end it.
// Everything is served from this folder.

const here = (path) => new URL(path, import.meta.url);
const say = (stage) => postMessage({ stage });

const get = async (path) => {
  const response = await fetch(here(path));
  if (!response.ok) throw new Error(`${path} is not there (${response.status})`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  loaded += bytes.byteLength;
  return bytes;
};

let loaded = 0;
let python, answer, prepare, packages;
const more = {};

const unpack = async (names) => {
  for (const [name, bytes] of await Promise.all(names.map(async (name) => [name, await get(`packages/${name}`)])))
    python.unpackArchive(bytes, name.endsWith(".whl") ? "wheel" : "zip", { extractDir: name.endsWith(".whl") ? undefined : "/home/page" });
};

const start = async () => {
  packages = await (await fetch(here("packages/list.json"))).json();
  say("downloading Python, and the library of exact numbers");
  const { loadPyodide } = await import(here("packages/pyodide/pyodide.mjs"));
  python = await loadPyodide({ indexURL: here("packages/pyodide/").href });
  say("unpacking the library of exact numbers");
  await unpack(packages.first);
  say("importing the reference");
  python.runPython("import sys; sys.path.insert(0, '/home/page')\nfrom docs.play.page.door import answer, prepare");
  answer = python.globals.get("answer");
  prepare = python.globals.get("prepare");
  postMessage({ ready: true });
};

const loadMore = (part) => (more[part] ??= (async () => {
  say(`loading the ${part}, once`);
  await unpack(packages.parts[part]);
})());

const started = start().catch((error) => postMessage({ failed: String(error.message ?? error).trim().split("\n").pop() }));

onmessage = async ({ data: { id, call, args } }) => {
  await started;
  try {
    for (const part of packages.needing[call] ?? []) await loadMore(part);
    prepare(call);
    postMessage({ id, begun: true });
    const from = performance.now();
    const found = JSON.parse(answer(call, JSON.stringify(args)));
    postMessage({ id, found, ms: performance.now() - from });
  } catch (error) {
    postMessage({ id, found: { error: String(error.message ?? error).trim().split("\n").pop() }, broken: true });
  }
};
