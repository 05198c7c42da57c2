/** Checks of what arrives from another window or from the server. */
import type { RuntimeConfig } from './generated/config.js';
import { MAX_MESSAGE_CHARS, NAMESPACE, PROTOCOL_VERSION } from './generated/constants.js';
import type { ErrorBody } from './generated/error.js';
import type { Announce, Header, HelloAck, ToLoader } from './generated/message.js';
import { fits, isFields } from './shape.js';

/** A message with its envelope. */
export type Message<Body> = Header & Body;

/** Whether this claims to be a message of our protocol: a page's other traffic does not. */
export const isOurs = (value: unknown): value is { ns: string } =>
  isFields(value) && value['ns'] === NAMESPACE;

/** Whether this is a message of our protocol and version, and of bearable size. */
export const isMessage = (value: unknown): value is Message<{ type: string; data: unknown }> => {
  try {
    return (
      isOurs(value) &&
      fits('Header', value) &&
      (value as Header).v === PROTOCOL_VERSION &&
      JSON.stringify(value).length <= MAX_MESSAGE_CHARS
    );
  } catch {
    return false; // a cycle, or something else that JSON cannot hold
  }
};

/** Whether this is how a phone's page makes itself known. */
export const isAnnounce = (value: unknown): value is Announce => fits('Announce', value);

/** Whether this is what a phone answers to `hello`. */
export const isHelloAck = (value: unknown): value is HelloAck => fits('HelloAck', value);

/** Whether this is an error as the server tells it. */
export const isErrorBody = (value: unknown): value is ErrorBody => fits('ErrorBody', value);

/** Whether this is something that a phone says on the port. */
export const isToLoader = (value: unknown): value is Message<ToLoader> =>
  isMessage(value) && fits('ToLoader', value);

/** The origin of an absolute http or https address; of anything else, nothing. */
export const httpOrigin = (address: unknown): string | undefined => {
  try {
    const { protocol, origin } = new URL(address as string);
    return /^https?:$/.test(protocol) ? origin : undefined;
  } catch {
    return undefined;
  }
};

/** What the loader itself reads of the configuration; the rest is for the phone to judge. */
export const isRuntimeConfig = (value: unknown): value is RuntimeConfig =>
  isFields(value) && !!httpOrigin(value['uiUrl']) && fits('Branding', value['branding']);
