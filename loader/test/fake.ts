/** A page with a phone in its frame, as the loader meets them: real ports, and windows that are not there. */
import { setImmediate } from 'node:timers/promises';
import type { PhoneInit } from '../src/generated/config.js';
import type { CommandResult, ToPhone } from '../src/generated/message.js';
import type { Message } from '../src/guards.js';
import { fixture } from './fixtures.js';
import { openPage } from './page.js';

export const PHONE_ORIGIN = 'https://phone.example.com';

export const page = openPage();

/** Lets ports and promises take their turns. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
};

/** A window message as the browser would deliver it. */
export const deliver = (data: unknown, source: unknown, origin: string): void => {
  const event = Object.assign(new page.Event('message'), { data, source, origin });
  page.dispatchEvent(event);
};

/** The window in the frame, with the phone that runs in it. */
export class FakePhone {
  /** Everything that was posted to the window, with the origin it was meant for. */
  readonly posted: { message: any; origin: string }[] = [];
  /** Everything that came through the port. */
  readonly received: Message<ToPhone>[] = [];
  port: MessagePort | undefined;
  /** Whether it answers what it hears in the handshake. */
  listening = true;
  /** Where the browser says that its messages come from. */
  origin = PHONE_ORIGIN;
  /** What it answers, by type; `undefined` keeps it silent. */
  answers: Partial<Record<ToPhone['type'], (data: any) => CommandResult | undefined>> = {};
  private lastId = 0;

  readonly window = {
    postMessage: (message: any, origin: string, ports: MessagePort[] = []): void => {
      this.posted.push({ message, origin });
      if (message.type === 'hello') this.acknowledge(message.data.nonce);
      if (message.type === 'connect') this.take(ports[0]!);
    },
  };

  get nonces(): string[] {
    return this.posted.filter(({ message }) => message.type === 'hello').map(({ message }) => message.data.nonce);
  }

  get init(): PhoneInit {
    return this.received.find(({ type }) => type === 'init')!.data as PhoneInit;
  }

  /** What the first script of a phone's page says. */
  announce(nonce = 'b'.repeat(32)): void {
    deliver(this.message('announce', { nonce }), this.window, this.origin);
  }

  acknowledge(nonce: string): void {
    if (this.listening) {
      queueMicrotask(() => deliver(this.message('helloAck', { nonce, version: '0.1.0' }), this.window, this.origin));
    }
  }

  message(type: string, data: unknown, replyTo?: string): object {
    return { ns: 'ringlet', v: 1, type, id: `p${++this.lastId}`, ...(replyTo && { replyTo }), data };
  }

  say(type: string, data: unknown, replyTo?: string): void {
    this.port!.postMessage(this.message(type, data, replyTo));
  }

  /** Sends a fixture's event. */
  event(name: string): void {
    this.say('event', fixture(`to_loader.event_${name}`).data);
  }

  close(): void {
    this.port?.close();
  }

  private take(port: MessagePort): void {
    this.port?.close();
    this.port = port;
    port.onmessage = ({ data: message }: MessageEvent<Message<ToPhone>>) => {
      this.received.push(message);
      const answer = this.answers[message.type];
      const result = answer ? answer(message.data) : { status: 'done', value: {} };
      if (!result) return;
      this.say('result', result, message.id);
      if (message.type === 'init' && result.status === 'done') {
        this.say('snapshot', fixture('to_loader.snapshot_idle').data);
        this.event('ready');
      }
    };
  }
}

/** The phone that every frame of the page shows from now on. */
let phone: FakePhone;

export const newPhone = (): FakePhone => (phone = new FakePhone());

const createElement = page.document.createElement.bind(page.document);
page.document.createElement = ((name: string) => {
  const element = createElement(name);
  if (name === 'iframe') {
    const { window } = phone;
    Object.defineProperty(element, 'contentWindow', { get: () => window });
  }
  return element;
}) as never;

/** What the server answers, and what it was asked. */
export const server = {
  requests: [] as { url: string; headers: unknown }[],
  answer: async (): Promise<unknown> => fixture('http.success'),
};

globalThis.fetch = (async (url: string, options: { headers?: unknown }) => {
  server.requests.push({ url, headers: options.headers });
  const body = await server.answer();
  return { json: async () => body };
}) as never;

/** The loader's element, if it is on the page. */
export const host = (): any => page.document.querySelector('ringlet-phone');
export const frame = (): any => host()?.shadowRoot.querySelector('iframe');
export const launcher = (): any => host()?.shadowRoot.querySelector('button');

/** What the browser says when the frame has loaded its page. */
export const load = (): void => frame().dispatchEvent(new page.Event('load'));
