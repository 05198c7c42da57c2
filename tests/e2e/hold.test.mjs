// Hold, heard by the far end: music instead of the microphone, and the microphone again.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, audioStats, hearsTone } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

/** The notes of the arpeggio (crates/web/src/audio/source/music.rs), in Hz. */
const NOTES = [261.63, 329.63, 392, 523.25];

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

/** Two agents in a call with each other. */
async function inCall(t) {
  const [first, second] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await first.must("call", "agent2");
  await second.hears("callIncoming");
  await second.must("answer");
  await first.hears("callAnswered");
  await Promise.all([audioBothWays(await first.frame()), audioBothWays(await second.frame())]);
  return { first, second };
}

/** Waits until nothing has been heard in a frame for a second: what was sent before is still played. */
async function falls(frame) {
  await until("silence", async () => {
    const before = await audioStats(frame);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const after = await audioStats(frame);
    return after.energyReceived - before.energyReceived < 1e-6;
  });
}

const callOf = async (page) => (await page.must("getState")).calls[0];

test("a held far end hears the arpeggio and says nothing; taken back, both are heard", async (t) => {
  const { first, second } = await inCall(t);
  await first.must("hold");
  assert.deepEqual(
    { held: (await callOf(first)).held, remoteHeld: (await callOf(second)).remoteHeld },
    { held: true, remoteHeld: true },
  );
  assert.equal((await first.hears("callUpdated")).held, true);
  assert.equal((await second.hears("callUpdated")).remoteHeld, true);
  // The highest is heard for half a second in five.
  for (const note of NOTES) await hearsTone(await second.frame(), note, 60_000);
  await falls(await first.frame());
  await first.phone.getByText("On hold", { exact: true }).first().waitFor();
  await second.phone.getByText("The other side put you on hold").first().waitFor();

  const before = await audioStats(await second.frame());
  await first.must("unhold");
  assert.equal((await callOf(first)).held, false);
  const back = async (page) => {
    const { energyReceived } = await audioStats(await page.frame());
    return until("sound again", async () => (await audioStats(await page.frame())).energyReceived > energyReceived + 1e-3);
  };
  await Promise.all([back(first), back(second)]);
  assert.ok((await audioStats(await second.frame())).packetsReceived > before.packetsReceived);
  await first.must("hangup");
  await first.endsOnce({ cause: "local-hangup" });
  await second.endsOnce({ cause: "remote-hangup" });
});

test("a person holds with the button and with H, and a mute outlives it", async (t) => {
  const { first, second } = await inCall(t);
  await first.must("open");
  await first.phone.getByRole("button", { name: "Mute" }).click();
  await first.phone.getByRole("button", { name: "Hold" }).click();
  await until("the hold", async () => (await callOf(second)).remoteHeld);
  assert.deepEqual([(await callOf(first)).held, (await callOf(first)).muted], [true, true]);
  await first.phone.getByRole("button", { name: "Hold" }).press("h");
  await until("the end of the hold", async () => !(await callOf(second)).remoteHeld);
  await falls(await second.frame());
  await first.phone.getByRole("button", { name: "Mute" }).click();
  await audioBothWays(await second.frame());
});

test("both sides hold, and each takes back its own", async (t) => {
  const { first, second } = await inCall(t);
  await first.must("hold");
  await second.must("hold");
  const shown = async (page) => [(await callOf(page)).held, (await callOf(page)).remoteHeld];
  assert.deepEqual(await shown(second), [true, true]);
  await until("both holds at the first", async () => (await shown(first)).every(Boolean));
  await first.must("unhold");
  await until("one hold", async () => !(await shown(second))[1]);
  assert.deepEqual(await shown(first), [false, true]);
  await second.must("unhold");
  await until("no hold", async () => !(await shown(first)).some(Boolean));
});

test("hanging up a held call ends it on both sides", async (t) => {
  const { first, second } = await inCall(t);
  await first.must("hold");
  await second.must("hangup");
  await first.endsOnce({ cause: "remote-hangup" });
  await second.endsOnce({ cause: "local-hangup" });
});

test("a call that does not exist, or was not answered, cannot be held", async (t) => {
  const page = await world.signIn(t, "agent1");
  assert.equal((await page.run("hold")).error?.code, "NO_SUCH_CALL");
  await world.switch.command("call agent1 5550100");
  await page.hears("callIncoming");
  assert.equal((await page.run("hold")).error?.code, "INVALID_STATE");
  await page.must("reject");
});
