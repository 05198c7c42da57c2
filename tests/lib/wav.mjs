// WAV files of 16-bit samples: what a far end heard, and what a microphone is to hear.

import fs from "node:fs";

/** Reads mono samples between -1 and 1. */
export function readWav(file) {
  const bytes = fs.readFileSync(file);
  let at = 12;
  let rate = 0;
  let channels = 1;
  while (at + 8 <= bytes.length) {
    const chunk = bytes.toString("latin1", at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    if (chunk === "fmt ") {
      channels = bytes.readUInt16LE(at + 10);
      rate = bytes.readUInt32LE(at + 12);
    }
    if (chunk === "data") {
      const end = Math.min(at + 8 + length, bytes.length);
      const count = Math.floor((end - at - 8) / (2 * channels));
      const samples = new Float32Array(count);
      for (let i = 0; i < count; i += 1) {
        samples[i] = bytes.readInt16LE(at + 8 + 2 * channels * i) / 32_768;
      }
      return { samples, rate };
    }
    at += 8 + length + (length % 2);
  }
  throw new Error(`${file} holds no samples`);
}

/** Writes mono samples between -1 and 1. */
export function writeWav(file, samples, rate) {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, i) => bytes.writeInt16LE(Math.round(sample * 32_767), 44 + 2 * i));
  fs.writeFileSync(file, bytes);
}
