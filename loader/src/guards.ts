/** Checks of what arrives from another window or from the server. */
import type { RuntimeConfig } from './generated/config.js';
import { MAX_MESSAGE_CHARS, NAMESPACE, PROTOCOL_VERSION } from './generated/constants.js';
import type { ErrorBody } from './generated/error.js';
import type { HostEvent } from './generated/event.js';
import type { CallSummary, Header, HelloAck, ToLoader } from './generated/message.js';
import { fits, isFields, type Rough, type Shaped } from './shape.js';

const helloAck = 'nonce version';
const errorBody = 'code message';
const callSummary = 'callId number direction state muted:boolean';

const events = {
  ready: 'version capabilities:list',
  registered: 'username domain userKey',
  unregistered: 'reason',
  callStarted: 'callId number direction requestedCallerId? correlationId?',
  callIncoming: 'callId number direction displayName?',
  callRinging: 'callId',
  callAnswered: 'callId number direction requestedCallerId?',
  callEnded: 'callId number direction requestedCallerId? duration:number cause sipCode:number',
  error: 'code message fatal:boolean recoverable:boolean',
} as const;

const bodies = {
  result: 'status:=done|=failed value:object',
  event: 'seq:number at eventId event:object',
  snapshot:
    'registered:boolean inCall:boolean activeNumber:string|null callCount:number calls:list',
  visibility: 'open:boolean',
} as const;

type ShapedAll<Shapes extends Record<string, string>> = {
  [Name in keyof Shapes]: Shaped<Shapes[Name]>;
};
type Payloads = { [E in HostEvent as E['name']]: Rough<E['payload']> };
type Bodies = { [B in ToLoader as B['type']]: Rough<B['data']> };
type Equal<A, B> = [A, B] extends [B, A] ? true : false;

/** The shapes and the generated types say the same, or this does not compile. */
export type Agreement = All<
  [
    Equal<ShapedAll<typeof events>, Payloads>,
    Equal<ShapedAll<typeof bodies>, Bodies>,
    Equal<Shaped<typeof helloAck>, HelloAck>,
    Equal<Shaped<typeof errorBody>, Rough<ErrorBody>>,
    Equal<Shaped<typeof callSummary>, Rough<CallSummary>>,
  ]
>;
type All<Checks extends true[]> = Checks;

/** A message with its envelope. */
export type Message<Body> = Header & Body;

/** Whether this is a message of our protocol and version, and of bearable size. */
export const isMessage = (value: unknown): value is Message<{ type: string; data: unknown }> => {
  try {
    return (
      fits(`ns:=${NAMESPACE} v:number type id replyTo?`, value) &&
      (value as Header).v === PROTOCOL_VERSION &&
      JSON.stringify(value).length <= MAX_MESSAGE_CHARS
    );
  } catch {
    return false; // a cycle, or something else that JSON cannot hold
  }
};

export const isHelloAck = (value: unknown): value is HelloAck => fits(helloAck, value);

export const isErrorBody = (value: unknown): value is ErrorBody => fits(errorBody, value);

/** Whether this is something that a phone says on the port. */
export const isToLoader = (value: unknown): value is Message<ToLoader> =>
  isMessage(value) && fitsNamed(bodies, value.type, value.data) && isWhole(value as ToLoader);

/** What a shape cannot tell: the parts inside the body. */
const isWhole = ({ type, data }: ToLoader): boolean => {
  switch (type) {
    case 'result':
      return fits(data.status === 'done' ? 'callId? diagnostics:object?' : errorBody, data.value);
    case 'event':
      return fitsNamed(events, data.event.name, data.event.payload);
    case 'snapshot':
      return data.calls.every((call) => fits(callSummary, call));
    case 'visibility':
      return true;
  }
};

const fitsNamed = (shapes: Record<string, string>, name: string, value: unknown): boolean =>
  Object.hasOwn(shapes, name) && fits(shapes[name]!, value);

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
  isFields(value) && !!httpOrigin(value['uiUrl']) && fits('displayName themeColor', value['branding']);
