// The user agent natively with a JsSIP page as the other end.

import assert from "node:assert/strict";
import { before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { launch } from "../lib/browser.mjs";
import { DOMAIN } from "../lib/kamailio.mjs";
import { buildNativeWorld } from "../lib/native-world.mjs";
import { openReference, serveReference } from "../lib/reference.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";

const { own, lend, test } = suite();
let world;
let browser;
let site;

before(async () => {
  world = await buildNativeWorld({ own, lend });
  browser = own(await launch());
  site = own(await serveReference());
});

const web = (user) => world.signIn(user, ["--webrtc"]);
const addressOf = (user) => `sip:${user}@${DOMAIN}`;

async function openPage() {
  const page = lend(await openReference(browser, site, world.account("agent2")));
  await page.event("registered");
  return page;
}

/** A phone that has called the page, which has answered. */
async function callPage() {
  const [phone, page] = [await web("agent1"), await openPage()];
  const call = await phone.call("agent2");
  await page.event("newSession");
  await page.do("answer");
  await phone.event(/^Answered/);
  await page.event("accepted");
  return { phone, page, call };
}

test("calls the page, and hangs up", async () => {
  const { phone, page, call } = await callPage();
  phone.say(`hangup ${call}`);
  assert.equal((await page.event("ended")).originator, "remote");
});

test("the page calls, and hangs up", async () => {
  const [phone, page] = [await web("agent1"), await openPage()];
  await page.do("call", addressOf("agent1"));
  phone.say(`answer ${await phone.incoming()}`);
  await page.event("accepted");
  await page.do("hangup");
  await phone.event(/^Ended\(.*RemoteHangup/);
});

test("the page cancels its call, and is refused another", async () => {
  const [phone, page] = [await web("agent1"), await openPage()];
  await page.do("call", addressOf("agent1"));
  await phone.incoming();
  await page.event("progress");
  await page.do("hangup");
  await phone.event(/^Ended\(.*RemoteCancelled/);
  await page.do("call", addressOf("agent1"));
  phone.say(`reject ${await phone.incoming()} busy`);
  assert.equal((await page.event("failed", 10_000, ({ originator }) => originator === "remote")).status, 486);
});

test("both hold, one after the other", async () => {
  const { phone, page, call } = await callPage();
  phone.say(`hold ${call}`);
  await page.event("hold", 10_000, ({ originator }) => originator === "remote");
  await phone.event(/^Hold .*local: true, remote: false/);
  phone.say(`resume ${call}`);
  await page.event("unhold", 10_000, ({ originator }) => originator === "remote");
  await phone.event(/^Hold .*local: false, remote: false/);
  await page.do("hold");
  await phone.event(/^Hold .*local: false, remote: true/);
  // It does nothing while it has not taken our answer.
  await until("the page to take its hold back", () => page.page.evaluate(() => window.reference.unhold()));
  await phone.event(/^Hold .*local: false, remote: false/);
  phone.say(`hangup ${call}`);
  await page.event("ended");
});

test("signals by INFO go both ways", async () => {
  const { phone, page, call } = await callPage();
  phone.say(`dtmf ${call} 5 100`);
  assert.equal((await page.event("newDTMF")).tone, "5");
  await page.do("dtmf", "#");
  await phone.event(/^Dtmf .*signal: '#'/);
  phone.say(`hangup ${call}`);
  await page.event("ended");
});

test("instant messages go both ways", async () => {
  const [phone, page] = [await web("agent1"), await openPage()];
  await phone.makes("message", "message agent2 good morning");
  assert.equal((await page.event("newMessage")).body, "good morning");
  await phone.event(/^MessageDone .*Some\(200\)/);
  await page.do("message", [addressOf("agent1"), "and to you"]);
  await phone.event(/^Message {/);
});

test("sends the page elsewhere", async () => {
  const { phone, page, call } = await callPage();
  const other = await web("dave");
  phone.say(`transfer ${call} dave`);
  await page.event("refer");
  const reached = await other.incoming();
  other.say(`answer ${reached}`);
  await other.event(/^Answered/);
  await phone.event(/^Transfer .*progress: Done/);
  phone.say(`hangup ${call}`);
  await page.event("ended");
  other.say(`hangup ${reached}`);
  await page.event("ended", 10_000, ({ at, originator }) => at > 0 && originator === "remote");
});

test("is sent elsewhere by the page", async () => {
  const { phone, page, call } = await callPage();
  const other = await web("dave");
  await page.do("transfer", addressOf("dave"));
  await phone.event(/^TransferRequested .*number: "dave"/);
  const next = await phone.makes("call", `accept ${call}`);
  other.say(`answer ${await other.incoming()}`);
  await page.event("refer-accepted");
  await phone.event(new RegExp(`^Answered\\(CallId\\(${next}\\)\\)`));
  await page.do("hangup");
  await phone.event(new RegExp(`^Ended\\(CallId\\(${call}\\)`));
  phone.say(`hangup ${next}`);
  await other.event(/^Ended/);
});

test("joins the page with another agent, whose call the page's call replaces", async () => {
  const { phone, page, call } = await callPage();
  const other = await web("dave");
  const consultation = await phone.call("dave");
  const reached = await other.incoming();
  other.say(`answer ${reached}`);
  await phone.event(/^Answered/);
  phone.say(`join ${call} ${consultation}`);
  await page.event("refer");
  await other.event(new RegExp(`^Replaced { call: CallId\\(${reached}\\), by: `));
  await phone.hears(/^Transfer .*progress: Done/);
  await phone.hears(new RegExp(`^Ended\\(CallId\\(${consultation}\\).*RemoteHangup`));
  phone.say(`hangup ${call}`);
  await phone.hears(new RegExp(`^Ended\\(CallId\\(${call}\\)`));
  assert.deepEqual(other.events(/^Ended\(CallId\(2\)/), [], "the page and the other agent go on");
});

// JsSIP #738, #894: the call, or its registration, was lost with the socket.
test("a call with the page survives the loss of our socket", async () => {
  const { phone, page, call } = await callPage();
  phone.say("drop");
  await sleep(300);
  phone.say("connect");
  await phone.event(/^Recovered/);
  phone.say(`hold ${call}`);
  await page.event("hold", 10_000, ({ originator }) => originator === "remote");
  phone.say(`hangup ${call}`);
  await page.event("ended");
});
