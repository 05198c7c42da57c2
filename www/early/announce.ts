import { randomHex } from '../../loader/src/envelope.js';
import { NAMESPACE, PROTOCOL_VERSION } from '../../loader/src/generated/constants.js';
import type { Early } from './early.js';

/** More than a loader says before it has a port. */
const MAX_HEARD = 32;

/**
 * Announces the page to the window around it, and keeps the answer, which brings the port. Nothing is
 * judged here: the phone's program checks each message as if it had come to it (`crates/web/src/bridge`).
 *
 * Who is around cannot be known, so the announcement may go anywhere. It holds no secret: its nonce is
 * good only from the very window that it was sent to.
 */
export const announce = (early: Early): void => {
  const nonce = parent !== window && newNonce();
  if (!nonce) return;
  early.nonce = nonce;
  early.listener = (event) => {
    if (event.source === parent && early.heard.length < MAX_HEARD) early.heard.push(event);
  };
  addEventListener('message', early.listener);
  const message = { ns: NAMESPACE, v: PROTOCOL_VERSION, id: 'a1', type: 'announce', data: { nonce } };
  parent.postMessage(message, '*');
};

/** Without a secure random source the phone refuses to start, and says so when the loader asks. */
const newNonce = (): string | undefined => {
  try {
    return randomHex();
  } catch {
    return undefined;
  }
};
