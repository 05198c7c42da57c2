// `ringlet demo` as a visitor meets it: a CRM page, a phone, two agents.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, hearsTone } from "../lib/audio.mjs";
import { launch, openPage } from "../lib/browser.mjs";
import { freePorts, LOOPBACK } from "../lib/ports.mjs";
import { built, start } from "../lib/processes.mjs";
import { dist } from "../lib/server.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";

const { own, test } = suite();
let browser;
let port;
before(async () => {
  port = await freePorts(2);
  own(
    await start({
      name: "demo",
      command: built("ringlet", "RINGLET_BIN"),
      args: [...dist(), "demo", "--port", String(port)],
      ready: async () => (await fetch(`http://${LOOPBACK}:${port}/healthz`)).ok,
    }),
  );
  browser = own(await launch());
});

async function visit(t, agent) {
  const page = await openPage(browser);
  t.after(() => page.context().close());
  await page.goto(`http://localhost:${port}/demo/?agent=${agent}`);
  await until(`${agent} to be signed in`, () => page.evaluate(() => Ringlet.isRegistered()));
  return page;
}

const phoneOf = (page) =>
  until("the phone's frame", () => page.frames().find((frame) => frame.url().includes(`${LOOPBACK}:${port}`)));
const state = (page) => page.evaluate(() => Ringlet.getState());
const active = (page) =>
  until("an answered call", async () => (await state(page)).calls[0]?.state === "active");

test("a click on the tone's number is a call whose tone is measured", async (t) => {
  const page = await visit(t, "agent1");
  await page.locator('a[href="tel:601"]').first().click();
  await active(page);
  await hearsTone(await phoneOf(page), 1000);
  await page.evaluate(() => Ringlet.hangup());
});

test("a click on the echo's number lets the agent hear itself", async (t) => {
  const page = await visit(t, "agent1");
  await page.locator('a[href="tel:600"]').first().click();
  await active(page);
  await audioBothWays(await phoneOf(page));
  await page.evaluate(() => Ringlet.hangup());
});

test("two tabs call each other", async (t) => {
  const [first, second] = [await visit(t, "agent1"), await visit(t, "agent2")];
  await first.evaluate(() => Ringlet.call("agent2"));
  await until("the second tab to ring", async () => (await state(second)).calls[0]?.state === "ringing");
  await second.evaluate(() => Ringlet.answer());
  await Promise.all([active(first), active(second)]);
  await Promise.all([audioBothWays(await phoneOf(first)), audioBothWays(await phoneOf(second))]);
  await second.evaluate(() => Ringlet.hangup());
  await until("the first tab to be free", async () => (await state(first)).callCount === 0);
});

test("the phone is a stranger to the page", async (t) => {
  const page = await visit(t, "agent1");
  assert.notEqual(new URL((await phoneOf(page)).url()).origin, new URL(page.url()).origin);
});
