import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpOrigin, isErrorBody, isHelloAck, isMessage, isRuntimeConfig, isToLoader } from '../src/guards.js';
import { fixture, fixtures } from './fixtures.js';

/** Every way to break one field of an object: gone, or of another type. */
function* broken(value: any, path: string[] = []): Generator<[string, any]> {
  for (const name of Object.keys(value)) {
    const here = [...path, name];
    const without = structuredClone(value);
    delete without[name];
    yield [`${here.join('.')} is missing`, without];
    for (const other of [null, 7, 'x', true, [], {}]) {
      if (kind(other) === kind(value[name])) continue;
      yield [`${here.join('.')} is ${JSON.stringify(other)}`, { ...value, [name]: other }];
    }
    if (kind(value[name]) === 'object') {
      for (const [what, inner] of broken(value[name], here)) yield [what, { ...value, [name]: inner }];
    }
  }
}

const kind = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;

test('every message of the phone is accepted', () => {
  for (const [name, message] of fixtures('to_loader.')) assert.ok(isToLoader(message), name);
});

test('messages to the phone are not taken for messages of the phone', () => {
  for (const [name, message] of fixtures('to_phone.')) {
    if (name !== 'to_phone.visibility.json') assert.ok(!isToLoader(message), name);
  }
});

test('a message of the phone with one broken field is refused', () => {
  // What may be absent, where null stands for nothing, and what goes to the page unread.
  const allowed =
    /(replyTo|value\.callId|diagnostics) is missing|activeNumber is ("x"|null)|(diagnostics|payload)\./;
  let tried = 0;
  for (const [name, message] of fixtures('to_loader.')) {
    for (const [what, mutant] of broken(message)) {
      if (allowed.test(what)) continue;
      tried++;
      assert.ok(!isToLoader(mutant), `${name}: ${what}`);
    }
  }
  assert.ok(tried > 500, `${tried} mutants`);
});

test('an unknown type, an unknown event and names of the prototype are refused', () => {
  const event = fixture('to_loader.event_ready');
  for (const type of ['', 'init', 'toString', 'constructor', '__proto__']) {
    assert.ok(!isToLoader({ ...event, type }), type);
    assert.ok(
      !isToLoader({ ...event, data: { ...event.data, event: { name: type, payload: {} } } }),
      type,
    );
  }
});

test('a list or an object is not taken for the word it prints as', () => {
  const message = fixture('to_loader.result_done');
  for (const status of [['done'], { toString: () => 'done' }]) {
    assert.ok(!isToLoader({ ...message, data: { ...message.data, status } }));
  }
});

test('a broken call in a snapshot is refused', () => {
  const snapshot = fixture('to_loader.snapshot_in_call');
  snapshot.data.calls[1].muted = 'no';
  assert.ok(!isToLoader(snapshot));
});

test('fields that a newer phone adds do not matter', () => {
  const message = fixture('to_loader.event_call_ended');
  message.data.event.payload.mos = 4.1;
  message.data.event.payload.cause = 'a-cause-of-tomorrow';
  assert.ok(isToLoader(message));
});

test('another protocol, another version, and anything but a message are refused', () => {
  const message = fixture('window.hello_ack');
  assert.ok(isMessage(message));
  for (const wrong of [
    { ...message, ns: 'other' },
    { ...message, ns: undefined },
    { ...message, v: 2 },
    { ...message, v: '1' },
    { ...message, id: 4 },
    undefined,
    null,
    0,
    '',
    'ringlet',
    [],
    [message],
    () => message,
  ]) {
    assert.ok(!isMessage(wrong), String(JSON.stringify(wrong)));
  }
});

test('the largest message is accepted and one character more is not', () => {
  const message = { ns: 'ringlet', v: 1, type: 'visibility', id: '1', data: { open: true, pad: '' } };
  message.data.pad = 'x'.repeat(64 * 1024 - JSON.stringify(message).length);
  assert.ok(isToLoader(message));
  message.data.pad += 'x';
  assert.ok(!isToLoader(message));
});

test('a message with a cycle or a big integer is refused and nothing is thrown', () => {
  const cycle: Record<string, unknown> = { open: true };
  cycle['self'] = cycle;
  for (const data of [cycle, { open: true, big: 1n }]) {
    assert.ok(!isToLoader({ ns: 'ringlet', v: 1, type: 'visibility', id: '1', data }));
  }
});

test('the answer to hello needs a nonce and a version', () => {
  const { data } = fixture('window.hello_ack');
  assert.ok(isHelloAck(data));
  for (const [what, mutant] of broken(data)) assert.ok(!isHelloAck(mutant), what);
});

test('the errors of the server are told from its configurations', () => {
  assert.ok(isErrorBody(fixture('http.problem').error));
  assert.ok(!isErrorBody(fixture('http.success').data));
  for (const config of fixtures('config.runtime').values()) assert.ok(isRuntimeConfig(config));
});

test('a configuration whose page is no web address is refused', () => {
  const config = fixture('config.runtime');
  for (const uiUrl of ['javascript:alert(1)', 'data:text/html,x', '/t/acme/', '', null, 7]) {
    assert.ok(!isRuntimeConfig({ ...config, uiUrl }), String(uiUrl));
  }
  assert.ok(!isRuntimeConfig({ ...config, branding: {} }));
});

test('the origin of an address is found, or nothing', () => {
  assert.equal(httpOrigin('https://phone.example.com:443/t/acme/?x#y'), 'https://phone.example.com');
  assert.equal(httpOrigin('http://127.0.0.1:8080/'), 'http://127.0.0.1:8080');
  for (const bad of ['blob:https://a.example/1', 'file:///etc/passwd', 'phone.example.com', undefined]) {
    assert.equal(httpOrigin(bad), undefined);
  }
});
