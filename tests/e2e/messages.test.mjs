// Messages that are none of the loader's or the phone's: wrong window, malformed, unknown, huge.

import assert from "node:assert/strict";
import { before } from "node:test";
import { suite } from "../lib/suite.mjs";
import { buildWorld } from "../lib/world.mjs";
import { until } from "../lib/wait.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

// Keeps the ports that pass by, on both sides, so that a test can speak on them.
const keepPorts = `
  window.__ports = [];
  const Native = window.MessageChannel;
  window.MessageChannel = class extends Native {
    constructor() { super(); window.__ports.push(this.port1); }
  };
  addEventListener("message", (event) => window.__ports.push(...event.ports), true);
`;

const GARBAGE = [
  null,
  42,
  "hello",
  [],
  {},
  { ns: "ringlet" },
  { ns: "ringlet", v: 1 },
  { ns: "ringlet", v: 1, id: "g1", type: "call" },
  { ns: "ringlet", v: 1, id: "g2", type: "call", data: { number: 600 } },
  { ns: "ringlet", v: 1, id: "g3", type: "__proto__", data: {} },
  { ns: "other", v: 1, id: "g4", type: "call", data: { number: "600" } },
  { ns: "ringlet", v: 99, id: "g5", type: "call", data: { number: "600" } },
  { ns: "ringlet", v: 1, id: "g6", type: "result", replyTo: "l1", data: { status: "done", value: {} } },
];

async function stillWorks(page) {
  await page.must("call", "602");
  assert.equal((await page.hears("callEnded")).cause, "busy");
  assert.equal((await page.heard("callStarted")).length, 1, "only the call that was asked for");
  assert.deepEqual(await page.heard("unregistered"), []);
}

test("garbage from the page's side of the port is answered with errors or dropped", async (t) => {
  const page = await world.signIn(t, "agent1", { scripts: [keepPorts] });
  const huge = { ns: "ringlet", v: 1, id: "g7", type: "dial", data: { number: "1".repeat(100_000) } };
  const unknown = { ns: "ringlet", v: 1, id: "g8", type: "frobnicate", data: {} };
  const replies = await page.page.evaluate(async (messages) => {
    const port = window.__ports[0];
    const replies = [];
    port.addEventListener("message", ({ data }) => replies.push(data));
    for (const message of messages) port.postMessage(message);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return replies.filter(({ type }) => type === "result");
  }, [...GARBAGE, huge, unknown]);
  const answer = (id) => replies.find(({ replyTo }) => replyTo === id)?.data;
  assert.deepEqual([answer("g8")?.status, answer("g8")?.value.code], ["failed", "UNKNOWN_TYPE"]);
  assert.deepEqual([answer("g1")?.status, answer("g1")?.value.code], ["failed", "MALFORMED_MESSAGE"]);
  assert.deepEqual([answer("g2")?.status, answer("g2")?.value.code], ["failed", "MALFORMED_MESSAGE"]);
  assert.equal(answer("g5")?.value.code, "UNSUPPORTED_VERSION");
  await stillWorks(page);
});

test("garbage from the phone's side of the port does not reach the page's handlers", async (t) => {
  const page = await world.signIn(t, "agent1", { scripts: [keepPorts] });
  const before = (await page.heard()).length;
  const frame = await page.frame();
  await frame.evaluate(async (messages) => {
    for (const message of messages) window.__ports[0].postMessage(message);
    window.__ports[0].postMessage({ ns: "ringlet", v: 1, id: "x", type: "event", data: { event: { name: "callEnded" } } });
    window.__ports[0].postMessage({ ns: "ringlet", v: 1, id: "y", type: "snapshot", data: "full" });
  }, GARBAGE);
  await page.page.waitForTimeout(500);
  assert.equal((await page.heard()).length, before, "no event was made of it");
  await stillWorks(page);
});

test("a third frame can neither command the phone nor speak for it", async (t) => {
  world.tap.reset();
  const page = await world.signIn(t, "agent1", { scripts: [keepPorts] });
  const before = (await page.heard()).length;
  await page.page.evaluate(() => {
    const third = document.createElement("iframe");
    third.name = "third";
    third.srcdoc = "<!doctype html><title>Third</title>";
    document.body.append(third);
  });
  const third = await until("the third frame", () => page.page.frame("third"));
  await third.evaluate(async (phoneOrigin) => {
    const nonce = "0".repeat(32);
    const payload = { username: "eve", domain: "evil.example", userKey: "eve@evil.example" };
    const event = { seq: 1, at: new Date().toISOString(), eventId: "e", event: { name: "registered", payload } };
    const phone = parent.document.querySelector("ringlet-phone").shadowRoot.querySelector("iframe").contentWindow;
    for (const [type, data] of [
      ["hello", { nonce }],
      ["connect", { nonce }],
      ["call", { number: "601" }],
      ["helloAck", { nonce, version: "9" }],
      ["event", event],
    ]) {
      const { port1, port2 } = new MessageChannel();
      const message = { ns: "ringlet", v: 1, id: `t-${type}`, type, data };
      phone.postMessage(message, phoneOrigin, [port2]);
      parent.postMessage(message, "*");
      port1.postMessage({ ns: "ringlet", v: 1, id: "t-port", type: "call", data: { number: "601" } });
    }
    await new Promise((resolve) => setTimeout(resolve, 800));
  }, world.phoneOrigin);
  assert.equal(world.tap.sent(/^INVITE /).length, 0, "nobody was called");
  assert.equal((await page.heard()).length, before, "no event was made of it");
  await stillWorks(page);
});
