// A microphone that may be used without asking: no call waits for it, and none goes on without it.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

/** Lets the page open the microphone when the test says so: `allow()`, or `refuse()`. */
const HELD_BACK = `if (navigator.mediaDevices) {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((allow, refuse) => {
      window.allow = allow;
      window.refuse = () => refuse(new DOMException("Requested device not found", "NotFoundError"));
    });
    return open(wanted);
  };
}`;

async function signIn(t) {
  world.tap.reset();
  const page = await world.signIn(t, "agent1", { permissions: ["microphone"], scripts: [HELD_BACK] });
  const frame = await page.frame();
  await until("the permission", () =>
    frame.evaluate(async () => (await navigator.permissions.query({ name: "microphone" })).state === "granted"),
  );
  return { page, frame };
}

test("a call goes out while the microphone is being opened, and is heard both ways", async (t) => {
  const { page, frame } = await signIn(t);
  await page.must("call", "600");
  await page.hears("callAnswered");
  assert.equal(world.tap.sent(/^INVITE /).length > 0, true, "the INVITE did not wait");
  await frame.evaluate(() => window.allow());
  await audioBothWays(frame);
  await page.must("hangup");
  await page.endsOnce({ cause: "local-hangup" });
});

test("a call is answered while the microphone is being opened, and is heard both ways", async (t) => {
  const { page, frame } = await signIn(t);
  await world.switch.command("call agent1 5550100");
  await page.hears("callIncoming");
  await page.must("answer");
  await page.hears("callAnswered");
  await frame.evaluate(() => window.allow());
  await audioBothWays(frame);
  await page.must("hangup");
  await page.endsOnce({ cause: "local-hangup" });
});

test("a call whose microphone then fails is ended, and page and person are told why", async (t) => {
  const { page, frame } = await signIn(t);
  await page.must("call", "600");
  await page.hears("callStarted");
  await frame.evaluate(() => window.refuse());
  assert.equal((await page.hears("error")).code, "MICROPHONE_UNAVAILABLE");
  await page.endsOnce({ cause: "media-failed" });
  await page.must("open");
  await page.phone.getByText("No microphone").first().waitFor();
  assert.equal(await page.must("isRegistered"), true, "the line stays up");
});

test("the page is told how the permission stands", async (t) => {
  const { page } = await signIn(t);
  assert.equal((await page.hears("micPermission")).state, "granted");
});

test("a page that keeps the microphone from its frame is told so", async (t) => {
  const page = await world.signIn(t, "agent1", { path: "/no-microphone" });
  assert.equal((await page.hears("micPermission")).state, "blocked-by-policy");
});
