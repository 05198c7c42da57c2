// Starts what the build made, as far as that goes without a page: `node check.mjs <folder>`.
//
// The wasm is instantiated with its glue and runs until it finds that there is no window; then
// each part is loaded into it. A part that lacks what it imports, or a glue that lacks a function,
// fails the build here instead of failing in a browser.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const load = (name) => import(pathToFileURL(join(folder, name)));

const { initSync } = await load("app.js");
initSync({ module: await readFile(join(folder, "app_bg.wasm")) });

globalThis.fetch = async (url) =>
  new Response(await readFile(url), { headers: { "content-type": "application/wasm" } });

// A loader prints what went wrong, then calls a function of the wasm's table. Nobody waits here, and
// no function is at 0: that call always throws.
const complaints = [];
console.error = (complaint) => complaints.push(complaint);
const loaders = Object.entries(await load("__wasm_split.js"));
for (const [, part] of loaders) await part(0, 0).catch(() => {});
if (complaints.length > 0) throw new AggregateError(complaints, "a part cannot be loaded");
console.log(`The phone starts, and ${loaders.length} part(s) can be loaded`);
