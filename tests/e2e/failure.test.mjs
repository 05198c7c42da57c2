// A phone that fails, one that cannot start, and two that must not be taken for one.

import assert from "node:assert/strict";
import { before } from "node:test";
import { launchProfile, openPage } from "../lib/browser.mjs";
import { HostPage } from "../lib/host-page.mjs";
import { suite } from "../lib/suite.mjs";
import { buildWorld } from "../lib/world.mjs";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

/** Forgets what the page complained of on account of what the test did to it. */
function forgive({ page }) {
  page.complaints = page.complaints.filter((complaint) => !complaint.includes("on purpose"));
}

/** Makes the browser throw where no browser does: in the middle of the phone's work. */
async function crash(page) {
  const frame = await page.frame();
  await frame.evaluate(() =>
    Object.defineProperty(WebSocket.prototype, "bufferedAmount", {
      get() {
        throw new TypeError("on purpose");
      },
    }),
  );
  await page.run("call", "601");
  forgive(page);
}

test("a phone that fails is loaded again once, and the host is told", async (t) => {
  const page = await world.signIn(t, "agent1");
  await crash(page);
  const { code, fatal } = await page.hears("error");
  assert.deepEqual([code, fatal], ["PHONE_CRASHED", false]);
  assert.equal((await page.hears("callEnded")).cause, "failed", "the call that it was about to make");
  await page.hears("registered", { count: 2 });
  await page.must("call", "602");
  assert.equal((await page.hears("callEnded", { count: 2 })).cause, "busy");

  await crash(page);
  const again = await page.hears("error", { count: 2 });
  assert.deepEqual([again.code, again.fatal], ["PHONE_CRASHED", true]);
  await page.phone.getByText("The phone has stopped").waitFor();
});

test("without a secure random source there is no phone, and host and person are told", async (t) => {
  const scripts = [
    `if (location.pathname.startsWith("/app/"))
       crypto.getRandomValues = () => { throw new DOMException("on purpose", "OperationError") };`,
  ];
  const page = await world.open(t, { scripts });
  world.tap.reset();
  const { error } = await page.run("init", world.config("agent1"));
  assert.equal(error?.code, "UNSUPPORTED_BROWSER");
  assert.equal(world.tap.sent(/^REGISTER /).length, 0);
  forgive(page);

  const alone = await openPage(world.browser, { scripts });
  t.after(() => alone.context().close());
  await alone.goto(`${world.phoneOrigin}/app/customers/`);
  await alone.getByRole("alert").getByText("The phone cannot run here").waitFor();
});

test("a tab that is loaded again keeps its instance id, and a copy of the tab has another", async (t) => {
  const browser = await launchProfile();
  t.after(() => browser.close());
  world.tap.reset();
  /** The instance ids registered so far, in their order and each once. */
  const instances = () => [
    ...new Set(world.tap.sent(/^REGISTER /).map(({ text }) => /\+sip\.instance="<urn:uuid:([^>]+)>"/.exec(text)[1])),
  ];
  const page = await world.signIn(t, "agent1", { browser });
  await page.page.reload();
  await page.must("init", world.config("agent1"));
  await page.hears("registered");
  assert.equal(instances().length, 1);

  // A page that opens another gives it a copy of its storage, as a duplicated tab has it.
  const opened = browser.waitForEvent("page");
  await page.page.evaluate(() => void window.open(location.href));
  const copy = new HostPage(await opened, world.phoneOrigin);
  await copy.page.waitForLoadState();
  await copy.must("init", world.config("agent1"));
  await copy.hears("registered");
  assert.equal(instances().length, 2);

  await copy.page.reload();
  await copy.must("init", world.config("agent1"));
  await copy.hears("registered");
  assert.equal(instances().length, 2, "the copy keeps the id that it took");
});
