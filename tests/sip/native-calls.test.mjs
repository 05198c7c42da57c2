// The user agent natively: how calls come about and end, with baresip and with scripted far ends.

import assert from "node:assert/strict";
import { before, beforeEach } from "node:test";
import { header, runCallExample } from "../lib/native.mjs";
import { buildNativeWorld } from "../lib/native-world.mjs";
import { ack, begin, pause, receive, reply, sdp, send } from "../lib/script.mjs";
import { suite } from "../lib/suite.mjs";

const { own, lend, test } = suite();
let world;
let bob;
let carol;

before(async () => {
  world = await buildNativeWorld({ own, lend });
  bob = await world.baresip("bob", "auto");
  carol = await world.baresip("carol", "manual");
});

beforeEach(() => [bob, carol].forEach((far) => far.reset()));

test("the twenty-line example registers and calls", async () => {
  const { url, user, domain, password } = world.account("agent1");
  const { output, ended } = await runCallExample([url, user, domain, password, "bob"]);
  assert.match(output, /Registration\(Registered/);
  assert.match(output, /Answered\(CallId\(1\)\)/);
  assert.match(output, /Ended\(CallId\(1\), Ended { reason: LocalHangup/);
  assert.match(output, /Registration\(Unregistered\)/);
  assert.equal(ended, "ended with 0");
  await bob.event("CALL_CLOSED");
});

test("calls baresip, is challenged, and hangs up", async () => {
  const phone = await world.signIn();
  const call = await phone.call("bob");
  const challenge = await phone.receives(/^SIP\/2\.0 407 /);
  assert.match(header(challenge, "CSeq"), /^1 INVITE/);
  await phone.event(/^Answered/);
  await bob.event("CALL_ESTABLISHED");
  phone.say(`hangup ${call}`);
  await phone.event(/^Ended\(.*LocalHangup/);
  await bob.event("CALL_CLOSED");
  await phone.receives(/^SIP\/2\.0 200 [^]*CSeq: \d+ BYE/);
});

test("baresip calls, and hangs up", async () => {
  const phone = await world.signIn();
  await carol.command("dial", "sip:agent1@kamailio.test");
  const call = await phone.incoming();
  await carol.event("CALL_RINGING");
  phone.say(`answer ${call}`);
  await phone.event(/^Answered/);
  await carol.event("CALL_ESTABLISHED");
  await carol.command("hangup");
  await phone.event(/^Ended\(.*RemoteHangup/);
});

test("cancels while baresip rings", async () => {
  const phone = await world.signIn();
  const call = await phone.call("carol");
  await carol.event("CALL_INCOMING");
  await phone.event(/^Progress .*180/);
  phone.say(`hangup ${call}`);
  await phone.event(/^Ended\(.*Cancelled/);
  await carol.event("CALL_CLOSED");
  await phone.receives(/^SIP\/2\.0 487 /);
  await phone.sends(/^ACK /);
});

test("baresip gives up before anybody answers", async () => {
  const phone = await world.signIn();
  await carol.command("dial", "sip:agent1@kamailio.test");
  await phone.incoming();
  await carol.command("hangup");
  await phone.event(/^Ended\(.*RemoteCancelled/);
});

for (const [status, reason] of [[486, "Busy"], [603, "Declined"], [480, "Unavailable"], [488, "Incompatible"]]) {
  test(`a far end that answers ${status} ends the call as ${reason}`, async () => {
    const script = await world.script([receive("INVITE"), reply(status), receive("ACK")]);
    const phone = await world.signIn();
    await phone.call(script.number);
    await phone.event(new RegExp(`^Ended\\(.*reason: ${reason}, status: Some\\(${status}\\)`));
    await script.done();
  });
}

for (const [words, status] of [["busy", 486], ["decline", 603], ["unavailable", 480]]) {
  test(`a call that is refused as ${words} gets ${status}`, async () => {
    const phone = await world.signIn();
    const script = await world.script([
      begin("INVITE", { body: sdp() }),
        receive(180),
      receive(status),
      ack({ refusal: true }),
    ]);
    phone.say(`reject ${await phone.incoming()} ${words}`);
    await phone.event(/^Ended\(.*Rejected/);
    await script.done();
  });
}

test("a scripted far end calls without an offer, and gets ours", async () => {
  const phone = await world.signIn();
  const script = await world.script([
    begin("INVITE"),
    receive(180),
    receive(200, { has: "m=audio 9 RTP/AVP" }),
    ack({ body: sdp() }),
    pause(100),
    send("BYE"),
    receive(200),
  ]);
  phone.say(`answer ${await phone.incoming()}`);
  await phone.event(/^Answered/);
  await phone.event(/^Ended\(.*RemoteHangup/);
  await script.done();
});

// JsSIP #836, #597: a 200 that crosses the CANCEL left the call hanging.
test("an answer that crosses our CANCEL is acknowledged and ended", async () => {
  const script = await world.script([
    receive("INVITE"),
    reply(180),
    receive("CANCEL"),
    reply(200, { to: "CANCEL" }),
    reply(200, { to: "INVITE", body: sdp() }),
    receive("ACK"),
    receive("BYE"),
    reply(200),
  ]);
  const phone = await world.signIn();
  const call = await phone.call(script.number);
  await phone.event(/^Progress/);
  phone.say(`hangup ${call}`);
  await phone.event(/^Ended\(.*Cancelled/);
  await script.done();
});

test("of two branches that both answer, one is talked to and the other is ended", async () => {
  const first = await world.script([
    receive("INVITE"),
    reply(180, { tag: "first" }),
    pause(300),
    reply(200, { tag: "first", body: sdp() }),
    receive("ACK"),
    receive("BYE"),
    reply(200),
  ]);
  // It answers although it is cancelled: its 200 was on the way.
  const second = await world.script([
    receive("INVITE"),
    reply(183, { tag: "second", body: sdp() }),
    receive("CANCEL"),
    reply(200, { to: "CANCEL" }),
    reply(200, { to: "INVITE", tag: "second", body: sdp() }),
    receive("ACK"),
    receive("BYE"),
    reply(200),
  ]);
  const phone = await world.signIn();
  const call = await phone.call(`${first.number}${second.number.slice(1)}`);
  await phone.event(/^Answered/);
  const tags = (messages) => new Set(messages.map((message) => /tag=(\w+)/.exec(header(message, "To"))[1]));
  assert.deepEqual(tags(phone.received(/^SIP\/2\.0 18/)), new Set(["first", "second"]));
  await second.done();
  assert.deepEqual(phone.events(/^Ended/), [], "the call goes on");
  phone.say(`hangup ${call}`);
  await phone.event(/^Ended/);
  await first.done();
});

test("follows a redirection", async () => {
  const script = await world.script([
    receive("INVITE"),
    reply(302, { headers: { Contact: "<sip:bob@kamailio.test>" } }),
    receive("ACK"),
  ]);
  const phone = await world.signIn();
  const call = await phone.call(script.number);
  await script.done();
  await phone.event(/^Answered/);
  await bob.event("CALL_ESTABLISHED");
  phone.say(`hangup ${call}`);
  await bob.event("CALL_CLOSED");
});

test("a caller ID that one header cannot carry is tried in the next, and in none at last", async () => {
  const refuses = (has, lacks = []) => [receive("INVITE", { has, lacks }), reply(403), receive("ACK")];
  const script = await world.script([
    ...refuses("P-Preferred-Identity: <sip:5550100@"),
    ...refuses("P-Asserted-Identity: <sip:5550100@", "P-Preferred-Identity"),
    ...refuses("Remote-Party-ID: <sip:5550100@", "P-Asserted-Identity"),
    receive("INVITE", { lacks: "5550100" }),
    reply(200, { body: sdp() }),
    receive("ACK"),
    pause(100),
    send("BYE"),
    receive(200),
  ]);
  const phone = await world.signIn();
  await phone.call(`${script.number} 5550100`);
  await phone.event(/^Answered/);
  await script.done();
});

test("tells who calls as the network says, for whom, and that the call wants to be answered", async () => {
  const phone = await world.signIn();
  const script = await world.script([
    begin("INVITE", {
      headers: {
        "P-Asserted-Identity": '"Eve" <sip:5550123@kamailio.test>',
        Diversion: "<sip:5550199@kamailio.test>;reason=no-answer",
        "Call-Info": "<sip:kamailio.test>;answer-after=2",
      },
      body: sdp(),
    }),
    receive(180),
    receive(486),
    ack({ refusal: true }),
  ]);
  const event = await phone.event(/^Incoming /);
  assert.match(event, /from: Party { number: "5550123", display_name: Some\("Eve"\) }/);
  assert.match(event, /diverted_by: Some\(Party { number: "5550199"/);
  assert.match(event, /auto_answer: Some\(2s\)/);
  phone.say("reject 1 busy");
  await script.done();
});

// The scripts themselves: if they took anything, the tests with them would show nothing.
test("a script is not done when the far end says something else, too little, or nothing", async () => {
  const phone = await world.signIn();
  for (const first of [receive("INVITE", { has: "never-said" }), receive("INVITE", { lacks: "Contact" }), receive("BYE")]) {
    const script = await world.script([first, reply(486), receive("ACK")]);
    await phone.call(script.number);
    await assert.rejects(script.done(), /ended with 1/);
  }
  const script = await world.script([receive("INVITE"), reply(486)]);
  await assert.rejects(script.done(500), /in vain/);
});
