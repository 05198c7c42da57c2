/**
 * One life of the phone on a page: from `init` to `destroy`.
 *
 * The frame and the request for the configuration set out together. The phone is told the configuration
 * and the credentials when both are there.
 *
 * The frame may be loaded more than once in that life (the person reloads it, a framework moves its
 * element, the phone crashed). Every load is a generation of its own: new nonce, new port, `init` sent
 * again. Commands wait for the generation that is coming up; those that a lost generation left unanswered
 * are rejected, and the calls that it had are over.
 */
import type { CheckedConfig } from './config.js';
import { asRingletError, RingletError } from './error.js';
import type { EventMessage, HostEvent } from './generated/event.js';
import type { ResultValue, Snapshot, ToPhone } from './generated/message.js';
import { httpOrigin } from './guards.js';
import { type Handshake, shakeHands } from './handshake.js';
import { watchHeartbeat } from './heartbeat.js';
import { type Link, openLink } from './link.js';
import { type Messenger, windowMessenger } from './messenger.js';
import { fetchRuntimeConfig, pageAddress } from './server.js';
import { createWidget, type Widget } from './widget.js';

const CONNECT_MS = 30_000;
const SHUTDOWN_MS = 2_000;

/** What a session tells its owner. */
export interface SessionListener {
  /** What the phone said. */
  event(message: EventMessage): void;
  /** What the phone can no longer say, or does not know. */
  tell(event: HostEvent): void;
}

/** A phone on the page. */
export interface Session {
  /** Settles when the phone takes commands for the first time, or cannot. */
  readonly started: Promise<unknown>;
  state(): Snapshot;
  setOpen(open: boolean): void;
  toggle(): void;
  request(command: ToPhone): Promise<ResultValue>;
  destroy(): void;
}

/** What `getState()` tells before a phone has spoken. */
export const noState = (): Snapshot => ({
  registered: false,
  inCall: false,
  activeNumber: null,
  callCount: 0,
  calls: [],
});

/** An `error` event of the loader's own. */
export const errorEvent = ({ code, message }: RingletError, fatal: boolean): HostEvent => ({
  name: 'error',
  payload: { code, message, fatal, recoverable: !fatal },
});

/** Fetches the configuration, puts the phone on the page and keeps it connected. */
export const startSession = (config: CheckedConfig, listener: SessionListener): Session => {
  let state = noState();
  let open = !!config.container;
  let widget: Widget | undefined;
  let handshake: Handshake | undefined;
  let link: Link | undefined;
  let stopHeartbeat = (): void => {};
  let crashedBefore = false;
  let ended = false;
  let timeout: ReturnType<typeof setTimeout> | undefined;

  // The generation that commands wait for.
  let ready: Promise<Link>;
  let settled = true;
  let resolveReady: (link: Link) => void;
  let rejectReady: (reason: RingletError) => void;
  const awaitReady = (): void => {
    clearTimeout(timeout);
    timeout = setTimeout(
      () => fail(new RingletError('HANDSHAKE_TIMEOUT', 'The phone did not answer.')),
      CONNECT_MS,
    );
    if (!settled) return;
    settled = false;
    ready = new Promise((...settle) => ([resolveReady, rejectReady] = settle));
    ready.catch(() => {});
  };

  const showState = (snapshot: Snapshot): void => {
    state = snapshot;
    widget?.show(state);
  };
  /** Ends a generation, and says what it cannot say itself. */
  const drop = (reason: RingletError): void => {
    stopHeartbeat();
    link?.close(reason);
    link = undefined;
    const { calls, registered } = state;
    showState(noState());
    for (const { callId, number, direction } of calls) {
      const payload = { callId, number, direction, duration: 0, cause: 'failed', sipCode: 0 } as const;
      listener.tell({ name: 'callEnded', payload });
    }
    if (registered) listener.tell({ name: 'unregistered', payload: { reason: 'connection-lost' } });
  };
  const fail = (reason: RingletError): void => {
    clearTimeout(timeout);
    drop(reason);
    settled = true;
    rejectReady(reason);
    if (ready !== started) listener.tell(errorEvent(reason, true));
  };
  const crash = (): void => {
    const reason = new RingletError('PHONE_CRASHED', 'The phone failed in its frame.');
    if (ended) return drop(reason);
    if (crashedBefore) return fail(reason);
    crashedBefore = true;
    drop(reason);
    listener.tell(errorEvent(reason, false));
    if (ended) return; // A handler of the page destroyed it.
    awaitReady();
    widget!.reload();
  };

  const showOpen = (wanted: boolean): void => {
    open = wanted;
    widget?.setOpen(open);
  };
  const setOpen = (wanted: boolean): void => {
    if (wanted !== open) showOpen(wanted);
    link?.request({ type: 'visibility', data: { open } }).catch(() => {});
  };
  const toggle = (): void => setOpen(!open);

  const boot = async (): Promise<void> => {
    const { server, key, host, container } = config;
    // The frame comes first: making a process for it takes the longest.
    widget = createWidget(pageAddress(server, key, host), container, toggle);
    const { frame } = widget;
    showOpen(open);
    const fetching = fetchRuntimeConfig(server, key);
    fetching.catch(() => {}); // It is awaited below, and may fail before.

    const connected = (port: Messenger, origin: string): void => {
      const opened = (link = openLink(port, {
        event(message) {
          const { name, payload } = message.event;
          if (name === 'error' && payload.code === 'PHONE_CRASHED') return crash();
          listener.event(message);
          if (name === 'ready') initialised.then(takeCommands);
        },
        snapshot: showState,
        visibility: (wanted) => showOpen(wanted.open),
      }));
      const takeCommands = (): void => {
        clearTimeout(timeout);
        stopHeartbeat = watchHeartbeat(() => opened.request({ type: 'ping', data: {} }), crash);
        settled = true;
        resolveReady(opened);
        setOpen(open);
      };
      // Credentials are for the origin that the server names, whatever page was there before.
      const initialised = fetching.then<unknown>(
        (runtime) =>
          httpOrigin(runtime.uiUrl) === origin &&
          opened.request({ type: 'init', data: { runtime, host } }),
      );
      initialised.catch((reason) => !ended && link === opened && fail(asRingletError(reason)));
    };
    const begun = (): void => {
      drop(new RingletError('CONNECTION_LOST', 'The phone was reloaded.'));
      awaitReady();
    };
    const connectTo = (origin: string): void => {
      handshake?.stop();
      handshake = shakeHands(windowMessenger(() => frame.contentWindow, origin), {
        begun,
        connected: (port) => connected(port, origin),
      });
    };

    frame.onload = () => handshake?.loaded();
    connectTo(server);

    const { uiUrl, branding } = await fetching;
    if (ended) return;
    widget.brand(branding);
    showState(state);
    // The server is reached by another name than the phone is to run under.
    const phoneOrigin = httpOrigin(uiUrl)!;
    if (phoneOrigin !== server) {
      begun();
      connectTo(phoneOrigin);
      widget.reload(uiUrl);
    }
  };

  awaitReady();
  const started = ready!;
  boot().catch((reason) => fail(asRingletError(reason)));

  return {
    started,
    state: () => state,
    toggle,
    setOpen,
    request: (command) => ready.then((opened) => opened.request(command)),
    destroy() {
      const reason = new RingletError('DESTROYED', 'The phone was destroyed.');
      ended = true;
      handshake?.stop();
      stopHeartbeat();
      rejectReady(reason);
      widget?.hide();
      clearTimeout(timeout);
      const finish = (): void => {
        clearTimeout(timeout);
        drop(reason);
        widget?.remove();
      };
      if (!link) return finish();
      // Calls are ended and the line is unregistered by the frame, which must live until then.
      timeout = setTimeout(finish, SHUTDOWN_MS);
      link.rejectAll(reason);
      link.request({ type: 'shutdown', data: {} }).then(finish, finish);
    },
  };
};
