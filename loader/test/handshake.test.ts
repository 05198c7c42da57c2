import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { type Handshake, shakeHands } from '../src/handshake.js';
import { dropped } from '../src/log.js';
import { type Messenger, windowMessenger } from '../src/messenger.js';
import { deliver, FakePhone, PHONE_ORIGIN } from './fake.js';

let phone = new FakePhone();
let ports: Messenger[] = [];
let begun = 0;
let handshake: Handshake | undefined;

const shake = (window: unknown): void => {
  ports = [];
  begun = 0;
  handshake = shakeHands(windowMessenger(() => window as never, PHONE_ORIGIN), {
    begun: () => begun++,
    connected: (port) => ports.push(port),
  });
};

/** A page has been loaded, and is greeted; what runs in it says nothing by itself. */
const greet = (): void => {
  phone = new FakePhone();
  phone.listening = false;
  shake(phone.window);
  handshake!.loaded();
};

const types = (): string[] => phone.posted.map(({ message }) => message.type);

const ack = (nonce: unknown, more: object = {}): object => ({
  ...phone.message('helloAck', { nonce, version: '0.1.0' }),
  ...more,
});

afterEach(() => {
  mock.timers.reset();
  handshake?.stop();
  phone.close();
  for (const port of ports) port.close();
});

test('a page that announces itself gets its port at once, with its own nonce, before it has been loaded', () => {
  mock.timers.enable({ apis: ['setInterval'] });
  phone = new FakePhone();
  phone.listening = false;
  shake(phone.window);
  mock.timers.tick(1000);
  assert.deepEqual(types(), [], 'nothing is said to a page that may not be the phone’s yet');
  phone.announce('c'.repeat(32));
  assert.deepEqual(types(), ['connect']);
  assert.equal(phone.posted[0]!.origin, PHONE_ORIGIN);
  assert.deepEqual(phone.posted[0]!.message.data, { nonce: 'c'.repeat(32) });
  assert.deepEqual([begun, ports.length], [1, 1]);

  handshake!.loaded();
  mock.timers.tick(1000);
  assert.deepEqual(types(), ['connect'], 'the end of loading is the same page’s');
  assert.equal(begun, 1);
});

test('an announcement ends the asking, and a late answer to hello brings no second port', () => {
  mock.timers.enable({ apis: ['setInterval'] });
  greet();
  phone.announce();
  mock.timers.tick(1000);
  deliver(ack(phone.nonces[0]), phone.window, PHONE_ORIGIN);
  assert.deepEqual(types(), ['hello', 'connect']);
  assert.deepEqual([begun, ports.length], [1, 1]);
});

test('an announcement counts only from the right window, at the right origin', () => {
  phone = new FakePhone();
  shake(phone.window);
  const announce = phone.message('announce', { nonce: 'b'.repeat(32) });
  for (const [message, source, origin] of [
    [announce, new FakePhone().window, PHONE_ORIGIN],
    [announce, phone.window, 'https://evil.example'],
    [announce, phone.window, 'null'],
    [announce, null, PHONE_ORIGIN],
    [{ ...announce, v: 2 }, phone.window, PHONE_ORIGIN],
    [{ ...announce, data: {} }, phone.window, PHONE_ORIGIN],
    [{ ...announce, data: undefined }, phone.window, PHONE_ORIGIN],
  ] as const) {
    const before = dropped;
    deliver(message, source, origin);
    assert.equal(dropped, before + 1);
  }
  assert.deepEqual([types(), begun], [[], 0]);
});

test('what others say in their own protocols is not even counted', () => {
  phone = new FakePhone();
  shake(phone.window);
  const before = dropped;
  for (const data of ['webpackOk', null, { type: 'announce' }, [1]]) {
    deliver(data, new FakePhone().window, PHONE_ORIGIN);
  }
  assert.equal(dropped, before);
});

test('every page that comes into the window begins anew, in whatever order it is loaded and announces itself', () => {
  phone = new FakePhone();
  phone.listening = false;
  shake(phone.window);
  const announce = (): void => phone.announce();
  const loaded = (): void => handshake!.loaded();
  for (const [page, signs] of [
    [announce, loaded],
    [loaded, announce],
    [announce, loaded],
  ].entries()) {
    for (const sign of signs) {
      sign();
      assert.equal(begun, page + 1);
    }
    assert.equal(ports.length, page + 1);
  }
});

test('a phone that does not announce itself is greeted every 250 ms, at its origin only, until it answers', () => {
  mock.timers.enable({ apis: ['setInterval'] });
  greet();
  mock.timers.tick(850);
  assert.equal(phone.posted.length, 4);
  for (const { message, origin } of phone.posted) {
    assert.equal(message.type, 'hello');
    assert.equal(origin, PHONE_ORIGIN);
  }
  deliver(ack(phone.nonces[0]), phone.window, PHONE_ORIGIN);
  mock.timers.tick(1000);
  assert.deepEqual(phone.posted.slice(4).map(({ message }) => message.type), ['connect']);
  assert.equal(phone.posted[4]!.origin, PHONE_ORIGIN);
  assert.equal(phone.posted[4]!.message.data.nonce, phone.nonces[0]);
  assert.equal(ports.length, 1);
});

test('the nonce is 128 random bits, new for every attempt and the same within one', () => {
  greet();
  const [first] = phone.nonces;
  assert.match(first!, /^[0-9a-f]{32}$/);
  handshake!.stop();
  greet();
  assert.match(phone.nonces[0]!, /^[0-9a-f]{32}$/);
  assert.notEqual(phone.nonces[0], first);
});

test('only the right window, at the right origin, with the right nonce is answered', async () => {
  greet();
  const stranger = new FakePhone().window;
  const [nonce] = phone.nonces;
  const right = ack(nonce);
  const cycle: Record<string, unknown> = { nonce, version: '1' };
  cycle['self'] = cycle;
  const table: [string, unknown, unknown, string][] = [
    ['right origin, wrong window', right, stranger, PHONE_ORIGIN],
    ['right origin, no window', right, null, PHONE_ORIGIN],
    ['right window, wrong origin', right, phone.window, 'https://evil.example'],
    ['right window, null origin', right, phone.window, 'null'],
    ['right window, no origin', right, phone.window, ''],
    ['right window, origin as a prefix', right, phone.window, `${PHONE_ORIGIN}.evil.example`],
    ['right window, other scheme', right, phone.window, 'http://phone.example.com'],
    ['right window, other port', right, phone.window, `${PHONE_ORIGIN}:8443`],
    ['wrong nonce', ack('0'.repeat(32)), phone.window, PHONE_ORIGIN],
    ['nonce in other letters', ack(nonce!.toUpperCase() + ' '), phone.window, PHONE_ORIGIN],
    ['no nonce', phone.message('helloAck', { version: '1' }), phone.window, PHONE_ORIGIN],
    ['nonce in a list', ack([nonce]), phone.window, PHONE_ORIGIN],
    ['other namespace', ack(nonce, { ns: 'penpal' }), phone.window, PHONE_ORIGIN],
    ['other version', ack(nonce, { v: 2 }), phone.window, PHONE_ORIGIN],
    ['other type', ack(nonce, { type: 'hello' }), phone.window, PHONE_ORIGIN],
    ['no id', ack(nonce, { id: undefined }), phone.window, PHONE_ORIGIN],
    ['no data', ack(nonce, { data: undefined }), phone.window, PHONE_ORIGIN],
    ['oversized', ack(nonce, { pad: 'x'.repeat(70_000) }), phone.window, PHONE_ORIGIN],
    ['a cycle', ack(nonce, { data: cycle }), phone.window, PHONE_ORIGIN],
    ['text', JSON.stringify(right), phone.window, PHONE_ORIGIN],
    ['nothing', undefined, phone.window, PHONE_ORIGIN],
    ['null', null, phone.window, PHONE_ORIGIN],
  ];
  for (const [what, data, source, origin] of table) {
    const before = dropped;
    deliver(data, source, origin);
    assert.equal(dropped, before + 1, `${what}: counted`);
    assert.equal(ports.length, 0, `${what}: not answered`);
  }
  assert.ok(phone.posted.every(({ message }) => message.type === 'hello'));

  deliver(right, phone.window, PHONE_ORIGIN);
  assert.equal(ports.length, 1, 'and then the right one is');
});

test('a second answer, and one after the attempt was given up, change nothing', () => {
  greet();
  const right = ack(phone.nonces[0]);
  deliver(right, phone.window, PHONE_ORIGIN);
  deliver(right, phone.window, PHONE_ORIGIN);
  assert.equal(ports.length, 1);

  phone.close();
  for (const port of ports) port.close();
  handshake!.stop();
  greet();
  handshake!.stop();
  deliver(ack(phone.nonces[0]), phone.window, PHONE_ORIGIN);
  assert.equal(ports.length, 0);
});

test('an answer recorded from an earlier attempt is refused', () => {
  greet();
  const old = ack(phone.nonces[0]);
  handshake!.stop();
  shake(phone.window);
  handshake!.loaded();
  deliver(old, phone.window, PHONE_ORIGIN);
  assert.equal(ports.length, 0);
});

test('a frame that has no window yet is no failure', () => {
  shake(null);
  handshake!.loaded();
  deliver(ack(''), null, PHONE_ORIGIN);
});
