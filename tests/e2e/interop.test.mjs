// Ringlet and a JsSIP page on the same switch.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays } from "../lib/audio.mjs";
import { openReference, serveReference } from "../lib/reference.mjs";
import { suite } from "../lib/suite.mjs";
import { switchPassword } from "../lib/switch.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
let site;
before(async () => {
  world = await buildWorld(own);
  site = own(await serveReference());
});

async function both(t) {
  const ours = await world.signIn(t, "agent1");
  const account = { url: world.tap.url, user: "agent2", domain: world.domain, password: switchPassword("agent2") };
  const theirs = await openReference(world.browser, site, account);
  t.after(() => theirs.close());
  await theirs.event("registered");
  return { ours, theirs };
}

test("Ringlet calls a JsSIP page, and the JsSIP page hangs up", async (t) => {
  const { ours, theirs } = await both(t);
  await ours.must("call", "agent2");
  await theirs.event("newSession");
  await ours.hears("callRinging");
  await theirs.do("answer");
  await ours.hears("callAnswered");
  await Promise.all([audioBothWays(await ours.frame()), audioBothWays(theirs.frame)]);
  await theirs.do("hangup");
  assert.equal((await ours.hears("callEnded")).cause, "remote-hangup");
});

test("a JsSIP page calls Ringlet, and Ringlet hangs up", async (t) => {
  const { ours, theirs } = await both(t);
  await theirs.do("call", `sip:agent1@${world.domain}`);
  assert.equal((await ours.hears("callIncoming")).number, "agent2");
  await ours.must("answer");
  await theirs.event("accepted");
  await Promise.all([audioBothWays(await ours.frame()), audioBothWays(theirs.frame)]);
  await ours.must("hangup");
  assert.equal((await theirs.event("ended")).originator, "remote");
  assert.equal((await ours.hears("callEnded")).cause, "local-hangup");
});

test("a JsSIP page gives up before Ringlet answers", async (t) => {
  const { ours, theirs } = await both(t);
  await theirs.do("call", `sip:agent1@${world.domain}`);
  await ours.hears("callIncoming");
  await theirs.do("hangup");
  assert.equal((await ours.hears("callEnded")).cause, "missed");
});
