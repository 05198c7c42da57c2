// The screens with canned view models (crates/ui/examples/gallery.rs), built and served.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TARGET = path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");
const WASM = path.join(TARGET, "wasm32-unknown-unknown/debug/examples/gallery.wasm");

/** What the server sends with the phone's page: no inline style or script may be needed. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:";

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gallery</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css"><script type="module" src="start.js"></script></head><body></body></html>`;
const START = `import init from "./gallery.js"; await init(); document.documentElement.dataset.up = "";`;

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/** Builds the gallery with cargo and the `wasm-bindgen` on the PATH, and returns its folder. */
function build() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ringlet-gallery-"));
  const say = { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] };
  const target = ["--target", "wasm32-unknown-unknown"];
  execFileSync("cargo", ["build", "--quiet", "-p", "ringlet-ui", "--example", "gallery", ...target], say);
  execFileSync("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", folder, WASM], say);
  buildSync({
    entryPoints: [path.join(ROOT, "www/styles/index.css")],
    bundle: true,
    outfile: path.join(folder, "style.css"),
    logLevel: "warning",
  });
  fs.writeFileSync(path.join(folder, "index.html"), PAGE);
  fs.writeFileSync(path.join(folder, "start.js"), START);
  return folder;
}

/** Waits for two frames: the focus moves in the frame after the one that draws the screen. */
function drawn(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Builds and serves the gallery; `close` ends it and removes what was built. */
export async function openGallery() {
  const folder = build();
  const server = http.createServer((request, response) => {
    const name = new URL(request.url, "http://gallery").pathname.slice(1) || "index.html";
    const file = path.join(folder, path.basename(name));
    if (!fs.existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[path.extname(file)], "content-security-policy": POLICY });
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    /** Shows one state: `{ state, theme?, accent?, dir?, font? }`. */
    async show(page, choice) {
      await page.goto("about:blank");
      await page.goto(`${origin}/#${new URLSearchParams(choice)}`);
      await page.waitForSelector("html[data-up]");
      await drawn(page);
    },
    /** Moves the phone that is shown into another state. */
    async become(page, choice) {
      await page.evaluate((hash) => (location.hash = hash), `${new URLSearchParams(choice)}`);
      await drawn(page);
    },
    /** The names of all states. */
    async states(page) {
      await this.show(page, { state: "keypad" });
      return page.evaluate(() => document.documentElement.dataset.states.split(" "));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      fs.rmSync(folder, { recursive: true });
    },
  };
}
