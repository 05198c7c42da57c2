// The measurements in JavaScript; the same bundle runs in Node and in Chromium.

import { jssip } from "./jssip.mjs";
import { peer } from "./peer.mjs";
import { ringlet } from "./ringlet.mjs";
import { medians } from "./rounds.mjs";
import { sipjs } from "./sipjs.mjs";

/**
 * Messages and calls a second for each stack. `messages` are the texts, `wasm` is ours compiled.
 */
export async function measure({ wasm, messages }) {
  const requests = messages.flatMap((text, index) => (text.startsWith("SIP/") ? [] : [index]));
  const [offer, answer] = ["INVITE ", "SIP/2.0 200 "].map(
    (start) => messages.find((text) => text.startsWith(start) && text.includes("m=audio")).split("\r\n\r\n")[1],
  );
  const given = { wasm, offer, peer: peer(answer) };
  const stacks = { ringlet: await ringlet(given), jssip: await jssip(given), "sip.js": await sipjs(given) };

  const each = (work) => Object.fromEntries(Object.entries(stacks).map(([name, stack]) => [name, work(name, stack)]));
  const read = each((name, stack) => {
    for (const text of messages) {
      if (!(stack.read(text) > 0)) throw new Error(`${name} refuses ${text}`);
    }
    return () => {
      let sum = 0;
      for (const text of messages) sum += stack.read(text);
      return sum > 0 ? messages.length : 0;
    };
  });
  const write = each((name, stack) => {
    const writers = stack.writers(messages, requests);
    return () => {
      let length = 0;
      for (const writer of writers) length += writer().length;
      return length > 0 ? writers.length : 0;
    };
  });
  const call = each((name, stack) => async () => {
    await stack.call();
    return 1;
  });
  return { read: await medians(read), write: await medians(write), call: await medians(call) };
}
