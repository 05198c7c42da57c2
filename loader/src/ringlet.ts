/** The commands a page gives, and the state they share: at most one session. */
import { checkConfig, type InitConfig } from './config.js';
import { randomHex } from './envelope.js';
import { asRingletError, command, RingletError } from './error.js';
import { MAX_NUMBER_CHARS } from './generated/constants.js';
import type { Diagnostics } from './generated/diagnostics.js';
import type { EventMessage, HostEvent } from './generated/event.js';
import type { CallRef, DtmfCommand, Snapshot, TransferCommand } from './generated/message.js';
import { clearHandlers, emit, safely } from './handlers.js';
import { errorEvent, noState, type Session, startSession } from './session.js';
import { interceptTelLinks } from './tel.js';

/** What `call` may be told beside the number. */
export interface CallOptions {
  /** The caller id to ask the server for, this once. */
  callerId?: string;
  /** Comes back in `callStarted`. */
  correlationId?: string;
}

/** What `destroy` may be told. */
export interface DestroyOptions {
  /** Also forget what `on` registered. */
  clearEventHandlers?: boolean;
}

interface Phone {
  session: Session;
  /** Takes the page's side down: everything that is not in the session. */
  letGo: (() => void) | undefined;
}

let phone: Phone | undefined;
let scriptOrigin: string | undefined;
let lastSeq = 0;

/** Remembers where the script came from: the server to ask unless `init` names another. */
export const setScriptOrigin = (origin: string): void => {
  scriptOrigin = origin;
};

/**
 * Puts the phone on the page; resolves when it takes commands.
 *
 * Rejects with `ALREADY_INITIALIZED`, `INVALID_CONFIG`, `NETWORK_ERROR`, `HANDSHAKE_TIMEOUT`,
 * `PHONE_CRASHED`, `DESTROYED` or the server's code. After a rejection the page is as before, and `init`
 * may be called again.
 */
export const init = command(async (config: InitConfig): Promise<void> => {
  if (phone) throw new RingletError('ALREADY_INITIALIZED', 'A phone is on this page.');
  const checked = checkConfig(config, scriptOrigin);

  const hear = ({ event, ...common }: EventMessage): void => {
    // What a destroyed phone still says must not be taken for its successor's word.
    if (phone && phone !== mine) return;
    lastSeq = common.seq;
    emit(event.name, { ...event.payload, ...common } as never);
    if (event.name === 'error') safely(checked.onError, event.payload);
  };
  const tell = (event: HostEvent): void =>
    hear({ seq: lastSeq, at: new Date().toISOString(), eventId: randomHex(), event });

  const session = startSession(checked, { event: hear, tell });
  const letGo = checked.interceptTelLinks
    ? interceptTelLinks((number) => call(number).catch((error) => tell(errorEvent(error, false))))
    : undefined;
  const mine: Phone = (phone = { session, letGo });
  try {
    await session.started;
  } catch (thrown) {
    if (phone === mine) {
      destroy();
      tell(errorEvent(asRingletError(thrown), true));
    }
    throw thrown;
  }
});

/**
 * Takes the phone off the page: ends its calls, unregisters, rejects what waits with `DESTROYED`.
 *
 * What can be seen is gone at once; the hidden frame stays until the server has been told, 2 s at most.
 */
export const destroy = (options?: DestroyOptions): void => {
  const last = phone;
  phone = undefined;
  if (options?.clearEventHandlers) clearHandlers();
  last?.letGo?.();
  last?.session.destroy();
};

/** Shows the phone, or hides it. Throws `NOT_INITIALIZED` when there is none, as `open` and `close` do. */
export const toggle = (): void => alive().toggle();

/** Shows the phone. */
export const open = (): void => alive().setOpen(true);

/** Hides the phone; calls go on. */
export const close = (): void => alive().setOpen(false);

/** Calls a number and shows the phone; waits for an `init` in flight. Resolves once the call exists. */
export const call = command(
  async (number: string, options?: CallOptions): Promise<{ callId: string }> => {
    const { callerId, correlationId } = options ?? {};
    const more = { callerId: text(callerId), correlationId: text(correlationId) };
    return (await dialling('call', number, more)) as { callId: string };
  },
);

/** Puts a number on the keypad, without calling it, and shows the phone. */
export const dial = command(async (number: string): Promise<void> => {
  await dialling('dial', number);
});

/**
 * Sends DTMF: `0` to `9`, `*`, `#`, `A` to `D`, and `,` for a pause of two seconds. Resolves when the last
 * tone has been sent.
 */
export const sendDtmf = command(async (tones: string, callId?: string): Promise<void> => {
  await alive().request({ type: 'sendDtmf', data: { tones: `${tones}`, callId: text(callId) } as DtmfCommand });
});

/**
 * Asks the far end of a call to call somebody else (blind transfer). Resolves when the request is on its
 * way; `transferState` tells how it goes.
 */
export const transfer = command(async (target: string, callId?: string): Promise<void> => {
  await alive().request({ type: 'transfer', data: { target: `${target}`, callId: text(callId) } as TransferCommand });
});

/** Connects the far ends of two calls (attended transfer). Resolves as `transfer` does. */
export const transferTo = command(async (callId: string, otherCallId: string): Promise<void> => {
  await alive().request({ type: 'transferTo', data: { callId: `${callId}`, otherCallId: `${otherCallId}` } });
});

const dialling = async (type: 'call' | 'dial', number: string, options = {}) => {
  const session = alive();
  const dialled = text(number)?.trim();
  if (!dialled || [...dialled].length > MAX_NUMBER_CHARS) {
    throw new RingletError('INVALID_NUMBER', `A number has 1 to ${MAX_NUMBER_CHARS} characters.`);
  }
  session.setOpen(true);
  return session.request({ type, data: { number: dialled, ...options } });
};

/** What helps to find a fault: states, counters, and a SIP trace with the secrets struck out. */
export const getDiagnostics = command(
  async (): Promise<Diagnostics> =>
    (await alive().request({ type: 'diagnostics', data: {} })).diagnostics!,
);

/** Without a `callId` the active call is meant; for `answer` and `reject` the ringing one. */
const onCall = (type: 'hangup' | 'answer' | 'reject' | 'mute' | 'unmute' | 'hold' | 'unhold') =>
  command(async (callId?: string): Promise<void> => {
    await alive().request({ type, data: { callId: text(callId) } as CallRef });
  });

/** Ends a call. */
export const hangup = onCall('hangup');
/** Takes an incoming call. */
export const answer = onCall('answer');
/** Refuses an incoming call. */
export const reject = onCall('reject');
/** Stops sending the microphone. */
export const mute = onCall('mute');
/** Sends the microphone again. */
export const unmute = onCall('unmute');

/** Puts a call on hold: the far end hears music. Resolves when the far end has agreed. */
export const hold = onCall('hold');
/** Takes a call back from hold. Resolves when the far end has agreed. */
export const unhold = onCall('unhold');

/** What the phone last told: registration and calls. */
export const getState = (): Snapshot => structuredClone(phone?.session.state() ?? noState());
/** Whether the line is registered. */
export const isRegistered = (): boolean => getState().registered;
/** Whether any call is up, ringing or being set up. */
export const isInCall = (): boolean => getState().inCall;

const alive = (): Session => {
  if (!phone) throw new RingletError('NOT_INITIALIZED', 'Call init first.');
  return phone.session;
};

/** Text, or nothing: `onclick = Ringlet.hangup` passes an event where a call id may stand. */
const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
