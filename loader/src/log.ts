/** What was refused from other windows since the page was loaded, and the console in debug mode. */

/** How many messages were dropped. */
export let dropped = 0;

let debugging = false;

/** Turns the console output of `init({debug: true})` on or off. */
export const setDebug = (on: boolean): void => {
  debugging = on;
};

/** Tells a developer who asked for it. */
export const warn = (...words: unknown[]): void => {
  if (debugging) console.warn('[Ringlet]', ...words);
};

/** Counts a message that must not be acted on. */
export const drop = (reason: string, message: unknown): void => {
  dropped++;
  warn(`message dropped: ${reason}`, message);
};
