// Ours: crates/bench as wasm, strings in and strings out.

import init, { Agent, Inbox, Parsed } from "ringlet-bench";

export async function ringlet({ wasm, offer, peer }) {
  const { memory } = await init({ module_or_path: wasm });
  const write = writer(memory, new Inbox());
  const parsed = new Parsed();
  const agent = new Agent(offer);
  const settle = () => {
    for (let message = agent.poll(); message !== undefined; message = agent.poll()) {
      for (const answer of peer(message)) agent.receive(write.inbox, write(answer));
    }
  };
  settle();
  return {
    read: (text) => write.inbox.read(write(text)),
    writers: (messages, requests) => requests.map((index) => () => parsed.write(index)),
    call() {
      agent.call("bob");
      settle();
      const answered = agent.answered();
      agent.hangup();
      settle();
      agent.pass(40);
      settle();
      if (!answered || !agent.ended() || agent.load() > 0) throw new Error("Ringlet's call did not end");
    },
  };
}

/** Returns a function that puts a text where the wasm reads it, and tells its length in bytes. */
function writer(memory, inbox) {
  const encoder = new TextEncoder();
  let view = new Uint8Array(0);
  const write = (text) => {
    // A memory that has grown has a new buffer, and the view on the old one is empty.
    if (view.length === 0) view = new Uint8Array(memory.buffer, inbox.start(), inbox.room());
    return encoder.encodeInto(text, view).written;
  };
  return Object.assign(write, { inbox });
}
