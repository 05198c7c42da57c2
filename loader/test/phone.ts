/** A phone on a fake page, as most tests begin with it; after each test the page is as before. */
import assert from 'node:assert/strict';
import { afterEach, mock } from 'node:test';
import type { InitConfig } from '../src/config.js';
import { RingletError } from '../src/error.js';
import { on } from '../src/handlers.js';
import * as Ringlet from '../src/ringlet.js';
import { type FakePhone, load, newPhone, page, PHONE_ORIGIN, server, settle } from './fake.js';

export const config: InitConfig = {
  key: 'pk_demo',
  server: PHONE_ORIGIN,
  sip: { username: 'agent1', password: 'wonderland' },
  behavior: { host: { mode: 'autologin' } },
};

/** Matches a `RingletError` with this code. */
export const code =
  (expected: string) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof RingletError, String(error));
    assert.equal(error.code, expected);
    return true;
  };

/** A phone on the page that takes commands. */
export const start = async (more: Partial<InitConfig> = {}): Promise<FakePhone> => {
  const phone = newPhone();
  const started = Ringlet.init({ ...config, ...more });
  await settle();
  phone.announce();
  load();
  await started;
  await settle();
  return phone;
};

/** The data of every message of this type that the phone has received. */
export const sent = (phone: FakePhone, type: string): unknown[] =>
  phone.received.filter((message) => message.type === type).map(({ data }) => data);

/** Everything the page hears of these events, by name. */
export const hearing = (...names: ('error' | 'callEnded' | 'registered' | 'unregistered')[]): any[] => {
  const heard: any[] = [];
  for (const name of names) on(name, (payload) => heard.push({ name, ...payload }));
  return heard;
};

/** How the fake server answers unless a test has it answer otherwise. */
export const original = server.answer;
afterEach(async () => {
  mock.timers.reset();
  Ringlet.destroy({ clearEventHandlers: true });
  await settle();
  server.answer = original;
  server.requests.length = 0;
  page.document.body.innerHTML = '';
});
