import type { EventMessage, HostEvent } from './generated/event.js';

/** The events and what their handlers receive: the payload, and what every event carries. */
export type Events = {
  [E in HostEvent as E['name']]: E['payload'] & Omit<EventMessage, 'event'>;
};

/** The name of an event. */
export type EventName = keyof Events;

/** A function given to `on`. */
export type Handler<Name extends EventName> = (payload: Events[Name]) => void;

type AnyHandler = (payload: never) => void;

const handlers = new Map<EventName, Set<AnyHandler>>();

/** Calls `handler` on every such event from now on. The same function twice counts once. */
export const on = <Name extends EventName>(event: Name, handler: Handler<Name>): void => {
  handlers.set(event, (handlers.get(event) ?? new Set()).add(handler));
};

/** Undoes `on`. */
export const off = <Name extends EventName>(event: Name, handler: Handler<Name>): void => {
  handlers.get(event)?.delete(handler);
};

/** Forgets every handler. */
export const clearHandlers = (): void => handlers.clear();

/** Calls the handlers in the order they were added; one that throws does not stop the next. */
export const emit = <Name extends EventName>(event: Name, payload: Events[Name]): void => {
  for (const handler of [...(handlers.get(event) ?? [])]) safely(handler as Handler<Name>, payload);
};

/** Calls the page's code; what it throws goes to the console. */
export const safely = <Payload>(
  callback: ((payload: Payload) => void) | undefined,
  payload: Payload,
): void => {
  try {
    callback?.(payload);
  } catch (error) {
    console.error('[Ringlet]', error);
  }
};
