// Sound, measured. The helpers run inside every frame and only watch: they wrap
// RTCPeerConnection to learn which connections exist; the page's own code is untouched.

import { goertzel } from "./goertzel.mjs";
import { until } from "./wait.mjs";

/** Runs in every frame before any of its scripts. */
export const MEASURE = `(${watch})(${goertzel});`;

function watch(goertzel) {
  if (window.__measure) return;
  const connections = [];
  const Native = window.RTCPeerConnection;
  if (Native) {
    window.RTCPeerConnection = new Proxy(Native, {
      construct(target, args, newTarget) {
        const connection = Reflect.construct(target, args, newTarget);
        connections.push(connection);
        return connection;
      },
    });
  }

  // One that was made ahead for the next call is in no call yet.
  const live = () => connections.filter((c) => c.connectionState !== "closed" && c.localDescription).at(-1);

  // Firefox does not tell how much sound it sends, so the sender's track is listened to: the energy
  // since the last question, taken from the window heard last.
  const meters = new WeakMap();
  function energyOf(track) {
    const now = performance.now();
    let meter = meters.get(track);
    if (!meter) {
      const audio = new AudioContext();
      const analyser = audio.createAnalyser();
      audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      meter = { analyser, at: now, energy: 0 };
      meters.set(track, meter);
    }
    const samples = new Float32Array(meter.analyser.fftSize);
    meter.analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    meter.energy += (power * (now - meter.at)) / 1000;
    meter.at = now;
    return meter.energy;
  }

  function energySent(connection) {
    const tracks = connection.getSenders().map((sender) => sender.track);
    return tracks.filter(Boolean).reduce((sum, track) => sum + energyOf(track), 0);
  }

  async function stats() {
    const connection = live();
    if (!connection) return null;
    const found = { state: connection.connectionState, packetsSent: 0, packetsReceived: 0, energySent: 0, energyReceived: 0 };
    for (const report of (await connection.getStats()).values()) {
      if (report.kind !== "audio") continue;
      if (report.type === "outbound-rtp") found.packetsSent += report.packetsSent;
      if (report.type === "media-source") found.energySent += report.totalAudioEnergy ?? energySent(connection);
      if (report.type === "inbound-rtp") {
        found.packetsReceived += report.packetsReceived;
        found.energyReceived += report.totalAudioEnergy ?? 0;
      }
    }
    return found;
  }

  // The power at one frequency as a share of all power (Goertzel), in the loudest of the windows
  // heard in `ms` milliseconds. A pure tone gives nearly 1, speech and noise nearly 0.
  async function tone(hertz, ms) {
    const connection = live();
    const track = connection?.getReceivers().find((r) => r.track?.kind === "audio")?.track;
    if (!track) return null;
    const audio = new AudioContext();
    try {
      await audio.resume();
      const analyser = audio.createAnalyser();
      analyser.fftSize = 4096;
      audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      let best = { share: 0, level: 0 };
      const end = performance.now() + ms;
      while (performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 90));
        analyser.getFloatTimeDomainData(samples);
        const heard = goertzel(samples, hertz, audio.sampleRate);
        if (heard.level > best.level) best = heard;
      }
      return best;
    } finally {
      await audio.close();
    }
  }

  /** The codec that arrives, such as `audio/opus`. */
  async function codec() {
    const reports = await live().getStats();
    const arriving = [...reports.values()].find((report) => report.type === "inbound-rtp" && report.kind === "audio");
    return reports.get(arriving?.codecId)?.mimeType;
  }

  // Sends nothing, as a network does that is down; and again what was sent before.
  let sent = [];
  async function stop() {
    sent = live().getSenders().map((sender) => ({ sender, track: sender.track }));
    await Promise.all(sent.map(({ sender }) => sender.replaceTrack(null)));
  }

  const goOn = () => Promise.all(sent.map(({ sender, track }) => sender.replaceTrack(track)));

  window.__measure = { connections, stats, tone, codec, stop, goOn };
}

/** Counters of the newest live connection in a frame: packets and energy, both ways. */
export function audioStats(frame) {
  return frame.evaluate(() => window.__measure.stats());
}

/** Waits until packets and sound flow both ways, and returns the counters. */
export async function audioBothWays(frame, timeoutMs = 15_000) {
  return until(
    "packets and sound both ways",
    async () => {
      const seen = await audioStats(frame);
      const flows = seen && seen.packetsSent > 20 && seen.packetsReceived > 20;
      return flows && seen.energySent > 1e-4 && seen.energyReceived > 1e-4 ? seen : null;
    },
    { timeoutMs, everyMs: 200 },
  );
}

/** Waits until a frame hears a tone, and returns `{share, level}`: share of all power, RMS. */
export async function hearsTone(frame, hertz, timeoutMs = 15_000) {
  let last;
  return until(
    `a tone of ${hertz} Hz`,
    async () => {
      last = await frame.evaluate(([f, ms]) => window.__measure.tone(f, ms), [hertz, 500]);
      return last && last.level > 0.005 && last.share > 0.8 ? last : null;
    },
    { timeoutMs, everyMs: 100 },
  ).catch((error) => {
    throw new Error(`${error.message} (${JSON.stringify(last)})`);
  });
}
