// Transfers that an agent asks for: blind from the screen, attended by the page, and one that fails.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld, SEVERAL_KEY } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

const several = (t, user) => world.signIn(t, user, { config: { key: SEVERAL_KEY } });
const button = (page, name) => page.phone.getByRole("button", { name });
const calls = async (page) => (await page.must("getState")).calls;
const statuses = async (page) => (await page.heard("transferState")).map(({ status }) => status);

/** An agent in a call with a second one. */
async function inCall(t) {
  const agent = await several(t, "agent1");
  const second = await several(t, "agent2");
  await agent.must("call", "agent2");
  await second.hears("callIncoming");
  await second.must("answer");
  await agent.hears("callAnswered");
  await audioBothWays(await second.frame());
  return { agent, second };
}

test("a blind transfer from the screen connects the right two", async (t) => {
  const { agent, second } = await inCall(t);
  const third = await world.signIn(t, "agent3");
  await agent.must("open");
  await button(agent, "Transfer").click();
  await agent.phone.getByLabel("Transfer to").fill("agent3");
  await agent.phone.getByLabel("Transfer to").press("Enter");
  await agent.phone.getByText("Transferring to ⁨agent3⁩…").first().waitFor();

  await button(second, "Accept").click();
  await third.hears("callIncoming");
  await third.must("answer");
  await third.hears("callAnswered");
  await agent.endsOnce({ cause: "transferred" });
  assert.deepEqual(await statuses(agent), ["started", "accepted", "completed"]);
  await agent.phone.getByText("Call transferred").first().waitFor();
  await until("one call each", async () => (await calls(second)).length === 1);
  assert.equal((await calls(second))[0].number, "agent3");
  await Promise.all([audioBothWays(await second.frame()), audioBothWays(await third.frame())]);
  await second.must("hangup");
  await third.endsOnce({ cause: "remote-hangup" });
});

test("a transfer to somebody who is busy leaves the two talking, and says why", async (t) => {
  const { agent, second } = await inCall(t);
  await agent.must("open");
  await agent.must("transfer", "602");
  await button(second, "Accept").click();
  const failed = await until("the failure", async () =>
    (await agent.heard("transferState")).find(({ status }) => status === "failed"),
  );
  assert.deepEqual([failed.target, failed.reason], ["602", "busy"]);
  await agent.phone.getByText("Not transferred to ⁨602⁩: Busy").first().waitFor();
  assert.deepEqual((await calls(agent)).map(({ state, number }) => [state, number]), [["active", "agent2"]]);
  await until("the call of the far end to be taken back", async () => (await calls(second)).length === 1);
  await Promise.all([audioBothWays(await agent.frame()), audioBothWays(await second.frame())]);
});

test("an attended transfer joins the far ends of two calls", async (t) => {
  const { agent, second } = await inCall(t);
  const third = await several(t, "agent3");
  const { callId } = await agent.must("call", "agent3");
  await third.hears("callIncoming");
  await third.must("answer");
  await until("two calls", async () => (await calls(agent)).filter(({ state }) => state === "active").length === 2);
  const [first] = await calls(agent);
  await agent.must("transferTo", first.callId, callId);
  await button(second, "Accept").click();
  await until("the end of both calls", async () => (await agent.heard("callEnded")).length === 2);
  assert.deepEqual((await agent.heard("callEnded")).map(({ cause }) => cause), ["transferred", "transferred"]);
  const [left, right] = [await calls(second), await calls(third)];
  assert.deepEqual([left.at(-1).number, right.at(-1).number], ["agent3", "agent2"]);
  await Promise.all([audioBothWays(await second.frame()), audioBothWays(await third.frame())]);
});

test("a target that cannot be called is refused", async (t) => {
  const { agent } = await inCall(t);
  for (const target of ["", "  ", "9".repeat(300), "agent1"]) {
    assert.equal((await agent.run("transfer", target)).error?.code, "INVALID_NUMBER", target);
  }
  assert.equal((await agent.run("transfer", "602", "nobody")).error?.code, "NO_SUCH_CALL");
  assert.deepEqual(await statuses(agent), []);
});
