// Ringlet's user agent without a browser: the crate's `console` example as a program with a real
// WebSocket, steered by lines, its messages and events read back.

import { built, start } from "./processes.mjs";
import { until, within } from "./wait.mjs";

/** What the console prints besides messages, by a line's first word. */
const KINDS = {
  event: "event",
  socket: "socket",
  call: "number",
  subscription: "number",
  message: "number",
  exported: "number",
  trace: "trace",
  error: "error",
};

let count = 0;

const example = (name) => built(`examples/${name}`, `RINGLET_${name.toUpperCase()}`);

/**
 * Starts a phone and waits for its socket. `options` are more words of the command line.
 *
 * Messages and events are taken in order: each is handed out once, so that a test reads as what
 * happens one after the other. `sent` and `received` look at all of them.
 */
export async function startNative({ url, user, password, domain, options = [] }) {
  count += 1;
  const name = `native-${user}-${count}`;
  const process = await start({
    name,
    command: example("console"),
    args: [url, user, domain, password, ...options],
    ready: /^socket open$/m,
    commands: true,
  });
  const transcript = new Transcript(process);
  const phone = {
    ...process,
    say: (line) => process.say(line),
    /** Waits for the next event that matches, after those handed out before. */
    event: (pattern, timeoutMs) => transcript.next("event", pattern, timeoutMs),
    /** Waits for an event that may come in any order, or has come. */
    hears: (pattern, timeoutMs = 10_000) =>
      until(`${pattern} by ${name}`, () => transcript.all("event", pattern)[0], { timeoutMs, everyMs: 10 }),
    /** All events so far that match. */
    events: (pattern) => transcript.all("event", pattern),
    /** Waits for the next message sent that matches. */
    sends: (pattern, timeoutMs) => transcript.next("sent", pattern, timeoutMs),
    /** Waits for the next message received that matches. */
    receives: (pattern, timeoutMs) => transcript.next("received", pattern, timeoutMs),
    /** All messages sent so far that match. */
    sent: (pattern) => transcript.all("sent", pattern),
    /** All messages received so far that match. */
    received: (pattern) => transcript.all("received", pattern),
    /** Gives a command that makes something new, and returns its number. */
    async makes(what, line) {
      process.say(line);
      return Number((await transcript.next("number", new RegExp(`^${what} `))).split(" ")[1]);
    },
    call: (target) => phone.makes("call", `call ${target}`),
    async register() {
      process.say("register");
      await phone.event(/^Registration\(Registered/);
    },
    /** Waits for an incoming call, and returns its number. */
    async incoming(timeoutMs) {
      const event = await phone.event(/^Incoming /, timeoutMs);
      return Number(/call: CallId\((\d+)\)/.exec(event)[1]);
    },
    /** Waits for the complaint about a command. */
    complains: (pattern) => transcript.next("error", pattern),
    /** What the agent has traced. */
    async trace() {
      process.say("trace");
      // Whatever comes after it, comes after all of it.
      process.say("no-such-command");
      await transcript.next("error", /^no such command/);
      return transcript.all("trace", /./);
    },
    /** Waits for the socket to be `open`, `lost` or `silent`. */
    socket: (state) => transcript.next("socket", new RegExp(`^${state}$`)),
    async stop() {
      if (!process.ended()) {
        process.say("leave\nquit");
        await within(2_000, `the end of ${name}`, process.exited).catch(() => {});
      }
      await process.stop();
    },
  };
  return phone;
}

/** Runs the crate's `call` example to its end, and returns what it said. */
export async function runCallExample(words) {
  const process = await start({ name: "example-call", command: example("call"), args: words });
  await within(20_000, "the end of the example", process.exited);
  return { output: process.output(), ended: process.ended() };
}

/** What a console has printed, taken apart. */
class Transcript {
  #process;
  #read = 0;
  #entries = [];
  #taken = Object.fromEntries([...new Set(Object.values(KINDS)), "sent", "received"].map((kind) => [kind, 0]));

  constructor(process) {
    this.#process = process;
  }

  async next(kind, pattern, timeoutMs = 10_000) {
    return until(
      `${pattern} ${kind} by ${this.#process.name}`,
      () => {
        if (this.#process.ended()) throw new Error(`${this.#process.name} ${this.#process.ended()}`);
        const entries = this.#of(kind);
        const index = entries.findIndex((text, i) => i >= this.#taken[kind] && pattern.test(text));
        if (index < 0) return false;
        this.#taken[kind] = index + 1;
        return entries[index];
      },
      { timeoutMs, everyMs: 10 },
    );
  }

  all(kind, pattern) {
    return this.#of(kind).filter((text) => pattern.test(text));
  }

  #of(kind) {
    this.#parse();
    return this.#entries.filter((entry) => entry.kind === kind).map((entry) => entry.text);
  }

  /** Only whole paragraphs and lines: the program may be in the middle of one. */
  #parse() {
    const output = this.#process.output();
    for (;;) {
      const rest = output.slice(this.#read);
      const isMessage = /^[<>] /.test(rest);
      const end = rest.indexOf(isMessage ? "\n\n" : "\n");
      if (end < 0) return;
      const text = rest.slice(0, end);
      this.#read += end + (isMessage ? 2 : 1);
      if (isMessage) {
        const message = text.split("\n").map((line) => line.slice(2)).join("\r\n");
        this.#entries.push({ kind: text[0] === ">" ? "sent" : "received", text: message });
        continue;
      }
      const [word, ...others] = text.split(" ");
      const kind = KINDS[word];
      if (kind === "number") this.#entries.push({ kind, text });
      else if (kind) this.#entries.push({ kind, text: others.join(" ") });
    }
  }
}

/** The value of a header in the text of a message; the first one of that name. */
export function header(message, name) {
  return new RegExp(`^${name} *: *(.*?)\r?$`, "im").exec(message.split("\r\n\r\n")[0])?.[1];
}
