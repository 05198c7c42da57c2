// A call outlives the socket it was made over: JsSIP #738, SIP.js #1024 and #1095.

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

const iceUfrag = (sip) => /a=ice-ufrag:(\S+)/.exec(sip)?.[1];
const callIdOf = (sip) => /^Call-ID: (.*)$/im.exec(sip)?.[1];

/** Waits until more packets and more sound than until now have come and gone. */
async function audioGoesOn(frame) {
  const before = await audioStats(frame);
  await until(
    "packets and sound to go on both ways",
    async () => {
      const now = await audioStats(frame);
      const grown = (name, least) => now[name] - before[name] > least;
      return grown("packetsSent", 50) && grown("packetsReceived", 50) && grown("energyReceived", 1e-4);
    },
    { timeoutMs: 15_000, everyMs: 200 },
  );
}

/** Drops every socket, and has the phones find the server again. */
async function drop(pages) {
  world.tap.cut();
  for (const page of pages) await page.hears("unregistered");
  world.tap.restore();
  for (const page of pages) await page.hears("registered", { count: 2, timeoutMs: 30_000 });
}

test("a call with a test number goes on over the next socket, with new ICE credentials", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "601");
  await page.hears("callAnswered");
  await hearsTone(await page.frame(), 1000);
  world.tap.reset();
  await drop([page]);
  const { text: again } = await world.tap.waitForSent(/^INVITE /, 1, 20_000);
  await hearsTone(await page.frame(), 1000);
  assert.ok(await page.must("isInCall"));
  assert.deepEqual(await page.heard("callEnded"), []);
  assert.ok(iceUfrag(again), "the offer restarts ICE");
  await page.must("hangup");
  await page.hears("callEnded");
  const { text: bye } = await world.tap.waitForSent(/^BYE /);
  assert.equal(callIdOf(bye), callIdOf(again), "it is the same dialog");
  const registers = world.tap.sent(/^REGISTER /).filter(({ text }) => !/^Authorization:/im.test(text));
  assert.ok(registers.length <= 1, "one attempt for one socket");
});

test("two phones that both lose their sockets go on talking", async (t) => {
  const alice = await world.signIn(t, "agent1");
  const bob = await world.signIn(t, "agent2");
  await alice.must("call", "agent2");
  await bob.hears("callIncoming");
  await bob.must("answer");
  await alice.hears("callAnswered");
  await audioBothWays(await alice.frame());
  world.tap.reset();
  await drop([alice, bob]);
  await world.tap.waitForSent(/^INVITE /, 1, 20_000);
  await audioGoesOn(await alice.frame());
  await audioGoesOn(await bob.frame());
  await bob.must("hangup");
  assert.equal((await alice.hears("callEnded", { timeoutMs: 15_000 })).cause, "remote-hangup");
  assert.equal((await bob.hears("callEnded")).cause, "local-hangup");
  for (const page of [alice, bob]) assert.equal((await page.heard("callEnded")).length, 1);
});

test("diagnostics tell of the loss, and hold no secret", async (t) => {
  const page = await world.signIn(t, "agent3");
  await drop([page]);
  const diagnostics = await page.must("getDiagnostics");
  assert.equal(diagnostics.connection, "registered");
  assert.ok(diagnostics.counters.sent >= 3 && diagnostics.counters.received >= 3, "both sockets are counted");
  const sent = diagnostics.trace.filter(({ kind, text }) => kind === "sent" && text.startsWith("REGISTER "));
  assert.ok(sent.length >= 2, "both registrations are there");
  const spoken = JSON.stringify(diagnostics.trace);
  assert.match(spoken, /Authorization/);
  assert.doesNotMatch(spoken, /response=\\?"[0-9a-f]{32}/, "no digest");
});

test("a code on the keypad writes the SIP trace to the console, and again it stops", async (t) => {
  const page = await world.signIn(t, "agent4");
  const logged = [];
  page.page.on("console", (message) => logged.push(message.text()));
  await page.must("open");
  const number = page.phone.getByLabel("Number or name to call");
  await number.pressSequentially("*#0*#");
  const says = (text) => () => logged.some((line) => line.includes(text));
  await until("the trace of the registration", says("sent\nREGISTER "));
  assert.equal(await number.inputValue(), "", "the keypad is clear again");
  await page.must("call", "602");
  await page.hears("callEnded");
  await until("the trace of the call", says("received\nSIP/2.0 486 "));
  assert.ok(!logged.some((line) => line.includes("ringlet-4")), "no password");
  await page.phone.locator("body").press("Escape"); // puts the "call ended" screen away
  await number.pressSequentially("*#0*#");
  await until("the end of the trace", says("SIP tracing is off"));
  logged.length = 0;
  await page.must("call", "602");
  await page.hears("callEnded", { count: 2 });
  assert.deepEqual(logged, []);
});
