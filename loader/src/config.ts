import { RingletError } from './error.js';
import type { HostInit, HostMode, SessionRestore, Theme } from './generated/config.js';
import type { ErrorEvent } from './generated/event.js';
import { httpOrigin } from './guards.js';
import { setDebug, warn } from './log.js';
import { misfit } from './shape.js';

/** What a page passes to `init`. */
export interface InitConfig {
  /** The tenant's publishable key. */
  key: string;
  /** Origin of the Ringlet server. Needed with the npm package; the script tag knows it. */
  server?: string;
  /** SIP credentials: complete, partial, or none (the person signs in). */
  sip?: {
    username?: string;
    /** Only a fall-back; the tenant's own domain wins. */
    domain?: string;
    /** Older name of `domain`. */
    server?: string;
    password?: string;
    /** `MD5(username:realm:password)` in place of `password`; never both. */
    HA1Password?: string;
  };
  /** Override the tenant's defaults. */
  behavior?: {
    host?: { mode?: HostMode };
    sessionRestore?: SessionRestore;
    theme?: { start?: Theme };
  };
  /** The element, or its id, to put the phone in; without it a launcher floats over the page. */
  container?: Element | string;
  /** Call the number of a `tel:` link that is clicked. Default: true. */
  interceptTelLinks?: boolean;
  /** Say in the console what is ignored and what is dropped. */
  debug?: boolean;
  /** Hears what the event `error` tells, and why `init` failed. */
  onError?: (payload: ErrorEvent) => void;
}

/** `InitConfig`, checked and reduced to what a page may set. */
export interface CheckedConfig {
  key: string;
  server: string;
  host: HostInit;
  container: Element | null | undefined;
  interceptTelLinks: boolean;
  onError: InitConfig['onError'];
}

const shapes: Record<string, string> = {
  config:
    'key server? sip:object? behavior:object? container:string|object? interceptTelLinks:boolean? ' +
    'debug:boolean? onError:function?',
  sip: 'username? domain? server? password? HA1Password?',
  behavior: 'host:object? sessionRestore:=auto|=off? theme:object?',
  host: 'mode:=confirm|=autologin|=prefilled?',
  theme: 'start:=system|=light|=dark?',
};

/** Reduces what the page passed; throws `INVALID_CONFIG` naming the field that is wrong. */
export const checkConfig = (config: InitConfig, scriptOrigin: string | undefined): CheckedConfig => {
  setDebug(config?.debug === true);
  check('config', config);
  const { key, sip, behavior, container, interceptTelLinks = true, onError } = config;

  const server = httpOrigin(config.server ?? scriptOrigin) ?? refuse('the origin of the server');
  const element = typeof container === 'string' ? document.getElementById(container) : container;
  if (!key.trim()) refuse('key');
  if (sip?.password && sip.HA1Password) refuse('password or HA1Password, not both');
  if (container && !(element instanceof Element)) refuse('container to exist');

  return {
    key,
    server,
    // Fields that are not set vanish on the way to the phone.
    host: {
      sip: { ...sip, domain: sip?.domain ?? sip?.server },
      mode: behavior?.host?.mode,
      sessionRestore: behavior?.sessionRestore,
      theme: behavior?.theme?.start,
    } as HostInit,
    container: element,
    interceptTelLinks,
    onError,
  };
};

/** Checks a level of the configuration and those below, which are named like their fields. */
const check = (name: string, value: unknown): void => {
  const shape = shapes[name];
  if (!shape) return;
  const wrong = misfit(shape, value);
  if (wrong) refuse(`${name}.${wrong}`);
  for (const [field, inner] of Object.entries(value as object)) {
    if (!shape.split(/[ :?]+/).includes(field)) warn(`${name}.${field} is ignored`);
    else if (inner) check(field, inner);
  }
};

const refuse = (expected: string): never => {
  throw new RingletError('INVALID_CONFIG', `init expects ${expected}`);
};
