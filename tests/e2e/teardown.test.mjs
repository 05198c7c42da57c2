// The phone leaves the page, or the page leaves the phone: the far end is always told.

import assert from "node:assert/strict";
import { before } from "node:test";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

/** Two phones in a call with each other. */
async function inCall(t) {
  const [near, far] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await near.must("call", "agent2");
  await far.hears("callIncoming");
  await far.must("answer");
  await Promise.all([near.hears("callAnswered"), far.hears("callAnswered")]);
  world.tap.reset();
  return { near, far };
}

async function farEndWasTold(far) {
  await world.tap.waitForSent(/^BYE /);
  assert.equal((await far.hears("callEnded")).cause, "remote-hangup");
  assert.equal((await far.heard("callEnded")).length, 1);
}

test("destroy in a call ends it, signs out and leaves the page as it was", async (t) => {
  const { near, far } = await inCall(t);
  await near.must("destroy");
  await farEndWasTold(far);
  await until("the end of the registration on the wire", () =>
    world.tap.sent(/^REGISTER /).some(({ text }) => /expires[:=] ?0\b/i.test(text)),
  );
  assert.equal((await near.hears("callEnded")).cause, "local-hangup");
  await until("the frame to be gone", async () => (await near.page.locator("iframe").count()) === 0);
  assert.equal(await near.page.evaluate(() => document.querySelector("ringlet-phone")), null);
  const state = await near.must("getState");
  assert.deepEqual([state.registered, state.inCall, state.callCount], [false, false, 0]);
  assert.equal((await near.run("call", "600")).error.code, "NOT_INITIALIZED");
});

test("after destroy a page can have a phone again", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("destroy");
  await page.must("init", world.config("agent2"));
  assert.equal((await page.hears("registered", { count: 2 })).username, "agent2");
  assert.equal(await page.page.locator("iframe").count(), 1);
});

test("destroy rejects what is waiting", async (t) => {
  const page = await world.open(t);
  const codes = await page.page.evaluate(async (config) => {
    const waiting = [Ringlet.init(config), Ringlet.call("600")];
    Ringlet.destroy();
    return (await Promise.allSettled(waiting)).map(({ reason }) => reason?.code);
  }, world.config("agent1"));
  assert.deepEqual(codes, ["DESTROYED", "DESTROYED"]);
});

test("a second init is refused and disturbs nothing", async (t) => {
  const page = await world.signIn(t, "agent1");
  assert.equal((await page.run("init", world.config("agent2"))).error.code, "ALREADY_INITIALIZED");
  await page.must("call", "601");
  await page.hears("callAnswered");
  await page.must("hangup");
  await page.hears("callEnded");
  assert.equal((await page.heard("ready")).length, 1);
});

test("a host page that navigates away in a call hangs up", async (t) => {
  const { near, far } = await inCall(t);
  await near.page.goto(`${world.host.otherOrigin}/away`);
  await farEndWasTold(far);
});

test("a host page that is loaded again in a call hangs up", async (t) => {
  const { near, far } = await inCall(t);
  await near.page.reload();
  await farEndWasTold(far);
});

test("a tab that is closed in a call hangs up", async (t) => {
  const { near, far } = await inCall(t);
  await near.page.close({ runBeforeUnload: true });
  await farEndWasTold(far);
});

test("a phone page that navigates away while a call rings out cancels it", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "603");
  await page.hears("callRinging");
  world.tap.reset();
  await page.page.goto(`${world.host.otherOrigin}/away`);
  await world.tap.waitForSent(/^CANCEL /);
});
