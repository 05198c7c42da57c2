// Calls this phone receives, and two phones calling each other.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, hearsTone } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

async function endsOnce(page, expected) {
  const ended = await page.hears("callEnded");
  for (const [field, value] of Object.entries(expected)) assert.equal(ended[field], value, field);
  await until("the page to be out of the call", async () => !(await page.must("isInCall")));
  assert.equal((await page.heard("callEnded")).length, 1, "callEnded exactly once");
}

test("the page answers a call and hears it", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1");
  await world.switch.command("call agent1 5550100 Ada Lovelace");
  const incoming = await page.hears("callIncoming");
  assert.deepEqual(
    [incoming.number, incoming.displayName, incoming.direction],
    ["5550100", "Ada Lovelace", "inbound"],
  );
  assert.match(await page.launcher.getAttribute("aria-label"), /incoming call$/);
  await page.must("answer");
  const answered = await page.hears("callAnswered");
  assert.deepEqual([answered.callId, answered.direction], [incoming.callId, "inbound"]);
  await hearsTone(await page.frame(), 1000);
  await audioBothWays(await page.frame());
  await page.must("hangup", incoming.callId);
  await endsOnce(page, { callId: incoming.callId, cause: "local-hangup" });
  await world.tap.waitForSent(/^BYE /);
});

test("a person answers with the button", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("open");
  await world.switch.command("call agent1 5550100 Ada");
  await page.phone.getByText("Ada").first().waitFor();
  await page.phone.getByRole("button", { name: "Answer" }).click();
  await page.hears("callAnswered");
  await hearsTone(await page.frame(), 1000);
  await page.phone.getByRole("button", { name: "Hang up" }).click();
  await endsOnce(page, { cause: "local-hangup" });
});

test("the page rejects a call", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1");
  await world.switch.command("call agent1 5550100");
  await page.hears("callIncoming");
  await page.must("reject");
  await endsOnce(page, { cause: "rejected", duration: 0 });
  await world.tap.waitForSent(/^SIP\/2\.0 (486|603) /);
  assert.deepEqual(await page.heard("callAnswered"), []);
});

test("a person declines with the button", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("open");
  await world.switch.command("call agent1 5550100");
  await page.phone.getByRole("button", { name: "Decline" }).click();
  await endsOnce(page, { cause: "rejected" });
});

test("two tabs call each other with sound both ways", async (t) => {
  const [caller, callee] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await caller.must("call", "agent2");
  const incoming = await callee.hears("callIncoming");
  assert.equal(incoming.number, "agent1");
  await caller.hears("callRinging");
  await callee.must("answer");
  await Promise.all([caller.hears("callAnswered"), callee.hears("callAnswered")]);
  await Promise.all([audioBothWays(await caller.frame()), audioBothWays(await callee.frame())]);
  await callee.must("hangup");
  await endsOnce(callee, { cause: "local-hangup" });
  await endsOnce(caller, { cause: "remote-hangup" });
});

test("a caller who gives up leaves a missed call", async (t) => {
  const [caller, callee] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await caller.must("call", "agent2");
  await callee.hears("callIncoming");
  await caller.hears("callRinging");
  await caller.must("hangup");
  await endsOnce(caller, { cause: "cancelled" });
  await endsOnce(callee, { cause: "missed", duration: 0 });
});

test("a callee who rejects is declined or busy to the caller", async (t) => {
  const [caller, callee] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await caller.must("call", "agent2");
  await callee.hears("callIncoming");
  await callee.must("reject");
  await endsOnce(callee, { cause: "rejected" });
  const { cause } = await caller.hears("callEnded");
  assert.ok(["busy", "declined"].includes(cause), cause);
  await endsOnce(caller, { cause });
});

test("a call that comes during a call is refused as busy and disturbs nothing", async (t) => {
  const [busy, caller] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await busy.must("call", "601");
  await busy.hears("callAnswered");
  await caller.must("call", "agent1");
  await endsOnce(caller, { cause: "busy", sipCode: 486 });
  await hearsTone(await busy.frame(), 1000);
  await busy.must("hangup");
  await endsOnce(busy, { cause: "local-hangup" });
});

test("one of two phones of the same user takes the call", async (t) => {
  const [first, second] = [await world.signIn(t, "agent3"), await world.signIn(t, "agent3")];
  await world.switch.command("call agent3 5550100");
  await Promise.all([first.hears("callIncoming"), second.hears("callIncoming")]);
  await first.must("answer");
  await first.hears("callAnswered");
  const { cause } = await second.hears("callEnded");
  assert.ok(["answered-elsewhere", "missed"].includes(cause), cause);
  await first.must("hangup");
  await endsOnce(first, { cause: "local-hangup" });
});
