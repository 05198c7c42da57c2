// Free loopback ports. They are drawn from below the range the kernel hands out by itself, so that
// an outgoing connection cannot take one between our look and the server's bind.

import dgram from "node:dgram";
import net from "node:net";

export const LOOPBACK = "127.0.0.1";
const LOWEST = 12_000;
const HIGHEST = 31_000;

/** A port free for TCP and UDP on loopback. */
export async function freePort() {
  return freePorts(1);
}

/** The first of `count` consecutive ports, all free for TCP and UDP on loopback. */
export async function freePorts(count) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const first = LOWEST + 2 * Math.floor(Math.random() * ((HIGHEST - LOWEST - count) / 2));
    if (await allFree(first, count)) return first;
  }
  throw new Error(`no ${count} consecutive free ports on ${LOOPBACK}`);
}

async function allFree(first, count) {
  for (let port = first; port < first + count; port += 1) {
    if (!(await tcpFree(port)) || !(await udpFree(port))) return false;
  }
  return true;
}

function tcpFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}

/** Whether nobody holds a UDP port on loopback. */
export function udpFree(port) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket("udp4");
    socket.once("error", () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, LOOPBACK, () => socket.close(() => resolve(true)));
  });
}
