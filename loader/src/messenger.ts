import { isOurs } from './guards.js';
import { drop } from './log.js';

/**
 * The way to a phone: through the window that it runs in, and then on a port of its own.
 *
 * The handshake and the link speak through this alone, so that a phone in a popup or in an app of its own
 * needs another messenger, and nothing else.
 */
export interface Messenger {
  /** Sends a message; what nobody can hear is lost. */
  post(message: unknown, ports?: Transferable[]): void;
  /** Hands every message that comes from the phone to `hear`, until it is closed. */
  listen(hear: (message: unknown) => void): void;
  /** Sends and hears nothing more. */
  close(): void;
}

/**
 * Speaks to a window, which may come and go, as long as it shows a page of this origin.
 *
 * Nothing is posted to any other origin, so a window that was navigated away hears nothing. A message
 * counts only from that very window and that origin; others that claim to be ours are dropped and counted.
 */
export const windowMessenger = (target: () => Window | null, origin: string): Messenger => {
  let stop = (): void => {};
  return {
    post: (message, ports = []) => target()?.postMessage(message, origin, ports),
    listen(hear) {
      const listen = ({ source, origin: from, data }: MessageEvent): void => {
        const expected = source && source === target();
        if (expected && from === origin) hear(data);
        // Other scripts and browser extensions talk to windows too.
        else if (expected || isOurs(data)) drop(`wrong ${expected ? 'origin' : 'window'}`, data);
      };
      addEventListener('message', listen);
      stop = () => removeEventListener('message', listen);
    },
    close: () => stop(),
  };
};

/** Speaks on a port, which only the phone holds the other end of. */
export const portMessenger = (port: MessagePort): Messenger => ({
  post: (message, ports = []) => port.postMessage(message, ports),
  listen(hear) {
    port.onmessage = ({ data }) => hear(data);
  },
  close() {
    port.onmessage = null;
    port.close();
  },
});
