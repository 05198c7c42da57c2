/** The script tag's entry: sets the global `Ringlet`, and warms the way to the server it came from. */
import { httpOrigin } from './guards.js';
import { off, on } from './handlers.js';
import {
  answer,
  call,
  close,
  destroy,
  dial,
  getDiagnostics,
  getState,
  hangup,
  hold,
  init,
  isInCall,
  isRegistered,
  mute,
  open,
  reject,
  sendDtmf,
  setScriptOrigin,
  toggle,
  transfer,
  transferTo,
  unhold,
  unmute,
} from './ringlet.js';

const api = {
  init,
  destroy,
  toggle,
  open,
  close,
  call,
  dial,
  hangup,
  answer,
  reject,
  mute,
  unmute,
  hold,
  unhold,
  sendDtmf,
  transfer,
  transferTo,
  on,
  off,
  getState,
  getDiagnostics,
  isRegistered,
  isInCall,
};

declare global {
  var Ringlet: typeof api;
}

const origin = httpOrigin((document.currentScript as HTMLScriptElement | null)?.src);
if (origin) {
  setScriptOrigin(origin);
  // Scripts are fetched with credentials and the configuration without: those are two connections.
  const link = document.createElement('link');
  link.rel = 'preconnect';
  link.crossOrigin = '';
  link.href = origin;
  document.head.append(link);
}

// A page that loads the script twice keeps the phone it has.
globalThis.Ringlet ??= api;
