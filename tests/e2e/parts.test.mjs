// The wasm files that are loaded late: nothing that rings waits for them, and they come by themselves.

import assert from "node:assert/strict";
import { before } from "node:test";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const PARTS = /\/assets\/part-[^/]+\.wasm$/;

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

/** Leaves every part that the phone asks for without an answer. */
const holdParts = (page) => page.page.context().route(PARTS, () => {});

test("a phone registers, rings and answers while no part has come", async (t) => {
  const page = await world.open(t);
  await holdParts(page);
  await page.must("init", world.config("agent1"));
  await page.hears("registered");
  await page.must("open");
  await world.switch.command("call agent1 5550100 Ada");
  await page.phone.getByRole("button", { name: "Answer" }).click();
  await page.hears("callAnswered");
  await page.phone.getByRole("button", { name: "Hang up" }).click();
  await page.hears("callEnded");
});

test("the parts are fetched ahead, as what they are and to be kept", async (t) => {
  const page = await world.open(t);
  const answers = [];
  page.page.on("response", (response) => answers.push(response));
  await page.must("init", world.config("agent1"));
  await page.hears("registered");
  const parts = await until("parts", () => {
    const found = answers.filter((answer) => PARTS.test(answer.url()));
    return found.length > 0 && found;
  });
  for (const part of parts) {
    assert.equal(part.status(), 200);
    const headers = part.headers();
    assert.equal(headers["content-type"], "application/wasm");
    assert.match(headers["cache-control"], /immutable/);
  }
  const origins = new Set(answers.filter((answer) => answer.frame() !== page.page.mainFrame()).map((answer) => new URL(answer.url()).origin));
  assert.deepEqual([...origins], [world.phoneOrigin], "a phone loads from its own server only");
});

test("a part that cannot be loaded says so, and comes when it is tried again", async (t) => {
  const page = await world.open(t);
  const context = page.page.context();
  await context.route(PARTS, (route) => route.abort());
  const behavior = { host: { mode: "prefilled" }, sessionRestore: "off" };
  await page.must("init", world.config("agent3", { behavior, sip: { username: "agent3" } }));
  await page.must("open");
  const again = page.phone.getByRole("alert").getByRole("button", { name: "Try again" });
  await again.waitFor();
  await context.unroute(PARTS);
  await again.click();
  await page.phone.getByLabel("Password", { exact: true }).fill("ringlet-3");
  await page.phone.getByRole("button", { name: "Sign in" }).click();
  assert.equal((await page.hears("registered")).username, "agent3");
});
