// The user agent natively: transfer, asked for and followed, and calls that take another's place.

import assert from "node:assert/strict";
import { before, beforeEach } from "node:test";
import { header } from "../lib/native.mjs";
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

const answers = [receive("INVITE"), reply(200, { body: sdp() }), receive("ACK")];
const isHungUp = [receive("BYE"), reply(200)];

/** How the transferred call goes, as the far end tells it. */
const tells = (status, state = "active;expires=60") => [
  send("NOTIFY", {
    headers: { Event: "refer", "Subscription-State": state },
    type: "message/sipfrag;version=2.0",
    body: `SIP/2.0 ${status} Scripted\r\n`,
  }),
  receive(200, { has: "NOTIFY" }),
];

/** What this side tells it. */
const hears = (status, state) => [
  receive("NOTIFY", { has: ["Event: refer", `Subscription-State: ${state}`, `SIP/2.0 ${status}`] }),
  reply(200),
];

async function callScript(steps) {
  const script = await world.script([...answers, ...steps]);
  const phone = await world.signIn();
  const call = await phone.call(script.number);
  await phone.event(/^Answered/);
  return { script, phone, call };
}

const tag = (message, name) => /;tag=([^;\s]+)/.exec(header(message, name))[1];

/** What names the dialog of the last call to the phone that made it, or to its far end. */
function replacesOf(phone, { atFarEnd = false } = {}) {
  const invite = phone.sent(/^INVITE /).at(-1);
  const answer = phone.received(/^SIP\/2\.0 200 [^]*CSeq: \d+ INVITE/).at(-1);
  const [ours, theirs] = [tag(invite, "From"), tag(answer, "To")];
  const [to, from] = atFarEnd ? [theirs, ours] : [ours, theirs];
  return `${header(invite, "Call-ID")};to-tag=${to};from-tag=${from}`;
}

// JsSIP #556; SIP.js #254, #1069: a transfer ended too early or never.
test("sends a far end elsewhere, and hears how it gets on", async () => {
  const { script, phone, call } = await callScript([
    receive("REFER", { has: ["Refer-To: *<?sip:carol@kamailio.test", "Referred-By: "] }),
    reply(202),
    ...tells(100),
    ...tells(180),
    ...tells(200, "terminated;reason=noresource"),
    ...isHungUp,
  ]);
  phone.say(`transfer ${call} carol`);
  await phone.event(/^Transfer .*progress: Accepted/);
  await phone.event(/^Transfer .*progress: Trying\(180\)/);
  await phone.event(/^Transfer .*progress: Done/);
  assert.deepEqual(phone.events(/^Ended/), [], "who asked for the transfer ends the call");
  phone.say(`hangup ${call}`);
  await script.done();
});

test("a transfer that comes to nothing leaves the call as it was", async () => {
  const { script, phone, call } = await callScript([
    receive("REFER"),
    reply(202),
    ...tells(100),
    ...tells(486, "terminated;reason=noresource"),
    ...isHungUp,
  ]);
  phone.say(`transfer ${call} carol`);
  await phone.event(/^Transfer .*progress: Failed\(Some\(486\)\)/);
  assert.deepEqual(phone.events(/^Ended/), []);
  phone.say(`hangup ${call}`);
  await script.done();
});

test("a far end that refuses to be sent elsewhere stays", async () => {
  const { script, phone, call } = await callScript([receive("REFER"), reply(603), ...isHungUp]);
  phone.say(`transfer ${call} carol`);
  await phone.event(/^Transfer .*progress: Failed\(Some\(603\)\)/);
  phone.say(`hangup ${call}`);
  await script.done();
});

test("is sent elsewhere by a far end, and tells it how it gets on", async () => {
  const target = await world.script([
    receive("INVITE", { has: "Referred-By: .*sip:boss@kamailio.test" }),
    reply(180),
    pause(200),
    reply(200, { body: sdp() }),
    receive("ACK"),
    ...isHungUp,
  ]);
  const { script, phone, call } = await callScript([
    send("REFER", {
      headers: { "Refer-To": `<sip:${target.number}@kamailio.test>`, "Referred-By": "<sip:boss@kamailio.test>" },
    }),
    receive(202),
    ...hears(100, "pending"),
    ...hears(100, "active"),
    ...hears(180, "active"),
    ...hears(200, "terminated"),
    send("BYE"),
    receive(200, { has: "BYE" }),
  ]);
  await phone.event(new RegExp(`^TransferRequested .*number: "${target.number}".*attended: false`));
  const next = await phone.makes("call", `accept ${call}`);
  await phone.event(new RegExp(`^Answered\\(CallId\\(${next}\\)\\)`));
  await phone.event(new RegExp(`^Ended\\(CallId\\(${call}\\)`));
  await script.done();
  phone.say(`hangup ${next}`);
  await target.done();
});

test("refuses to be sent elsewhere", async () => {
  const { script, phone, call } = await callScript([
    send("REFER", { headers: { "Refer-To": "<sip:bob@kamailio.test>" } }),
    receive(202),
    ...hears(100, "pending"),
    ...hears(603, "terminated"),
    ...isHungUp,
  ]);
  await phone.event(/^TransferRequested/);
  phone.say(`refuse ${call}`);
  await phone.sends(/^NOTIFY [^]*SIP\/2\.0 603/);
  await phone.receives(/^SIP\/2\.0 200 [^]*CSeq: 4 NOTIFY/);
  phone.say(`hangup ${call}`);
  await script.done();
});

test("baresip sends it to another baresip", async () => {
  const phone = await world.signIn();
  await carol.command("dial", "sip:agent1@kamailio.test");
  const call = await phone.incoming();
  phone.say(`answer ${call}`);
  await carol.event("CALL_ESTABLISHED");
  await carol.command("transfer", "sip:bob@kamailio.test");
  await phone.event(/^TransferRequested .*number: "bob"/);
  const next = await phone.makes("call", `accept ${call}`);
  await bob.event("CALL_ESTABLISHED");
  await carol.event("CALL_CLOSED");
  await phone.event(new RegExp(`^Ended\\(CallId\\(${call}\\)`));
  phone.say(`hangup ${next}`);
  await bob.event("CALL_CLOSED");
});

test("sends baresip to another baresip", async () => {
  const phone = await world.signIn();
  const call = await phone.call("carol");
  await carol.event("CALL_INCOMING");
  await carol.command("accept");
  await phone.event(/^Answered/);
  await carol.event("CALL_ESTABLISHED");
  phone.say(`transfer ${call} bob`);
  await phone.event(/^Transfer .*progress: Done/);
  await bob.event("CALL_ESTABLISHED");
  phone.say(`hangup ${call}`);
  await carol.command("hangup");
  await bob.event("CALL_CLOSED");
});

test("joins the far ends of two calls, and all three agents agree about who talks to whom", async () => {
  const [phone, first, second] = [await world.signIn("agent1"), await world.signIn("agent2"), await world.signIn("dave")];
  const one = await phone.call("agent2");
  const atFirst = await first.incoming();
  first.say(`answer ${atFirst}`);
  await phone.event(/^Answered/);
  const two = await phone.call("dave");
  const atSecond = await second.incoming();
  second.say(`answer ${atSecond}`);
  await phone.event(/^Answered/);

  phone.say(`join ${one} ${two}`);
  await first.event(/^TransferRequested .*number: "dave".*attended: true/);
  const next = await first.makes("call", `accept ${atFirst}`);
  await second.event(new RegExp(`^Replaced { call: CallId\\(${atSecond}\\), by: `));
  await first.event(new RegExp(`^Answered\\(CallId\\(${next}\\)\\)`));
  // The far end of the second call hangs it up; the news of the first one takes another way.
  await phone.hears(new RegExp(`^Ended\\(CallId\\(${two}\\).*RemoteHangup`));
  await phone.hears(/^Transfer .*progress: Done/);
  await second.event(new RegExp(`^Ended\\(CallId\\(${atSecond}\\).*Replaced`));
  phone.say(`hangup ${one}`);
  await first.event(new RegExp(`^Ended\\(CallId\\(${atFirst}\\)`));
  first.say(`hangup ${next}`);
  await second.event(/^Ended\(.*RemoteHangup/);
});

test("the REFER that joins two calls names the dialog of the other one", async () => {
  const { script, phone, call } = await callScript([
    receive("REFER", { has: "Replaces=" }),
    reply(202),
    ...tells(200, "terminated;reason=noresource"),
    ...isHungUp,
  ]);
  const other = await phone.call("bob");
  await phone.event(/^Answered/);
  phone.say(`join ${call} ${other}`);
  const refer = await phone.sends(/^REFER /);
  const replaces = decodeURIComponent(/Replaces=([^>&]+)/.exec(header(refer, "Refer-To"))[1]);
  // For bob, whose call is to be replaced, the tags are the other way round.
  assert.equal(replaces, replacesOf(phone, { atFarEnd: true }));
  await phone.event(/^Transfer .*progress: Done/);
  phone.say(`hangup ${call}`);
  phone.say(`hangup ${other}`);
  await script.done();
  await bob.event("CALL_CLOSED");
});

test("a call that replaces another one is taken without asking, and the other one ends", async () => {
  const phone = await world.signIn();
  const call = await phone.call("bob");
  await phone.event(/^Answered/);
  const script = await world.script([
    begin("INVITE", { headers: { Replaces: replacesOf(phone), Require: "replaces" }, body: sdp() }),
    receive(180, { optional: true }),
    receive(200),
    ack(),
    pause(100),
    send("BYE"),
    receive(200, { has: "BYE" }),
  ]);
  await phone.event(new RegExp(`^Incoming .*replaces: Some\\(CallId\\(${call}\\)\\)`));
  await phone.event(new RegExp(`^Replaced { call: CallId\\(${call}\\), by: `));
  await bob.event("CALL_CLOSED");
  await phone.event(new RegExp(`^Ended\\(CallId\\(${call}\\).*Replaced`));
  await script.done();
});

test("a call that replaces one that nobody knows is refused", async () => {
  await world.signIn();
  const script = await world.script([
    begin("INVITE", { headers: { Replaces: "nowhere;to-tag=a;from-tag=b", Require: "replaces" }, body: sdp() }),
    receive(481),
    ack({ refusal: true }),
  ]);
  await script.done();
});
