// What a phone that fails in its frame means for the page around it.

import assert from "node:assert/strict";
import { before } from "node:test";
import { suite } from "../lib/suite.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

/** Fails as a trap in the wasm does: the browser tells the window of it. */
async function crash(page) {
  const frame = await page.frame();
  await frame.evaluate(() => {
    const error = new WebAssembly.RuntimeError("unreachable");
    window.dispatchEvent(new ErrorEvent("error", { error, message: "unreachable" }));
  });
}

test("a phone that crashes in a call is loaded again once; the second time it is lost", async (t) => {
  const page = await world.signIn(t, "agent1");
  const { callId } = await page.must("call", "601");
  await page.hears("callAnswered");
  await crash(page);
  const ended = await page.hears("callEnded");
  assert.deepEqual([ended.callId, ended.cause], [callId, "failed"]);
  const first = await page.hears("error");
  assert.deepEqual([first.code, first.fatal, first.recoverable], ["PHONE_CRASHED", false, true]);

  await page.hears("registered", { count: 2 });
  await page.must("call", "602");
  assert.equal((await page.hears("callEnded", { count: 2 })).cause, "busy");
  assert.equal((await page.heard("callEnded")).filter((event) => event.callId === callId).length, 1);

  await crash(page);
  const second = await page.hears("error", { count: 2 });
  assert.deepEqual([second.code, second.fatal], ["PHONE_CRASHED", true]);
  assert.equal((await page.run("mute")).error?.code, "PHONE_CRASHED");
  assert.equal((await page.must("getState")).registered, false);
});
