import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { RingletError } from '../src/error.js';
import { off, on } from '../src/handlers.js';
import * as log from '../src/log.js';
import * as Ringlet from '../src/ringlet.js';
import { deliver, load, newPhone, PHONE_ORIGIN, settle } from './fake.js';
import { fixture } from './fixtures.js';
import { code, config, sent, start } from './phone.js';

test('commands before init are refused', async () => {
  for (const command of [
    Ringlet.call('600'),
    Ringlet.dial('600'),
    Ringlet.hangup(),
    Ringlet.answer(),
    Ringlet.reject(),
    Ringlet.mute(),
    Ringlet.unmute(),
    Ringlet.hold(),
    Ringlet.unhold(),
    Ringlet.sendDtmf('1'),
    Ringlet.transfer('600'),
    Ringlet.transferTo('c1', 'c2'),
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
