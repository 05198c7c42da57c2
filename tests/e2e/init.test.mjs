// What init refuses, and that the page is as before afterwards.

import assert from "node:assert/strict";
import { before } from "node:test";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld, DISABLED_KEY } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

const refusals = {
  "an unknown key": { key: "pk_test_nobody_has_this", code: "INVALID_API_KEY" },
  "no key": { key: undefined, code: "INVALID_CONFIG" },
  "a blank key": { key: "  ", code: "INVALID_CONFIG" },
  "a tenant that is switched off": { key: DISABLED_KEY, code: "WEBPHONE_TENANT_DISABLED" },
  "a password and an HA1 at once": {
    sip: { username: "agent1", password: "x", HA1Password: "0".repeat(32) },
    code: "INVALID_CONFIG",
  },
  "a field of the wrong type": { sip: { username: 7 }, code: "INVALID_CONFIG" },
  "a mode that does not exist": { behavior: { host: { mode: "telepathy" } }, code: "INVALID_CONFIG" },
};

for (const [what, { code, ...config }] of Object.entries(refusals)) {
  test(`init with ${what} is refused with ${code}, and may be tried again`, async (t) => {
    const page = await world.open(t);
    const { error } = await page.run("init", { ...world.config("agent1"), ...config });
    assert.deepEqual([error?.name, error?.code], ["RingletError", code]);
    assert.ok(error.message.length > 0);
    assert.equal(await page.page.locator("iframe").count(), 0, "no frame is left");
    await page.must("init", world.config("agent1"));
    await page.hears("registered");
  });
}

test("init on an origin the tenant does not allow is refused", async (t) => {
  const page = await world.open(t, { origin: world.host.origin });
  const { error } = await page.run("init", world.config("agent1"));
  assert.equal(error?.code, "WEBPHONE_ORIGIN_FORBIDDEN");
  assert.equal(await page.page.locator("iframe").count(), 0);
});

test("a stranger who frames the phone's page directly gets nothing", async (t) => {
  const known = await world.signIn(t, "agent1");
  const uiUrl = (await known.frame()).url();
  const stranger = await world.open(t, { origin: world.host.origin, path: "/stranger" });
  await stranger.page.evaluate((url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
  }, uiUrl);
  await until("the browser's refusal to frame the phone", () =>
    stranger.page.complaints.some((complaint) => complaint.includes("frame-ancestors")),
  );
});

test("init when the server cannot be reached is a network error", async (t) => {
  const page = await world.open(t);
  await page.page.route("**/api/webphone/config*", (route) => route.abort("connectionrefused"));
  const { error } = await page.run("init", world.config("agent1"));
  assert.equal(error?.code, "NETWORK_ERROR");
});

test("what a host may not set is ignored", async (t) => {
  const page = await world.open(t);
  const extra = { wssUrl: "wss://evil.example", uiUrl: "https://evil.example", iceServers: [], maxSessions: 99 };
  await page.must("init", world.config("agent1", extra));
  await page.hears("registered");
  assert.ok((await page.frame()).url().startsWith(world.phoneOrigin));
});

test("commands before init are refused", async (t) => {
  const page = await world.open(t);
  for (const method of ["hangup", "answer", "reject", "mute", "unmute"]) {
    assert.equal((await page.run(method)).error?.code, "NOT_INITIALIZED", method);
  }
  assert.equal((await page.run("call", "600")).error?.code, "NOT_INITIALIZED");
  assert.equal((await page.run("open")).error?.code, "NOT_INITIALIZED");
});

test("the phone sits in a container when the page gives one", async (t) => {
  const page = await world.signIn(t, "agent1", { config: { container: "place" } });
  await page.page.locator("#place iframe").waitFor();
  assert.equal(await page.launcher.count(), 0, "no launcher beside it");
});
