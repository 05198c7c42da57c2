// A call is never placed silently without a microphone.

import assert from "node:assert/strict";
import { before } from "node:test";
import { suite } from "../lib/suite.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own, { launch: { microphone: "denied" } });
});

async function callIsRefused(t, { code, title, ...options }) {
  world.tap.reset();
  const page = await world.signIn(t, "agent1", options);
  const { error } = await page.run("call", "601");
  assert.equal(error?.code, code);
  await page.phone.getByText(title).first().waitFor();
  assert.equal(world.tap.sent(/^INVITE /).length, 0, "no INVITE was sent");
  const started = await page.heard("callStarted");
  assert.equal((await page.heard("callEnded")).length, started.length);
  assert.equal(await page.must("isInCall"), false);
  assert.equal(await page.must("isRegistered"), true, "the line stays up");
}

test("a microphone the person refuses stops the call before the INVITE", (t) =>
  callIsRefused(t, { code: "MICROPHONE_DENIED", title: "Microphone not allowed" }));

test("a microphone the page's policy forbids stops it too, with another remedy", (t) =>
  callIsRefused(t, {
    code: "MICROPHONE_BLOCKED",
    title: "Microphone blocked by this page",
    path: "/no-microphone",
  }));

test("a microphone that is not there stops it too, with a third remedy", (t) =>
  callIsRefused(t, {
    code: "MICROPHONE_UNAVAILABLE",
    title: "No microphone",
    scripts: [
      `navigator.mediaDevices && (navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException("Requested device not found", "NotFoundError")));`,
    ],
  }));

test("an incoming call cannot be answered without a microphone, and the caller is told in the end", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1");
  await world.switch.command("call agent1 5550100");
  await page.hears("callIncoming");
  const { error } = await page.run("answer");
  assert.equal(error?.code, "MICROPHONE_DENIED");
  assert.equal(world.tap.sent(/^SIP\/2\.0 200 .*[^]*CSeq: \d+ INVITE/).length, 0, "it was not answered");
  await page.run("reject");
  await page.hears("callEnded");
  assert.equal((await page.heard("callEnded")).length, 1);
});

test("a call that waits for the person's permission can be given up, and nothing was sent", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1", {
    scripts: [
      "navigator.mediaDevices && (navigator.mediaDevices.getUserMedia = () => new Promise(() => {}));",
    ],
  });
  await page.page.evaluate(() => {
    window.waiting = Ringlet.call("601").then(
      () => "placed",
      (error) => error.code,
    );
  });
  await page.phone.getByText("Preparing the call…").first().waitFor();
  await page.phone.getByRole("button", { name: /^(Cancel|Hang up)$/ }).click();
  assert.notEqual(await page.page.evaluate(() => window.waiting), "placed");
  assert.equal(await page.must("isInCall"), false);
  assert.equal(world.tap.sent(/^INVITE /).length, 0);
  const started = await page.heard("callStarted");
  assert.equal((await page.heard("callEnded")).length, started.length);
});
