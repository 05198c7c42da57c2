import { NAMESPACE, PROTOCOL_VERSION } from './generated/constants.js';
import type { Connect, Hello, ToPhone } from './generated/message.js';
import type { Message } from './guards.js';

/** Everything the loader says: on the window until the port is handed over, then on the port. */
export type Outgoing = ToPhone | { type: 'hello'; data: Hello } | { type: 'connect'; data: Connect };

let lastId = 0;

/**
 * A message ready to be posted.
 *
 * It goes through JSON so that what a host passed (functions, proxies, `undefined`) can neither fail
 * to be cloned nor reach the phone in a shape that JSON does not have.
 */
export const envelope = <Body extends Outgoing>(body: Body): Message<Body> =>
  JSON.parse(
    JSON.stringify({ ns: NAMESPACE, v: PROTOCOL_VERSION, id: `l${++lastId}`, ...body }),
  ) as Message<Body>;

/** 128 random bits in hexadecimal. */
export const randomHex = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) =>
    word.toString(16).padStart(8, '0'),
  ).join('');
