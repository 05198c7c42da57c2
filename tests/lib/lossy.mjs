// A network between two phones that loses packets: relays on loopback that stand in for the
// addresses in their descriptions.

import dgram from "node:dgram";
import { LOOPBACK } from "./ports.mjs";

/** `a=candidate:` of RFC 8839: all before the address, the address, the port, the rest. */
const CANDIDATE = /^(a=candidate:\S+ 1 udp \d+) (\d+\.\d+\.\d+\.\d+) (\d+) (typ host.*)$/i;

/**
 * Puts relays in front of every candidate that passes the tap from now on. `lose(every)` drops one
 * packet of `every` (0: none), in both directions.
 */
export function openLossyNetwork(tap) {
  const relays = new Map();
  let every = 0;
  let passed = 0;

  async function relayTo(address, port) {
    const key = `${address}:${port}`;
    if (!relays.has(key)) relays.set(key, openRelay(address, port));
    return (await relays.get(key)).port;
  }

  async function openRelay(address, port) {
    const [front, back] = [dgram.createSocket("udp4"), dgram.createSocket("udp4")];
    let client;
    const pass = (send) => {
      passed += 1;
      if (every === 0 || passed % every !== 0) send();
    };
    front.on("message", (data, from) => {
      client = from;
      pass(() => back.send(data, port, address));
    });
    back.on("message", (data) => client && pass(() => front.send(data, client.port, client.address)));
    await Promise.all([front, back].map((socket) => new Promise((done) => socket.bind(0, LOOPBACK, done))));
    return { port: front.address().port, close: () => [front, back].forEach((socket) => socket.close()) };
  }

  tap.rewrite = async (message) => {
    const [head, body] = message.split("\r\n\r\n");
    if (!body?.includes("a=candidate:")) return message;
    const lines = [];
    for (const line of body.split("\r\n")) {
      const [, before, address, port, rest] = CANDIDATE.exec(line) ?? [];
      if (address) lines.push(`${before} ${LOOPBACK} ${await relayTo(address, port)} ${rest}`);
      // What cannot be relayed would be a way around.
      else if (!line.startsWith("a=candidate:")) lines.push(line);
    }
    const rewritten = lines.join("\r\n");
    return `${head.replace(/^(Content-Length:\s*)\d+/im, `$1${Buffer.byteLength(rewritten)}`)}\r\n\r\n${rewritten}`;
  };

  return {
    name: "lossy network",
    lose(oneOf) {
      every = oneOf;
    },
    async close() {
      tap.rewrite = null;
      for (const relay of await Promise.all(relays.values())) relay.close();
    },
  };
}
