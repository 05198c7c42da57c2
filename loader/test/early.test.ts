import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import type { PageConfig } from '../src/generated/config.js';
import { announce } from '../../www/early/announce.js';
import type { Early } from '../../www/early/early.js';
import { openEarlySocket } from '../../www/early/socket.js';
import { fixture } from './fixtures.js';

/** The sockets that were opened, and what this tab remembers. */
let sockets: FakeSocket[] = [];
let remembered: Record<string, string> = {};
let early: Early = { heard: [] };

class FakeSocket {
  onmessage: ((event: { data: unknown }) => void) | undefined;
  closed = 0;
  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    sockets.push(this);
  }
  close(): void {
    this.closed++;
  }
}
Object.assign(globalThis, {
  WebSocket: FakeSocket,
  sessionStorage: { getItem: (key: string) => remembered[key] ?? null },
});

afterEach(() => {
  mock.timers.reset();
  sockets = [];
  remembered = {};
  early = { heard: [] };
});

const page = (behavior: object = {}): PageConfig => {
  const config = fixture('config.page');
  return { ...config, behavior: { ...config.behavior, ...behavior } };
};
const autologin = { host: { mode: 'autologin' } };
const open = (config: PageConfig, fragment: string): number => {
  mock.timers.enable({ apis: ['setTimeout'] });
  openEarlySocket(early, config, fragment);
  mock.timers.reset();
  return sockets.splice(0).length;
};

test('a socket is opened where a sign-in needs nobody, and nowhere else', () => {
  for (const [config, fragment, expected] of [
    [page(), '', 0],
    [page(), '#credentials=', 0],
    [page(), '#credentials=&mode=autologin', 1],
    [page(autologin), '#credentials=', 1],
    [page(autologin), '', 0],
    [page(autologin), '#credentials=&mode=confirm', 0],
    [page(autologin), '#credentials=&mode=prefilled', 0],
    [page(), '#mode=autologin', 0],
  ] as const) {
    assert.equal(open(config, fragment), expected, `${config.behavior.host.mode} ${fragment}`);
  }
});

test('a socket is opened for a session that this tab remembers and may take up again', () => {
  remembered['ringlet.acme.session.username'] = 'agent1';
  assert.equal(open(page(), ''), 1);
  assert.equal(open(page(), '#sessionRestore=off'), 0);
  assert.equal(open(page({ sessionRestore: 'off' }), ''), 0);
  assert.equal(open(page({ sessionRestore: 'off' }), '#sessionRestore=auto'), 1);
  remembered = { 'ringlet.other.session.username': 'agent1' };
  assert.equal(open(page(), ''), 0, 'another tenant’s');
});

test('storage that the browser refuses is no session', () => {
  const storage = globalThis.sessionStorage;
  Object.defineProperty(globalThis, 'sessionStorage', {
    configurable: true,
    get() {
      throw new DOMException('not here', 'SecurityError');
    },
  });
  assert.equal(open(page(), ''), 0);
  assert.equal(open(page(autologin), '#credentials='), 1);
  Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, writable: true, value: storage });
});

test('the socket waits for the phone with what it has received, and speaks SIP', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  openEarlySocket(early, page(autologin), '#credentials=');
  const [socket] = sockets;
  assert.deepEqual([socket!.url, socket!.protocol], [fixture('config.page').wssUrl, 'sip']);
  socket!.onmessage!({ data: '\r\n' });
  assert.equal(early.socket!.socket, socket as never);
  assert.deepEqual(early.socket!.received, ['\r\n']);
});

test('a socket that nobody takes is closed after 15 s, and one that was taken is left alone', () => {
  for (const taken of [false, true]) {
    mock.timers.enable({ apis: ['setTimeout'] });
    openEarlySocket(early, page(autologin), '#credentials=');
    mock.timers.tick(14_999);
    assert.equal(sockets[0]!.closed, 0);
    if (taken) early.socket = undefined;
    mock.timers.tick(1);
    assert.equal(sockets[0]!.closed, taken ? 0 : 1);
    assert.equal(early.socket, undefined);
    mock.timers.reset();
    sockets = [];
  }
});

/** The page's window and the one around it, as `announce` sees them. */
const windows = (alone = false): { posted: any[]; hear: (event: object) => void; around: object } => {
  const posted: any[] = [];
  const listeners: ((event: object) => void)[] = [];
  const around = { postMessage: (message: unknown, origin: string) => posted.push({ message, origin }) };
  const window = {};
  Object.assign(globalThis, {
    window,
    parent: alone ? window : around,
    addEventListener: (_: string, listener: (event: object) => void) => listeners.push(listener),
  });
  return { posted, around, hear: (event) => listeners.forEach((listener) => listener(event)) };
};

test('the page announces itself once, to any window around it, with a new nonce and nothing else', () => {
  const nonces = [1, 2].map(() => {
    const { posted } = windows();
    announce(early);
    assert.equal(posted.length, 1);
    const [{ message, origin }] = posted;
    assert.equal(origin, '*');
    assert.match(early.nonce!, /^[0-9a-f]{32}$/);
    const { ns, v, type } = fixture('window.announce');
    assert.deepEqual(message, { ns, v, type, id: message.id, data: { nonce: early.nonce } });
    return early.nonce;
  });
  assert.notEqual(nonces[0], nonces[1]);
});

test('what the window around answers is kept in order, up to a limit; others are not heard', () => {
  const { around, hear } = windows();
  announce(early);
  const first = { source: around, data: 1 };
  hear(first);
  hear({ source: {}, data: 'a stranger' });
  for (let more = 0; more < 100; more++) hear({ source: around, data: more });
  assert.equal(early.heard[0], first as never);
  assert.equal(early.heard.length, 32);
  assert.ok(early.heard.every(({ source }) => source === (around as never)));
});

test('a page that stands alone announces itself to nobody', () => {
  const { posted } = windows(true);
  announce(early);
  assert.deepEqual([posted, early.nonce], [[], undefined]);
});

test('without a secure random source nothing is announced, and nothing is thrown', () => {
  const { posted } = windows();
  const random = mock.method(crypto, 'getRandomValues', () => {
    throw new Error('none');
  });
  announce(early);
  random.mock.restore();
  assert.deepEqual([posted, early.nonce], [[], undefined]);
});
