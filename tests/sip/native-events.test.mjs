// The user agent natively: subscriptions, messages, signals by INFO, and OPTIONS.

import assert from "node:assert/strict";
import { before } from "node:test";
import { buildNativeWorld } from "../lib/native-world.mjs";
import { begin, receive, reply, sdp, send } from "../lib/script.mjs";
import { suite } from "../lib/suite.mjs";

const { own, lend, test } = suite();
let world;

before(async () => {
  world = await buildNativeWorld({ own, lend });
});

const notifies = (event, type, body, state = "active;expires=600") => [
  send("NOTIFY", { headers: { Event: event, "Subscription-State": state }, type, body }),
  receive(200, { has: "NOTIFY" }),
];
const SUMMARY = "application/simple-message-summary";
const PIDF = `<?xml version="1.0"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:eve@kamailio.test">
<tuple id="a"><status><basic>open</basic></status><note>in the garden</note></tuple></presence>`;
const DIALOGS = `<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="3" state="full" entity="sip:eve@kamailio.test">
<dialog id="d7"><state>confirmed</state></dialog></dialog-info>`;

test("subscribes to waiting messages, hears of them, and unsubscribes", async () => {
  const script = await world.script([
    receive("SUBSCRIBE", { has: ["Event: message-summary", SUMMARY] }),
    reply(200, { headers: { Expires: 600 } }),
    ...notifies("message-summary", SUMMARY, "Messages-Waiting: yes\r\nVoice-Message: 2/7\r\n"),
    receive("SUBSCRIBE", { has: "Expires: 0" }),
    reply(200, { headers: { Expires: 0 } }),
    ...notifies("message-summary", SUMMARY, "Messages-Waiting: no\r\n", "terminated;reason=timeout"),
  ]);
  const phone = await world.signIn();
  const subscription = await phone.makes("subscription", `subscribe messages ${script.number}`);
  await phone.event(/^Subscription .*Active/);
  await phone.event(/^Notification .*MessageSummary { waiting: true, new: 2, old: 7 }/);
  phone.say(`unsubscribe ${subscription}`);
  await phone.event(/^Subscription .*Ended/);
  await script.done();
});

// SIP.js #366: a NOTIFY before the 200 to SUBSCRIBE was answered 481.
test("takes a NOTIFY that overtakes the answer to its SUBSCRIBE", async () => {
  const script = await world.script([
    receive("SUBSCRIBE", { has: "Event: presence" }),
    ...notifies("presence", "application/pidf+xml", PIDF),
    reply(200, { to: "SUBSCRIBE", headers: { Expires: 600 } }),
  ]);
  const phone = await world.signIn();
  await phone.makes("subscription", `subscribe presence ${script.number}`);
  await phone.event(/^Notification .*Presence { entity: "sip:eve@kamailio.test", open: true, note: Some\("in the garden"\)/);
  await script.done();
});

test("a busy lamp", async () => {
  const script = await world.script([
    receive("SUBSCRIBE", { has: ["Event: dialog", "application/dialog-info\\+xml"] }),
    reply(202, { headers: { Expires: 600 } }),
    ...notifies("dialog", "application/dialog-info+xml", DIALOGS),
  ]);
  const phone = await world.signIn();
  await phone.makes("subscription", `subscribe dialog ${script.number}`);
  await phone.event(/^Notification .*DialogInfo { entity: "sip:eve@kamailio.test", version: 3, full: true, dialogs: \[.*"d7".*Confirmed/);
  await script.done();
});

test("a subscription that is refused for good is over", async () => {
  const script = await world.script([receive("SUBSCRIBE"), reply(489)]);
  const phone = await world.signIn();
  await phone.makes("subscription", `subscribe presence ${script.number}`);
  await phone.event(/^Subscription .*Ended\(Some\(489\)\)/);
  await script.done();
});

test("news of waiting messages that nobody subscribed to is taken", async () => {
  const phone = await world.signIn();
  const script = await world.script([
    begin("NOTIFY", {
      headers: { Event: "message-summary", "Subscription-State": "active" },
      type: SUMMARY,
      body: "Messages-Waiting: yes\r\nVoice-Message: 1/0\r\n",
    }),
    receive(200),
  ]);
  await phone.event(/^Notification { subscription: None, .*waiting: true, new: 1, old: 0/);
  await script.done();
});

test("sends an instant message past the proxy's challenge, and hears that it arrived", async () => {
  const script = await world.script([
    receive("MESSAGE", { has: ["text/plain", "good morning"] }),
    reply(200),
  ]);
  const phone = await world.signIn();
  const message = await phone.makes("message", `message ${script.number} good morning`);
  await phone.event(new RegExp(`^MessageDone { message: MessageId\\(${message}\\), status: Some\\(200\\)`));
  await script.done();
});

test("an instant message to nobody fails with its status", async () => {
  const phone = await world.signIn();
  await phone.makes("message", "message nobody hello");
  await phone.event(/^MessageDone .*status: Some\(404\)/);
});

test("takes an instant message", async () => {
  const phone = await world.signIn();
  const script = await world.script([
    begin("MESSAGE", { type: "text/plain", body: "hello" }),
    receive(200),
  ]);
  await phone.event(/^Message { .*content_type: "text\/plain", body: \[104, 101, 108, 108, 111/);
  await script.done();
});

test("signals by INFO reach baresip, one after the other", async () => {
  const bob = await world.baresip("bob", "auto");
  const phone = await world.signIn();
  const call = await phone.call("bob");
  await phone.event(/^Answered/);
  await bob.event("CALL_ESTABLISHED");
  for (const signal of "4#") phone.say(`dtmf ${call} ${signal} 100`);
  for (const signal of "4#") {
    assert.match(await phone.sends(/^INFO /), new RegExp(`Signal= ?${signal}\r\nDuration= ?100`));
    await phone.receives(/^SIP\/2\.0 200 [^]*CSeq: \d+ INFO/);
    assert.equal((await bob.event("CALL_DTMF_START")).param, signal);
  }
  phone.say(`hangup ${call}`);
  await bob.event("CALL_CLOSED");
});

test("takes a signal by INFO, and no package that it does not know", async () => {
  const script = await world.script([
    receive("INVITE"),
    reply(200, { body: sdp() }),
    receive("ACK"),
    send("INFO", { type: "application/dtmf-relay", body: "Signal=7\r\nDuration=160\r\n" }),
    receive(200, { has: "INFO" }),
    send("INFO", { headers: { "Info-Package": "unheard-of" }, type: "text/plain", body: "x" }),
    receive(469),
    send("BYE"),
    receive(200, { has: "BYE" }),
  ]);
  const phone = await world.signIn();
  await phone.call(script.number);
  await phone.event(/^Dtmf .*signal: '7'/);
  await phone.event(/^Ended/);
  await script.done();
});

test("answers OPTIONS with what it can", async () => {
  await world.signIn();
  const script = await world.script([
    begin("OPTIONS"),
    receive(200, { has: ["Allow: .*INVITE.*UPDATE", "Accept: .*application/sdp", "Supported: .*replaces"] }),
  ]);
  await script.done();
});
