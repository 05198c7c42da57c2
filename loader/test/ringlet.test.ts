import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import type { InitConfig } from '../src/config.js';
import { RingletError } from '../src/error.js';
import { off, on } from '../src/handlers.js';
import * as log from '../src/log.js';
import * as Ringlet from '../src/ringlet.js';
import { type FakePhone, deliver, frame, host, launcher, load, newPhone, page, PHONE_ORIGIN, server, settle } from './fake.js';
import { fixture } from './fixtures.js';

const config: InitConfig = {
  key: 'pk_demo',
  server: PHONE_ORIGIN,
  sip: { username: 'agent1', password: 'wonderland' },
  behavior: { host: { mode: 'autologin' } },
};

const code =
  (expected: string) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof RingletError, String(error));
    assert.equal(error.code, expected);
    return true;
  };

/** A phone on the page that takes commands. */
const start = async (more: Partial<InitConfig> = {}): Promise<FakePhone> => {
  const phone = newPhone();
  const started = Ringlet.init({ ...config, ...more });
  await settle();
  phone.announce();
  load();
  await started;
  await settle();
  return phone;
};

const sent = (phone: FakePhone, type: string): unknown[] =>
  phone.received.filter((message) => message.type === type).map(({ data }) => data);

const original = server.answer;
afterEach(async () => {
  mock.timers.reset();
  Ringlet.destroy({ clearEventHandlers: true });
  await settle();
  server.answer = original;
  server.requests.length = 0;
  page.document.body.innerHTML = '';
});

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

test('commands before init are refused', async () => {
  for (const command of [
    Ringlet.call('600'),
    Ringlet.dial('600'),
    Ringlet.hangup(),
    Ringlet.answer(),
    Ringlet.reject(),
    Ringlet.mute(),
    Ringlet.unmute(),
  ]) {
    await assert.rejects(command, code('NOT_INITIALIZED'));
  }
  for (const command of [Ringlet.toggle, Ringlet.open, Ringlet.close]) {
    assert.throws(command, code('NOT_INITIALIZED'));
  }
  assert.doesNotThrow(Ringlet.destroy);
  assert.deepEqual(Ringlet.getState(), {
    registered: false,
    inCall: false,
    activeNumber: null,
    callCount: 0,
    calls: [],
  });
});

test('commands given while init is in flight are sent when it is done, in order', async () => {
  const phone = newPhone();
  phone.answers.call = ({ number }) => ({ status: 'done', value: { callId: `call to ${number}` } });
  const started = Ringlet.init(config);
  const calls = [
    Ringlet.call(' 600 ', { callerId: '+12015550100', correlationId: 'deal-1' }),
    Ringlet.call('601'),
  ];
  const mute = Ringlet.mute();
  await settle();
  load();
  await started;
  assert.deepEqual(await Promise.all(calls), [{ callId: 'call to 600' }, { callId: 'call to 601' }]);
  await mute;
  assert.deepEqual(
    phone.received.filter(({ type }) => !['init', 'visibility'].includes(type)).map(({ type, data }) => [type, data]),
    [
      ['call', { number: '600', callerId: '+12015550100', correlationId: 'deal-1' }],
      ['call', { number: '601' }],
      ['mute', {}],
    ],
  );
});

test('a blank number, one that is too long and one that is no text are refused', async () => {
  const phone = await start();
  for (const number of ['', '  ', '\n', '1'.repeat(129), '1'.repeat(300), undefined, null, 600, {}] as string[]) {
    await assert.rejects(Ringlet.call(number), code('INVALID_NUMBER'));
    await assert.rejects(Ringlet.dial(number), code('INVALID_NUMBER'));
  }
  await Ringlet.dial('1'.repeat(128));
  await settle();
  assert.deepEqual(sent(phone, 'call'), []);
  assert.equal(sent(phone, 'dial').length, 1);
});

test('commands name the call they mean, or none, and an event is not taken for a call id', async () => {
  const phone = await start();
  await Ringlet.hangup('c1');
  await Ringlet.hangup();
  await Ringlet.hangup(new Event('click') as never);
  assert.deepEqual(sent(phone, 'hangup'), [{ callId: 'c1' }, {}, {}]);
});

test('diagnostics come as the phone tells them', async () => {
  const phone = await start();
  const { data } = fixture('to_loader.result_diagnostics');
  phone.answers.diagnostics = () => data;
  assert.deepEqual(await Ringlet.getDiagnostics(), data.value.diagnostics);
  assert.deepEqual(sent(phone, 'diagnostics'), [{}]);
});

test('a refused command rejects with the phone’s code and words', async () => {
  const phone = await start();
  phone.answers.answer = () => ({ status: 'failed', value: { code: 'NO_SUCH_CALL', message: 'No call rings.' } });
  await assert.rejects(Ringlet.answer(), (error: RingletError) => {
    assert.ok(code('NO_SUCH_CALL')(error));
    assert.equal(error.message, 'No call rings.');
    assert.equal(error.name, 'RingletError');
    return true;
  });
});

test('an event arrives as its payload with seq, at and eventId', async () => {
  const phone = await start();
  const heard: unknown[] = [];
  on('callEnded', (event) => heard.push(event));
  phone.event('call_ended');
  await settle();
  const { seq, at, eventId, event } = fixture('to_loader.event_call_ended').data;
  assert.deepEqual(heard, [{ ...event.payload, seq, at, eventId }]);
});

test('a handler counts once, can be taken off, and may throw without harm to the next', async () => {
  const phone = await start();
  const complaint = mock.method(console, 'error', () => {});
  const heard: string[] = [];
  const first = (): void => {
    heard.push('first');
    throw new Error('the page’s fault');
  };
  const second = (): void => void heard.push('second');
  const third = (): void => void heard.push('third');
  for (const handler of [first, second, first, third]) on('callRinging', handler);
  off('callRinging', third);
  off('callAnswered', second);
  phone.event('call_ringing');
  await settle();
  complaint.mock.restore();
  assert.deepEqual(heard, ['first', 'second']);
  assert.equal(complaint.mock.callCount(), 1);
});

test('the state is the last snapshot, and a copy', async () => {
  const phone = await start();
  assert.equal(Ringlet.isRegistered(), true);
  assert.equal(Ringlet.isInCall(), false);
  const { data } = fixture('to_loader.snapshot_in_call');
  phone.say('snapshot', data);
  await settle();
  assert.deepEqual(Ringlet.getState(), data);
  assert.equal(Ringlet.isInCall(), true);
  Ringlet.getState().calls.length = 0;
  assert.deepEqual(Ringlet.getState(), data);
});

test('garbage on the port is dropped, counted, and the phone goes on', async () => {
  const phone = await start();
  const before = log.dropped;
  const garbage = [
    undefined,
    null,
    42,
    'ringlet',
    [],
    {},
    { ns: 'ringlet' },
    { ...fixture('to_loader.snapshot_idle'), v: 99 },
    { ...fixture('to_loader.snapshot_idle'), type: 'selfDestruct' },
    { ...fixture('to_loader.snapshot_idle'), data: { registered: 'yes' } },
    { ...fixture('to_loader.visibility'), pad: 'x'.repeat(70_000) },
    fixture('to_loader.result_done'), // answers nothing
    fixture('to_phone.shutdown'),
  ];
  for (const message of garbage) phone.port!.postMessage(message);
  await settle();
  assert.equal(log.dropped, before + garbage.length);
  assert.equal(Ringlet.isRegistered(), true);
  await Ringlet.mute();
});

test('messages to the window after the handshake are nobody’s', async () => {
  const phone = await start();
  deliver(fixture('to_loader.snapshot_in_call'), phone.window, PHONE_ORIGIN);
  deliver(fixture('to_loader.event_call_started'), phone.window, PHONE_ORIGIN);
  await settle();
  assert.equal(Ringlet.isInCall(), false);
});

test('a frame that is loaded again gets a new nonce, a new port and init; what was in flight is rejected', async () => {
  const phone = await start();
  phone.answers.call = () => undefined;
  const inFlight = assert.rejects(Ringlet.call('600'), code('CONNECTION_LOST'));
  await settle();
  const oldPort = phone.port!;
  phone.listening = false;
  load();
  await inFlight;
  const waiting = Ringlet.mute();
  phone.listening = true;
  phone.acknowledge(phone.nonces.at(-1)!);
  await waiting;
  const connects = phone.posted.filter(({ message }) => message.type === 'connect');
  assert.equal(new Set(connects.map(({ message }) => message.data.nonce)).size, 2);
  assert.notEqual(phone.port, oldPort);
  assert.equal(sent(phone, 'init').length, 2);
  assert.equal(Ringlet.isRegistered(), true);
});

test('a frame that does not come back is a fatal error, and commands say so', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const heard: any[] = [];
  const phone = await start({ onError: (error) => heard.push(error) });
  phone.listening = false;
  load();
  const waiting = assert.rejects(Ringlet.mute(), code('HANDSHAKE_TIMEOUT'));
  mock.timers.tick(30_000);
  await waiting;
  await assert.rejects(Ringlet.call('600'), code('HANDSHAKE_TIMEOUT'));
  assert.equal(Ringlet.isRegistered(), false);
  assert.deepEqual(heard.map(({ code, fatal }) => [code, fatal]), [['HANDSHAKE_TIMEOUT', true]]);

  phone.listening = true;
  load();
  await settle();
  await Ringlet.mute();
});

/** Everything the page hears of these events, by name. */
const hearing = (...names: ('error' | 'callEnded' | 'registered' | 'unregistered')[]): any[] => {
  const heard: any[] = [];
  for (const name of names) on(name, (payload) => heard.push({ name, ...payload }));
  return heard;
};

test('a phone that crashes is loaded again once, and what it had is over', async () => {
  const phone = await start();
  phone.say('snapshot', { ...fixture('to_loader.snapshot_in_call').data, registered: true });
  phone.answers.call = () => undefined;
  const inFlight = assert.rejects(Ringlet.call('600'), code('PHONE_CRASHED'));
  await settle();
  const heard = hearing('error', 'callEnded', 'unregistered');
  const { calls } = fixture('to_loader.snapshot_in_call').data;
  const first = frame();
  phone.event('error_crashed');
  await inFlight;
  assert.equal(Ringlet.isInCall(), false);
  assert.deepEqual(
    heard.map(({ name, callId, cause, reason, code, fatal, recoverable }) =>
      [name, callId ?? reason ?? code, cause ?? fatal ?? '', recoverable ?? ''].join(' ').trim(),
    ),
    [
      ...calls.map(({ callId }: { callId: string }) => `callEnded ${callId} failed`),
      'unregistered connection-lost',
      'error PHONE_CRASHED false true',
    ],
  );
  assert.equal(frame(), first, 'the same element, put in anew');

  const waiting = Ringlet.mute();
  phone.announce();
  await waiting;
  assert.equal(sent(phone, 'init').length, 2);
  assert.equal(Ringlet.isRegistered(), true);

  heard.length = 0;
  phone.event('error_crashed');
  await settle();
  const last = heard.at(-1);
  assert.deepEqual([last.name, last.code, last.fatal], ['error', 'PHONE_CRASHED', true]);
  await assert.rejects(Ringlet.mute(), code('PHONE_CRASHED'));
  assert.equal(sent(phone, 'init').length, 2, 'it is not loaded a third time');
});

test('a phone that crashes twice before it takes commands ends init', async () => {
  const phone = newPhone();
  phone.answers.init = () => {
    phone.event('error_crashed');
    return undefined;
  };
  const refused = assert.rejects(Ringlet.init(config), code('PHONE_CRASHED'));
  for (let page = 0; page < 2; page++) {
    await settle();
    phone.announce();
    load();
  }
  await refused;
  assert.equal(host(), null);
});

test('a phone that answers its heartbeat, in whatever words, is left alone', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const phone = await start();
  phone.answers.ping = () => ({ status: 'failed', value: { code: 'UNKNOWN_TYPE', message: 'An older phone.' } });
  for (let beat = 0; beat < 10; beat++) {
    mock.timers.tick(30_000);
    await settle();
  }
  assert.equal(sent(phone, 'ping').length, 10);
  assert.equal(sent(phone, 'init').length, 1);
});

test('a phone that misses two heartbeats is loaded again', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const phone = await start();
  phone.answers.ping = () => undefined;
  const heard = hearing('error');
  mock.timers.tick(30_000);
  await settle();
  assert.equal(sent(phone, 'ping').length, 1);
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(heard, [], 'one miss is none');
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(heard.map(({ code }) => code), ['PHONE_CRASHED']);
  phone.announce();
  await settle();
  assert.equal(sent(phone, 'init').length, 2);
});

test('heartbeats that are late, after a sleep or in a hidden page, prove nothing', async () => {
  let now = 1_000_000;
  mock.method(Date, 'now', () => now);
  mock.timers.enable({ apis: ['setInterval'] });
  const phone = await start();
  phone.answers.ping = () => undefined;
  const heard = hearing('error');
  const beat = async (elapsed: number): Promise<void> => {
    now += elapsed;
    mock.timers.tick(30_000);
    await settle();
  };
  for (const elapsed of [30_000, 30_000, 8 * 3_600_000, 30_000, 60_000, 60_000, 60_000]) await beat(elapsed);
  assert.deepEqual(heard, []);
  await beat(30_000);
  await beat(30_000);
  assert.deepEqual(heard.map(({ code }) => code), ['PHONE_CRASHED'], 'two in time do');
  mock.restoreAll();
});

test('a phone that is gone is asked for no more signs of life', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const phone = await start();
  Ringlet.destroy();
  await settle();
  for (let beat = 0; beat < 5; beat++) {
    mock.timers.tick(30_000);
    await settle();
  }
  assert.deepEqual(sent(phone, 'ping'), []);
});

test('destroy tells the phone, hides at once, and removes the frame when the phone has answered', async () => {
  const before = page.document.documentElement.outerHTML;
  const phone = await start();
  phone.answers.mute = () => undefined;
  phone.answers.shutdown = () => undefined;
  const pending = assert.rejects(Ringlet.mute(), code('DESTROYED'));
  await settle();
  Ringlet.destroy();
  await pending;
  await settle();
  assert.equal(launcher(), null);
  assert.equal(frame().style.display, 'none');
  const shutdown = phone.received.find(({ type }) => type === 'shutdown')!;
  phone.event('call_ended');
  phone.say('result', { status: 'done', value: {} }, shutdown.id);
  await settle();
  assert.equal(host(), null);
  assert.equal(page.document.documentElement.outerHTML, before);
  assert.equal(Ringlet.isRegistered(), false);
});

test('destroy waits 2 s for a phone that does not answer, and not longer', async () => {
  const phone = await start();
  phone.answers.shutdown = () => undefined;
  mock.timers.enable({ apis: ['setTimeout'] });
  Ringlet.destroy();
  mock.timers.tick(1_999);
  assert.ok(host());
  mock.timers.tick(1);
  assert.equal(host(), null);
});

test('calls that a silent phone had when it was destroyed are over for the page too', async () => {
  const phone = await start();
  phone.say('snapshot', fixture('to_loader.snapshot_in_call').data);
  phone.answers.shutdown = () => undefined;
  await settle();
  const heard = hearing('callEnded');
  mock.timers.enable({ apis: ['setTimeout'] });
  Ringlet.destroy();
  assert.deepEqual(heard, []);
  mock.timers.tick(2_000);
  const { calls } = fixture('to_loader.snapshot_in_call').data;
  assert.deepEqual(heard.map(({ callId }) => callId), calls.map(({ callId }: { callId: string }) => callId));
});

test('a call that destroy ends is still reported, unless the handlers are cleared', async () => {
  for (const clearEventHandlers of [false, true]) {
    const phone = await start();
    phone.answers.shutdown = () => undefined;
    const heard: string[] = [];
    on('callEnded', ({ callId }) => heard.push(callId));
    Ringlet.destroy({ clearEventHandlers });
    phone.event('call_ended');
    await settle();
    assert.deepEqual(heard, clearEventHandlers ? [] : ['c1']);
    phone.say('result', { status: 'done', value: {} }, phone.received.at(-1)!.id);
    await settle();
    Ringlet.destroy({ clearEventHandlers: true });
  }
});

test('a destroyed phone’s last words are not taken for its successor’s', async () => {
  const old = await start();
  old.answers.shutdown = () => undefined;
  Ringlet.destroy();
  const phone = newPhone();
  const started = Ringlet.init(config);
  await settle();
  [...page.document.querySelectorAll('ringlet-phone')]
    .at(-1)!
    .shadowRoot!.querySelector('iframe')!
    .dispatchEvent(new page.Event('load'));
  await started;
  const heard: unknown[] = [];
  on('unregistered', (event) => heard.push(event));
  old.event('unregistered');
  await settle();
  assert.deepEqual(heard, []);
  phone.event('unregistered');
  await settle();
  assert.equal(heard.length, 1);
  old.say('result', { status: 'done', value: {} }, old.received.at(-1)!.id);
});

test('destroy rejects an init in flight, before the configuration and before the phone', async () => {
  for (const loaded of [false, true]) {
    newPhone().listening = false;
    let answer = (_: unknown): void => {};
    if (!loaded) server.answer = () => new Promise((resolve) => (answer = resolve));
    const refused = assert.rejects(Ringlet.init(config), code('DESTROYED'));
    const queued = assert.rejects(Ringlet.call('600'), code('DESTROYED'));
    await settle();
    if (loaded) load();
    Ringlet.destroy();
    await Promise.all([refused, queued]);
    answer(fixture('http.success'));
    await settle();
    assert.equal(host(), null);
    server.answer = original;
  }
});

test('the launcher opens and closes the phone, and its name says how the phone is doing', async () => {
  const phone = await start();
  assert.equal(frame().style.visibility, 'hidden');
  assert.equal(launcher().ariaExpanded, 'false');
  assert.equal(launcher().ariaLabel, 'Acme Phone: connected');
  launcher().click();
  assert.equal(frame().style.visibility, '');
  assert.equal(launcher().ariaExpanded, 'true');
  Ringlet.toggle();
  assert.equal(frame().style.visibility, 'hidden');

  const { data } = fixture('to_loader.snapshot_in_call');
  phone.say('snapshot', data);
  await settle();
  assert.equal(launcher().ariaLabel, 'Acme Phone: incoming call');
  phone.say('snapshot', { ...data, calls: data.calls.slice(0, 1) });
  await settle();
  assert.equal(launcher().ariaLabel, 'Acme Phone: in a call');
  phone.say('snapshot', { ...data, registered: false, inCall: false, calls: [] });
  await settle();
  assert.equal(launcher().ariaLabel, 'Acme Phone: not connected');
  assert.deepEqual(sent(phone, 'visibility'), [{ open: false }, { open: true }, { open: false }]);
});

test('a call and the phone itself bring the phone into view', async () => {
  const phone = await start();
  await Ringlet.dial('600');
  assert.equal(frame().style.visibility, '');
  phone.say('visibility', { open: false });
  await settle();
  assert.equal(frame().style.visibility, 'hidden');
  const told = sent(phone, 'visibility').length;
  phone.say('visibility', { open: true });
  await settle();
  assert.equal(frame().style.visibility, '');
  assert.equal(sent(phone, 'visibility').length, told, 'the phone is not told what it said');
});

test('in a container the phone fills it, without a launcher', async () => {
  for (const by of ['element', 'id']) {
    page.document.body.innerHTML = '<div id="dock"></div>';
    const dock = page.document.getElementById('dock')!;
    await start({ container: by === 'id' ? 'dock' : (dock as never) });
    assert.equal(dock.firstElementChild, host());
    assert.equal(launcher(), null);
    assert.equal(frame().style.visibility, '');
    Ringlet.destroy();
    await settle();
    assert.equal(dock.innerHTML, '');
  }
});

test('a tel: link calls; a failure is an error event; false leaves the links alone', async () => {
  const click = async (): Promise<boolean> => {
    page.document.body.innerHTML = '<a id="echo" href="tel:600;ext=7">Echo</a>';
    const event = new page.MouseEvent('click', { bubbles: true, cancelable: true, composed: true });
    page.document.getElementById('echo')!.dispatchEvent(event);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await settle();
    return event.defaultPrevented;
  };
  const heard: any[] = [];
  const phone = await start({ onError: (error) => heard.push(error) });
  phone.answers.call = () => ({ status: 'failed', value: { code: 'CALL_LIMIT', message: 'Busy.' } });
  assert.equal(await click(), true);
  assert.deepEqual(sent(phone, 'call'), [{ number: '600;ext=7' }]);
  assert.deepEqual(heard, [{ code: 'CALL_LIMIT', message: 'Busy.', fatal: false, recoverable: true }]);
  Ringlet.destroy();
  assert.equal(await click(), false);
  await start({ interceptTelLinks: false });
  assert.equal(await click(), false);
});
