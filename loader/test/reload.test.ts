import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import * as Ringlet from '../src/ringlet.js';
import { frame, host, load, newPhone, settle } from './fake.js';
import { fixture } from './fixtures.js';
import { code, config, hearing, sent, start } from './phone.js';

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
