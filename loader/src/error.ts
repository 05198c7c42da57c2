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
