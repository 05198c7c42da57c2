// Calls that are taken, sent away or sent on without a person.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, hearsTone } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld, SEVERAL_KEY } from "../lib/world.mjs";

const ALWAYS = "pk_test_always_00000001";
const ASKED = "pk_test_asked_000000001";

const { own, test } = suite();
let world;
before(async () => {
  const tenants = {
    [ALWAYS]: [`incoming.auto_answer = "always"`],
    [ASKED]: [`incoming.auto_answer = "asked"`],
  };
  world = await buildWorld(own, { tenants });
});

/** Opens the page of what becomes of calls that come in. */
async function openSettings(page) {
  await page.must("open");
  await page.phone.getByRole("button", { name: "Menu" }).click();
  await page.phone.getByRole("button", { name: "Incoming calls" }).click();
  await page.phone.getByRole("heading", { name: "Incoming calls" }).waitFor();
}

/** Fills a field of that page in and saves it. */
async function forward(page, label, number) {
  await openSettings(page);
  await page.phone.getByLabel(label).fill(number);
  await page.phone.getByRole("button", { name: "Save" }).click();
  await page.phone.getByText("Saved.").waitFor();
}

test("where the tenant says so every call is answered, and is seen to have been", async (t) => {
  const [caller, agent] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2", { config: { key: ALWAYS } })];
  await caller.must("call", "agent2");
  await caller.hears("callAnswered");
  await Promise.all([audioBothWays(await caller.frame()), audioBothWays(await agent.frame())]);
  await agent.phone.getByText("Answered automatically").waitFor();
  await caller.must("hangup");
  await agent.endsOnce({ cause: "remote-hangup" });
});

test("a call is answered that asks for it, when it asks for it, and no other", async (t) => {
  const [caller, agent] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2", { config: { key: ASKED } })];
  await caller.must("call", "agent2");
  await agent.hears("callIncoming");
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  assert.deepEqual(await caller.heard("callAnswered"), []);
  await caller.must("hangup");
  await agent.hears("callEnded");

  world.tap.rewrite = async (text) => text.replace(/^(INVITE [^\r]*\r\n)/, "$1Call-Info: <sip:x>;answer-after=1\r\n");
  t.after(() => (world.tap.rewrite = null));
  await caller.must("call", "agent2");
  await caller.hears("callAnswered");
  await audioBothWays(await caller.frame());
  await agent.phone.getByText("Answered automatically").waitFor();
  await caller.must("hangup");
});

test("do not disturb: nothing rings, the caller is told, and the call can be returned", async (t) => {
  const [caller, agent] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await openSettings(agent);
  await agent.phone.getByLabel("Do not disturb").check();
  await until("the sign", async () => (await agent.phone.locator(".header-state").textContent()) === "Do not disturb");
  await caller.must("call", "agent2");
  const { cause, sipCode } = await caller.hears("callEnded");
  assert.deepEqual({ cause, sipCode }, { cause: "no-answer", sipCode: 480 });
  assert.deepEqual(await agent.heard("callIncoming"), []);
  await agent.phone.getByLabel("Do not disturb").uncheck();
  await agent.phone.getByRole("button", { name: "Back to the keypad" }).click();
  await agent.phone.getByRole("button", { name: /Recents/ }).click();
  await agent.phone.getByText("Missed call").waitFor();
  await caller.must("call", "agent2");
  await agent.hears("callIncoming");
  await caller.must("hangup");
});

test("a call that nobody answers goes to the number that was set, and is heard there", async (t) => {
  const [caller, agent] = [await world.signIn(t, "agent1"), await world.signIn(t, "agent2")];
  await forward(agent, /not answered/, "601");
  await caller.must("call", "agent2");
  await agent.hears("callIncoming");
  const { cause } = await until("the end of the ringing", async () => (await agent.heard("callEnded"))[0], { timeoutMs: 30_000 });
  assert.equal(cause, "forwarded");
  await caller.hears("callAnswered");
  // What 601 plays.
  await hearsTone(await caller.frame(), 1000);
  await caller.must("hangup");
  await caller.endsOnce({ cause: "local-hangup" });
});

test("a busy agent's callers go to the number that was set", async (t) => {
  const [caller, agent] = [await world.signIn(t, "agent1", { config: { key: SEVERAL_KEY } }), await world.signIn(t, "agent2")];
  await forward(agent, /when busy/, "601");
  await agent.must("call", "600");
  await agent.hears("callAnswered");
  await caller.must("call", "agent2");
  await caller.hears("callAnswered");
  await hearsTone(await caller.frame(), 1000);
  assert.deepEqual(await agent.heard("callIncoming"), []);
  await Promise.all([caller.must("hangup"), agent.must("hangup")]);
});

test("a number that cannot be called is not taken, and the field says so", async (t) => {
  const agent = await world.signIn(t, "agent2");
  await openSettings(agent);
  await agent.phone.getByLabel(/when busy/).fill("agent2");
  await agent.phone.getByRole("button", { name: "Save" }).click();
  await agent.phone.getByText("This number cannot be called, or is your own.").waitFor();
  assert.equal(await agent.phone.getByLabel(/when busy/).inputValue(), "agent2");
});
