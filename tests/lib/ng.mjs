// rtpengine's control protocol: bencoded dictionaries over UDP, each behind a cookie.

import dgram from "node:dgram";
import { LOOPBACK } from "./ports.mjs";
import { within } from "./wait.mjs";

export class NgClient {
  #socket = dgram.createSocket("udp4");
  #waiting = new Map();
  #port;
  #count = 0;

  constructor(port) {
    this.#port = port;
    this.#socket.unref();
    this.#socket.on("error", () => {}); // Refused while rtpengine is not up; the request runs out.
    this.#socket.on("message", (datagram) => {
      const blank = datagram.indexOf(0x20);
      const cookie = datagram.subarray(0, blank).toString();
      this.#waiting.get(cookie)?.(decode(datagram.subarray(blank + 1)).value);
      this.#waiting.delete(cookie);
    });
  }

  request(command) {
    const cookie = `t${(this.#count += 1)}`;
    const answer = new Promise((resolve) => this.#waiting.set(cookie, resolve));
    this.#socket.send(`${cookie} ${encode(command)}`, this.#port, LOOPBACK);
    return within(1_000, `rtpengine's answer to ${command.command}`, answer);
  }

  close() {
    this.#socket.close();
  }
}

function encode(value) {
  if (typeof value === "number") return `i${value}e`;
  if (typeof value === "string") return `${Buffer.byteLength(value)}:${value}`;
  const pairs = Object.keys(value).sort().map((key) => encode(key) + encode(value[key]));
  return `d${pairs.join("")}e`;
}

function decode(bytes, at = 0) {
  switch (String.fromCharCode(bytes[at])) {
    case "i": {
      const end = bytes.indexOf(0x65, at);
      return { value: Number(bytes.subarray(at + 1, end)), next: end + 1 };
    }
    case "l": {
      const list = [];
      let next = at + 1;
      while (bytes[next] !== 0x65) {
        const item = decode(bytes, next);
        list.push(item.value);
        next = item.next;
      }
      return { value: list, next: next + 1 };
    }
    case "d": {
      const dictionary = {};
      let next = at + 1;
      while (bytes[next] !== 0x65) {
        const key = decode(bytes, next);
        const item = decode(bytes, key.next);
        dictionary[key.value] = item.value;
        next = item.next;
      }
      return { value: dictionary, next: next + 1 };
    }
    default: {
      const colon = bytes.indexOf(0x3a, at);
      const end = colon + 1 + Number(bytes.subarray(at, colon));
      return { value: bytes.subarray(colon + 1, end).toString(), next: end };
    }
  }
}
