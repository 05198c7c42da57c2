// Kamailio with a WebSocket for browsers and UDP for plain phones.

import fs from "node:fs";
import path from "node:path";
import { freePort, LOOPBACK } from "./ports.mjs";
import { freshDir, start, TESTS } from "./processes.mjs";
import { fillTemplate, firstFolder } from "./template.mjs";

const TEMPLATE = path.join(TESTS, "sip/etc/kamailio.cfg");
const MODULES = ["/usr/lib/x86_64-linux-gnu/kamailio/modules", "/usr/lib/aarch64-linux-gnu/kamailio/modules", "/usr/lib/kamailio/modules"];

export const DOMAIN = "kamailio.test";

/** The users it knows; each one's password is `secret-<user>`. */
export const USERS = ["agent1", "agent2", "bob", "carol", "dave"];

export const passwordOf = (user) => `secret-${user}`;

/**
 * Starts Kamailio. `restart()` brings it back on the same ports after `stop()`, with an empty
 * registrar, as after a crash.
 *
 * `algorithm` is the digest's (`"MD5"` or `"SHA-256"`), and a nonce is good for `nonceSeconds`.
 * Without `rtpengine`, SDP passes through as it is.
 */
export async function startKamailio({ rtpengine, algorithm = "MD5", nonceSeconds = 300, name = "kamailio" } = {}) {
  const [wsPort, udpPort] = [await freePort(), await freePort()];
  const config = fillTemplate(TEMPLATE, {
    ALGORITHM: algorithm,
    DOMAIN,
    MODULES: firstFolder(...MODULES),
    NONCE_SECONDS: nonceSeconds,
    RTPENGINE: rtpengine?.control ?? "",
    UDP_PORT: udpPort,
    USERS: USERS.map((user) => `\t$sht(users=>${user}) = "${passwordOf(user)}";`).join("\n"),
    WS_PORT: wsPort,
  });
  const defines = rtpengine ? ["-A", "WITH_RTPENGINE"] : [];

  let process;
  async function run() {
    const dir = freshDir(name);
    const file = path.join(dir, "kamailio.cfg");
    fs.writeFileSync(file, config);
    process = await start({
      name,
      command: "kamailio",
      args: [...defines, "-DD", "-E", "-f", file, "-P", `${dir}/kamailio.pid`, "-Y", dir, "-m", "64", "-M", "8"],
      cwd: dir,
      ready: async () => (await fetch(`http://${LOOPBACK}:${wsPort}/`)).status === 404,
    });
  }
  await run();
  return {
    name,
    wsUrl: `ws://${LOOPBACK}:${wsPort}`,
    udp: `${LOOPBACK}:${udpPort}`,
    output: () => process.output(),
    stop: () => process.stop(),
    restart: run,
  };
}
