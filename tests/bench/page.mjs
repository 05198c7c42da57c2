// Ringlet's figures beside those of a JsSIP page, on the same switch, in the same browser:
// milliseconds from the script tag to the registered line, and from call() to the INVITE on the
// wire. Runs alternate, each in a fresh browser context with cold caches.
//
//     node bench/page.mjs [runs]        a table, then one line of JSON

import { openPage, launch } from "../lib/browser.mjs";
import { freePort, LOOPBACK } from "../lib/ports.mjs";
import { bundleReference } from "../lib/reference.mjs";
import { startServer } from "../lib/server.mjs";
import { serveSite } from "../lib/site.mjs";
import { startSwitch, SWITCH_DOMAIN, switchPassword } from "../lib/switch.mjs";
import { openTap } from "../lib/tap.mjs";
import { until } from "../lib/wait.mjs";

const RUNS = Number(process.argv[2] ?? 15);
const KEY = "pk_test_bench_000001";
const USER = "agent1";
const NUMBER = "601";

const owned = [];
const own = (thing) => owned.push(thing) && thing;

/** Runs in the page: notes when the script tag is set, and starts the phone when it has loaded. */
function ringletPage({ script, config }) {
  load(script, () => {
    Ringlet.on("registered", () => (window.registeredAt = performance.now()));
    Ringlet.init(config);
  });
  window.place = (number) => Ringlet.call(number);

  function load(src, then) {
    const tag = document.createElement("script");
    tag.src = src;
    tag.onload = then;
    window.tagAt = performance.now();
    document.head.append(tag);
  }
}

function jssipPage({ script, account }) {
  const tag = document.createElement("script");
  tag.src = script;
  tag.onload = () => window.reference.start(account);
  window.tagAt = performance.now();
  document.head.append(tag);
  const timer = setInterval(() => {
    const registered = window.reference?.events.find(({ name }) => name === "registered");
    if (!registered) return;
    clearInterval(timer);
    window.registeredAt = registered.at;
  }, 5);
  window.place = (number) => window.reference.call(`sip:${number}@${account.domain}`);
}

const inline = (page, argument) => ({
  type: "html",
  body: `<!doctype html><html lang="en"><title>Bench</title><body><script>(${page})(${JSON.stringify(argument)})</script></body></html>`,
});

async function measureOnce(browser, url, tap) {
  const page = await openPage(browser);
  try {
    await page.goto(url);
    await until("the registered line", () => page.evaluate(() => window.registeredAt), { everyMs: 20 });
    const registered = await page.evaluate(() => window.registeredAt - window.tagAt);
    tap.reset();
    const calledAt = await page.evaluate((number) => {
      const at = performance.timeOrigin + performance.now();
      window.place(number);
      return at;
    }, NUMBER);
    const invite = await tap.waitForSent(/^INVITE /);
    return { registered, invite: performance.timeOrigin + invite.at - calledAt };
  } finally {
    await page.context().close();
  }
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const round = (value) => Math.round(value * 10) / 10;

async function main() {
  const sw = own(await startSwitch());
  const tap = own(await openTap(sw.url));
  const port = await freePort();
  const phoneOrigin = `http://${LOOPBACK}:${port}`;
  const password = switchPassword(USER);
  const site = own(
    await serveSite({
      "/ringlet": inline(ringletPage, {
        script: `${phoneOrigin}/loader.js`,
        config: {
          key: KEY,
          sip: { username: USER, password },
          behavior: { host: { mode: "autologin" }, sessionRestore: "off" },
        },
      }),
      "/jssip": inline(jssipPage, {
        script: "/jssip.js",
        account: { url: tap.url, user: USER, domain: SWITCH_DOMAIN, password },
      }),
      "/jssip.js": { type: "js", body: await bundleReference() },
    }),
  );
  const tenant = { id: "bench", key: KEY, origins: [site.otherOrigin], wssUrl: tap.url, domain: SWITCH_DOMAIN };
  own(await startServer({ port, tenants: [tenant] }));
  const browser = own(await launch());

  const results = { ringlet: [], jssip: [] };
  for (let run = -1; run < RUNS; run += 1) {
    for (const phone of Object.keys(results)) {
      const figures = await measureOnce(browser, `${site.otherOrigin}/${phone}`, tap);
      if (run >= 0) results[phone].push(figures); // The first of each warms the machine up.
    }
  }

  const report = { runs: RUNS, unit: "ms" };
  console.log(`\nmedians of ${RUNS} alternating runs, ms        Ringlet    JsSIP   ratio`);
  for (const [figure, title] of [
    ["registered", "script tag to registered"],
    ["invite", "call() to INVITE on the wire"],
  ]) {
    const [ours, theirs] = ["ringlet", "jssip"].map((phone) => median(results[phone].map((r) => r[figure])));
    report[figure] = { ringlet: round(ours), jssip: round(theirs), ratio: Number((ours / theirs).toFixed(2)) };
    console.log(`${title.padEnd(44)}${String(round(ours)).padStart(8)} ${String(round(theirs)).padStart(8)} ${(ours / theirs).toFixed(2).padStart(7)}`);
  }
  console.log(`\n${JSON.stringify(report)}`);
}

try {
  await main();
} finally {
  for (const thing of owned.reverse()) await (thing.stop ?? thing.close).call(thing);
}
