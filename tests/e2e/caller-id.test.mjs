// Calling as another number: chosen by hand, by the page for one call, and refused by the server.

import assert from "node:assert/strict";
import { before } from "node:test";
import { launchProfile } from "../lib/browser.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld, KEY } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

const REMEMBER = { host: { mode: "autologin" }, sessionRestore: "auto" };
const HEADERS = ["P-Preferred-Identity", "P-Asserted-Identity", "Remote-Party-ID"];

/** The headers of an INVITE that say who calls, and the user in From. */
function identity({ text }) {
  const found = {};
  for (const name of HEADERS) {
    const value = new RegExp(`^${name}: .*<sip:([^@]+)@`, "mi").exec(text)?.[1];
    if (value) found[name] = value;
  }
  found.From = /^From: .*<sip:([^@]+)@/im.exec(text)[1];
  return found;
}

/** Places a call by `place`, and returns who calls in its INVITEs (with and without credentials). */
async function callsAs(page, place) {
  const before = (await page.heard("callEnded")).length;
  world.tap.reset();
  await place();
  await page.hears("callEnded", { count: before + 1 });
  const sent = world.tap.sent(/^INVITE /).map(identity);
  assert.ok(sent.length > 0);
  for (const who of sent) assert.deepEqual(who, sent[0], "the credentials change nothing");
  return sent[0];
}

test("a number that is added is on the wire, on the keypad, and there after a reload", async (t) => {
  const page = await world.signIn(t, "agent1", { browser: await launchProfile(), config: { behavior: REMEMBER } });
  await page.must("open");
  assert.deepEqual(await callsAs(page, () => page.must("call", "602")), { From: "agent1" });
  await page.phone.getByRole("button", { name: "Close" }).click();

  await page.phone.getByRole("button", { name: "Menu" }).click();
  await page.phone.getByRole("button", { name: "Caller IDs" }).click();
  await page.phone.getByLabel("Another number").fill("+49 (30) 999");
  await page.phone.getByRole("button", { name: "Add" }).click();
  assert.ok(await page.phone.getByRole("radio", { name: "+4930999" }).isChecked());
  await page.phone.getByRole("button", { name: "Back to the keypad" }).click();

  const reloaded = async () => {
    await page.page.reload();
    await page.must("init", { key: KEY, behavior: REMEMBER });
    await page.hears("registered");
    await page.must("open");
  };
  await reloaded();
  const callingAs = page.phone.getByRole("button", { name: /^Calling as .*\+4930999/ });
  await callingAs.waitFor();
  await page.phone.getByLabel("Number or name to call").fill("602");
  const sent = await callsAs(page, () => page.phone.getByRole("button", { name: "Call", exact: true }).click());
  assert.deepEqual(sent, { "P-Preferred-Identity": "+4930999", From: "agent1" });
  assert.equal((await page.hears("callEnded")).requestedCallerId, "+4930999");

  await page.phone.getByRole("button", { name: "Close" }).click();
  await callingAs.click();
  await page.phone.getByRole("button", { name: "Delete +4930999" }).click();
  assert.ok(await page.phone.getByRole("radio", { name: /Your account/ }).isChecked());
  await reloaded();
  await until("no choice", () => callingAs.isHidden());
});

test("the page calls once as another number, and what is none is refused", async (t) => {
  const page = await world.signIn(t, "agent1");
  const once = await callsAs(page, () => page.must("call", "602", { callerId: "+49 30 777" }));
  assert.deepEqual(once, { "P-Preferred-Identity": "+4930777", From: "agent1" });
  assert.deepEqual(await callsAs(page, () => page.must("call", "602")), { From: "agent1" });
  world.tap.reset();
  for (const callerId of ["a b", "sip:bob@example.com", "x\r\nVia: y", "1".repeat(300)]) {
    assert.equal((await page.run("call", "602", { callerId })).error.code, "INVALID_NUMBER");
  }
  assert.equal(world.tap.sent(/^INVITE /).length, 0);
});
