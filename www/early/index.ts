/** The page's first script. It is small, and runs while the phone's program is still on its way. */
import type { PageConfig } from '../../loader/src/generated/config.js';
import { openEarlySocket } from './socket.js';

// The server writes the tenant's configuration into the page.
const config = document.getElementById('config')?.textContent;
if (config) openEarlySocket(JSON.parse(config) as PageConfig, location.hash);
