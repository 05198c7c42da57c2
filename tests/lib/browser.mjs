// Chromium as the tests want it: headless, silent, with a microphone that beeps once a second.

import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { MEASURE } from "./audio.mjs";
import { freshDir } from "./processes.mjs";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

const ALWAYS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--autoplay-policy=no-user-gesture-required",
];

/**
 * Starts Chromium.
 *
 * `microphone` is `"granted"` (every page may listen) or `"denied"` (every request is refused).
 */
export async function launch(options) {
  return chromium.launch({ executablePath: EXECUTABLE, headless: true, args: flagsFor(options) });
}

/**
 * Starts Chromium with a profile in a fresh folder that lets third-party frames store, and returns
 * its one context. The contexts of `launch` are private windows, which refuse that.
 */
export async function launchProfile(options) {
  const dir = freshDir("profile");
  const profile = { cookie_controls_mode: 0, block_third_party_cookies: false };
  fs.mkdirSync(path.join(dir, "Default"));
  fs.writeFileSync(path.join(dir, "Default/Preferences"), JSON.stringify({ profile }));
  return chromium.launchPersistentContext(dir, {
    executablePath: EXECUTABLE,
    headless: true,
    args: flagsFor(options),
  });
}

function flagsFor({ microphone = "granted", args = [] } = {}) {
  const flags = [...ALWAYS, ...args];
  flags.push(microphone === "denied" ? "--deny-permission-prompts" : "--use-fake-ui-for-media-stream");
  return flags;
}

/**
 * A page in a context of its own (or in the one given), with the measuring helpers in every frame.
 *
 * `page.complaints` collects what went wrong in it: uncaught errors and console errors.
 * `page.pressButton(frame, name)` presses the button of that name in a frame, as a person would.
 */
export async function openPage(browserOrContext, { scripts = [], ...options } = {}) {
  const context = (await browserOrContext.newContext?.(options)) ?? browserOrContext;
  await context.addInitScript(MEASURE);
  for (const script of scripts) await context.addInitScript(script);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.setDefaultNavigationTimeout(15_000);
  page.pressButton = (frame, name) => frame.getByRole("button", { name, exact: true }).click();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(`console: ${message.text()}`);
  });
  return page;
}
