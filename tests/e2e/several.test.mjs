// Several calls on one phone, heard: each far end hears either the person or music, and the person
// hears the call that is talked in alone.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, audioStats, hearsTone } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld, SEVERAL_KEY } from "../lib/world.mjs";

/** A note of the arpeggio that is played to whoever is held, in Hz. */
const MUSIC = 392;

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

const several = (t, user) => world.signIn(t, user, { config: { key: SEVERAL_KEY } });
const calls = async (page) => (await page.must("getState")).calls;
const held = async (page) => (await calls(page)).map((call) => call.held);
const button = (page, name) => page.phone.getByRole("button", { name });

/** The agent in a call with a second one, while a third one calls. */
async function called(t) {
  const agent = await several(t, "agent1");
  const [second, third] = [await world.signIn(t, "agent2"), await world.signIn(t, "agent3")];
  await agent.must("call", "agent2");
  await second.hears("callIncoming");
  await second.must("answer");
  await agent.hears("callAnswered");
  await audioBothWays(await second.frame());
  await third.must("call", "agent1");
  await agent.hears("callIncoming");
  return { agent, second, third };
}

async function hearsVoice(page) {
  const frame = await page.frame();
  const { energyReceived } = await audioStats(frame);
  await until("a voice", async () => (await audioStats(frame)).energyReceived > energyReceived + 1e-3);
}

test("hold and answer, swap, and the way back when one hangs up", async (t) => {
  const { agent, second, third } = await called(t);
  await button(agent, "Hold & answer").click();
  await third.hears("callAnswered");
  await until("the hold", async () => (await held(agent)).join() === "true,false");
  await hearsTone(await second.frame(), MUSIC);
  await audioBothWays(await third.frame());
  await audioBothWays(await agent.frame());
  await agent.phone.getByText(/^On hold, \d/).first().waitFor();

  await button(agent, /^Swap/).click();
  await until("the swap", async () => (await held(agent)).join() === "false,true");
  await hearsTone(await third.frame(), MUSIC);
  await hearsVoice(second);

  await second.must("hangup");
  await agent.hears("callEnded");
  assert.deepEqual(await held(agent), [true], "nobody is put through to a call by another's end");
  await button(agent, "Hold").click();
  await until("the call to be taken back", async () => (await held(agent)).join() === "false");
  await hearsVoice(third);
  await agent.must("hangup");
  await third.endsOnce({ cause: "remote-hangup" });
});

test("end and answer leaves one call", async (t) => {
  const { agent, second, third } = await called(t);
  await button(agent, "End & answer").click();
  await second.endsOnce({ cause: "remote-hangup" });
  await third.hears("callAnswered");
  assert.equal((await calls(agent)).length, 1);
  await audioBothWays(await third.frame());
});

test("a call that is declined in a call disturbs nothing", async (t) => {
  const { agent, second, third } = await called(t);
  await button(agent, "Decline").click();
  await third.endsOnce({ cause: "declined" });
  assert.deepEqual(await held(agent), [false]);
  await hearsVoice(second);
});

test("a person calls somebody else from a call, and the first one waits", async (t) => {
  const agent = await several(t, "agent1");
  const second = await world.signIn(t, "agent2");
  await agent.must("call", "agent2");
  await second.hears("callIncoming");
  await second.must("answer");
  await agent.hears("callAnswered");
  await button(agent, "New call").click();
  await button(agent, /^Back to/).click();
  await button(agent, "New call").click();
  await agent.phone.getByLabel("Number or name to call").fill("601");
  await agent.phone.getByLabel("Number or name to call").press("Enter");
  await agent.hears("callAnswered", { count: 2 });
  await until("the hold", async () => (await held(agent)).join() === "true,false");
  await hearsTone(await agent.frame(), 1000);
  await hearsTone(await second.frame(), MUSIC);
  await button(agent, "Hang up").click();
  await agent.hears("callEnded");
  await button(agent, "Hold").click();
  await hearsVoice(second);
});

test("over the limit a caller hears busy, and the host is refused", async (t) => {
  const agent = await several(t, "agent1");
  for (const count of [1, 2, 3]) {
    await agent.must("call", "600");
    await agent.hears("callAnswered", { count });
  }
  assert.equal((await agent.run("call", "600")).error?.code, "CALL_LIMIT");
  const caller = await world.signIn(t, "agent2");
  await caller.must("call", "agent1");
  await caller.endsOnce({ cause: "busy", sipCode: 486 });
  assert.equal((await agent.heard("callIncoming")).length, 0);
  assert.deepEqual(await held(agent), [true, true, false]);
});
