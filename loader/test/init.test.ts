import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { InitConfig } from '../src/config.js';
import * as Ringlet from '../src/ringlet.js';
import { frame, host, launcher, load, newPhone, page, PHONE_ORIGIN, server, settle } from './fake.js';
import { fixture } from './fixtures.js';
import { code, config, original, sent, start } from './phone.js';

test('init fetches the configuration with the key and hands it over on the port only', async () => {
  const phone = await start();
  // A header of our own would cost a preflight.
  assert.deepEqual(server.requests, [
    { url: `${PHONE_ORIGIN}/api/webphone/config?key=pk_demo`, headers: undefined },
  ]);
  assert.deepEqual(phone.init, {
    runtime: fixture('config.runtime'),
    host: { sip: { username: 'agent1', password: 'wonderland' }, mode: 'autologin' },
  });
  const spoken = JSON.stringify(phone.posted);
  assert.ok(!spoken.includes('wonderland') && !frame().src.includes('wonderland'));
  assert.ok(frame().src.startsWith(`${PHONE_ORIGIN}/app/?key=pk_demo#`));
  assert.equal(frame().allow, 'microphone; autoplay; speaker-selection; clipboard-write; hid');
});

test('the frame sets out with the request for the configuration, and the launcher comes with the answer', async () => {
  const phone = newPhone();
  let answer = (_: unknown): void => {};
  server.answer = () => new Promise((resolve) => (answer = resolve));
  const started = Ringlet.init({ ...config, key: 'pk a&b' });
  assert.equal(server.requests.length, 1);
  assert.equal(new URL(frame().src).searchParams.get('key'), 'pk a&b');
  assert.equal(launcher(), null);

  // The phone may be there first; it is told nothing before the server has said where it is to run.
  phone.announce();
  await settle();
  assert.deepEqual(phone.received, []);
  answer(fixture('http.success'));
  await started;
  assert.deepEqual(phone.init.runtime, fixture('config.runtime'));
  assert.equal(launcher().style.getPropertyValue('--accent'), '#0b6e4f');
});

test('the frame’s address says whether a sign-in is likely, and no secret', async () => {
  const hash = (): string => new URL(frame().src).hash;
  const behavior = { host: { mode: 'autologin' }, sessionRestore: 'off' } as const;
  for (const [sip, more, expected] of [
    [{ username: 'a', password: 'wonderland' }, { behavior }, '#credentials=&mode=autologin&sessionRestore=off'],
    [{ username: 'a', HA1Password: 'f00' }, { behavior: {} }, '#credentials='],
    [{ username: 'a' }, {}, ''],
    [{ password: 'wonderland' }, {}, ''],
    [undefined, { behavior: { host: { mode: 'confirm' } } }, '#mode=confirm'],
  ] as const) {
    await start({ behavior: {}, ...more, sip } as Partial<InitConfig>);
    assert.equal(hash(), expected);
    Ringlet.destroy();
    await settle();
  }
});

test('where the phone is to run at another origin than the server’s, it is loaded from there', async () => {
  const early = newPhone();
  const started = Ringlet.init({ ...config, server: 'https://ringlet.example.com' });
  assert.ok(frame().src.startsWith('https://ringlet.example.com/app/?key='));
  early.origin = 'https://ringlet.example.com';
  early.announce();
  load();
  await settle();
  assert.equal(frame().src, fixture('config.runtime').uiUrl);
  assert.deepEqual(early.received, [], 'the first page is told nothing');

  early.origin = PHONE_ORIGIN;
  const before = early.posted.length;
  early.announce();
  await started;
  assert.ok(early.init);
  assert.ok(early.posted.slice(before).every(({ origin }) => origin === PHONE_ORIGIN));
});

test('init resolves only when the phone has both answered and said it is ready', async () => {
  const phone = newPhone();
  phone.answers.init = () => undefined;
  let resolved = false;
  const started = Ringlet.init(config).then(() => (resolved = true));
  await settle();
  load();
  await settle();
  const { id } = phone.received.find(({ type }) => type === 'init')!;
  phone.say('result', { status: 'done', value: {} }, id);
  await settle();
  assert.equal(resolved, false);
  phone.event('ready');
  await started;
});

test('a second init is refused while a phone is alive and works after destroy', async () => {
  await start();
  await assert.rejects(Ringlet.init(config), code('ALREADY_INITIALIZED'));
  Ringlet.destroy();
  const phone = await start();
  assert.ok(phone.init);
});

test('a second init is refused while the first is in flight', async () => {
  newPhone();
  const first = Ringlet.init(config);
  await assert.rejects(Ringlet.init(config), code('ALREADY_INITIALIZED'));
  await settle();
  load();
  await first;
});

test('what cannot be a configuration is refused, and named', async () => {
  newPhone();
  for (const [wrong, word] of [
    [undefined, 'config'],
    [null, 'config'],
    ['pk_demo', 'config'],
    [{}, 'key'],
    [{ ...config, key: '' }, 'key'],
    [{ ...config, key: '  ' }, 'key'],
    [{ ...config, key: 7 }, 'key'],
    [{ ...config, server: 'phone' }, 'server'],
    [{ ...config, server: undefined }, 'server'],
    [{ ...config, sip: 'agent1' }, 'sip'],
    [{ ...config, sip: { username: 7 } }, 'username'],
    [{ ...config, sip: { password: 'a', HA1Password: 'b' } }, 'HA1Password'],
    [{ ...config, behavior: { host: { mode: 'auto' } } }, 'mode'],
    [{ ...config, behavior: { sessionRestore: true } }, 'sessionRestore'],
    [{ ...config, behavior: { theme: { start: 'pink' } } }, 'start'],
    [{ ...config, container: 'nowhere' }, 'container'],
    [{ ...config, container: {} }, 'container'],
    [{ ...config, container: 7 }, 'container'],
    [{ ...config, interceptTelLinks: 'no' }, 'interceptTelLinks'],
    [{ ...config, onError: 'alert' }, 'onError'],
  ] as [any, string][]) {
    await assert.rejects(Ringlet.init(wrong), (error: Error) => {
      assert.ok(code('INVALID_CONFIG')(error));
      assert.ok(error.message.includes(word), `${error.message} names ${word}`);
      return true;
    });
  }
  assert.equal(host(), null);
  assert.equal(server.requests.length, 0);
});

test('the older name of the domain is understood, and the newer one wins', async () => {
  const phone = await start({ sip: { username: 'a', server: 'old.example', HA1Password: 'f00' } });
  assert.equal(phone.init.host.sip.domain, 'old.example');
  assert.equal(phone.init.host.sip.HA1Password, 'f00');
  Ringlet.destroy();
  const next = await start({ sip: { username: 'a', server: 'old.example', domain: 'new.example' } });
  assert.equal(next.init.host.sip.domain, 'new.example');
});

test('what a page may not set has no effect, and is mentioned in debug mode only', async () => {
  const warn = mock.method(console, 'warn', () => {});
  const forbidden = { uiUrl: 'https://evil.example', branding: {}, wss: 'x', iceServers: [], maxSessions: 9 };
  const phone = await start(forbidden as never);
  assert.equal(warn.mock.callCount(), 0);
  assert.deepEqual(phone.init.runtime, fixture('config.runtime'));
  Ringlet.destroy();
  await start({ ...forbidden, debug: true } as never);
  const words = warn.mock.calls.map(({ arguments: said }) => said.join(' '));
  warn.mock.restore();
  for (const name of Object.keys(forbidden)) {
    assert.ok(words.some((line) => line.includes(`config.${name}`)), name);
  }
});

test('the server’s own errors reach the page as they are, and the page is as before', async () => {
  const before = page.document.documentElement.outerHTML;
  newPhone();
  for (const expected of [
    'WEBPHONE_MISSING_KEY',
    'INVALID_API_KEY',
    'WEBPHONE_ORIGIN_FORBIDDEN',
    'WEBPHONE_TENANT_DISABLED',
  ]) {
    server.answer = async () => ({ ...fixture('http.problem'), error: { code: expected, message: 'No.' } });
    const heard: unknown[] = [];
    await assert.rejects(Ringlet.init({ ...config, onError: (error) => heard.push(error) }), code(expected));
    assert.deepEqual(heard, [{ code: expected, message: 'No.', fatal: true, recoverable: false }]);
  }
  assert.equal(page.document.documentElement.outerHTML, before);
});

test('no server, and a server that is not Ringlet’s, are network errors', async () => {
  newPhone();
  for (const answer of [
    async () => Promise.reject(new TypeError('Failed to fetch')),
    async () => '<html>',
    async () => null,
    async () => ({}),
    async () => ({ ok: true, data: { ...fixture('config.runtime'), uiUrl: 'javascript:alert(1)' } }),
  ]) {
    server.answer = answer;
    await assert.rejects(Ringlet.init(config), code('NETWORK_ERROR'));
    assert.equal(host(), null);
  }
});

test('a frame that never loads, and one that never answers, end init after 30 s', async () => {
  for (const loads of [false, true]) {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const phone = newPhone();
    phone.listening = false;
    const refused = assert.rejects(Ringlet.init(config), code('HANDSHAKE_TIMEOUT'));
    await settle();
    if (loads) load();
    mock.timers.tick(30_000);
    await refused;
    mock.timers.tick(2_000);
    assert.equal(host(), null);
    mock.timers.reset();
  }
});

test('a phone that takes the port and then is silent ends init after 30 s', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  newPhone().answers.init = () => undefined;
  const refused = assert.rejects(Ringlet.init(config), code('HANDSHAKE_TIMEOUT'));
  await settle();
  load();
  await settle();
  mock.timers.tick(30_000);
  await refused;
});

test('a phone that refuses its configuration ends init with its own code', async () => {
  newPhone().answers.init = () => ({
    status: 'failed',
    value: { code: 'UNSUPPORTED_VERSION', message: 'Too old.' },
  });
  const refused = assert.rejects(Ringlet.init(config), code('UNSUPPORTED_VERSION'));
  await settle();
  load();
  await refused;
  assert.equal(Ringlet.isRegistered(), false);
});

test('whatever fails, what rejects is a RingletError', async () => {
  newPhone();
  const trap = {
    get key(): string {
      throw new TypeError('a trap');
    },
  };
  await assert.rejects(Ringlet.init(trap), code('INTERNAL_ERROR'));
  assert.equal(host(), null);
  for (const failure of [
    async () => Promise.reject(new DOMException('Timed out', 'TimeoutError')),
    async () => Promise.reject('a word'),
    async () => Promise.reject(undefined),
    async () => JSON.parse('<html>'),
  ]) {
    server.answer = failure;
    await assert.rejects(Ringlet.init(config), code('NETWORK_ERROR'));
  }
  server.answer = original;

  // A browser that is too old to make the widget.
  const sheet = CSSStyleSheet;
  globalThis.CSSStyleSheet = undefined as never;
  await assert.rejects(Ringlet.init(config), code('INTERNAL_ERROR'));
  globalThis.CSSStyleSheet = sheet;
  assert.equal(host(), null);

  await assert.rejects(Ringlet.call('600', null as never), code('NOT_INITIALIZED'));
  assert.doesNotThrow(() => Ringlet.destroy(null as never));

  const phone = await start();
  await Ringlet.call('600', null as never);
  const options = {
    get callerId(): string {
      throw new DOMException('not for you', 'SecurityError');
    },
  };
  await assert.rejects(Ringlet.call('600', options), code('INTERNAL_ERROR'));
  // What cannot be cloned or written as JSON never reaches the port.
  for (const odd of [() => 1, Symbol('1'), 1n, { toString: () => '600' }] as never[]) {
    await assert.rejects(Ringlet.call(odd), code('INVALID_NUMBER'));
    await Ringlet.call('600', { callerId: odd, correlationId: odd });
    await Ringlet.mute(odd);
  }
  assert.deepEqual(sent(phone, 'mute'), [{}, {}, {}, {}]);
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = () => {
    throw new DOMException('could not be cloned', 'DataCloneError');
  };
  const refused = [Ringlet.hangup(), Ringlet.answer(), Ringlet.getDiagnostics(), Ringlet.dial('1')];
  for (const command of refused) await assert.rejects(command, code('INTERNAL_ERROR'));
  MessagePort.prototype.postMessage = post;
});
