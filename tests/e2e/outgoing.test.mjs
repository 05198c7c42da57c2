// Calls this phone places: to the switch's test numbers, by the page, by a link and by hand.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, audioStats, hearsTone } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

test("a click on a tel: link becomes a call, and the phone shows it", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.page.getByRole("link", { name: "600" }).click();
  assert.equal((await page.hears("callStarted")).number, "600");
  await page.hears("callAnswered");
  await page.phone.getByRole("button", { name: "Hang up" }).click();
  await page.endsOnce({ cause: "local-hangup" });
});

test("a person dials on the keypad with the mouse and with the keyboard", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("open");
  const number = page.phone.getByLabel("Number or name to call");
  await page.phone.getByRole("button", { name: /^6\b/ }).click();
  await page.phone.getByRole("button", { name: /^0\b/ }).click();
  await page.phone.getByRole("button", { name: /^2\b/ }).click();
  assert.equal(await number.inputValue(), "602");
  await page.phone.getByRole("button", { name: /^Call\b/ }).click();
  await page.hears("callEnded");
  await page.phone.getByText("Busy", { exact: true }).first().waitFor();

  await page.phone.getByRole("button", { name: "Close" }).click();
  await number.fill("601");
  await number.press("Enter");
  await page.hears("callAnswered");
  await page.must("hangup");
  await page.hears("callEnded", { count: 2 });
});

test("dial puts a number on the keypad and calls nobody", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1");
  await page.must("dial", "030 123456");
  await until("the number on the keypad", async () =>
    (await page.phone.getByLabel("Number or name to call").inputValue()).replace(/\D/g, "") === "030123456",
  );
  assert.equal(world.tap.sent(/^INVITE /).length, 0);
});

for (const [number, cause, sipCode] of [
  ["602", "busy", 486],
  ["604", "declined", 603],
  ["699", "not-found", 404],
  ["agent9", "unavailable", 480],
]) {
  test(`a call to ${number} ends once as ${cause}`, async (t) => {
    const page = await world.signIn(t, "agent1");
    await page.must("call", number);
    await page.endsOnce({ cause, sipCode, duration: 0 });
    assert.deepEqual(await page.heard("callAnswered"), []);
  });
}

test("a call that only rings is cancelled", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1");
  await page.must("call", "603");
  await page.hears("callRinging");
  await page.must("hangup");
  await page.endsOnce({ cause: "cancelled", duration: 0 });
  await world.tap.waitForSent(/^CANCEL /);
  await world.tap.waitForSent(/^ACK /);
  assert.deepEqual(await page.heard("callAnswered"), []);
});

test("a call cancelled in the instant it is placed ends once", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.page.evaluate(() => {
    Ringlet.call("601").catch(() => {});
    Ringlet.on("callStarted", () => Ringlet.hangup().catch(() => {}));
  });
  await page.endsOnce({});
});

test("the far end hangs up", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "605");
  await page.hears("callAnswered");
  const { duration } = await page.endsOnce({ cause: "remote-hangup" });
  assert.ok(duration >= 4 && duration <= 6, `605 hangs up after 5 s, not ${duration}`);
});

test("early media is heard before the answer", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "606");
  await hearsTone(await page.frame(), 1000);
  assert.deepEqual(await page.heard("callAnswered"), [], "it is not answered yet");
  await page.hears("callAnswered");
  await page.must("hangup");
  await page.endsOnce({ cause: "local-hangup" });
});

test("mute silences what the far end hears, and unmute undoes it", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "600");
  await page.hears("callAnswered");
  const frame = await page.frame();
  await audioBothWays(frame);

  const echoed = async (ms) => {
    const before = (await audioStats(frame)).energyReceived;
    await page.page.waitForTimeout(ms);
    return (await audioStats(frame)).energyReceived - before;
  };
  await page.must("mute");
  assert.equal((await page.must("getState")).calls[0].muted, true);
  await page.page.waitForTimeout(800); // What was on its way arrives.
  const muted = await echoed(2_000);
  await page.must("unmute");
  await page.page.waitForTimeout(800);
  const unmuted = await echoed(2_000);
  assert.ok(unmuted > 1e-4, `the beeps come back: ${unmuted}`);
  assert.ok(muted < unmuted / 100, `silence is ${muted}, sound is ${unmuted}`);
  await page.must("hangup");
  await page.endsOnce({});
});

test("one phone has one call: the second is refused", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "603");
  await page.hears("callRinging");
  const { error } = await page.run("call", "601");
  assert.equal(error.code, "CALL_LIMIT");
  await page.must("hangup");
  await page.endsOnce({ cause: "cancelled" });
});

for (const [what, number] of [
  ["blank", "   "],
  ["empty", ""],
  ["of 300 characters", "1".repeat(300)],
  ["of characters no number has", "6\r\n00"],
]) {
  test(`a number that is ${what} is refused and nothing is sent`, async (t) => {
    world.tap.reset();
    const page = await world.signIn(t, "agent1");
    const { error } = await page.run("call", number);
    assert.deepEqual([error.name, error.code], ["RingletError", "INVALID_NUMBER"]);
    assert.equal((await page.run("dial", number)).error.code, "INVALID_NUMBER");
    assert.equal(world.tap.sent(/^INVITE /).length, 0);
    assert.deepEqual(await page.heard("callStarted"), []);
  });
}

test("commands without a call say so", async (t) => {
  const page = await world.signIn(t, "agent1");
  for (const method of ["hangup", "answer", "reject", "mute", "unmute"]) {
    assert.equal((await page.run(method)).error?.code, "NO_SUCH_CALL", method);
  }
});

test("a call asked for before the phone is ready waits for it", async (t) => {
  const page = await world.open(t);
  const config = world.config("agent1");
  await page.page.evaluate((c) => {
    Ringlet.init(c);
    window.early = Ringlet.call("601");
  }, config);
  await page.hears("callAnswered", { timeoutMs: 20_000 });
  const { callId } = await page.page.evaluate(() => window.early);
  assert.equal(callId, (await page.hears("callStarted")).callId);
  await page.must("hangup");
  await page.endsOnce({});
});
