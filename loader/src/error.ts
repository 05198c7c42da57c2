import type { ErrorCode } from './generated/error.js';

/** What a command of Ringlet rejects with. The code is stable; the message is for developers. */
export class RingletError extends Error {
  override readonly name = 'RingletError';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** A `RingletError` as it is; anything else that was thrown as a fault of our own. */
export const asRingletError = (thrown: unknown): RingletError =>
  thrown instanceof RingletError ? thrown : new RingletError('INTERNAL_ERROR', String(thrown));

/** A command for the page: whatever it meets, it rejects with a `RingletError`. */
export const command =
  <Args extends unknown[], Result>(run: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    try {
      return await run(...args);
    } catch (thrown) {
      throw asRingletError(thrown);
    }
  };
