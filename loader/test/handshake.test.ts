import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { shakeHands } from '../src/handshake.js';
import { dropped } from '../src/log.js';
import { deliver, FakePhone, PHONE_ORIGIN, settle } from './fake.js';

let phone = new FakePhone();
let ports: MessagePort[] = [];
let stop = (): void => {};

const greet = (): void => {
  phone = new FakePhone();
  phone.listening = false;
  ports = [];
  stop = shakeHands({ contentWindow: phone.window as never }, PHONE_ORIGIN, (port) => ports.push(port));
};

const ack = (nonce: unknown, more: object = {}): object => ({
  ...phone.message('helloAck', { nonce, version: '0.1.0' }),
  ...more,
});

afterEach(() => {
  stop();
  phone.close();
  for (const port of ports) port.close();
});

test('hello is repeated every 25 ms, to the phone’s origin only, until it is answered', async () => {
  mock.timers.enable({ apis: ['setInterval'] });
  greet();
  mock.timers.tick(85);
  assert.equal(phone.posted.length, 4);
  for (const { message, origin } of phone.posted) {
    assert.equal(message.type, 'hello');
    assert.equal(origin, PHONE_ORIGIN);
  }
  deliver(ack(phone.nonces[0]), phone.window, PHONE_ORIGIN);
  mock.timers.tick(1000);
  mock.timers.reset();
  assert.deepEqual(phone.posted.slice(4).map(({ message }) => message.type), ['connect']);
  assert.equal(phone.posted[4]!.origin, PHONE_ORIGIN);
  assert.equal(phone.posted[4]!.message.data.nonce, phone.nonces[0]);
  assert.equal(ports.length, 1);
});

test('the nonce is 128 random bits, new for every attempt and the same within one', () => {
  greet();
  const [first] = phone.nonces;
  assert.match(first!, /^[0-9a-f]{32}$/);
  stop();
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

test('a second answer, and one after the attempt was given up, change nothing', async () => {
  greet();
  const right = ack(phone.nonces[0]);
  deliver(right, phone.window, PHONE_ORIGIN);
  deliver(right, phone.window, PHONE_ORIGIN);
  assert.equal(ports.length, 1);

  phone.close();
  for (const port of ports) port.close();
  greet();
  stop();
  deliver(ack(phone.nonces[0]), phone.window, PHONE_ORIGIN);
  await settle();
  assert.equal(ports.length, 0);
});

test('an answer recorded from an earlier attempt is refused', () => {
  greet();
  const old = ack(phone.nonces[0]);
  stop();
  const window = phone.window;
  stop = shakeHands({ contentWindow: window as never }, PHONE_ORIGIN, (port) => ports.push(port));
  deliver(old, window, PHONE_ORIGIN);
  assert.equal(ports.length, 0);
});

test('a frame that has no window yet is no failure', () => {
  stop = shakeHands({ contentWindow: null }, PHONE_ORIGIN, () => {});
  deliver(ack(''), null, PHONE_ORIGIN);
});
