// Trunk's last step: makes what wasm-bindgen wrote smaller.
//
// - Dependencies export classes that nothing here uses: they go, and all code that only they reached.
// - wasm-opt shrinks the rest. Functions are put in the order of their names: what one generic
//   became for many types then stands together, and compresses better.
// - The glue and the wasm call each other by names like `__wbg_sessionStorage_7bc148f64fb0d0b9`,
//   in full in both files; here they become `a`, `b`, `c` in both.
// - The glue is minified.
//
// Trunk hashes the files before this; `cargo xtask build` hashes them again.
import { execFileSync } from "node:child_process";
import { readFile, readdir, realpath, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** What rustc 1.95 enables by itself; wasm-bindgen needs no more. */
const FEATURES = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);

/** The first KiB is the far end of the stack. Bodies of their own compress better than inlined ones. */
const SHRINK = ["-Os", "--low-memory-unused", "--one-caller-inline-max-function-size=1", "-Os"];

/**
 * Closures that the table of functions keeps, though the exports that made them are gone. The linker
 * cannot know; what makes them imports what `WAY_INTO_UNUSED` names, and would be told of here.
 */
const UNUSED = /wasm_streams|future_to_promise/;
const WAY_INTO_UNUSED = /^__wbg_new_(typed|with_into_underlying)/;

const EXPORTED_CLASS = /^export class (\w+) \{[\s\S]*?^\}\n(if \(Symbol\.dispose\) .*\n)?/gm;
const IMPORTED_FUNCTION = /^ {8}(\w+): function[\s\S]*?^ {8}\}(, arguments\); \})?,\n/gm;
const USED_EXPORT = /\bwasm\.(\w+)/g;

const require = createRequire(new URL("../../loader/package.json", import.meta.url));
const { transform } = require("esbuild");

const folder = process.env.TRUNK_STAGING_DIR;
const files = await readdir(folder);
const wasmFile = join(folder, only(files.filter((file) => file.endsWith(".wasm"))));
const glueFile = join(folder, only(files.filter((file) => /^ringlet-app.*\.js$/.test(file))));

const entry = withoutClasses(await readFile(glueFile, "utf8"));
const names = await shrink(wasmFile, new Set([...entry.matchAll(USED_EXPORT)].map(([, name]) => name)));
const { code } = await transform(renamed(entry, names), { minify: true, format: "esm", target: "es2022" });
await writeFile(glueFile, code);

function only(list) {
  if (list.length !== 1) throw new Error(`one file was expected, not ${list.length}`);
  return list[0];
}

/** The glue with no way in but its default export. */
function withoutClasses(glue) {
  for (const [, name] of glue.matchAll(EXPORTED_CLASS)) {
    glue = glue.replace(new RegExp(`^const ${name}Finalization = [\\s\\S]*?;\\n`, "m"), "");
  }
  glue = glue.replace(EXPORTED_CLASS, "").replace("export { initSync, ", "export { ");
  const left = glue.match(/^export .*/gm);
  if (left?.join() !== "export { __wbg_init as default };") throw new Error(`exports: ${left}`);
  return glue;
}

/** Leaves in the wasm what these exports reach; returns how its imports and exports are named now. */
async function shrink(file, exported) {
  const { default: binaryen } = await import(pathToFileURL(join(await binaryenFolder(), "index.js")));
  const wasm = binaryen.readBinary(await readFile(file));
  const offered = Array.from({ length: wasm.getNumExports() }, (_, at) => wasm.getExportByIndex(at));
  if (waysIntoUnused(binaryen, wasm).length === 0) throw new Error("UNUSED in shrink.mjs does not fit");
  for (const { name } of offered.map(binaryen.getExportInfo)) {
    if (!exported.has(name)) wasm.removeExport(name);
  }
  wasm.runPasses(["remove-unused-module-elements"]);
  const used = waysIntoUnused(binaryen, wasm);
  if (used.length > 0) throw new Error(`UNUSED in shrink.mjs is in use: ${used}`);
  for (const { index, name, base } of functionsOf(binaryen, wasm)) {
    if (base === "" && UNUSED.test(name)) binaryen.Function.setBody(index, wasm.unreachable());
  }
  // Only with its names can wasm-opt put the functions in their order.
  binaryen.setDebugInfo(true);
  await writeFile(file, wasm.emitBinary());
  wasm.dispose();

  wasmOpt(file, "-g", ...SHRINK, "--reorder-functions-by-name");
  const { imports, exports } = JSON.parse(
    wasmOpt(file, "--strip-debug", "--strip-producers", "--minify-imports-and-exports-and-modules"),
  );
  const module = await WebAssembly.compile(await readFile(file));
  return {
    module: only([...new Set(WebAssembly.Module.imports(module).map((entry) => entry.module))]),
    imports: new Map(imports.map(([, name, short]) => [name, short])),
    exports: new Map(exports),
  };
}

function waysIntoUnused(binaryen, wasm) {
  return functionsOf(binaryen, wasm)
    .map(({ base }) => base)
    .filter((base) => WAY_INTO_UNUSED.test(base));
}

/** `base` is the name of an imported function, and empty for the others. */
function functionsOf(binaryen, wasm) {
  return Array.from({ length: wasm.getNumFunctions() }, (_, at) => {
    const index = wasm.getFunctionByIndex(at);
    return { index, ...binaryen.getFunctionInfo(index) };
  });
}

function wasmOpt(file, ...args) {
  return execFileSync("wasm-opt", [...FEATURES, file, "-o", file, ...args], { encoding: "utf8" });
}

/** The package that the wasm-opt on the PATH is part of. */
async function binaryenFolder() {
  for (const folder of process.env.PATH.split(delimiter)) {
    const tool = await realpath(join(folder, "wasm-opt")).catch(() => undefined);
    if (tool) return join(dirname(tool), "..");
  }
  throw new Error("wasm-opt is not on the PATH");
}

/** The glue with the wasm's new names, and without the functions that the wasm no longer imports. */
function renamed(glue, { module, imports, exports }) {
  const found = new Set();
  const text = glue
    .replace(IMPORTED_FUNCTION, (entry, name) => {
      if (!imports.has(name)) return "";
      found.add(name);
      return entry.replace(name, imports.get(name));
    })
    .replace(/^ {8}"\.\/[\w-]+_bg\.js": import0,$/m, `${JSON.stringify(module)}: import0,`)
    .replace(USED_EXPORT, (_, name) => `wasm.${exports.get(name)}`);
  const missing = [...imports.keys()].filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`imported, and not in the glue: ${missing}`);
  return text;
}
