// A browser that refuses storage, and a tab that is loaded again.

import assert from "node:assert/strict";
import { before } from "node:test";
import { suite } from "../lib/suite.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

const blockStorage = `
  for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
    Object.defineProperty(window, name, {
      get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
    });
  }
`;

test("a phone whose storage is blocked says so and works", async (t) => {
  const page = await world.signIn(t, "agent1", {
    scripts: [blockStorage],
    config: { behavior: { host: { mode: "autologin" }, sessionRestore: "auto" } },
  });
  const { code, fatal } = await page.hears("error");
  assert.deepEqual([code, fatal], ["STORAGE_BLOCKED", false]);
  await page.must("call", "602");
  assert.equal((await page.hears("callEnded")).cause, "busy");
  assert.equal((await page.heard("error")).length, 1, "it says so once");
});

test("a tab that is loaded again signs in again by itself, without the secret from the page", async (t) => {
  const behavior = { host: { mode: "autologin" }, sessionRestore: "auto" };
  const page = await world.signIn(t, "agent1", { config: { behavior } });
  await page.page.reload();
  await page.must("init", { key: world.config("agent1").key, behavior });
  assert.equal((await page.hears("registered")).username, "agent1");
});
