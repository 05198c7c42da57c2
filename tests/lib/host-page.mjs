// A host page with a phone on it, driven through its API and by pressing buttons.

import assert from "node:assert/strict";
import * as chromium from "./browser.mjs";
import { BRAND } from "./server.mjs";
import { until } from "./wait.mjs";

export class HostPage {
  constructor(page, phoneOrigin) {
    this.page = page;
    this.phoneOrigin = phoneOrigin;
  }

  /** Opens a page of the host in a browser context of its own. */
  static async open(browser, { url, phoneOrigin, engine = chromium, ...options }) {
    const page = await engine.openPage(browser, options);
    await page.goto(url);
    return new HostPage(page, phoneOrigin);
  }

  /** Calls a method of `Ringlet`: `{value}` if it succeeds, `{error: {code, message}}` if not. */
  run(method, ...args) {
    return this.page.evaluate(
      async ([name, values]) => {
        try {
          return { value: (await Ringlet[name](...values)) ?? null };
        } catch (error) {
          return { error: { name: error.name, code: error.code, message: error.message } };
        }
      },
      [method, args],
    );
  }

  /** Calls a method that has to succeed, and returns what it returns. */
  async must(method, ...args) {
    const { value, error } = await this.run(method, ...args);
    if (error) throw new Error(`Ringlet.${method} was rejected: ${error.code} ${error.message}`);
    return value;
  }

  /** Everything heard so far, or the payloads of one event. */
  async heard(name) {
    const all = await this.page.evaluate(() => window.heard);
    return name ? all.filter((event) => event.name === name).map((event) => event.payload) : all;
  }

  /** Waits until an event has been heard `count` times, and returns the last payload. */
  async hears(name, { count = 1, timeoutMs = 10_000 } = {}) {
    return until(
      `${count} × ${name} on the page`,
      async () => (await this.heard(name))[count - 1],
      { timeoutMs },
    ).catch(async (error) => {
      const names = (await this.heard()).map((event) => `${event.name} ${JSON.stringify(event.payload)}`);
      throw new Error(`${error.message}\nheard instead:\n  ${names.join("\n  ")}`);
    });
  }

  /** The one call ended as `expected` says, exactly once; the payload of its end is returned. */
  async endsOnce(expected) {
    const ended = await this.hears("callEnded");
    for (const [field, value] of Object.entries(expected)) assert.equal(ended[field], value, field);
    await until("the page to be out of the call", async () => !(await this.must("isInCall")));
    assert.equal((await this.heard("callEnded")).length, 1, "callEnded exactly once");
    return ended;
  }

  /** Presses a button of the phone. */
  async press(name) {
    await this.page.pressButton(await this.frame(), name);
  }

  /** What is inside the phone, to look for roles and names in (Chromium only). */
  get phone() {
    return this.page.getByTitle(BRAND, { exact: true }).contentFrame();
  }

  /** The phone's frame, to measure in. */
  frame() {
    return until("the phone's frame", () =>
      this.page.frames().find((frame) => frame.url().startsWith(this.phoneOrigin)),
    );
  }

  /** The button on the page that shows and hides the phone (Chromium only). */
  get launcher() {
    return this.page.getByRole("button", { name: new RegExp(`^${BRAND}: `) });
  }

  close() {
    return this.page.context().close();
  }
}
