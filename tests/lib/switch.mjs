// Ringlet's own switch: users agent1 to agent9, and the test numbers 600 to 606.

import { built, start } from "./processes.mjs";
import { until } from "./wait.mjs";

export const SWITCH_DOMAIN = "ringlet.demo";

/** The password of `agent1` to `agent9`. */
export const switchPassword = (user) => user.replace("agent", "ringlet-");

/** Starts the switch on a free port. */
export async function startSwitch() {
  const process = await start({
    name: "switch",
    command: built("ringlet-switch", "RINGLET_SWITCH_BIN"),
    args: [],
    commands: true,
    ready: /^ws:\/\/\S+$/m,
  });
  const [url] = /^ws:\/\/\S+$/m.exec(process.output());
  const answers = () => process.output().match(/^(ok|error: .*)$/gm) ?? [];
  return {
    ...process,
    url,
    /** Gives a command (`call agent1 5550100 Ada`, `kick`, `pause`, `resume`); throws on refusal. */
    async command(line) {
      const before = answers().length;
      process.say(line);
      const answer = await until(`the switch's answer to ${line}`, () => answers()[before], { everyMs: 10 });
      if (answer !== "ok") throw new Error(`the switch refused ${line}: ${answer}`);
    },
  };
}
