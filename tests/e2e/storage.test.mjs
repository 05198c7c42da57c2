// A browser that refuses storage, and a tab that is loaded again.

import assert from "node:assert/strict";
import { before } from "node:test";
import { launchProfile } from "../lib/browser.mjs";
import { suite } from "../lib/suite.mjs";
import { buildWorld, KEY } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

const REMEMBER = { host: { mode: "autologin" }, sessionRestore: "auto" };

test("a phone whose storage is blocked says so and works", async (t) => {
  // A private window: Chromium refuses storage to the frame, because the page is on another site.
  const page = await world.signIn(t, "agent1", { config: { behavior: REMEMBER } });
  const blocked = await (await page.frame()).evaluate(() => {
    try {
      return sessionStorage && false;
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(blocked, "SecurityError", "the browser does block it");
  const { code, fatal } = await page.hears("error");
  assert.deepEqual([code, fatal], ["STORAGE_BLOCKED", false]);
  await page.must("call", "602");
  assert.equal((await page.hears("callEnded")).cause, "busy");
  assert.equal((await page.heard("error")).length, 1, "it says so once");
});

test("a tab that is loaded again signs in again by itself, without the secret from the page", async (t) => {
  const browser = await launchProfile();
  const page = await world.signIn(t, "agent1", { browser, config: { behavior: REMEMBER } });
  assert.deepEqual(await page.heard("error"), []);
  await page.page.reload();
  await page.must("init", { key: KEY, behavior: REMEMBER });
  assert.equal((await page.hears("registered")).username, "agent1");
});

test("a session is not restored when the page does not want it", async (t) => {
  const browser = await launchProfile();
  const page = await world.signIn(t, "agent1", { browser, config: { behavior: REMEMBER } });
  await page.page.reload();
  await page.must("init", { key: KEY, behavior: { ...REMEMBER, sessionRestore: "off" } });
  await page.must("open");
  await page.phone.getByLabel("User name").waitFor();
  assert.deepEqual(await page.heard("registered"), []);
});
