// Fair timing on a machine that does other things as well: everybody has a turn in every round,
// and the median of the rounds counts.

const ROUNDS = 25;
const TURN_MS = 50;
/** So long everybody works before it counts: JavaScript is slow until it has been compiled. */
const WARM_UP_MS = 2000;

/**
 * Units a second of each contender. `work` maps names to functions that do some work, perhaps
 * asynchronously, and return how many units that was.
 */
export async function medians(work) {
  const rates = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
  for (const pass of Object.values(work)) await turn(pass, WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, pass] of Object.entries(work)) rates[name].push(await turn(pass, TURN_MS));
  }
  const median = (values) => Math.round(values.sort((a, b) => a - b)[values.length >> 1]);
  return Object.fromEntries(Object.entries(rates).map(([name, values]) => [name, median(values)]));
}

async function turn(pass, ms) {
  let units = 0;
  const started = performance.now();
  for (;;) {
    for (let again = 0; again < 5; again += 1) {
      const done = pass();
      units += typeof done === "number" ? done : await done;
    }
    const took = performance.now() - started;
    if (took >= ms) return (units / took) * 1000;
  }
}
