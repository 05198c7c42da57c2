/**
 * Notices that a phone no longer answers, when it cannot say so itself: its frame hangs, or the browser
 * has ended the frame's process.
 *
 * Every 30 s the phone is asked for a sign of life. It is given up when two beats in a row find the
 * question unanswered. A beat that comes late proves nothing about the phone: the machine slept, or the
 * browser delays the timers of a hidden page, and the answer may be queued right behind it. The count
 * then starts again.
 */
const BEAT_MS = 30_000;
const LATE_MS = BEAT_MS / 2;
const MISSES = 2;

/** Asks by `ping` until stopped; calls `lost` once when the phone is given up. */
export const watchHeartbeat = (ping: () => Promise<unknown>, lost: () => void): (() => void) => {
  let waiting = false;
  let missed = 0;
  let due = Date.now() + BEAT_MS;

  const beat = (): void => {
    const now = Date.now();
    const late = now > due + LATE_MS;
    due = now + BEAT_MS;
    if (waiting) {
      missed = late ? 0 : missed + 1;
      if (missed < MISSES) return;
      stop();
      return lost();
    }
    missed = 0;
    waiting = true;
    const answered = (): void => {
      waiting = false;
    };
    // A refusal is a sign of life as well: an older phone does not know the question.
    ping().then(answered, answered);
  };
  const timer = setInterval(beat, BEAT_MS);
  const stop = (): void => clearInterval(timer);
  return stop;
};
