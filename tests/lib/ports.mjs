// Free loopback ports. They are drawn from below the range the kernel hands out by itself, so that
// an outgoing connection cannot take one between our look and the server's bind. A file for each
// port keeps test files that run side by side from drawing the same one.

import dgram from "node:dgram";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export const LOOPBACK = "127.0.0.1";
const LOWEST = 12_000;
const HIGHEST = 31_000;

const CLAIMS = path.join(os.tmpdir(), "ringlet-test-ports");
const claimed = [];
process.on("exit", () => claimed.forEach((file) => fs.rmSync(file, { force: true })));

/** A port free for TCP and UDP on loopback. */
export async function freePort() {
  return freePorts(1);
}

/** The first of `count` consecutive ports, all free for TCP and UDP on loopback. */
export async function freePorts(count) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const first = LOWEST + 2 * Math.floor(Math.random() * ((HIGHEST - LOWEST - count) / 2));
    if (claim(first, count) && (await allFree(first, count))) return first;
  }
  throw new Error(`no ${count} consecutive free ports on ${LOOPBACK}`);
}

/** Claims ports for this process; false when another one that still runs has one of them. */
function claim(first, count) {
  fs.mkdirSync(CLAIMS, { recursive: true });
  for (let port = first; port < first + count; port += 1) {
    const file = path.join(CLAIMS, String(port));
    if (isAbandoned(file)) fs.rmSync(file, { force: true });
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
    } catch (error) {
      if (error.code === "EEXIST") return false;
      throw error;
    }
    claimed.push(file);
  }
  return true;
}

/** Whether the process that made a claim has ended without taking it back. */
function isAbandoned(file) {
  try {
    process.kill(Number(fs.readFileSync(file, "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
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
