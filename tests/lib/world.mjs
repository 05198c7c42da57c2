// The fixture of an end-to-end test file: switch, tap, server, host pages, browser.

import { createHash } from "node:crypto";
import * as chromium from "./browser.mjs";
import { HostPage } from "./host-page.mjs";
import { serveHost } from "./host-site.mjs";
import { freePort, LOOPBACK } from "./ports.mjs";
import { startServer } from "./server.mjs";
import { startSwitch, SWITCH_DOMAIN, switchPassword } from "./switch.mjs";
import { openTap } from "./tap.mjs";

export const KEY = "pk_test_customers_0001";
/** A tenant whose phones may have three calls at once. */
export const SEVERAL_KEY = "pk_test_several_000001";
export const DISABLED_KEY = "pk_test_disabled_00001";

/**
 * Starts all of it. `sip` replaces the switch by another SIP server: `{url, domain, passwordOf}`; `engine`
 * is the module that starts the browser, `launch` are its options, `tenants` are more tenants: the lines of their
 * behavior by their keys.
 */
export async function buildWorld(own, { sip, engine = chromium, launch, tenants = {} } = {}) {
  const ringletSwitch = sip ? null : own(await startSwitch());
  const { url, domain, passwordOf } =
    sip ?? { url: ringletSwitch.url, domain: SWITCH_DOMAIN, passwordOf: switchPassword };
  const tap = own(await openTap(url));
  const port = await freePort();
  const phoneOrigin = `http://${LOOPBACK}:${port}`;
  const host = own(await serveHost(phoneOrigin));
  const tenant = { key: KEY, origins: [host.otherOrigin], wssUrl: tap.url, domain };
  const server = own(
    await startServer({
      port,
      tenants: [
        { ...tenant, id: "customers" },
        { ...tenant, id: "several", key: SEVERAL_KEY, maxSessions: 3 },
        { ...tenant, id: "disabled", key: DISABLED_KEY, enabled: false },
        ...Object.entries(tenants).map(([key, behavior], at) => ({ ...tenant, id: `more-${at}`, key, behavior })),
      ],
    }),
  );
  const browser = own(await engine.launch(launch));

  const world = { browser, domain, host, phoneOrigin, server, switch: ringletSwitch, tap };

  /** What `init` needs to sign a user in without a press. */
  world.config = (user, extra = {}) => ({
    key: KEY,
    sip: { username: user, password: passwordOf(user) },
    behavior: { host: { mode: "autologin" }, sessionRestore: "off" },
    ...extra,
  });
  world.ha1 = (user) =>
    createHash("md5").update(`${user}:${domain}:${passwordOf(user)}`).digest("hex");

  /** Opens a host page for the time of one test (in `browser`, if another); no code of it may throw. */
  world.open = async (context, { origin = host.otherOrigin, path = "/", browser: other, ...options } = {}) => {
    const page = await HostPage.open(other ?? browser, { url: origin + path, phoneOrigin, engine, ...options });
    context.after(async () => {
      const thrown = page.page.complaints.filter((complaint) => complaint.startsWith("uncaught"));
      await page.close();
      if (thrown.length > 0) throw new Error(`code on the page threw:\n${thrown.join("\n")}`);
    });
    return page;
  };

  /** Opens a host page and signs a user in. */
  world.signIn = async (context, user, options = {}) => {
    const { config, ...rest } = options;
    const page = await world.open(context, rest);
    await page.must("init", world.config(user, config));
    await page.hears("registered");
    // The last that a phone tells by itself; what comes later has another reason.
    await page.hears("micPermission");
    return page;
  };
  return world;
}
