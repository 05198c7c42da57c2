// Ringlet's figures beside those of JsSIP, on the same SIP server, in the same browser: milliseconds
// from the script tag to the registered line, and from call() to the INVITE on the wire.
//
//     node bench/page.mjs [runs]        a table, then one line of JSON
//
// - Three phones: Ringlet; JsSIP in the page itself; JsSIP in a frame from another site.
// - Beside them an empty frame from another site, which only opens the socket: what every phone in a
//   frame pays before it has done anything, so the least that Ringlet's start can come to.
// - The host pages are on http://localhost and the phones on http://127.0.0.1. Those are two sites,
//   not only two origins, so Chromium gives frame and page a process each.
// - Each start is measured cold (a fresh browser context, so empty caches) and warm (the same page
//   opened again in that context). Runs alternate between the phones.
// - The SIP server is Kamailio where it is installed, else Ringlet's own switch.

import fs from "node:fs";
import { openPage, launch } from "../lib/browser.mjs";
import { DOMAIN, passwordOf, startKamailio } from "../lib/kamailio.mjs";
import { freePort, LOOPBACK } from "../lib/ports.mjs";
import { bundleReference } from "../lib/reference.mjs";
import { startServer } from "../lib/server.mjs";
import { startSwitch, SWITCH_DOMAIN, switchPassword } from "../lib/switch.mjs";
import { openTap } from "../lib/tap.mjs";
import { within } from "../lib/wait.mjs";
import * as phones from "./page/phones.mjs";
import { startSite } from "./page/site.mjs";

const RUNS = Number(process.argv[2] ?? 15);
const KEY = "pk_test_bench_000001";
const TAPPED_KEY = "pk_test_bench_000002";
const USER = "agent1";
const CALLEE = "agent2";
const PHONES = ["ringlet", "page", "frame"];
const EMPTY = "empty";
/** What is measured, and what Ringlet's figure may be in multiples of the others'. */
const FIGURES = [
  { name: "cold", title: "script tag to registered, cold", atMost: { page: 1.4, frame: 0.9 } },
  { name: "warm", title: "script tag to registered, warm", atMost: { page: 1.0, frame: 0.6 } },
  { name: "invite", title: "call() to INVITE on the wire", atMost: { page: 0.5, frame: 0.5 } },
];
const FOREVER = { "cache-control": "public, max-age=31536000, immutable" };

const owned = [];
const own = (thing) => owned.push(thing) && thing;

async function startSipServer() {
  if (fs.existsSync("/usr/sbin/kamailio")) {
    const kamailio = own(await startKamailio());
    return { name: "Kamailio", url: kamailio.wsUrl, domain: DOMAIN, password: passwordOf(USER) };
  }
  const { url } = own(await startSwitch());
  return { name: "Ringlet's switch", url, domain: SWITCH_DOMAIN, password: switchPassword(USER) };
}

/** Milliseconds until the page at `url` is registered, in a page of `context`. */
async function start(context, url) {
  const page = await openPage(context);
  await page.goto(url, { waitUntil: "commit" });
  return { page, ms: await within(20_000, "the registered line", page.evaluate(() => window.registered)) };
}

async function startTwice(browser, url) {
  const context = await browser.newContext();
  try {
    const cold = await start(context, url);
    await cold.page.close();
    // Browsers store what they compiled a moment after the page has used it.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const warm = await start(context, url);
    return { cold: cold.ms, warm: warm.ms };
  } finally {
    await context.close();
  }
}

async function call(browser, url, tap) {
  const context = await browser.newContext();
  try {
    // As it is for everybody who has called once: the browser does not ask again.
    await context.grantPermissions(["microphone"]);
    const { page } = await start(context, url);
    // Nobody calls in the moment in which the line comes up.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    tap.reset();
    const calledAt = await page.evaluate((number) => {
      const at = performance.timeOrigin + performance.now();
      window.place(number);
      return at;
    }, CALLEE);
    const invite = await tap.waitForSent(/^INVITE /);
    return performance.timeOrigin + invite.at - calledAt;
  } finally {
    await context.close();
  }
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Serves the host pages: each phone directly on the SIP server, and through the tap. */
async function serveHostPages({ phoneOrigin, sip, tap }) {
  const behavior = { host: { mode: "autologin" }, sessionRestore: "off" };
  const config = (key) => ({ key, sip: { username: USER, password: sip.password }, behavior });
  const account = (url) => ({ url, user: USER, domain: sip.domain, password: sip.password });
  const script = (body) => ({ type: "js", body, headers: FOREVER });
  const site = own(await startSite());
  const pages = {
    "/jssip.js": script(await bundleReference()),
    "/jssip-frame.html": phones.jssipFrameHtml,
    "/jssip-frame.js": script(phones.jssipFrameScript(site.otherOrigin)),
    "/jssip-loader.js": script(phones.jssipLoader(`${site.origin}/jssip-frame.html`)),
    "/empty-frame.html": phones.emptyFrameHtml(site.otherOrigin),
    "/empty-loader.js": script(phones.jssipLoader(`${site.origin}/empty-frame.html`)),
  };
  for (const [path, url, key] of [["direct", sip.url, KEY], ["tapped", tap.url, TAPPED_KEY]]) {
    pages[`/${path}/ringlet`] = phones.hostPage(phones.ringletPage, { script: `${phoneOrigin}/loader.js`, config: config(key) });
    pages[`/${path}/page`] = phones.hostPage(phones.jssipPage, { script: "/jssip.js", account: account(url) });
    pages[`/${path}/frame`] = phones.hostPage(phones.jssipFramePage, { script: `${site.origin}/jssip-loader.js`, account: account(url) });
    pages[`/${path}/empty`] = phones.hostPage(phones.jssipFramePage, { script: `${site.origin}/empty-loader.js`, account: account(url) });
  }
  await site.serve(pages);
  return site.otherOrigin;
}

function report(sip, results) {
  const round = (value) => Math.round(value * 10) / 10;
  const summary = { runs: RUNS, unit: "ms", sip };
  console.log(`\nmedians of ${RUNS} alternating runs on ${sip}, ms; ratio of Ringlet to each, and its target`);
  console.log(`${"".padEnd(34)}${"Ringlet".padStart(9)}${"JsSIP, page".padStart(13)}${"ratio".padStart(15)}${"JsSIP, frame".padStart(14)}${"ratio".padStart(15)}`);
  for (const { name, title, atMost } of FIGURES) {
    const ms = Object.fromEntries(PHONES.map((phone) => [phone, median(results[phone].map((run) => run[name]))]));
    const ratio = (phone) => Number((ms.ringlet / ms[phone]).toFixed(2));
    const told = (phone) => `${ratio(phone).toFixed(2)}${atMost[phone] ? ` (≤ ${atMost[phone].toFixed(1)})` : ""}`;
    console.log(
      title.padEnd(34) + String(round(ms.ringlet)).padStart(9) +
      String(round(ms.page)).padStart(13) + told("page").padStart(15) +
      String(round(ms.frame)).padStart(14) + told("frame").padStart(15),
    );
    summary[name] = { ringlet: round(ms.ringlet), page: round(ms.page), frame: round(ms.frame), toPage: ratio("page"), toFrame: ratio("frame") };
  }
  const [cold, warm] = ["cold", "warm"].map((name) => round(median(results[EMPTY].map((run) => run[name]))));
  console.log(`an empty frame that opens the socket: cold ${cold}, warm ${warm}`);
  summary.empty = { cold, warm };
  console.log(`\n${JSON.stringify(summary)}`);
}

async function main() {
  const sip = await startSipServer();
  const tap = own(await openTap(sip.url));
  const port = await freePort();
  const phoneOrigin = `http://${LOOPBACK}:${port}`;
  const host = await serveHostPages({ phoneOrigin, sip, tap });
  const tenant = { origins: [host], domain: sip.domain };
  own(
    await startServer({
      port,
      tenants: [
        { ...tenant, id: "bench", key: KEY, wssUrl: sip.url },
        { ...tenant, id: "tapped", key: TAPPED_KEY, wssUrl: tap.url },
      ],
    }),
  );
  const browser = own(await launch());

  const results = Object.fromEntries([...PHONES, EMPTY].map((phone) => [phone, []]));
  for (let run = -1; run < RUNS; run += 1) {
    for (const phone of PHONES) {
      const starts = await startTwice(browser, `${host}/direct/${phone}`);
      const invite = await call(browser, `${host}/tapped/${phone}`, tap);
      if (run >= 0) results[phone].push({ ...starts, invite }); // The first of each warms the machine up.
    }
    const starts = await startTwice(browser, `${host}/direct/${EMPTY}`);
    if (run >= 0) results[EMPTY].push(starts);
  }
  report(sip.name, results);
}

try {
  await main();
} finally {
  for (const thing of owned.reverse()) await (thing.stop ?? thing.close).call(thing);
}
