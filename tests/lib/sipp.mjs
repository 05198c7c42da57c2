// sipp as a far end with a script, for what baresip cannot be told to do.

import fs from "node:fs";
import path from "node:path";
import { freePort, LOOPBACK, udpFree } from "./ports.mjs";
import { freshDir, start, tail, TESTS } from "./processes.mjs";
import { toXml } from "./script.mjs";
import { fillTemplate } from "./template.mjs";
import { within } from "./wait.mjs";

/** The number that Kamailio reaches a scripted far end by. */
const numberOf = (port) => `7${port}`;

/** Starts sipp as `number`: every call alerts briefly and is refused with `status`. */
export async function startRefuser(status) {
  const port = await freePort();
  const name = `sipp-${status}`;
  const dir = freshDir(name);
  const scenario = path.join(dir, "refuse.xml");
  const template = path.join(TESTS, "sip/etc/refuse.xml");
  fs.writeFileSync(scenario, fillTemplate(template, { STATUS: status }));
  const process = await start({
    name,
    command: "sipp",
    args: ["-sf", scenario, "-i", LOOPBACK, "-p", String(port), "-nostdin"],
    cwd: dir,
    ready: async () => !(await udpFree(port)),
  });
  return { ...process, number: numberOf(port) };
}

let count = 0;

/**
 * Runs a script (see script.mjs) for one call. A script that begins with `begin` calls `user` by way
 * of `server`; any other waits to be called as `number`.
 *
 * `done()` resolves when every step has happened, and rejects with sipp's words and messages when
 * one did not.
 */
export async function startScript(steps, { server, user = "agent1" } = {}) {
  const port = await freePort();
  count += 1;
  const name = `sipp-script-${count}`;
  const dir = freshDir(name);
  const file = (extension) => path.join(dir, `script.${extension}`);
  fs.writeFileSync(file("xml"), toXml(steps, numberOf(port)));
  const calls = steps[0].step === "begin";
  const process = await start({
    name,
    command: "sipp",
    args: [
      ...["-sf", file("xml"), "-i", LOOPBACK, "-p", String(port), "-nostdin", "-m", "1"],
      ...["-timeout", "40", "-timeout_error", "-default_behaviors", "abortunexp"],
      ...["-trace_err", "-error_file", file("errors"), "-trace_msg", "-message_file", file("messages")],
      ...(calls ? ["-s", user, server] : []),
    ],
    cwd: dir,
    ready: calls ? undefined : async () => !(await udpFree(port)),
  });
  const said = (extension) => (fs.existsSync(file(extension)) ? fs.readFileSync(file(extension), "utf8") : "");
  const words = () => `${said("errors")}\n${tail(said("messages"), 120)}`;
  return {
    ...process,
    number: numberOf(port),
    output: words,
    async done(timeoutMs = 15_000) {
      try {
        await within(timeoutMs, `the end of ${name}`, process.exited);
        if (process.ended() !== "ended with 0") throw new Error(`${name} ${process.ended()}`);
      } catch (error) {
        await process.stop();
        throw new Error(`${error.message}\n${words()}`);
      }
    },
  };
}
