/**
 * Finds the phone in its frame and hands it a port.
 *
 * 1. The phone may not be listening yet: `hello` is repeated until it is answered or we are told to stop.
 * 2. Nothing is posted to any origin but the phone's, so a frame that was navigated away hears nothing.
 * 3. An answer counts only from the frame's own window, from the phone's origin, with the nonce of this
 *    very attempt. Everything else is dropped and counted.
 * 4. After the answer, `connect` carries one end of a channel; no secret has been said before.
 * 5. A frame that is loaded again gets a new attempt with a new nonce.
 */
import { envelope, type Outgoing, randomHex } from './envelope.js';
import { isHelloAck, isMessage } from './guards.js';
import { drop } from './log.js';

const REPEAT_MS = 25;

/** The part of an iframe that the handshake needs. */
export interface Frame {
  readonly contentWindow: Window | null;
}

/** Calls `connected` with the loader's end of the port, once; returns how to stop trying. */
export const shakeHands = (
  frame: Frame,
  phoneOrigin: string,
  connected: (port: MessagePort) => void,
): (() => void) => {
  const nonce = randomHex();

  const post = (body: Outgoing, ports: Transferable[] = []): void =>
    frame.contentWindow?.postMessage(envelope(body), phoneOrigin, ports);
  const sayHello = (): void => post({ type: 'hello', data: { nonce } });

  const refuse = ({ source, origin, data }: MessageEvent): string | undefined => {
    if (!source || source !== frame.contentWindow) return 'wrong window';
    if (origin !== phoneOrigin) return 'wrong origin';
    if (!isMessage(data) || data.type !== 'helloAck' || !isHelloAck(data.data)) return 'malformed';
    return data.data.nonce === nonce ? undefined : 'wrong nonce';
  };
  const listen = (event: MessageEvent): void => {
    const refusal = refuse(event);
    if (refusal) return drop(refusal, event.data);
    stop();
    const { port1, port2 } = new MessageChannel();
    post({ type: 'connect', data: { nonce } }, [port2]);
    connected(port1);
  };
  const stop = (): void => {
    clearInterval(repeat);
    removeEventListener('message', listen);
  };

  const repeat = setInterval(sayHello, REPEAT_MS);
  addEventListener('message', listen);
  sayHello();
  return stop;
};
