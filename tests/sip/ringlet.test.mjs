// Ringlet against Kamailio, rtpengine, baresip and sipp.

import assert from "node:assert/strict";
import { before, beforeEach } from "node:test";
import { audioBothWays, audioStats, hearsTone } from "../lib/audio.mjs";
import { startBaresip } from "../lib/baresip.mjs";
import { DOMAIN, passwordOf, startKamailio } from "../lib/kamailio.mjs";
import { startRtpengine } from "../lib/rtpengine.mjs";
import { startRefuser } from "../lib/sipp.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
let kamailio;
let rtpengine;
let bob;
let carol;

before(async () => {
  rtpengine = own(await startRtpengine());
  kamailio = own(await startKamailio({ rtpengine }));
  const far = { domain: DOMAIN, server: kamailio.udp };
  bob = own(await startBaresip({ ...far, user: "bob", password: passwordOf("bob"), answer: "auto" }));
  carol = own(await startBaresip({ ...far, user: "carol", password: passwordOf("carol"), answer: "manual" }));
  world = await buildWorld(own, { sip: { url: kamailio.wsUrl, domain: DOMAIN, passwordOf } });
});

beforeEach(() => {
  for (const far of [bob, carol]) far.reset();
  world.tap.reset();
});

async function endsOnce(page, expected) {
  const ended = await page.hears("callEnded");
  for (const [field, value] of Object.entries(expected)) assert.equal(ended[field], value, field);
  await until("the page to be out of the call", async () => !(await page.must("isInCall")));
  assert.equal((await page.heard("callEnded")).length, 1, "callEnded exactly once");
}

/** What reached the far end's ear in its last call. */
async function heardBy(baresip) {
  const recordings = await baresip.recordings();
  const { samples } = recordings.at(-1);
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

test("registers with digest, and unregisters when destroyed", async (t) => {
  const page = await world.signIn(t, "agent1");
  const registered = world.tap.received(/^SIP\/2\.0 200 /);
  assert.equal(registered.length, 1);
  assert.equal(world.tap.received(/^SIP\/2\.0 401 /).length, 1, "it was challenged");
  await page.must("destroy");
  await until("the end of the registration", () => world.tap.received(/^SIP\/2\.0 200 /).length === 2);
});

test("a wrong password is refused", async (t) => {
  const page = await world.open(t);
  await page.must("init", world.config("agent1", { sip: { username: "agent1", password: "wrong" } }));
  assert.equal((await page.hears("error")).code, "SIGN_IN_FAILED");
  assert.deepEqual(await page.heard("registered"), []);
});

test("digits by the page, the keypad, the keyboard and the clipboard reach baresip in the media", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("open");
  await page.must("call", "bob");
  await page.hears("callAnswered");
  await audioBothWays(await page.frame());
  const digits = async (expected) => {
    for (const digit of expected) assert.equal((await bob.event("CALL_DTMF_START")).param, digit);
  };
  await page.must("sendDtmf", "19A");
  await digits("19A");
  await page.phone.getByRole("button", { name: "Keypad" }).click();
  await page.phone.getByRole("button", { name: "# hash" }).click();
  await digits("#");
  await page.phone.getByRole("button", { name: "Keypad" }).press("7");
  await digits("7");
  await page.phone.locator(".call").evaluate((screen) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", " 4-2 ");
    screen.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  });
  await digits("42");
  await page.phone.getByText("Sent: 19A#742").waitFor();
  assert.deepEqual(world.tap.sent(/^INFO /), [], "none went by SIP");
  await page.must("hangup");
});

test("a call is transferred from one baresip to another", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "bob");
  await page.hears("callAnswered");
  await audioBothWays(await page.frame());
  await page.must("transfer", "carol");
  await carol.event("CALL_INCOMING");
  await carol.command("accept");
  await carol.event("CALL_ESTABLISHED");
  await endsOnce(page, { cause: "transferred" });
  const statuses = (await page.heard("transferState")).map(({ status }) => status);
  assert.deepEqual(statuses, ["started", "accepted", "completed"]);
  await carol.command("hangup");
  await carol.event("CALL_CLOSED");
});

test("calls out to baresip; the tone comes in, the microphone goes out, the page hangs up", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "bob");
  await page.hears("callAnswered");
  const frame = await page.frame();
  await hearsTone(frame, 1000);
  await audioBothWays(frame);
  const [callId] = await rtpengine.calls();
  const { totals } = await rtpengine.query(callId);
  assert.ok(totals.RTP.packets > 40, `rtpengine passed ${totals.RTP.packets} packets on`);
  // What was measured so far may have been said before the connection was up.
  const { energySent } = await audioStats(frame);
  await until("the next beep", async () => (await audioStats(frame)).energySent > energySent + 1e-3);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await page.must("hangup");
  await bob.event("CALL_CLOSED");
  await endsOnce(page, { number: "bob", cause: "local-hangup" });
  assert.ok((await heardBy(bob)) > 0.05, "bob heard the microphone");
});

test("baresip calls in; the page answers; baresip hangs up", async (t) => {
  const page = await world.signIn(t, "agent1");
  await carol.command("dial", `sip:agent1@${DOMAIN}`);
  const incoming = await page.hears("callIncoming");
  assert.equal(incoming.number, "carol");
  await page.must("answer");
  await carol.event("CALL_ESTABLISHED");
  await page.hears("callAnswered");
  const frame = await page.frame();
  await hearsTone(frame, 1000);
  await audioBothWays(frame);
  await carol.command("hangup");
  await endsOnce(page, { cause: "remote-hangup" });
});

test("the page rejects a call from baresip", async (t) => {
  const page = await world.signIn(t, "agent1");
  await carol.command("dial", `sip:agent1@${DOMAIN}`);
  await page.hears("callIncoming");
  await page.must("reject");
  await carol.event("CALL_CLOSED");
  await endsOnce(page, { cause: "rejected" });
});

test("baresip gives up before the page answers", async (t) => {
  const page = await world.signIn(t, "agent1");
  await carol.command("dial", `sip:agent1@${DOMAIN}`);
  await page.hears("callIncoming");
  await carol.command("hangup");
  await endsOnce(page, { cause: "missed" });
});

test("the page cancels while baresip rings", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "carol");
  await carol.event("CALL_INCOMING");
  await page.hears("callRinging");
  await page.must("hangup");
  await carol.event("CALL_CLOSED");
  await endsOnce(page, { cause: "cancelled" });
});

for (const [status, cause] of [[486, "busy"], [603, "declined"], [480, "no-answer"], [404, "not-found"], [500, "failed"]]) {
  test(`a far end that answers ${status} ends the call as ${cause}`, async (t) => {
    const refuser = await startRefuser(status);
    t.after(() => refuser.stop());
    const page = await world.signIn(t, "agent1");
    await page.must("call", refuser.number);
    await endsOnce(page, { cause, sipCode: status });
  });
}

test("a number nobody has is not found", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "nobody");
  await endsOnce(page, { cause: "not-found", sipCode: 404 });
});

test("two pages call each other through Kamailio", async (t) => {
  const [caller, callee] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await caller.must("call", "agent2");
  await callee.hears("callIncoming");
  await callee.must("answer");
  await caller.hears("callAnswered");
  await Promise.all([audioBothWays(await caller.frame()), audioBothWays(await callee.frame())]);
  await callee.must("hangup");
  await endsOnce(caller, { cause: "remote-hangup" });
  await endsOnce(callee, { cause: "local-hangup" });
});

test("a page that navigates away in a call hangs up on baresip", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "bob");
  await bob.event("CALL_ESTABLISHED");
  await page.page.goto(`${world.host.otherOrigin}/away`);
  await bob.event("CALL_CLOSED");
});

test("destroy in a call hangs up on baresip", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "bob");
  await bob.event("CALL_ESTABLISHED");
  await page.must("destroy");
  await bob.event("CALL_CLOSED");
});

test("Kamailio dies and comes back: the page registers by itself, once, and can be called", async (t) => {
  const page = await world.signIn(t, "agent1");
  await kamailio.stop();
  assert.equal((await page.hears("unregistered")).reason, "connection-lost");
  await kamailio.restart();
  await page.hears("registered", { count: 2, timeoutMs: 40_000 });
  await carol.command("dial", `sip:agent1@${DOMAIN}`);
  await page.hears("callIncoming");
  await page.must("answer");
  await page.hears("callAnswered");
  await hearsTone(await page.frame(), 1000);
  await page.must("hangup");
  await endsOnce(page, { cause: "local-hangup" });
  assert.equal((await page.heard("registered")).length, 2);
  assert.equal((await page.heard("unregistered")).length, 1);
});
