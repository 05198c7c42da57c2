/**
 * Finds the phone in its window and hands it a port.
 *
 * 1. The phone's page announces itself once, with a nonce of its own. It cannot know who is around it, so
 *    this message may go anywhere, and holds no secret.
 * 2. It is answered with `connect`: the nonce, and one end of a channel. The page's first script keeps the
 *    port for the phone's program, which may still be on its way.
 * 3. A page that was loaded without an announcement is asked by `hello`, with a nonce of ours, again and
 *    again until it answers or we are told to stop; then it gets `connect` with that nonce.
 * 4. Nothing is posted to any origin but the phone's, and nothing is heard from another window or origin
 *    (messenger.ts).
 * 5. An answer counts only with the nonce of this very attempt. Everything else is dropped and counted.
 * 6. No secret is said in a window. A page that is loaded again gets a new attempt, with new nonces.
 */
import { envelope, type Outgoing, randomHex } from './envelope.js';
import { isAnnounce, isHelloAck, isMessage } from './guards.js';
import { drop } from './log.js';
import { type Messenger, portMessenger } from './messenger.js';

const REPEAT_MS = 250;

/** What a page is seen to do once in its life, in either order. */
type Sign = 'announced' | 'loaded';

/** What a handshake tells. */
export interface Greeter {
  /** Another page is in the window: whatever ran there before is gone. */
  begun(): void;
  /** The phone has been handed a port, and this is our end; once in an attempt. */
  connected(port: Messenger): void;
}

/** A handshake that goes on as long as the window may show another page. */
export interface Handshake {
  /** The window has loaded a page. */
  loaded(): void;
  stop(): void;
}

/** Waits for the phone behind the messenger, and for every phone that comes after it. */
export const shakeHands = (messenger: Messenger, greeter: Greeter): Handshake => {
  let nonce = '';
  let connected = true;
  let repeat: ReturnType<typeof setInterval> | undefined;
  const seen = new Set<Sign>();

  const post = (body: Outgoing, ports?: Transferable[]): void => messenger.post(envelope(body), ports);
  const sayHello = (): void => post({ type: 'hello', data: { nonce } });

  const see = (sign: Sign): void => {
    if (!nonce || seen.has(sign)) {
      clearInterval(repeat);
      seen.clear();
      nonce = randomHex();
      connected = false;
      greeter.begun();
    }
    seen.add(sign);
  };
  const connect = (nonce: string): void => {
    if (connected) return; // Hellos are repeated, and each is answered.
    connected = true;
    clearInterval(repeat);
    const { port1, port2 } = new MessageChannel();
    post({ type: 'connect', data: { nonce } }, [port2]);
    greeter.connected(portMessenger(port1));
  };

  messenger.listen((message) => {
    if (!isMessage(message)) return drop('malformed', message);
    const { type, data } = message;
    if (type === 'announce' && isAnnounce(data)) {
      see('announced');
      return connect(data.nonce);
    }
    if (type !== 'helloAck' || !isHelloAck(data)) return drop('malformed', message);
    if (data.nonce !== nonce) return drop('wrong nonce', message);
    return connect(nonce);
  });

  return {
    loaded() {
      see('loaded');
      if (connected) return;
      repeat = setInterval(sayHello, REPEAT_MS);
      sayHello();
    },
    stop() {
      clearInterval(repeat);
      messenger.close();
    },
  };
};
