// A line comes up, is refused, breaks and mends itself.

import assert from "node:assert/strict";
import { before } from "node:test";
import { hearsTone } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

test("the launcher tells that the phone is connected, and that it rings", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.launcher.filter({ visible: true }).waitFor();
  assert.match(await page.launcher.getAttribute("aria-label"), /connected$/);
  await world.switch.command("call agent1 5550100 Ada");
  await page.hears("callIncoming");
  assert.match(await page.launcher.getAttribute("aria-label"), /incoming call$/);
});

test("every event carries a rising number, a time and a name of its own", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("call", "602");
  await page.hears("callEnded");
  const events = (await page.heard()).map((event) => event.payload);
  events.slice(1).forEach((event, i) => assert.ok(event.seq > events[i].seq, "seq rises"));
  for (const event of events) assert.ok(!Number.isNaN(Date.parse(event.at)), `a time: ${event.at}`);
  assert.equal(new Set(events.map((event) => event.eventId)).size, events.length);
});

test("HA1 serves in place of the password", async (t) => {
  const sip = { username: "agent2", HA1Password: world.ha1("agent2") };
  const page = await world.signIn(t, "agent2", { config: { sip } });
  assert.equal((await page.hears("registered")).username, "agent2");
});

test("one press on Connect signs in when the page provides everything", async (t) => {
  const page = await world.open(t);
  const behavior = { host: { mode: "confirm" }, sessionRestore: "off" };
  await page.must("init", world.config("agent1", { behavior }));
  await page.must("open");
  await page.phone.getByRole("button", { name: "Connect" }).click();
  await page.hears("registered");
});

test("a person signs in with the form", async (t) => {
  const page = await world.open(t);
  const behavior = { host: { mode: "prefilled" }, sessionRestore: "off" };
  await page.must("init", world.config("agent3", { behavior, sip: { username: "agent3" } }));
  await page.must("open");
  await page.phone.getByLabel("Password", { exact: true }).fill("ringlet-3");
  await page.phone.getByRole("button", { name: "Sign in" }).click();
  assert.equal((await page.hears("registered")).username, "agent3");
});

test("a wrong password ends with a clear error and no further tries", async (t) => {
  world.tap.reset();
  const page = await world.open(t);
  await page.must("init", world.config("agent1", { sip: { username: "agent1", password: "wrong" } }));
  const error = await page.hears("error");
  assert.equal(error.code, "SIGN_IN_FAILED");
  await page.must("open");
  await page.phone.getByText("The user name or the password is wrong.").first().waitFor();
  // The page before may still be giving its registration back.
  const attempts = () => world.tap.sent(/^REGISTER /).filter(({ text }) => !/^Expires: 0\r$/m.test(text)).length;
  const tried = attempts();
  assert.ok(tried <= 2, `${tried} attempts for one password`);
  await page.page.waitForTimeout(1500);
  assert.equal(attempts(), tried, "no further attempt by itself");
  assert.deepEqual(await page.heard("registered"), []);
  const { error: refused } = await page.run("call", "600");
  assert.equal(refused.code, "NOT_REGISTERED");
  assert.equal(world.tap.sent(/^INVITE /).length, 0);
});

test("a phone whose server goes and comes back registers again by itself and can call", async (t) => {
  const page = await world.signIn(t, "agent1");
  world.tap.cut();
  const { reason } = await page.hears("unregistered");
  assert.equal(reason, "connection-lost");
  assert.equal(await page.must("isRegistered"), false);
  world.tap.restore();
  await page.hears("registered", { count: 2, timeoutMs: 30_000 });
  await page.must("call", "601");
  await page.hears("callAnswered");
  await hearsTone(await page.frame(), 1000);
  await page.must("hangup");
  await page.hears("callEnded");
  assert.equal((await page.heard("registered")).length, 2);
  assert.equal((await page.heard("unregistered")).length, 1);
});

test("a server that drops the connection and takes it back at once is found again", async (t) => {
  const page = await world.signIn(t, "agent1");
  await world.switch.command("kick");
  await page.hears("registered", { count: 2, timeoutMs: 30_000 });
  assert.equal((await page.heard("unregistered")).length, 1);
});

test("garbage on the SIP socket changes nothing", async (t) => {
  const page = await world.signIn(t, "agent1");
  for (const garbage of [
    "\r\n",
    "not SIP at all",
    "SIP/2.0",
    "SIP/2.0 200 OK\r\n\r\n",
    "SIP/2.0 999999 \r\nVia: \r\nCSeq: x\r\n\r\n",
    "INVITE sip:agent1@x SIP/2.0\r\nContent-Length: 99999\r\n\r\nshort",
    `OPTIONS sip:x SIP/2.0\r\nX: ${"y".repeat(200_000)}\r\n\r\n`,
    "BYE sip:agent1@x SIP/2.0\r\nVia: SIP/2.0/WS x;branch=z9hG4bKg\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: none\r\nCSeq: 1 BYE\r\n\r\n",
    Buffer.from([0, 1, 2, 0xff, 0xfe, 0xc3, 0x28]),
    Buffer.alloc(0),
  ]) {
    world.tap.inject(garbage);
  }
  await page.must("call", "601");
  await page.hears("callAnswered");
  await hearsTone(await page.frame(), 1000);
  await page.must("hangup");
  await page.hears("callEnded");
  assert.deepEqual(await page.heard("unregistered"), [], "the line stayed up");
  assert.equal((await page.heard("callEnded")).length, 1);
});

test("signing out in the menu tells the server and the page", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1");
  await page.must("open");
  await page.phone.getByRole("button", { name: "Menu" }).click();
  await page.phone.getByText("Sign out").click();
  assert.equal((await page.hears("unregistered")).reason, "signed-out");
  await until("the end of the registration on the wire", () =>
    world.tap.sent(/^REGISTER /).some(({ text }) => /expires[:=] ?0\b/i.test(text)),
  );
});
