// baresip as the far end: a plain SIP phone over UDP and RTP, steered over its control socket.

import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { freePort, freePorts, LOOPBACK } from "./ports.mjs";
import { freshDir, start, TESTS } from "./processes.mjs";
import { fillTemplate, firstFolder } from "./template.mjs";
import { readWav } from "./wav.mjs";
import { until, within } from "./wait.mjs";

const TEMPLATE = path.join(TESTS, "sip/etc/baresip.conf");
const MODULES = ["/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules", "/usr/local/lib/baresip/modules"];
const RTP_PORTS = 40;

/**
 * Starts baresip and waits until it is registered.
 *
 * `answer` is `"auto"`, `"manual"` (then `command("accept")` or `command("hangup")`), or `"early"`
 * (sends early media, then waits for `command("accept")`).
 */
export async function startBaresip({ user, password, domain, server, answer = "auto" }) {
  const name = `baresip-${user}`;
  const dir = freshDir(name);
  const heard = path.join(dir, "heard");
  fs.mkdirSync(heard);
  const control = await freePort();
  const rtp = await freePorts(RTP_PORTS);
  const config = fillTemplate(TEMPLATE, {
    CONTROL_PORT: control,
    HEARD: heard,
    MODULES: firstFolder(...MODULES),
    RTP_FIRST: rtp,
    RTP_LAST: rtp + RTP_PORTS - 1,
    SIP_PORT: await freePort(),
  });
  fs.writeFileSync(path.join(dir, "config"), config);
  fs.writeFileSync(
    path.join(dir, "accounts"),
    `<sip:${user}@${domain}>;auth_user=${user};auth_pass=${password}` +
      `;outbound="sip:${server};transport=udp";regint=60;answermode=${answer};audio_codecs=pcmu,pcma\n`,
  );
  fs.writeFileSync(path.join(dir, "contacts"), "");

  const process = await start({
    name,
    command: "baresip",
    args: ["-4", "-s", "-f", dir],
    cwd: dir,
    ready: /200 OK|registered successfully/i,
  });
  const socket = await ControlSocket.open(control);
  return {
    ...process,
    /** Forgets the events so far. */
    reset: () => socket.events.splice(0),
    /** Waits for the next event of a type, e.g. `CALL_INCOMING`, that was not taken before. */
    event: (type, timeoutMs) => socket.event(type, timeoutMs),
    command: (command, params) => socket.command(command, params),
    /** What this phone heard in its finished calls: `{samples, rate}` for each. */
    async recordings() {
      const files = fs.readdirSync(heard).filter((file) => file.endsWith("-dec.wav"));
      return files.map((file) => readWav(path.join(heard, file)));
    },
    async stop() {
      socket.close();
      await process.stop();
    },
  };
}

/** JSON in netstrings: `12:{"event":…},`. */
class ControlSocket {
  events = [];
  #socket;
  #pending = Buffer.alloc(0);
  #answers = new Map();
  #count = 0;

  static async open(port) {
    const socket = net.connect(port, LOOPBACK);
    await within(5_000, "baresip's control socket", new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    }));
    return new ControlSocket(socket);
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("data", (chunk) => this.#read(chunk));
  }

  #read(chunk) {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const colon = this.#pending.indexOf(0x3a);
      if (colon < 0) return;
      const length = Number(this.#pending.subarray(0, colon));
      const end = colon + 1 + length;
      if (this.#pending.length < end + 1) return;
      const message = JSON.parse(this.#pending.subarray(colon + 1, end));
      this.#pending = this.#pending.subarray(end + 1);
      if (message.response) this.#answers.get(message.token)?.(message);
      else this.events.push(message);
    }
  }

  async command(command, params) {
    const token = `t${(this.#count += 1)}`;
    const answered = new Promise((resolve) => this.#answers.set(token, resolve));
    const json = JSON.stringify({ command, params, token });
    this.#socket.write(`${Buffer.byteLength(json)}:${json},`);
    const answer = await within(5_000, `baresip's answer to ${command}`, answered);
    if (!answer.ok) throw new Error(`baresip refused ${command}: ${answer.data}`);
    return answer.data;
  }

  async event(type, timeoutMs = 10_000) {
    return until(
      `baresip's ${type}`,
      () => {
        const index = this.events.findIndex((event) => event.type === type);
        return index >= 0 && this.events.splice(index, 1)[0];
      },
      { timeoutMs, everyMs: 20 },
    );
  }

  close() {
    this.#socket.destroy();
  }
}
