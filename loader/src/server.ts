import { RingletError } from './error.js';
import type { HostInit, RuntimeConfig } from './generated/config.js';
import { isErrorBody, isRuntimeConfig } from './guards.js';
import { isFields } from './shape.js';

const TIMEOUT_MS = 15_000;

/**
 * Asks the server for the tenant's configuration; rejects with the server's own code or `NETWORK_ERROR`.
 *
 * The key goes in the query, not in a header: a header would cost a preflight before the request.
 */
export const fetchRuntimeConfig = async (server: string, key: string): Promise<RuntimeConfig> => {
  let answer: unknown;
  try {
    const response = await fetch(`${server}/api/webphone/config?${new URLSearchParams({ key })}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    answer = await response.json();
  } catch (cause) {
    throw new RingletError('NETWORK_ERROR', `${server}: ${cause}`);
  }
  if (isFields(answer)) {
    const { data, error } = answer;
    if (isErrorBody(error)) throw new RingletError(error.code, error.message);
    if (isRuntimeConfig(data)) return data;
  }
  throw new RingletError('NETWORK_ERROR', `${server} is no Ringlet server.`);
};

/**
 * The address of the phone's page, which follows from the key: it need not wait for the configuration.
 *
 * The fragment tells the page's first script whether a sign-in is likely, so that it can open the SIP
 * socket at once. It says that there are credentials, and never what they are.
 */
export const pageAddress = (server: string, key: string, { sip, mode, sessionRestore }: HostInit): string => {
  const likely = new URLSearchParams();
  if (sip.username && (sip.password || sip.HA1Password)) likely.set('credentials', '');
  if (mode) likely.set('mode', mode);
  if (sessionRestore) likely.set('sessionRestore', sessionRestore);
  return `${server}/app/?${new URLSearchParams({ key })}#${likely}`;
};
