// Ours: crates/bench as wasm, strings in and strings out.

import init, { Agent, Parsed, read } from "ringlet-bench";

export async function ringlet({ wasm, offer, peer }) {
  await init({ module_or_path: wasm });
  const parsed = new Parsed();
  const agent = new Agent(offer);
  const settle = () => {
    for (let message = agent.poll(); message !== undefined; message = agent.poll()) {
      for (const answer of peer(message)) agent.receive(answer);
    }
  };
  settle();
  return {
    read,
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
