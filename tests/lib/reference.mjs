// The JsSIP reference page: served, opened and steered.

import path from "node:path";
import { build } from "esbuild";
import { openPage } from "./browser.mjs";
import { TESTS } from "./processes.mjs";
import { serveSite } from "./site.mjs";
import { until } from "./wait.mjs";

const HTML = `<!doctype html><html lang="en"><title>JsSIP</title><body><script src="/jssip.js"></script></body></html>`;

/** The page's script with JsSIP in it. */
export async function bundleReference() {
  const bundle = await build({
    entryPoints: [path.join(TESTS, "pages/jssip.mjs")],
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    write: false,
    logLevel: "error",
  });
  return bundle.outputFiles[0].text;
}

/** Serves the page. */
export async function serveReference() {
  return serveSite({
    "/": { type: "html", body: HTML },
    "/jssip.js": { type: "js", body: await bundleReference() },
  });
}

/** Opens the page in a context of its own and signs in. */
export async function openReference(browser, site, account) {
  const page = await openPage(browser);
  const fragment = new URLSearchParams(account).toString();
  await page.goto(`${site.origin}/#${fragment}`);
  const phone = {
    page,
    frame: page.mainFrame(),
    events: () => page.evaluate(() => window.reference.events),
    event: (name, timeoutMs = 10_000, which = () => true) =>
      until(`${name} in the JsSIP page`, async () => (await phone.events()).find((e) => e.name === name && which(e)), { timeoutMs }),
    do: (method, argument) =>
      page.evaluate(([m, a]) => void window.reference[m](a), [method, argument]),
    close: () => page.context().close(),
  };
  return phone;
}
