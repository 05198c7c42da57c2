// The calls of the past: kept over a reload and between tabs, called again, handed out as a file.

import assert from "node:assert/strict";
import fs from "node:fs";
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

/** A phone in a browser that stores; it signs in again after a reload. */
async function signIn(t, user, browser) {
  const page = await world.signIn(t, user, { browser, config: { behavior: REMEMBER } });
  await page.must("open");
  return page;
}

async function reload(page) {
  // A click may not reach a page in the background.
  await page.page.bringToFront();
  await page.page.reload();
  await page.must("init", { key: KEY, behavior: REMEMBER });
  await page.hears("registered");
  await page.must("open");
}

/** Rings for ever at 603, and is given up. */
async function callAndCancel(page, number) {
  const before = (await page.heard("callEnded")).length;
  await page.must("call", number);
  await page.must("hangup");
  await page.hears("callEnded", { count: before + 1 });
}

const close = (page) => page.phone.getByRole("button", { name: "Close" }).click();
const openRecents = (page) => page.phone.getByRole("button", { name: /^Recents/ }).click();
const entries = (page) => page.phone.getByRole("button", { name: /^(Incoming|Outgoing) / });
const number = (page) => page.phone.getByLabel("Number or name to call");

test("a call is in the list after a reload, and a press on it calls the same number", async (t) => {
  const page = await signIn(t, "agent1", await launchProfile());
  await page.must("call", "605");
  await page.hears("callAnswered");
  await page.endsOnce({ cause: "remote-hangup" });
  await reload(page);
  await openRecents(page);
  await page.phone.getByRole("heading", { name: /^today$/i }).waitFor();
  const entry = entries(page);
  await until("one entry", async () => (await entry.count()) === 1);
  assert.match(await entry.textContent(), /Outgoing.*605.*0:0[456]/);
  world.tap.reset();
  await entry.click();
  assert.equal((await page.hears("callStarted")).number, "605");
  await world.tap.waitForSent(/^INVITE sip:605@/);
  await page.must("hangup");
  await page.hears("callEnded");
  await close(page);
  await page.phone.getByRole("heading", { name: "Recents" }).waitFor();
  assert.equal(await entry.count(), 2, "the list comes back, with the new call");
});

test("Call on an empty keypad brings the last number back, and a second press calls it", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("open");
  const call = page.phone.getByRole("button", { name: "Call", exact: true });
  assert.ok(await call.isDisabled(), "nothing was dialled yet");
  await callAndCancel(page, "603");
  await close(page);
  await call.click();
  assert.equal(await number(page).inputValue(), "603");
  assert.equal((await page.heard("callStarted")).length, 1, "one press calls nobody");
  await call.click();
  assert.equal((await page.hears("callStarted", { count: 2 })).number, "603");
});

test("a missed call is counted until the list was open, also after a reload, and called back", async (t) => {
  const page = await signIn(t, "agent1", await launchProfile());
  const caller = await world.signIn(t, "agent2");
  await caller.must("call", "agent1");
  await page.hears("callIncoming");
  await caller.must("hangup");
  await page.endsOnce({ cause: "missed" });
  await reload(page);
  await page.phone.getByRole("button", { name: "Recents, 1 missed" }).click();
  const entry = entries(page);
  assert.match(await entry.textContent(), /Incoming.*agent2.*Missed call/);
  await page.phone.getByRole("button", { name: "Back to the keypad" }).click();
  await page.phone.getByRole("button", { name: "Recents", exact: true }).waitFor();
  await reload(page);
  await page.phone.getByRole("button", { name: "Recents", exact: true }).click();
  await entry.click();
  assert.equal((await caller.hears("callIncoming")).number, "agent1");
  await page.must("hangup");
});

test("the file has a line for each call, and no name in it is a formula", async (t) => {
  const page = await signIn(t, "agent1", await launchProfile());
  await world.switch.command('call agent1 5550100 =HYPERLINK("http://evil","a")');
  await page.hears("callIncoming");
  await page.must("reject");
  await page.hears("callEnded");
  await callAndCancel(page, "603");
  await close(page);
  await openRecents(page);
  const saved = page.page.waitForEvent("download");
  await page.phone.getByRole("button", { name: "Export as CSV" }).click();
  const download = await saved;
  assert.match(download.suggestedFilename(), /^calls-\d{4}-\d\d-\d\d\.csv$/);
  const lines = fs.readFileSync(await download.path(), "utf8").split("\r\n");
  assert.equal(lines.length, 4);
  assert.equal(lines[0], '\uFEFF"Began (UTC)","Direction","Name","Number","Address","Outcome","Duration (s)","Called as","Quality (MOS)"');
  const time = String.raw`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`;
  assert.match(lines[1], new RegExp(`^${time},"Outgoing","","603","","Call cancelled","","",""$`));
  assert.match(lines[2], new RegExp(`^${time},"Incoming","'=HYPERLINK\\(.*","5550100","sip:5550100@[^"]*","Call declined","","",""$`));
  assert.equal(lines[3], "");
  const began = Date.parse(lines[1].slice(1, 25));
  assert.ok(Math.abs(Date.now() - began) < 60_000, `it was just now, not at ${lines[1]}`);
});

test("two tabs of the same user add and delete without erasing what the other wrote", async (t) => {
  const browser = await launchProfile();
  const [one, two] = [await signIn(t, "agent3", browser), await signIn(t, "agent3", browser)];
  await callAndCancel(one, "603");
  await callAndCancel(two, "601");
  for (const page of [one, two]) {
    await openRecents(page);
    await until("both calls in both tabs", async () => (await entries(page).count()) === 2);
  }
  await one.phone.getByRole("button", { name: "Delete the call with 603" }).click();
  await until("it is gone from the other tab", async () => (await entries(two).count()) === 1);
  await reload(one);
  await openRecents(one);
  assert.match(await entries(one).textContent(), /601/);
});

test("one user does not see the calls of another in the same browser", async (t) => {
  const browser = await launchProfile();
  const first = await signIn(t, "agent1", browser);
  await callAndCancel(first, "603");
  await first.must("destroy", {});
  const second = await signIn(t, "agent2", browser);
  await openRecents(second);
  await second.phone.getByText("No calls yet").waitFor();
});

test("without storage the list lives as long as the page, and says so", async (t) => {
  const page = await world.signIn(t, "agent1");
  await page.must("open");
  await callAndCancel(page, "603");
  await close(page);
  await openRecents(page);
  await page.phone.getByText("This browser does not store the list").waitFor();
  assert.equal(await entries(page).count(), 1);
});

test("five hundred stored calls open fast, one more drops the oldest, and what is damaged is kept aside", async (t) => {
  const page = await signIn(t, "agent1", await launchProfile());
  const frame = await page.frame();
  const place = await frame.evaluate(() => {
    localStorage.setItem("probe", "x");
    return Object.keys(localStorage);
  });
  assert.deepEqual(place, ["probe"], "a phone without calls stores nothing");
  await callAndCancel(page, "603");
  await frame.evaluate(() => {
    const key = Object.keys(localStorage).find((key) => key.includes(".history."));
    const prefix = key.slice(0, key.indexOf(".history.") + ".history.".length);
    for (let index = 1; index < 500; index += 1) {
      const began = Date.now() - index * 3_600_000;
      localStorage.setItem(`${prefix}${began}-seeded`, `1\tout\tbusy\t${began}\t\t${6000 + index}\tSeeded ${index}\t`);
    }
    localStorage.setItem(`${prefix}1-bad`, "no entry at all");
    localStorage.setItem(`${prefix}1-new`, "2000\tfrom the future");
  });
  await reload(page);
  const started = Date.now();
  await openRecents(page);
  await until("all of them", async () => (await entries(page).count()) === 500, { timeoutMs: 10_000 });
  const took = Date.now() - started;
  t.diagnostic(`500 calls were listed within ${took} ms`);
  assert.ok(took < 5_000, `${took} ms`);
  await callAndCancel(page, "603");
  const keys = await (await page.frame()).evaluate(() => Object.keys(localStorage));
  assert.equal(keys.filter((key) => /\.history\.\d{13}-/.test(key)).length, 500);
  assert.equal(keys.filter((key) => key.includes(".damaged.history.1-bad")).length, 1);
  assert.equal(keys.filter((key) => key.endsWith(".history.1-new")).length, 1);
});
