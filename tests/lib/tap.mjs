// A WebSocket proxy between a phone and its SIP server: it notes every frame with its time, and
// can do what networks do — fall silent, drop a connection, refuse new ones, deliver garbage.

import { WebSocket, WebSocketServer } from "ws";
import { LOOPBACK } from "./ports.mjs";
import { until } from "./wait.mjs";

/** Opens a tap in front of `serverUrl`; phones connect to `url`. */
export async function openTap(serverUrl) {
  const frames = [];
  const phones = new Set();
  let refusing = false;

  const server = new WebSocketServer({
    host: LOOPBACK,
    port: 0,
    handleProtocols: (offered) => (offered.has("sip") ? "sip" : false),
    verifyClient: () => !refusing,
  });
  await new Promise((resolve) => server.once("listening", resolve));

  server.on("connection", (phone, request) => {
    phones.add(phone);
    const origin = request.headers.origin;
    const upstream = new WebSocket(serverUrl, ["sip"], { origin, perMessageDeflate: false });
    const waiting = [];
    upstream.on("open", () => waiting.splice(0).forEach((send) => send()));
    const note = (from, data, binary) => {
      frames.push({ from, at: performance.now(), text: data.toString("utf8"), binary });
    };
    phone.on("message", (data, binary) => {
      note("phone", data, binary);
      const send = () => upstream.send(data, { binary });
      if (upstream.readyState === WebSocket.OPEN) send();
      else waiting.push(send);
    });
    // In their order, also when one is rewritten.
    let delivered = Promise.resolve();
    upstream.on("message", (data, binary) => {
      note("server", data, binary);
      const deliver = async () => {
        const passed = tap.rewrite && !binary ? await tap.rewrite(data.toString("utf8")) : data;
        if (phone.readyState === WebSocket.OPEN) phone.send(passed, { binary });
      };
      if (tap.rewrite) delivered = delivered.then(deliver);
      else void deliver();
    });
    phone.on("close", () => {
      phones.delete(phone);
      upstream.terminate();
    });
    upstream.on("close", () => phone.terminate());
    upstream.on("error", () => phone.terminate());
    phone.on("error", () => {});
  });

  const matching = (from, start) => frames.filter((f) => f.from === from && start.test(f.text));
  const tap = {
    name: "tap",
    /** Changes, if set, what the server says in text: `async (text) => text`. */
    rewrite: null,
    /** What went over the wire, for a failure's message. */
    output: () => frames.map(({ from, text }) => `--- ${from}\n${text}`).join("\n"),
    url: `ws://${LOOPBACK}:${server.address().port}`,
    frames,
    /** What phones sent that starts with `start`, e.g. `/^INVITE /`. */
    sent: (start) => matching("phone", start),
    /** What the server sent that starts with `start`. */
    received: (start) => matching("server", start),
    waitForSent: (start, count = 1, timeoutMs = 10_000) =>
      until(`${count} × ${start} from the phone`, () => matching("phone", start).length >= count && matching("phone", start)[count - 1], { timeoutMs, everyMs: 20 }),
    /** Forgets what was noted. */
    reset() {
      frames.length = 0;
    },
    connections: () => phones.size,
    /** Sends to every phone as if the server had. */
    inject(data) {
      for (const phone of phones) phone.send(data);
    },
    /** Drops every connection and refuses new ones until `restore`. */
    cut() {
      refusing = true;
      for (const phone of phones) phone.terminate();
    },
    restore() {
      refusing = false;
    },
    close() {
      for (const phone of phones) phone.terminate();
      return new Promise((resolve) => server.close(resolve));
    },
  };
  return tap;
}
