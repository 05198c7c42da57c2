import { envelope } from './envelope.js';
import { RingletError } from './error.js';
import type { ResultValue, ToLoader, ToPhone } from './generated/message.js';
import { isToLoader } from './guards.js';
import { drop } from './log.js';
import type { Messenger } from './messenger.js';

/** What the phone tells without being asked, by the type of the message. */
export type Listener = {
  [M in Exclude<ToLoader, { type: 'result' }> as M['type']]: (data: M['data']) => void;
};

/** Commands and their answers, to and from one loaded phone. */
export interface Link {
  /** Sends a command; settles with the phone's answer, or rejects when the link ends first. */
  request(command: ToPhone): Promise<ResultValue>;
  /** Rejects everything that waits for an answer. */
  rejectAll(reason: RingletError): void;
  /** Rejects everything and hears nothing more. */
  close(reason: RingletError): void;
}

interface Waiting {
  resolve(value: ResultValue): void;
  reject(reason: RingletError): void;
}

/** Listens to the phone until it is closed. */
export const openLink = (messenger: Messenger, listener: Listener): Link => {
  const waiting = new Map<string, Waiting>();
  let ended: RingletError | undefined;

  messenger.listen((message) => {
    if (ended) return;
    if (!isToLoader(message)) return drop('malformed', message);
    if (message.type !== 'result') return listener[message.type](message.data as never);
    const { replyTo, data } = message;
    const command = waiting.get(replyTo!);
    if (!command) return drop('stray', message);
    waiting.delete(replyTo!);
    if (data.status === 'done') command.resolve(data.value);
    else command.reject(new RingletError(data.value.code, data.value.message));
  });

  const rejectAll = (reason: RingletError): void => {
    for (const command of waiting.values()) command.reject(reason);
    waiting.clear();
  };

  return {
    request: (command) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        const message = envelope(command);
        waiting.set(message.id, { resolve, reject });
        messenger.post(message);
      }),
    rejectAll,
    close(reason) {
      ended = reason;
      rejectAll(reason);
      messenger.close();
    },
  };
};
