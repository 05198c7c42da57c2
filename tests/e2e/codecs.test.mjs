// The tenant's codecs, in calls: what arrives, and how much of it.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, audioStats } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const NARROW = "pk_test_narrow_00000001";
const QUIET = "pk_test_quiet_000000001";

const { own, test } = suite();
let world;
before(async () => {
  const tenants = {
    [NARROW]: [`media = { codec_delete = "PCMU|G7.*", codec_priority = ["PCMA"] }`],
    [QUIET]: ["media.opus_dtx = true"],
  };
  world = await buildWorld(own, { tenants });
});

/** Two agents of a tenant in a call with each other. */
async function inCall(t, key) {
  const signIn = (user) => world.signIn(t, user, { config: { key } });
  const [first, second] = [await signIn("agent1"), await signIn("agent2")];
  world.tap.reset();
  await first.must("call", "agent2");
  await second.hears("callIncoming");
  await second.must("answer");
  await first.hears("callAnswered");
  const frames = [await first.frame(), await second.frame()];
  await Promise.all(frames.map((frame) => audioBothWays(frame)));
  return { first, second, frames };
}

test("the codec that is preferred is spoken, and one that was deleted is not offered", async (t) => {
  const { first, frames } = await inCall(t, NARROW);
  for (const frame of frames) {
    assert.equal(await until("a codec", () => frame.evaluate(() => window.__measure.codec())), "audio/PCMA");
  }
  const [invite] = world.tap.sent(/^INVITE /);
  assert.doesNotMatch(invite.text, /PCMU|G722/);
  assert.match(invite.text, /opus/);
  await first.must("hangup");
});

test("with DTX next to nothing is sent while nobody speaks", async (t) => {
  const { first, second, frames } = await inCall(t, QUIET);
  const [invite] = world.tap.sent(/^INVITE /);
  assert.match(invite.text, /useinbandfec=1;usedtx=1/);
  const inThreeSeconds = async () => {
    const before = await audioStats(frames[0]);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return (await audioStats(frames[0])).packetsReceived - before.packetsReceived;
  };
  // The microphone beeps once a second, and is quiet in between.
  await second.must("mute");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const muted = await inThreeSeconds();
  assert.ok(muted > 0 && muted < 30, `${muted} packets`);
  assert.deepEqual(await first.heard("qualityWarning"), [], "which is no loss");
  await second.must("unmute");
  await until("more packets", async () => (await inThreeSeconds()) > 30);
  await first.must("hangup");
});
