// How well a call is heard: measured, shown, warned of and reported. What goes wrong here really does:
// packets are lost, a stream stops, a microphone is silent.

import assert from "node:assert/strict";
import path from "node:path";
import { before } from "node:test";
import { audioBothWays } from "../lib/audio.mjs";
import { launch } from "../lib/browser.mjs";
import { openLossyNetwork } from "../lib/lossy.mjs";
import { freshDir } from "../lib/processes.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { writeWav } from "../lib/wav.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

/** Two agents in a call; the first one's screen is open. */
async function inCall(t, options = {}) {
  const [first, second] = [await world.signIn(t, "agent1", options), await world.signIn(t, "agent2")];
  await first.must("open");
  await first.must("call", "agent2");
  await second.hears("callIncoming");
  await second.must("answer");
  await first.hears("callAnswered");
  return { first, second };
}

/** Waits for the warning to begin (or, `cleared`, to end), and returns it. */
const warned = (page, metric, cleared = false) =>
  until(
    `${metric} ${cleared ? "cleared" : "warned of"}`,
    async () => (await page.heard("qualityWarning")).find((w) => w.metric === metric && w.cleared === cleared),
    { timeoutMs: 30_000 },
  );

test("a good call is measured, shown and reported on both sides", async (t) => {
  const { first, second } = await inCall(t);
  await Promise.all([audioBothWays(await first.frame()), audioBothWays(await second.frame())]);
  const score = first.phone.locator(".quality-score");
  await until("a score", async () => Number(await score.textContent()) > 4);
  assert.match(await first.phone.locator(".quality").getAttribute("title"), /: 0 % lost, jitter \d+ ms, round trip \d+ ms$/);
  await until("four seconds", async () => {
    const points = await first.phone.locator(".quality polyline").getAttribute("points");
    return points?.split(" ").length >= 4;
  });
  await first.must("hangup");
  for (const page of [first, second]) {
    const { quality } = await page.hears("callEnded");
    assert.ok(quality.mos > 4 && quality.mos <= 4.41, JSON.stringify(quality));
    assert.ok(quality.lowestMos <= quality.mos && quality.seconds >= 3, JSON.stringify(quality));
    assert.ok(quality.loss < 1 && quality.jitter >= 0, JSON.stringify(quality));
    assert.deepEqual(await page.heard("qualityWarning"), []);
  }
});

test("a stream that stops is the network's, and is over when it goes on", async (t) => {
  const { first, second } = await inCall(t);
  await Promise.all([audioBothWays(await first.frame()), audioBothWays(await second.frame())]);
  const far = await second.frame();
  await far.evaluate(() => window.__measure.stop());
  const { value, threshold } = await warned(first, "no-media");
  assert.ok(value >= 6 && value < 9 && threshold === 6, String(value));
  await first.phone.getByText("No sound arrives. The network may be down").waitFor();
  await warned(first, "mos");
  await far.evaluate(() => window.__measure.goOn());
  await warned(first, "no-media", true);
  await warned(first, "mos", true);
  await until("no warning", async () => (await first.phone.locator(".quality-warning").textContent()) === "");
  await first.must("hangup");
  const { quality } = await first.hears("callEnded");
  assert.ok(quality.lowestMos < 2 && quality.loss > 20, JSON.stringify(quality));
});

test("a far end that is silent is told apart, and a microphone that is off is not warned of", async (t) => {
  const { first, second } = await inCall(t);
  await Promise.all([audioBothWays(await first.frame()), audioBothWays(await second.frame())]);
  await second.must("mute");
  await warned(first, "silent-far-end");
  await first.phone.getByText("The other side is silent").waitFor();
  assert.deepEqual(await second.heard("qualityWarning"), []);
  await second.must("unmute");
  await warned(first, "silent-far-end", true);
  // Nothing is expected of a call on hold.
  await first.must("hold");
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  assert.deepEqual((await first.heard("qualityWarning")).length, 2);
  await first.must("hangup");
});

test("a microphone that gives nothing is said so", async (t) => {
  const file = path.join(freshDir("silence"), "silence.wav");
  writeWav(file, new Float32Array(48_000), 48_000);
  const browser = await launch({ args: [`--use-file-for-fake-audio-capture=${file}`] });
  t.after(() => browser.close());
  const { first, second } = await inCall(t, { browser });
  await warned(first, "silent-microphone");
  await first.phone.getByText("Your microphone is silent. Is it switched off?").waitFor();
  await warned(second, "silent-far-end");
  await first.must("hangup");
});

test("packets that are lost are counted, warned of and in the report", async (t) => {
  const network = openLossyNetwork(world.tap);
  t.after(() => network.close());
  const { first, second } = await inCall(t);
  await Promise.all([audioBothWays(await first.frame()), audioBothWays(await second.frame())]);
  network.lose(5);
  const { value } = await warned(first, "loss");
  assert.ok(value > 10 && value < 30, String(value));
  await first.phone.getByText("The connection is poor").waitFor();
  await warned(second, "loss");
  network.lose(0);
  await warned(first, "loss", true);
  await first.must("hangup");
  const { quality } = await first.hears("callEnded");
  assert.ok(quality.loss > 2 && quality.loss < 20 && quality.lowestMos < 3.5, JSON.stringify(quality));
});
