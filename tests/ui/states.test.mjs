// Every state of every screen: axe finds nothing in any theme, and nothing sticks out of the frame.

import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, openPage } from "../lib/browser.mjs";
import { openGallery } from "./gallery.mjs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const FRAME = { width: 264, height: 460 };

let gallery, browser;
before(async () => {
  gallery = await openGallery();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await gallery?.close();
});

/** What is opened by a button in these states is no state of its own. */
const TOOLS = [["call-muted", "Keypad"], ["call-beside-held", "Transfer"]];

/** Shows every state, and every tool in one, by its name. */
async function* shown(page, choice) {
  for (const state of await gallery.states(page)) {
    await gallery.show(page, { state, ...choice });
    yield state;
  }
  for (const [state, name] of TOOLS) {
    await gallery.show(page, { state, ...choice });
    await page.getByRole("button", { name }).click();
    await page.locator(".tool").waitFor();
    yield `${state}, ${name}`;
  }
}

const themes = {
  light: { theme: "light" },
  dark: { theme: "dark" },
  "light, high contrast": { theme: "light", contrast: "more" },
  "dark, high contrast": { theme: "dark", contrast: "more" },
  "light with a yellow accent": { theme: "light", accent: "ffe14d" },
};

for (const [name, { contrast, ...choice }] of Object.entries(themes)) {
  test(`axe finds nothing on any screen, ${name}`, async () => {
    const page = await openPage(browser, { viewport: FRAME, contrast, reducedMotion: "reduce", scripts: [AXE] });
    const found = [];
    for await (const state of shown(page, choice)) {
      const violations = await page.evaluate(
        (runOnly) => window.axe.run(document, { runOnly }).then((result) => result.violations),
        RULES,
      );
      for (const { id, nodes } of violations) found.push(`${state}: ${id}: ${nodes.map((node) => node.html).join(" ")}`);
    }
    assert.deepEqual([...found, ...page.complaints], []);
    await page.context().close();
  });
}

const frames = {
  "the smallest embed": { viewport: { width: 240, height: 400 } },
  "the design size": { viewport: FRAME },
  "text at 200 %": { viewport: FRAME, choice: { font: "32" } },
  "right to left": { viewport: FRAME, choice: { dir: "rtl" } },
  "a popup": { viewport: { width: 420, height: 780 } },
};

for (const [name, { viewport, choice }] of Object.entries(frames)) {
  test(`nothing sticks out sideways and every button is in reach: ${name}`, async () => {
    const page = await openPage(browser, { viewport, reducedMotion: "reduce" });
    const found = [];
    for await (const state of shown(page, choice)) {
      const faults = await page.evaluate(() => {
        const { clientWidth, clientHeight } = document.documentElement;
        const faults = [];
        const shown = (element) => element.checkVisibility({ visibilityProperty: true });
        for (const element of document.querySelectorAll(".phone *")) {
          if (!shown(element) || element.closest(".unseen, [popover], svg")) continue;
          const { left, right, width } = element.getBoundingClientRect();
          if (width && (left < -0.5 || right > clientWidth + 0.5)) faults.push(`sticks out: ${element.outerHTML}`);
        }
        for (const button of document.querySelectorAll(".foot button, .header button")) {
          if (!shown(button)) continue;
          const { top, bottom, width, height } = button.getBoundingClientRect();
          if (top < 0 || bottom > clientHeight + 0.5) faults.push(`out of reach: ${button.textContent}`);
          if (width < 24 || height < 24) faults.push(`smaller than 24 px: ${button.outerHTML}`);
        }
        return faults;
      });
      found.push(...faults.map((fault) => `${state}: ${fault}`));
    }
    assert.deepEqual(found, []);
    await page.context().close();
  });
}
