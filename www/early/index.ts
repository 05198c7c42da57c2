/**
 * The page's first script. It is small, and does at once what need not wait for the phone's program: it
 * announces the page to the loader, and opens the SIP socket if a sign-in is likely.
 */
import type { PageConfig } from '../../loader/src/generated/config.js';
import type { Early } from './early.js';
import { announce } from './announce.js';
import { compile } from './compile.js';
import { openEarlySocket } from './socket.js';

const early: Early = { heard: [] };
globalThis.ringletEarly = early;
announce(early);

// The server writes the tenant's configuration into the page.
const config = document.getElementById('config')?.textContent;
if (config) openEarlySocket(early, JSON.parse(config) as PageConfig, location.hash);

compile(early);
