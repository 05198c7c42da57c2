// The core of a phone in each browser: sign in, call, be called, hang up, sound both ways.
// What one browser is enough for is in the other files, which run in Chromium.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, audioStats, hearsTone } from "../lib/audio.mjs";
import * as chromium from "../lib/browser.mjs";
import * as firefox from "../lib/firefox.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();

for (const [browser, engine] of Object.entries({ Chromium: chromium, Firefox: firefox })) {
  let world;
  before(async () => {
    world = await buildWorld(own, { engine });
  });

  test(`${browser}: a phone signs in by itself and says so once`, async (t) => {
    const page = await world.signIn(t, "agent1");
    const registered = await page.hears("registered");
    assert.equal(registered.username, "agent1");
    assert.equal(registered.domain, world.domain);
    assert.equal(registered.userKey, `agent1@${world.domain}`);
    assert.equal(await page.must("isRegistered"), true);
    assert.deepEqual((await page.heard()).map((event) => event.name), ["ready", "registered", "micPermission"]);
  });

  test(`${browser}: the page calls 601, hears its tone, and hangs up`, async (t) => {
    world.tap.reset();
    const page = await world.signIn(t, "agent1");
    const { callId } = await page.must("call", "601", { correlationId: "ticket 7" });
    const started = await page.hears("callStarted");
    assert.deepEqual(
      [started.callId, started.number, started.direction, started.correlationId],
      [callId, "601", "outbound", "ticket 7"],
    );
    const answered = await page.hears("callAnswered");
    assert.deepEqual([answered.callId, answered.number], [callId, "601"]);
    const state = await page.must("getState");
    assert.deepEqual([state.inCall, state.activeNumber, state.callCount], [true, "601", 1]);
    assert.equal(state.calls[0].state, "active");

    const { share } = await hearsTone(await page.frame(), 1000);
    assert.ok(share > 0.9, `the tone is ${share} of what is heard`);

    await page.must("hangup");
    const ended = await page.endsOnce({ callId, number: "601", cause: "local-hangup" });
    assert.ok(Number.isInteger(ended.duration), "whole seconds");
    await world.tap.waitForSent(/^BYE /);
    const names = (await page.heard()).map((event) => event.name);
    assert.ok(names.indexOf("callStarted") < names.indexOf("callAnswered"));
  });

  test(`${browser}: an agent who calls 600 hears itself`, async (t) => {
    const page = await world.signIn(t, "agent1");
    await page.must("call", "600");
    await page.hears("callAnswered");
    await audioBothWays(await page.frame());
    await page.must("hangup");
    await page.endsOnce({ cause: "local-hangup" });
  });

  test(`${browser}: the page answers a call, hears it and is heard`, async (t) => {
    world.tap.reset();
    const page = await world.signIn(t, "agent1");
    await world.switch.command("call agent1 5550100 Ada Lovelace");
    const incoming = await page.hears("callIncoming");
    assert.deepEqual(
      [incoming.number, incoming.displayName, incoming.direction],
      ["5550100", "Ada Lovelace", "inbound"],
    );
    await page.must("answer");
    const answered = await page.hears("callAnswered");
    assert.deepEqual([answered.callId, answered.direction], [incoming.callId, "inbound"]);
    await hearsTone(await page.frame(), 1000);
    await audioBothWays(await page.frame());
    await page.must("hangup", incoming.callId);
    await page.endsOnce({ callId: incoming.callId, cause: "local-hangup" });
    await world.tap.waitForSent(/^BYE /);
  });

  test(`${browser}: a person answers with the button and hangs up with the button`, async (t) => {
    const page = await world.signIn(t, "agent1");
    await page.must("open");
    await world.switch.command("call agent1 5550100 Ada");
    await page.hears("callIncoming");
    await page.press("Answer");
    await page.hears("callAnswered");
    await hearsTone(await page.frame(), 1000);
    await page.press("Hang up");
    await page.endsOnce({ cause: "local-hangup" });
  });

  test(`${browser}: two tabs call each other with sound both ways`, async (t) => {
    const [caller, callee] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
    await caller.must("call", "agent2");
    const incoming = await callee.hears("callIncoming");
    assert.equal(incoming.number, "agent1");
    await caller.hears("callRinging");
    await callee.must("answer");
    await Promise.all([caller.hears("callAnswered"), callee.hears("callAnswered")]);
    await Promise.all([audioBothWays(await caller.frame()), audioBothWays(await callee.frame())]);
    await callee.must("hangup");
    await callee.endsOnce({ cause: "local-hangup" });
    await caller.endsOnce({ cause: "remote-hangup" });
  });

  // Firefox closes the sockets of a page as soon as it follows a link, even to a file to save.
  if (engine === firefox) {
    test(`${browser}: a file saved from the page costs the socket and not the call`, async (t) => {
      const page = await world.signIn(t, "agent1");
      await page.must("call", "600");
      await page.hears("callAnswered");
      await page.page.evaluate(() => document.querySelector('a[href="/report"]').click());
      assert.equal((await page.hears("unregistered")).reason, "connection-lost");
      await page.hears("registered", { count: 2, timeoutMs: 30_000 });
      const before = await audioStats(await page.frame());
      await until("more of the echo", async () => {
        const now = await audioStats(await page.frame());
        return now.packetsReceived > before.packetsReceived + 20 && now.energyReceived > before.energyReceived + 1e-4;
      });
      world.tap.reset();
      await page.must("hangup");
      await page.endsOnce({ cause: "local-hangup" });
      await world.tap.waitForSent(/^BYE /);
    });
  }
}
