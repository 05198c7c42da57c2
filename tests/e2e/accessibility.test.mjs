// axe finds nothing on any screen, in either colour scheme.

import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { before } from "node:test";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

async function axeFindsNothing(page) {
  const frame = await page.frame();
  // Screens fade in, and half-transparent text has no contrast to speak of. What pulses for ever is
  // looked at as it is.
  await until("the screen to stand still", () =>
    frame.evaluate(() =>
      document
        .getAnimations()
        .every((a) => a.playState !== "running" || a.effect.getComputedTiming().endTime === Infinity),
    ),
  );
  const violations = await frame.evaluate(async (tags) => {
    const found = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html + " " + n.failureSummary).join("\\n    ")}`);
  }, RULES);
  assert.deepEqual(violations, []);
}

const signedOut = { sip: {}, behavior: { host: { mode: "confirm" }, sessionRestore: "off" } };

const screens = {
  "the sign-in form": async (page) => {
    await page.must("init", { ...world.config("agent1"), ...signedOut });
    await page.must("open");
    await page.phone.getByLabel("User name").waitFor();
  },
  "the sign-in form with mistakes": async (page) => {
    await page.must("init", { ...world.config("agent1"), ...signedOut });
    await page.must("open");
    await page.phone.getByRole("button", { name: "Sign in" }).click();
    await page.phone.getByText("Enter your user name.").first().waitFor();
  },
  "the connect screen": async (page) => {
    await page.must("init", world.config("agent1", { behavior: signedOut.behavior }));
    await page.must("open");
    await page.phone.getByRole("button", { name: "Connect" }).waitFor();
  },
  "the keypad": async (page) => {
    await signIn(page);
    await page.phone.getByLabel("Number or name to call").fill("0123456789".repeat(4));
  },
  "the menu": async (page) => {
    await signIn(page);
    await page.phone.getByRole("button", { name: "Menu" }).click();
    await page.phone.getByText("Sign out").waitFor();
  },
  "an outgoing call": async (page) => {
    await signIn(page);
    await page.must("call", "603");
    await page.hears("callRinging");
    await page.phone.getByRole("button", { name: "Cancel" }).waitFor();
  },
  "an incoming call": async (page) => {
    await signIn(page);
    await world.switch.command(`call agent1 5550100 ${"Wolfeschlegelsteinhausenbergerdorff ".repeat(2).trim()}`);
    await page.phone.getByRole("button", { name: "Answer" }).waitFor();
  },
  "a call with the microphone off": async (page) => {
    await signIn(page);
    await page.must("call", "601");
    await page.hears("callAnswered");
    await page.must("mute");
    await page.phone.getByText("Your microphone is off").first().waitFor();
  },
  "a call that ended": async (page) => {
    await signIn(page);
    await page.must("call", "602");
    await page.phone.getByRole("button", { name: "Call again" }).waitFor();
  },
  "a lost connection": async (page) => {
    await signIn(page);
    world.tap.cut();
    await page.hears("unregistered");
    await page.phone.getByText(/Connection lost/).first().waitFor();
  },
};

async function signIn(page) {
  await page.must("init", world.config("agent1"));
  await page.must("open");
  await page.hears("registered");
}

for (const colorScheme of ["light", "dark"]) {
  for (const [name, show] of Object.entries(screens)) {
    test(`axe finds nothing on ${name}, ${colorScheme}`, async (t) => {
      t.after(() => world.tap.restore());
      const page = await world.open(t, { scripts: [AXE], colorScheme });
      await show(page);
      await axeFindsNothing(page);
    });
  }
}
