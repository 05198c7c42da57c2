// rtpengine in user space: DTLS-SRTP and ICE towards browsers, plain RTP away from them.

import { freePort, freePorts, LOOPBACK } from "./ports.mjs";
import { freshDir, start } from "./processes.mjs";
import { NgClient } from "./ng.mjs";

const MEDIA_PORTS = 200;

/** Starts rtpengine; `query(callId)` asks it for a call's counters. */
export async function startRtpengine(name = "rtpengine") {
  const control = await freePort();
  const media = await freePorts(MEDIA_PORTS);
  const dir = freshDir(name);
  const ng = new NgClient(control);
  const process = await start({
    name,
    command: "rtpengine",
    args: [
      "--config-file=none",
      "--table=-1",
      `--interface=${LOOPBACK}`,
      `--listen-ng=${LOOPBACK}:${control}`,
      `--port-min=${media}`,
      `--port-max=${media + MEDIA_PORTS - 1}`,
      `--pidfile=${dir}/rtpengine.pid`,
      "--num-threads=2",
      "--foreground",
      "--log-stderr",
      "--log-level=5",
    ],
    cwd: dir,
    ready: async () => (await ng.request({ command: "ping" })).result === "pong",
  });
  return {
    ...process,
    control: `udp:${LOOPBACK}:${control}`,
    query: (callId) => ng.request({ command: "query", "call-id": callId }),
    async calls() {
      return (await ng.request({ command: "list", limit: 100 })).calls;
    },
    async stop() {
      ng.close();
      await process.stop();
    },
  };
}
