/** The public types, held to what a page may write. Nothing here runs: `tsc` is the judge. */
import { call, type ErrorCode, getState, init, off, on, RingletError, toggle } from '../src/index.js';

export const rightUse = async (): Promise<void> => {
  await init({ key: 'pk', sip: { username: 'a', HA1Password: 'f' }, container: document.body });
  const { callId } = await call('600', { callerId: '1', correlationId: 'x' });
  const name: string = callId;
  const handler = (event: { callId: string; duration: number; seq: number; at: string }): void => {
    console.log(name, event);
  };
  on('callEnded', handler);
  off('callEnded', handler);
  on('callEnded', ({ cause }) => cause === 'busy');
  on('registered', ({ userKey, eventId }) => userKey + eventId);
  const busy: boolean = getState().calls.some(({ state }) => state === 'ringing');
  const code: ErrorCode = new RingletError('CALL_LIMIT', String(busy)).code;
  toggle();
  return code === 'CALL_LIMIT' ? undefined : Promise.resolve();
};

export const wrongUse = async (): Promise<void> => {
  // @ts-expect-error the key is missing
  await init({});
  // @ts-expect-error there is no such mode
  await init({ key: 'pk', behavior: { host: { mode: 'silent' } } });
  // @ts-expect-error a page does not choose the phone's address
  await init({ key: 'pk', uiUrl: 'https://evil.example' });
  // @ts-expect-error a number is text
  await call(600);
  // @ts-expect-error there is no such option
  await call('600', { recording: true });
  // @ts-expect-error there is no such event
  on('callExploded', () => {});
  // @ts-expect-error this event has no duration
  on('callRinging', ({ duration }) => duration);
  // @ts-expect-error there is no such cause
  on('callEnded', ({ cause }) => cause === 'bored');
  // @ts-expect-error there is no such code
  new RingletError('OOPS', '');
};
