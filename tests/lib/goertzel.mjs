// How much of a sound is one tone. Self-contained: the browser gets this function's source.

/**
 * The power at `hertz` as a share of all power, and the level (RMS) of `samples`.
 *
 * A pure tone gives a share of nearly 1; speech and noise nearly 0. A Hann window keeps a tone
 * between two bins from leaking; with it a pure tone's bin holds a third of `n · power`.
 */
export function goertzel(samples, hertz, rate) {
  const n = samples.length;
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let beforeLast = 0;
  let last = 0;
  let power = 0;
  let windowPower = 0;
  for (let i = 0; i < n; i += 1) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (n - 1));
    const sample = samples[i] * window;
    power += sample * sample;
    windowPower += window * window;
    const next = sample + coefficient * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  const bin = last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
  const share = power > 0 ? (3 * bin) / (n * power) : 0;
  return { share: Math.min(share, 1), level: Math.sqrt(power / windowPower) };
}
