import { RingletError } from './error.js';
import type { RuntimeConfig } from './generated/config.js';
import { isErrorBody, isRuntimeConfig } from './guards.js';
import { isFields } from './shape.js';

const TIMEOUT_MS = 15_000;

/** Asks the server for the tenant's configuration; rejects with the server's own code or `NETWORK_ERROR`. */
export const fetchRuntimeConfig = async (server: string, key: string): Promise<RuntimeConfig> => {
  let answer: unknown;
  try {
    const response = await fetch(`${server}/api/webphone/config`, {
      headers: { 'X-Ringlet-Key': key },
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
