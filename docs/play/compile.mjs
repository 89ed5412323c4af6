// Writes Python's library with bytecode in place of the source of what starts with it, which saves half of that time, and
// without what a page has no use for, the terminal and tables of old character sets, which makes room for it:
// node compile.mjs PYODIDE TARGET
import { writeFileSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, target] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${folder}/`, env: { PYTHONHASHSEED: "0" } }); // the same bytes each time
python.globals.set("library", new Uint8Array(readFileSync(`${folder}/python_stdlib.zip`)));
const written = python.runPython(`
import datetime, decimal, difflib, fractions, hashlib, html.entities, numbers, uuid  # what the reference imports beside
import importlib.util, io, re, sys, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

unused = re.compile("_pyrepl/|encodings/(?!cp437)(big5|cp|euc|gb|hp|hz|iso|johab|koi8|kz|mac|palmos|ptcp|shift|tis)")
started = {name.replace(".", "/") for name in sys.modules}
source, made = zipfile.ZipFile(io.BytesIO(library.to_py())), io.BytesIO()
with zipfile.ZipFile(made, "w") as archive:
    for entry in source.infolist():
        name, content = entry.filename, source.read(entry)
        if unused.match(name):
            continue
        module = name.removesuffix(".py").removesuffix("/__init__")
        if name.endswith(".py") and module in started:
            code = compile(content, f"/lib/python314.zip/{name}", "exec", dont_inherit=True, optimize=2)
            name, content = f"{name}c", _code_to_hash_pyc(code, importlib.util.source_hash(content), False)
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
made.getvalue()
`);
writeFileSync(target, written.toJs());
