// The fixture of a native test file: Kamailio, and around it phones and scripted far ends.

import { startBaresip } from "./baresip.mjs";
import { DOMAIN, passwordOf, startKamailio } from "./kamailio.mjs";
import { startNative } from "./native.mjs";
import { startScript } from "./sipp.mjs";

/**
 * Starts it, with `options` for Kamailio. What the functions start belongs to the test under way
 * (`lend`), but for baresip, which stays (`own`).
 */
export async function buildNativeWorld({ own, lend }, options = {}) {
  const kamailio = own(await startKamailio(options));
  const account = (user) => ({ url: kamailio.wsUrl, user, password: passwordOf(user), domain: DOMAIN });
  const world = {
    kamailio,
    account,
    /** A phone with a socket; `options` are words of the console's command line. */
    open: async (user = "agent1", options = [], changes = {}) =>
      lend(await startNative({ ...account(user), ...changes, options })),
    /** A registered phone. */
    async signIn(user, options) {
      const phone = await world.open(user, options);
      await phone.register();
      return phone;
    },
    /** Runs a script; one that calls calls `user`. */
    script: async (steps, user) => lend(await startScript(steps, { server: kamailio.udp, user })),
    /** baresip, registered. */
    baresip: async (user, answer) =>
      own(await startBaresip({ user, password: passwordOf(user), domain: DOMAIN, server: kamailio.udp, answer })),
  };
  return world;
}
