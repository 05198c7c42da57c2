import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { on } from '../src/handlers.js';
import * as Ringlet from '../src/ringlet.js';
import { frame, host, launcher, load, newPhone, page, server, settle } from './fake.js';
import { fixture } from './fixtures.js';
import { code, config, hearing, original, start } from './phone.js';

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
