// sipp as a far end with a script: it refuses calls with a status baresip cannot be told to send.

import fs from "node:fs";
import path from "node:path";
import { LOOPBACK, udpFree } from "./ports.mjs";
import { freshDir, start, TESTS } from "./processes.mjs";
import { fillTemplate } from "./template.mjs";

/** Starts sipp on UDP `port`: every call alerts briefly and is refused with `status`. */
export async function startRefuser(port, status) {
  const name = `sipp-${status}`;
  const dir = freshDir(name);
  const scenario = path.join(dir, "refuse.xml");
  const template = path.join(TESTS, "sip/etc/refuse.xml");
  fs.writeFileSync(scenario, fillTemplate(template, { STATUS: status }));
  return start({
    name,
    command: "sipp",
    args: ["-sf", scenario, "-i", LOOPBACK, "-p", String(port), "-nostdin"],
    cwd: dir,
    ready: async () => !(await udpFree(port)),
  });
}
