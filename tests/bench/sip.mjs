// Ringlet's SIP beside other stacks: natively, in Node and in Chromium, and ten thousand agents on
// one switch. Prints tables with ratios, and then one line of JSON.
//
//     cargo xtask bench sip        builds what this needs, and sets the variables below

import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { launch, openPage } from "../lib/browser.mjs";
import { freshDir, REPOSITORY, TESTS } from "../lib/processes.mjs";
import { serveSite } from "../lib/site.mjs";

const MESSAGES = path.join(REPOSITORY, "crates/bench/messages");
const ORDER = ["register", "register-401", "register-200", "invite", "invite-180", "invite-200", "bye", "notify"];
const TITLES = {
  read: "read, 5 headers typed /s",
  write: "write /s",
  call: "whole calls /s",
};

const wasmDir = needed("RINGLET_BENCH_WASM");
const programs = needed("RINGLET_BENCH_BIN");

function needed(variable) {
  if (!process.env[variable]) throw new Error(`${variable} is not set; use cargo xtask bench sip`);
  return process.env[variable];
}

/** Runs a native program with as many open files as it may have, and returns its report. */
async function native(name) {
  const script = 'ulimit -n "$(ulimit -Hn)" && exec "$0"';
  const { stdout } = await promisify(execFile)("/bin/sh", ["-c", script, path.join(programs, name)]);
  return JSON.parse(stdout);
}

async function inJavaScript() {
  const bundle = path.join(freshDir("bench"), "bundle.mjs");
  await build({
    entryPoints: [path.join(TESTS, "bench/sip/javascript.mjs")],
    outfile: bundle,
    bundle: true,
    format: "esm",
    platform: "browser",
    alias: { "ringlet-bench": path.join(wasmDir, "ringlet_bench.js") },
    logLevel: "error",
  });
  const wasm = fs.readFileSync(path.join(wasmDir, "ringlet_bench_bg.wasm"));
  const messages = ORDER.map((name) =>
    fs.readFileSync(path.join(MESSAGES, `${name}.sip`), "utf8").replaceAll("\n", "\r\n"),
  );
  const { measure } = await import(pathToFileURL(bundle));
  const node = await measure({ wasm, messages });
  return { node, chromium: await inChromium(bundle, wasm, messages) };
}

async function inChromium(bundle, wasm, messages) {
  const site = await serveSite({
    "/": { type: "html", body: "<!doctype html><html lang=en><title>Bench</title>" },
    "/bundle.js": { type: "js", body: fs.readFileSync(bundle) },
    "/ringlet.wasm": { type: "js", body: wasm, headers: { "content-type": "application/wasm" } },
  });
  const browser = await launch();
  try {
    const page = await openPage(browser);
    await page.goto(site.origin);
    return await page.evaluate(async (texts) => {
      const { measure } = await import("/bundle.js");
      const module = await (await fetch("/ringlet.wasm")).arrayBuffer();
      return measure({ wasm: module, messages: texts });
    }, messages);
  } finally {
    await browser.close();
    await site.close();
  }
}

/** One table: a row for each measurement, a column for each stack, and ours as a multiple of it. */
function table(title, results) {
  const stacks = Object.keys(results.read);
  const columns = stacks.map((name) => (name === "ringlet" ? ["ringlet"] : [name, "ratio"])).flat();
  console.log(`\n${title.padEnd(28)}${columns.map((name) => name.padStart(11)).join("")}`);
  for (const [row, figures] of Object.entries(TITLES).map(([key, text]) => [text, results[key]])) {
    const cells = stacks.flatMap((name) => {
      const rate = figures[name];
      if (name === "ringlet") return [String(rate)];
      return rate ? [String(rate), `${(figures.ringlet / rate).toFixed(1)}×`] : ["", ""];
    });
    console.log(`${row.padEnd(28)}${cells.map((cell) => cell.padStart(11)).join("")}`);
  }
}

const rust = await native("ringlet-bench-sip");
const { node, chromium } = await inJavaScript();
const agents = await native("ringlet-bench-agents");

console.log(`\nmedians of ${rust.rounds} interleaved rounds each over ${rust.messages} messages, ${rust.meanBytes} bytes on average`);
table("native", rust);
for (const [name, refused] of Object.entries(rust.refused).filter(([, list]) => list.length > 0)) {
  console.log(`${name} refuses, and is given credit for: ${refused.join("; ")}`);
}
table("Node (ours as wasm)", node);
table("Chromium (ours as wasm)", chromium);
console.log(`
${agents.agents} agents in one process, against the switch in another
  one registered agent        ${agents.bytesPerAgent} bytes (${agents.residentPerAgent ?? "?"} resident with its WebSocket and task)
  registrations a second      ${agents.registrationsPerSecond} (each challenged once), after ${agents.connectsPerSecond} connects a second
`);
console.log(JSON.stringify({ native: rust, node, chromium, agents }));
// JsSIP and SIP.js leave timers behind.
process.exit(0);
