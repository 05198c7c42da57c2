// The harness itself, proven with a phone that is not ours: when this file fails, look here first.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { audioBothWays, hearsTone } from "../lib/audio.mjs";
import { startBaresip } from "../lib/baresip.mjs";
import { launch } from "../lib/browser.mjs";
import { DOMAIN, passwordOf, startKamailio } from "../lib/kamailio.mjs";
import { openReference, serveReference } from "../lib/reference.mjs";
import { startRtpengine } from "../lib/rtpengine.mjs";
import { startRefuser } from "../lib/sipp.mjs";
import { suite } from "../lib/suite.mjs";

const { own } = suite();
let kamailio;
let rtpengine;
let browser;
let site;

before(async () => {
  rtpengine = own(await startRtpengine());
  kamailio = own(await startKamailio({ rtpengine }));
  browser = own(await launch());
  site = own(await serveReference());
});

const far = (user, answer) =>
  startBaresip({ user, password: passwordOf(user), domain: DOMAIN, server: kamailio.udp, answer });
const near = (user) =>
  openReference(browser, site, { url: kamailio.wsUrl, user, domain: DOMAIN, password: passwordOf(user) });

test("a JsSIP page calls baresip through Kamailio and rtpengine, and the sound is measured both ways", async () => {
  const bob = own(await far("bob", "auto"));
  const phone = own(await near("agent1"));
  await phone.event("registered");
  await phone.do("call", `sip:bob@${DOMAIN}`);
  await phone.event("accepted");
  const tone = await hearsTone(phone.frame, 1000);
  const counters = await audioBothWays(phone.frame);
  console.log(tone, counters);
  await phone.do("hangup");
  await bob.event("CALL_CLOSED");
  const [heard] = await bob.recordings();
  assert.ok(heard.samples.some((sample) => Math.abs(sample) > 0.05), "bob heard the microphone");
});

test("baresip calls a JsSIP page, and its tone is measured", async () => {
  const phone = own(await near("agent2"));
  await phone.event("registered");
  const carol = own(await far("carol", "manual"));
  await carol.command("dial", `sip:agent2@${DOMAIN}`);
  await phone.event("newSession");
  await phone.do("answer");
  await carol.event("CALL_ESTABLISHED");
  await hearsTone(phone.frame, 1000);
  await audioBothWays(phone.frame);
  await carol.command("hangup");
  await phone.event("ended");
});

test("a scripted far end refuses with the status asked for", async () => {
  const phone = own(await near("agent1"));
  await phone.event("registered");
  const refuser = own(await startRefuser(603));
  await phone.do("call", `sip:${refuser.number}@${DOMAIN}`);
  await phone.event("progress");
  assert.equal((await phone.event("failed")).status, 603);
});
