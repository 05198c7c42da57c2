// Calls this phone receives, and two phones calling each other: refused, missed, taken elsewhere.

import assert from "node:assert/strict";
import { before } from "node:test";
import { hearsTone } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

test("the page rejects a call", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1");
  await world.switch.command("call agent1 5550100");
  await page.hears("callIncoming");
  await page.must("reject");
  await page.endsOnce({ cause: "rejected", duration: 0 });
  await world.tap.waitForSent(/^SIP\/2\.0 603 /);
  assert.deepEqual(await page.heard("callAnswered"), []);
});

test("a person declines with the button", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("open");
  await world.switch.command("call agent1 5550100");
  await page.phone.getByRole("button", { name: "Decline" }).click();
  await page.endsOnce({ cause: "rejected" });
});

test("a caller who gives up leaves a missed call", async (t) => {
  const [caller, callee] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await caller.must("call", "agent2");
  await callee.hears("callIncoming");
  await caller.hears("callRinging");
  await caller.must("hangup");
  await caller.endsOnce({ cause: "cancelled" });
  await callee.endsOnce({ cause: "missed", duration: 0 });
});

test("a callee who rejects has declined to the caller", async (t) => {
  const [caller, callee] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await caller.must("call", "agent2");
  await callee.hears("callIncoming");
  await callee.must("reject");
  await callee.endsOnce({ cause: "rejected" });
  await caller.endsOnce({ cause: "declined", sipCode: 603 });
});

test("a call that comes during a call is refused as busy and disturbs nothing", async (t) => {
  const [busy, caller] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await busy.must("call", "601");
  await busy.hears("callAnswered");
  await caller.must("call", "agent1");
  await caller.endsOnce({ cause: "busy", sipCode: 486 });
  await hearsTone(await busy.frame(), 1000);
  await busy.must("hangup");
  await busy.endsOnce({ cause: "local-hangup" });
});

test("one of two phones of the same user takes the call", async (t) => {
  const [first, second] = [await world.signIn(t, "agent3"), await world.signIn(t, "agent3")];
  await world.switch.command("call agent3 5550100");
  await Promise.all([first.hears("callIncoming"), second.hears("callIncoming")]);
  await first.must("answer");
  await first.hears("callAnswered");
  await second.endsOnce({ cause: "answered-elsewhere", duration: 0 });
  await first.must("hangup");
  await first.endsOnce({ cause: "local-hangup" });
});
