// Firefox as the tests want it: headless, with a microphone that hums 440 Hz and a loudspeaker made
// of software. It gives the parts of Playwright's page that `HostPage` needs for a call.

import puppeteer from "puppeteer-core";
import { MEASURE } from "./audio.mjs";

const EXECUTABLE = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

const PREFERENCES = {
  "media.navigator.streams.fake": true,
  "media.navigator.audio.fake_frequency": 440,
  // Without it, a tab in the background waits for the microphone until it is looked at.
  "media.navigator.permission.disabled": true,
  // Without it, ICE uses the address of the default route only, and never loopback.
  "permissions.default.microphone": 1,
  "media.peerconnection.ice.loopback": true,
  // Without a sound card no AudioContext would ever run.
  "media.cubeb.force_mock_context": true,
  "media.autoplay.default": 0,
};

/** Starts Firefox. */
export async function launch() {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: EXECUTABLE,
    extraPrefsFirefox: PREFERENCES,
  });
}

/** A page in a context of its own, with the measuring helpers in every frame. */
export async function openPage(browser, { scripts = [] } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.setDefaultNavigationTimeout(15_000);
  for (const script of [MEASURE, ...scripts]) await page.evaluateOnNewDocument(script);
  return new FirefoxPage(page);
}

class FirefoxPage {
  /** What went wrong on the page: uncaught errors and console errors. */
  complaints = [];
  #page;

  constructor(page) {
    this.#page = page;
    page.on("pageerror", ({ message }) => {
      // What a policy forbids is reported as an error of the page's code.
      const kind = message.startsWith("Content-Security-Policy") ? "console" : "uncaught";
      this.complaints.push(`${kind}: ${message}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`console: ${message.text()}`);
    });
  }

  goto(url) {
    return this.#page.goto(url);
  }

  evaluate(script, argument) {
    return this.#page.evaluate(script, argument);
  }

  frames() {
    return this.#page.frames();
  }

  screenshot(options) {
    return this.#page.screenshot(options);
  }

  /** Presses the button of that name in a frame, as a person would. */
  pressButton(frame, name) {
    return frame.locator(`::-p-aria([name="${name}"][role="button"])`).click();
  }

  context() {
    return this.#page.browserContext();
  }
}
