// The switch, the tap and the measuring, proven with a phone that is not ours.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, hearsTone } from "../lib/audio.mjs";
import { launch } from "../lib/browser.mjs";
import { goertzel } from "../lib/goertzel.mjs";
import { openReference, serveReference } from "../lib/reference.mjs";
import { suite } from "../lib/suite.mjs";
import { startSwitch, SWITCH_DOMAIN, switchPassword } from "../lib/switch.mjs";
import { openTap } from "../lib/tap.mjs";

const { own, test } = suite();
let ringletSwitch;
let tap;
let browser;
let site;
before(async () => {
  ringletSwitch = own(await startSwitch());
  tap = own(await openTap(ringletSwitch.url));
  browser = own(await launch());
  site = own(await serveReference());
});

async function signIn(t, user) {
  const account = { url: tap.url, user, domain: SWITCH_DOMAIN, password: switchPassword(user) };
  const phone = await openReference(browser, site, account);
  t.after(() => phone.close());
  await phone.event("registered");
  return phone;
}

test("a JsSIP page calls 601 on the switch and the tone is measured", async (t) => {
  tap.reset();
  const phone = await signIn(t, "agent1");
  await phone.do("call", `sip:601@${SWITCH_DOMAIN}`);
  await phone.event("accepted");
  const { share } = await hearsTone(phone.frame, 1000);
  assert.ok(share > 0.9);
  await phone.do("hangup");
  await tap.waitForSent(/^BYE /);
});

test("a JsSIP page calls 600 and its own sound comes back", async (t) => {
  const phone = await signIn(t, "agent1");
  await phone.do("call", `sip:600@${SWITCH_DOMAIN}`);
  await phone.event("accepted");
  await audioBothWays(phone.frame);
  await assert.rejects(hearsTone(phone.frame, 1000, 2_000), "beeps are not taken for the tone");
  await phone.do("hangup");
});

test("the measure knows a tone from another tone and from noise", () => {
  const sound = (f) => Float32Array.from({ length: 4096 }, (_, i) => 0.3 * f(i / 48_000));
  const sine = (hertz) => sound((seconds) => Math.sin(2 * Math.PI * hertz * seconds));
  const noise = sound(() => 2 * Math.random() - 1);
  const { share, level } = goertzel(sine(1000), 1000, 48_000);
  assert.ok(share > 0.99, `${share}`);
  assert.ok(Math.abs(level - 0.3 / Math.SQRT2) < 0.005, `${level}`);
  assert.ok(goertzel(sine(1100), 1000, 48_000).share < 0.01);
  assert.ok(goertzel(noise, 1000, 48_000).share < 0.05);
  assert.equal(goertzel(sound(() => 0), 1000, 48_000).share, 0);
});

for (const [number, status] of [["602", 486], ["604", 603], ["699", 404]]) {
  test(`a JsSIP page calls ${number} and is answered ${status}`, async (t) => {
    const phone = await signIn(t, "agent1");
    await phone.do("call", `sip:${number}@${SWITCH_DOMAIN}`);
    assert.equal((await phone.event("failed")).status, status);
  });
}

test("two JsSIP pages call each other through the switch", async (t) => {
  const [caller, callee] = [await signIn(t, "agent1"), await signIn(t, "agent2")];
  await caller.do("call", `sip:agent2@${SWITCH_DOMAIN}`);
  await callee.event("newSession");
  await callee.do("answer");
  await caller.event("accepted");
  await Promise.all([audioBothWays(caller.frame), audioBothWays(callee.frame)]);
  await callee.do("hangup");
  await caller.event("ended");
});

test("a JsSIP page is called by the switch and refuses", async (t) => {
  const phone = await signIn(t, "agent1");
  await ringletSwitch.command("call agent1 5550100 Ada");
  await phone.event("newSession");
  await phone.do("hangup");
  await phone.event("failed");
});
