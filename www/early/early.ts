/**
 * What the page's first script leaves for the phone's program, which takes it in `crates/web/src/early.rs`
 * and clears what it has taken.
 */
export interface Early {
  /** The nonce that the page announced itself with. */
  nonce?: string | undefined;
  /** Messages from the window around, unchecked, and the listener that collects them. */
  heard: MessageEvent[];
  listener?: (event: MessageEvent) => void;
  socket?: EarlySocket | undefined;
  /** The phone's program, being compiled. */
  module?: Promise<WebAssembly.Module> | undefined;
}

/** The socket to the SIP server, and what came through it. */
export interface EarlySocket {
  url: string;
  socket: WebSocket;
  received: unknown[];
}

declare global {
  /** Where the phone's program looks for it. */
  var ringletEarly: Early | undefined;
}
