// The user agent natively: what happens in an answered call.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { before, beforeEach } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildNativeWorld } from "../lib/native-world.mjs";
import { freshDir } from "../lib/processes.mjs";
import { ack, begin, pause, receive, reply, sdp, send } from "../lib/script.mjs";
import { suite } from "../lib/suite.mjs";

const { own, lend, test } = suite();
let world;
let bob;

before(async () => {
  world = await buildNativeWorld({ own, lend });
  bob = await world.baresip("bob", "auto");
});

beforeEach(() => bob.reset());

const answers = [receive("INVITE"), reply(200, { body: sdp() }), receive("ACK")];
const hangsUp = [pause(100), send("BYE"), receive(200, { has: "BYE" })];

/** A phone in a call with a script that has just answered it. */
async function callScript(steps, options) {
  const script = await world.script([...answers, ...steps]);
  const phone = await world.signIn("agent1", options);
  const call = await phone.call(script.number);
  await phone.event(/^Answered/);
  return { script, phone, call };
}

/** A phone in a call with baresip. */
async function callBob() {
  const phone = await world.signIn();
  const call = await phone.call("bob");
  await phone.event(/^Answered/);
  await bob.event("CALL_ESTABLISHED");
  return { phone, call };
}

test("holds baresip and takes it back", async () => {
  const { phone, call } = await callBob();
  phone.say(`hold ${call}`);
  assert.match(await phone.sends(/^INVITE [^]*a=sendonly/), /^CSeq: 3 INVITE\r$/m);
  await phone.receives(/^SIP\/2\.0 200 [^]*a=recvonly/);
  await phone.event(/^Hold .*local: true, remote: false/);
  phone.say(`resume ${call}`);
  await phone.receives(/^SIP\/2\.0 200 [^]*a=sendrecv/);
  await phone.event(/^Hold .*local: false, remote: false/);
  phone.say(`hangup ${call}`);
  await bob.event("CALL_CLOSED");
});

test("is held by baresip and taken back", async () => {
  const { phone, call } = await callBob();
  await bob.command("hold");
  await phone.event(/^Hold .*local: false, remote: true/);
  await bob.command("resume");
  await phone.event(/^Hold .*local: false, remote: false/);
  phone.say(`hangup ${call}`);
  await bob.event("CALL_CLOSED");
});

test("a restart brings new ICE credentials and a new version", async () => {
  const { phone, call } = await callBob();
  phone.say(`restart ${call}`);
  const again = await phone.sends(/^INVITE [^]*a=ice-ufrag:ufrag1\r\n/);
  assert.match(again, /^o=console \d+ 2 IN/m);
  await phone.receives(/^SIP\/2\.0 200 [^]*CSeq: 3 INVITE/);
  await phone.sends(/^ACK /);
  phone.say(`hangup ${call}`);
  await bob.event("CALL_CLOSED");
});

// SIP.js #685: the hold state was wrong when the re-INVITE failed.
test("a hold that the far end refuses changes nothing", async () => {
  const { script, phone, call } = await callScript([
    receive("INVITE", { has: "a=sendonly" }),
    reply(488),
    receive("ACK"),
    ...hangsUp,
  ]);
  phone.say(`hold ${call}`);
  await phone.event(/^ChangeFailed .*status: Some\(488\)/);
  await phone.event(/^Ended\(.*RemoteHangup/);
  assert.deepEqual(phone.events(/^Hold/), []);
  await script.done();
});

test("both ends can hold at once", async () => {
  const { script, phone, call } = await callScript([
    send("INVITE", { body: sdp("sendonly", 2) }),
    receive(200, { has: "a=recvonly" }),
    ack(),
    receive("INVITE", { has: "a=sendonly" }),
    reply(200, { body: sdp("inactive", 3) }),
    receive("ACK"),
    ...hangsUp,
  ]);
  await phone.event(/^Hold .*local: false, remote: true/);
  phone.say(`hold ${call}`);
  await phone.event(/^Hold .*local: true, remote: true/);
  await script.done();
});

// JsSIP #771: a 491 broke the session.
test("two offers that meet are both refused, and ours is made again", async () => {
  const { script, phone, call } = await callScript([
    receive("INVITE", { has: "a=sendonly" }),
    send("INVITE", { body: sdp("sendrecv", 2) }),
    receive(491),
    ack({ refusal: true }),
    reply(491, { to: "INVITE" }),
    receive("ACK"),
    receive("INVITE", { has: "a=sendonly" }),
    reply(200, { body: sdp("recvonly", 3) }),
    receive("ACK"),
    ...hangsUp,
  ]);
  phone.say(`hold ${call}`);
  await phone.event(/^Hold .*local: true, remote: false/);
  await script.done();
});

test("an UPDATE in the call may hold it", async () => {
  const { script, phone } = await callScript([
    send("UPDATE", { body: sdp("sendonly", 2) }),
    receive(200, { has: "a=recvonly" }),
    ...hangsUp,
  ]);
  await phone.event(/^Hold .*local: false, remote: true/);
  await phone.event(/^Ended/);
  await script.done();
});

test("a re-INVITE without an offer gets one", async () => {
  const { script, phone } = await callScript([
    send("INVITE"),
    receive(200, { has: "m=audio 9" }),
    ack({ body: sdp("sendonly", 2) }),
    ...hangsUp,
  ]);
  await phone.event(/^Hold .*local: false, remote: true/);
  await phone.event(/^Ended/);
  await script.done();
});

for (const method of ["INVITE", "UPDATE"]) {
  test(`a session that the far end keeps alive by ${method} is granted its interval each time`, async () => {
    const timer = { "Session-Expires": "120;refresher=uac", Supported: "timer" };
    const body = method === "INVITE" ? { body: sdp() } : {};
    const { script, phone } = await callScript([
      send(method, { headers: timer, ...body }),
      receive(200, { has: ["Session-Expires: *120 *; *refresher=uac", method] }),
      ...(method === "INVITE" ? [ack()] : []),
      ...hangsUp,
    ]);
    await phone.event(/^Ended\(.*RemoteHangup/);
    await script.done();
  });
}

test("of a caller's session timer, the far end that supports it becomes the refresher it wants", async () => {
  const phone = await world.signIn();
  const script = await world.script([
    begin("INVITE", {
      headers: { Supported: "timer", "Session-Expires": "200;refresher=uas", "Min-SE": 100 },
      body: sdp(),
    }),
    receive(180),
    receive(200, { has: ["Session-Expires: *200 *; *refresher=uas", "timer"] }),
    ack(),
    ...hangsUp,
  ]);
  phone.say(`answer ${await phone.incoming()}`);
  await phone.event(/^Ended\(.*RemoteHangup/);
  await script.done();
});

// JsSIP #738, SIP.js #1095, #1024: the call was lost with the socket.
test("a lost socket does not end the call: it is negotiated anew on the next one", async () => {
  const { phone, call } = await callBob();
  phone.say("drop");
  await phone.event(/^Registration\(Failed { error: Disconnected/);
  await sleep(300);
  phone.say("connect");
  await phone.event(/^Recovered/);
  assert.match(await phone.sends(/^INVITE [^]*a=ice-ufrag:ufrag1\r\n/), /^CSeq: 3 INVITE\r$/m);
  assert.deepEqual(phone.events(/^Ended/), []);
  phone.say(`hold ${call}`);
  await phone.event(/^Hold .*local: true/);
  phone.say(`hangup ${call}`);
  await bob.event("CALL_CLOSED");
  await phone.receives(/^SIP\/2\.0 200 [^]*CSeq: \d+ BYE/);
});

test("the far end can hang up a call that came over a lost socket", async () => {
  const { phone } = await callBob();
  phone.say("drop");
  await phone.event(/^Registration\(Failed/);
  phone.say("connect");
  await phone.event(/^Recovered/);
  await bob.command("hangup");
  await phone.event(/^Ended\(.*RemoteHangup/);
});

test("another agent takes a call over: the page was reloaded, or the call moved to a popup", async () => {
  const { phone, call } = await callBob();
  const file = path.join(freshDir("handover"), "call.txt");
  await phone.makes("exported", `export ${call} ${file}`);
  phone.say(`abandon ${call}`);
  phone.say("drop");
  await phone.socket("lost");

  const next = await world.signIn();
  const taken = await next.makes("call", `import ${file}`);
  await next.event(new RegExp(`^Recovered\\(CallId\\(${taken}\\)\\)`));
  assert.match(next.sent(/^INVITE /).at(-1), /a=ice-ufrag:ufrag1\r\n/);
  next.say(`hold ${taken}`);
  await next.event(/^Hold .*local: true/);
  next.say(`hangup ${taken}`);
  await bob.event("CALL_CLOSED");
  assert.deepEqual(phone.events(/^Ended/), []);
});

test("a call that is over by then cannot be taken over, nor one that is no call", async () => {
  const { phone, call } = await callBob();
  const file = path.join(freshDir("handover"), "call.txt");
  await phone.makes("exported", `export ${call} ${file}`);
  phone.say(`hangup ${call}`);
  await bob.event("CALL_CLOSED");

  const next = await world.signIn();
  const taken = await next.makes("call", `import ${file}`);
  await next.event(new RegExp(`^Ended\\(CallId\\(${taken}\\)`));
  fs.writeFileSync(file, "something else");
  next.say(`import ${file}`);
  await next.complains(/^Malformed/);
});
