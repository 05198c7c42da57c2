// Trunk's last step: makes what wasm-bindgen wrote smaller.
//
// - The glue and the wasm call each other by names like `__wbg_sessionStorage_7bc148f64fb0d0b9`,
//   in full in both files; here they become `a`, `b`, `c` in both.
// - The glue is minified.
//
// Trunk hashes the files before this, so equal names still mean equal content.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const IMPORT_SECTION = 2;
const FIRST_SECTION = 8;
const KINDS = { function: 0, table: 1, memory: 2, global: 3, tag: 4 };

const require = createRequire(new URL("../../loader/package.json", import.meta.url));
const { transform } = require("esbuild");

const folder = process.env.TRUNK_STAGING_DIR;
const files = await readdir(folder);
const wasmFile = join(folder, only(files.filter((file) => file.endsWith(".wasm"))));
const glueFile = join(folder, only(files.filter((file) => file.endsWith(".js"))));

const { wasm, names } = renameImports(await readFile(wasmFile));
const glue = (await readFile(glueFile, "utf8")).replace(/\b__wb\w+/g, (name) => names.get(name) ?? name);
const { code } = await transform(glue, { minify: true, format: "esm", target: "es2022" });
await WebAssembly.compile(wasm);
await writeFile(wasmFile, wasm);
await writeFile(glueFile, code);

function only(list) {
  if (list.length !== 1) throw new Error(`one file was expected, not ${list.length}`);
  return list[0];
}

/** Gives every imported function a short name; the sections around the imports stay as they are. */
function renameImports(bytes) {
  const names = new Map();
  for (let at = FIRST_SECTION; at < bytes.length; ) {
    const id = bytes[at];
    const [length, start] = readNumber(bytes, at + 1);
    if (id === IMPORT_SECTION) {
      const section = shortImports(bytes.subarray(start, start + length), names);
      const head = [bytes.subarray(0, at), Uint8Array.of(id, ...writeNumber(section.length))];
      return { wasm: Buffer.concat([...head, section, bytes.subarray(start + length)]), names };
    }
    at = start + length;
  }
  throw new Error("the wasm imports nothing");
}

function shortImports(section, names) {
  let [count, at] = readNumber(section, 0);
  const parts = [section.subarray(0, at)];
  const text = () => {
    const [length, start] = readNumber(section, at);
    at = start + length;
    return section.toString("utf8", start, at);
  };
  const number = () => {
    const [value, next] = readNumber(section, at);
    at = next;
    return value;
  };
  for (; count > 0; count--) {
    const module = text();
    const name = text();
    const start = at;
    const kind = section[at++];
    // Only functions are imported; anything else is a change that this must be told of.
    if (kind !== KINDS.function) throw new Error(`${name} is no function`);
    number();
    if (!names.has(name)) names.set(name, `_${names.size.toString(36)}`);
    parts.push(string(module), string(names.get(name)), section.subarray(start, at));
  }
  return Buffer.concat(parts);
}

function string(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Uint8Array.from(writeNumber(bytes.length)), bytes]);
}

/** An unsigned LEB128 number, and where it ends. */
function readNumber(bytes, at) {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function writeNumber(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...writeNumber(value >>> 7)];
}
