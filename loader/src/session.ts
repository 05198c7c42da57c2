/**
 * One life of the phone on a page: from `init` to `destroy`.
 *
 * The frame may be loaded more than once in that life (the person reloads it, a framework moves its
 * element). Every load is a generation of its own: new nonce, new port, `init` sent again. Commands wait
 * for the generation that is coming up; those that a lost generation left unanswered are rejected.
 */
import type { CheckedConfig } from './config.js';
import { RingletError } from './error.js';
import type { EventMessage } from './generated/event.js';
import type { ResultValue, Snapshot, ToPhone } from './generated/message.js';
import { httpOrigin } from './guards.js';
import { shakeHands } from './handshake.js';
import { type Link, openLink } from './link.js';
import { fetchRuntimeConfig } from './server.js';
import { createWidget, type Widget } from './widget.js';

const CONNECT_MS = 30_000;
const SHUTDOWN_MS = 2_000;

/** What a session tells its owner. */
export interface SessionListener {
  event(message: EventMessage): void;
  /** A phone that had worked was loaded again and did not come back. */
  lost(error: RingletError): void;
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

/** Fetches the configuration, puts the phone on the page and keeps it connected. */
export const startSession = (config: CheckedConfig, listener: SessionListener): Session => {
  let state = noState();
  let open = !!config.container;
  let widget: Widget | undefined;
  let link: Link | undefined;
  let ended = false;
  let stopGreeting = (): void => {};
  let timeout: ReturnType<typeof setTimeout> | undefined;

  // The generation that commands wait for.
  let ready: Promise<Link>;
  let settled = true;
  let resolveReady: (link: Link) => void;
  let rejectReady: (reason: unknown) => void;
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

  const drop = (reason: RingletError): void => {
    stopGreeting();
    link?.close(reason);
    link = undefined;
  };
  const fail = (reason: RingletError): void => {
    clearTimeout(timeout);
    drop(reason);
    settled = true;
    rejectReady(reason);
    showState(noState());
    if (ready !== started) listener.lost(reason);
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
  const showState = (snapshot: Snapshot): void => {
    state = snapshot;
    widget?.show(state);
  };

  const boot = async (): Promise<void> => {
    const runtime = await fetchRuntimeConfig(config.server, config.key);
    if (ended) return;
    const { frame } = (widget = createWidget(runtime, config.container, toggle));
    showOpen(open);
    showState(state);
    frame.onload = () => {
      if (ended) return;
      drop(new RingletError('CONNECTION_LOST', 'The phone was reloaded.'));
      awaitReady();
      stopGreeting = shakeHands(frame, httpOrigin(runtime.uiUrl)!, (port) => {
        const opened = (link = openLink(port, {
          event(message) {
            listener.event(message);
            if (message.event.name === 'ready') initialised.then(takeCommands);
          },
          snapshot: showState,
          visibility: (wanted) => showOpen(wanted.open),
        }));
        const takeCommands = (): void => {
          clearTimeout(timeout);
          settled = true;
          resolveReady(opened);
          setOpen(open);
        };
        const init: ToPhone = { type: 'init', data: { runtime, host: config.host } };
        const initialised = opened.request(init);
        initialised.catch((reason) => !ended && link === opened && fail(reason));
      });
    };
  };

  awaitReady();
  const started = ready!;
  boot().catch(fail);

  return {
    started,
    state: () => state,
    toggle,
    setOpen,
    request: (command) => ready.then((opened) => opened.request(command)),
    destroy() {
      const reason = new RingletError('DESTROYED', 'The phone was destroyed.');
      ended = true;
      stopGreeting();
      rejectReady(reason);
      widget?.hide();
      clearTimeout(timeout);
      const finish = (): void => {
        clearTimeout(timeout);
        link?.close(reason);
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
