// The user agent natively: calls with baresip and with scripted far ends through Kamailio.

import assert from "node:assert/strict";
import { before, beforeEach } from "node:test";
import { startBaresip } from "../lib/baresip.mjs";
import { DOMAIN, passwordOf, startKamailio } from "../lib/kamailio.mjs";
import { header, runCallExample, startNative } from "../lib/native.mjs";
import { freePort } from "../lib/ports.mjs";
import { ack, begin, pause, receive, reply, sdp, send } from "../lib/script.mjs";
import { startScript } from "../lib/sipp.mjs";
import { suite } from "../lib/suite.mjs";

const { own, lend, test } = suite();
let kamailio;
let ports;
let bob;

before(async () => {
  ports = [await freePort(), await freePort()];
  kamailio = own(await startKamailio({ scriptPort: ports[0], otherScriptPort: ports[1] }));
  bob = own(await startBaresip({ user: "bob", password: passwordOf("bob"), domain: DOMAIN, server: kamailio.udp, answer: "auto" }));
});

beforeEach(() => bob.reset());

const account = (user) => ({ url: kamailio.wsUrl, user, password: passwordOf(user), domain: DOMAIN });

/** A registered phone for one test. */
async function signIn(user = "agent1", options = []) {
  const phone = lend(await startNative({ ...account(user), options }));
  await phone.register();
  return phone;
}

test("the twenty-line example registers and calls", async () => {
  const { url, user, domain, password } = account("agent1");
  const { output, ended } = await runCallExample([url, user, domain, password, "bob"]);
  assert.match(output, /Registration\(Registered/);
  assert.match(output, /Answered\(CallId\(1\)\)/);
  assert.match(output, /Ended\(CallId\(1\), Ended { reason: LocalHangup/);
  assert.match(output, /Registration\(Unregistered\)/);
  assert.equal(ended, "ended with 0");
  await bob.event("CALL_CLOSED");
});

test("calls baresip, which answers, and hangs up", async () => {
  const phone = await signIn();
  const call = await phone.call("bob");
  await phone.event(/^Progress .*status: 180/);
  await phone.event(/^Answered/);
  await bob.event("CALL_ESTABLISHED");
  phone.say(`hangup ${call}`);
  await phone.event(/^Ended\(.*LocalHangup/);
  await bob.event("CALL_CLOSED");
  await phone.receives(/^SIP\/2\.0 200 [^]*CSeq: \d+ BYE/);
});

test("a scripted far end answers and hangs up", async () => {
  const phone = await signIn();
  const script = lend(await startScript(ports[0], [
    receive("INVITE"),
    reply(180),
    reply(200, { body: sdp() }),
    receive("ACK"),
    pause(100),
    send("BYE"),
    receive(200),
  ]));
  await phone.call("7000");
  await phone.event(/^Answered/);
  await phone.event(/^Ended\(.*RemoteHangup/);
  await script.done();
});

test("a scripted far end calls without an offer, and gets ours", async () => {
  const phone = await signIn();
  const script = lend(await startScript(ports[0], [
    begin("INVITE"),
    receive(100, { optional: true }),
    receive(180),
    receive(200, { has: "m=audio 9 RTP/AVP" }),
    ack({ body: sdp() }),
    pause(100),
    send("BYE"),
    receive(200),
  ], { server: kamailio.udp }));
  const call = await phone.incoming();
  phone.say(`answer ${call}`);
  await phone.event(/^Answered/);
  await phone.event(/^Ended\(.*RemoteHangup/);
  await script.done();
});
