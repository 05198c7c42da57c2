// `ringlet serve` with a configuration file of the tests' making.

import fs from "node:fs";
import path from "node:path";
import { LOOPBACK } from "./ports.mjs";
import { built, freshDir, start } from "./processes.mjs";

/** The tenant's name in the phone's header and the frame's title. */
export const BRAND = "Test phone";

/** Starts the server on `port` for `tenants`: `{id, key, origins, wssUrl, domain, enabled?, maxSessions?,
 * behavior?}`, the last in lines of TOML. */
export async function startServer({ port, tenants }) {
  const dir = freshDir("server");
  const file = path.join(dir, "ringlet.toml");
  fs.writeFileSync(file, configuration(port, tenants));
  return start({
    name: "server",
    command: built("ringlet", "RINGLET_BIN"),
    args: [...dist(), "serve", "--config", file],
    cwd: dir,
    ready: async () => (await fetch(`http://${LOOPBACK}:${port}/healthz`)).ok,
  });
}

/** The arguments for serving another build of the phone than the one inside the program. */
export function dist() {
  return process.env.RINGLET_DIST ? ["--dist", process.env.RINGLET_DIST] : [];
}

// A JSON string or list of strings is a TOML one.
const toml = JSON.stringify;

function configuration(port, tenants) {
  const top = `listen = "${LOOPBACK}:${port}"\ndata_dir = "data"\n`;
  return top + tenants.map(tenantTable).join("");
}

function tenantTable({ id, key, origins, wssUrl, domain, enabled = true, maxSessions = 1, behavior = [] }) {
  return `
[[tenants]]
id = ${toml(id)}
key = ${toml(key)}
enabled = ${enabled}
max_sessions = ${maxSessions}
allowed_origins = ${toml(origins)}
sip_domain = ${toml(domain)}
wss_url = ${toml(wssUrl)}
[tenants.branding]
display_name = ${toml(BRAND)}
[tenants.behavior]
${behavior.join("\n")}
`;
}
