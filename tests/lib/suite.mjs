// What a test file holds on to, released in reverse order at its end, and shown when it failed.

import { after, afterEach, test as nodeTest } from "node:test";
import { tail } from "./processes.mjs";

const TEST_MS = 60_000;

/**
 * Owns everything a test file starts.
 *
 * `own(thing)` takes anything with `stop()` or `close()`; the last one owned is ended first. After
 * a failed test the end of every owned program's output is printed once. `test` is the runner's,
 * with an end: no test runs longer than a minute.
 */
export function suite() {
  const owned = [];
  let shown = false;

  afterEach((context) => {
    if (shown || !failed(context)) return;
    shown = true;
    for (const thing of owned) {
      if (thing.output) console.error(`--- end of ${thing.name} ---\n${tail(thing.output(), 40)}`);
    }
  });

  after(async () => {
    const failures = [];
    for (const thing of owned.reverse()) {
      try {
        await (thing.stop ?? thing.close).call(thing);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "not everything could be stopped");
  });

  return {
    test: (name, body) => nodeTest(name, { timeout: TEST_MS }, body),
    own(thing) {
      owned.push(thing);
      return thing;
    },
  };
}

function failed(context) {
  return context?.passed === false || context?.error != null;
}
