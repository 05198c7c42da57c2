/**
 * Opens the SIP socket before the phone's program is there, if somebody is likely to sign in: then the
 * two are fetched side by side. The phone takes the socket over (`crates/web/src/early.rs`) when it wants
 * one for the same address.
 *
 * The address is the server's own word, as the page carries it. The page around the frame can only say
 * whether a sign-in is likely.
 */
import type { PageConfig } from '../../loader/src/generated/config.js';
import type { Early, EarlySocket } from './early.js';

/** A socket that nobody has taken by then is closed: a page that nobody signs in to must not hold one. */
const UNCLAIMED_MS = 15_000;

/** Opens the socket unless the phone will have to ask the person first. */
export const openEarlySocket = (early: Early, config: PageConfig, fragment: string): void => {
  if (!signInIsLikely(config, new URLSearchParams(fragment.slice(1)))) return;
  const url = config.wssUrl;
  const socket = new WebSocket(url, 'sip');
  socket.binaryType = 'arraybuffer';
  const opened: EarlySocket = { url, socket, received: [] };
  socket.onmessage = ({ data }) => opened.received.push(data);
  early.socket = opened;
  setTimeout(() => {
    if (!early.socket) return;
    early.socket = undefined;
    socket.close();
  }, UNCLAIMED_MS);
};

/** What the page around says (`pageAddress` in loader/src/server.ts) counts before the tenant's defaults. */
const signInIsLikely = ({ behavior, storageNamespace }: PageConfig, host: URLSearchParams): boolean => {
  const mode = host.get('mode') ?? behavior.host.mode;
  const restore = host.get('sessionRestore') ?? behavior.sessionRestore;
  return (
    (mode === 'autologin' && host.has('credentials')) ||
    (restore === 'auto' && isRemembered(`${storageNamespace}.session.username`))
  );
};

const isRemembered = (key: string): boolean => {
  try {
    return sessionStorage.getItem(key) !== null;
  } catch {
    return false; // The browser refuses storage to frames of other sites.
  }
};
