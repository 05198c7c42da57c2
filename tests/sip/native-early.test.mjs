// The user agent natively: what can happen before a call is answered, with scripted far ends.

import assert from "node:assert/strict";
import { before } from "node:test";
import { buildNativeWorld } from "../lib/native-world.mjs";
import { ack, begin, pause, prack, receive, reply, sdp, send } from "../lib/script.mjs";
import { suite } from "../lib/suite.mjs";

const { own, lend, test } = suite();
let world;

before(async () => {
  world = await buildNativeWorld({ own, lend });
});

const hangsUp = [pause(100), send("BYE"), receive(200)];

// SIP.js #193, #211: early media in a 183 without 100rel was ignored.
test("hears early media that nobody promised to send reliably", async () => {
  const script = await world.script([
    receive("INVITE"),
    reply(183, { body: sdp() }),
    pause(200),
    reply(200, { body: sdp() }),
    receive("ACK"),
    ...hangsUp,
  ]);
  const phone = await world.signIn();
  await phone.call(script.number);
  await phone.event(/^Progress .*status: 183, early_media: true/);
  await phone.event(/^Answered/);
  await script.done();
  assert.equal(phone.sent(/^PRACK /).length, 0);
});

test("acknowledges a reliable 183 with PRACK, and each one once", async () => {
  const reliable = (number) => ({ Require: "100rel", RSeq: number });
  const script = await world.script([
    receive("INVITE", { has: "100rel" }),
    reply(183, { headers: reliable(41), body: sdp() }),
    receive("PRACK", { has: "RAck: 41 2 INVITE" }),
    reply(200),
    reply(180, { to: "INVITE", headers: reliable(42) }),
    receive("PRACK", { has: "RAck: 42 2 INVITE" }),
    reply(200),
    reply(200, { to: "INVITE" }),
    receive("ACK"),
    ...hangsUp,
  ]);
  const phone = await world.signIn();
  await phone.call(script.number);
  await phone.event(/^Progress .*status: 183, early_media: true/);
  await phone.event(/^Answered/);
  await script.done();
  assert.equal(phone.sent(/^PRACK /).length, 2);
});

test("rings reliably when the caller requires it", async () => {
  const phone = await world.signIn();
  const script = await world.script([
    begin("INVITE", { headers: { Require: "100rel" }, body: sdp() }),
    receive(180, { has: ["Require: 100rel", "RSeq: "] }),
    prack(),
    receive(200, { has: "PRACK" }),
    receive(200, { has: "INVITE" }),
    ack(),
    ...hangsUp,
  ]);
  const call = await phone.incoming();
  await phone.receives(/^PRACK /);
  phone.say(`answer ${call}`);
  await phone.event(/^Answered/);
  await phone.event(/^Ended\(.*RemoteHangup/);
  await script.done();
});

test("takes an UPDATE while the call rings here", async () => {
  const phone = await world.signIn();
  const script = await world.script([
    begin("INVITE", { body: sdp() }),
    receive(180),
    send("UPDATE"),
    receive(200, { has: "UPDATE" }),
    receive(200, { has: "INVITE" }),
    ack(),
    ...hangsUp,
  ]);
  const call = await phone.incoming();
  await phone.receives(/^UPDATE /);
  phone.say(`answer ${call}`);
  await phone.event(/^Ended\(.*RemoteHangup/);
  await script.done();
});

test("answers an offer in an early UPDATE once its own was answered reliably", async () => {
  const script = await world.script([
    receive("INVITE"),
    reply(183, { headers: { Require: "100rel", RSeq: 1 }, body: sdp() }),
    receive("PRACK"),
    reply(200),
    send("UPDATE", { body: sdp("sendonly", 2) }),
    receive(200, { has: ["UPDATE", "a=recvonly"] }),
    reply(200, { to: "INVITE" }),
    receive("ACK"),
    ...hangsUp,
  ]);
  const phone = await world.signIn();
  await phone.call(script.number);
  await phone.event(/^Answered/);
  await phone.event(/^Ended\(.*RemoteHangup/);
  await script.done();
});

test("a session interval that is too small for the far end is asked for again", async () => {
  const script = await world.script([
    receive("INVITE", { has: "Session-Expires: 1800" }),
    reply(422, { headers: { "Min-SE": 3600 } }),
    receive("ACK"),
    receive("INVITE", { has: ["Session-Expires: 3600", "Min-SE: 3600"] }),
    reply(200, { headers: { Require: "timer", "Session-Expires": "3600;refresher=uac" }, body: sdp() }),
    receive("ACK"),
    ...hangsUp,
  ]);
  const phone = await world.signIn();
  await phone.call(script.number);
  await phone.event(/^Answered/);
  await phone.event(/^Ended\(.*RemoteHangup/);
  await script.done();
});

// JsSIP #297: a session timer below the least there may be.
test("a session interval below 90 seconds is refused", async () => {
  await world.signIn();
  const script = await world.script([
    begin("INVITE", { headers: { Supported: "timer", "Session-Expires": 60 }, body: sdp() }),
    receive(422, { has: "Min-SE: 90" }),
    ack({ refusal: true }),
  ]);
  await script.done();
});
