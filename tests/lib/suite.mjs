// Owns what a test file starts: stops it in reverse order, and prints its output after a failure.

import { after, afterEach, test as nodeTest } from "node:test";
import { tail } from "./processes.mjs";

const TEST_MS = 60_000;

/**
 * Owns everything a test file starts.
 *
 * `own(thing)` takes anything with `stop()` or `close()`; the last one owned is ended first. After
 * a failed test the end of every owned program's output is printed once. `lend` does the same for
 * what belongs to one test. `test` is the runner's, with an end: no test runs longer than a minute.
 */
export function suite() {
  const owned = [];
  const lent = [];
  let shown = false;

  afterEach(async (context) => {
    const things = [...(shown ? [] : owned), ...lent];
    if (failed(context)) {
      shown = true;
      for (const thing of things) {
        if (thing.output) console.error(`--- end of ${thing.name} ---\n${tail(thing.output(), 60)}`);
      }
    }
    for (const thing of lent.splice(0).reverse()) await (thing.stop ?? thing.close).call(thing);
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
    lend(thing) {
      lent.push(thing);
      return thing;
    },
  };
}

function failed(context) {
  return context?.passed === false || context?.error != null;
}
