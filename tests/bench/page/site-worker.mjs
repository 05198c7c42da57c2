// Serves the bench's pages from a thread of its own, so that driving the browser does not slow it down.

import { parentPort } from "node:worker_threads";
import { serveSite } from "../../lib/site.mjs";

const pages = {};
const { origin, otherOrigin } = await serveSite(pages);
parentPort.on("message", (more) => {
  Object.assign(pages, more);
  parentPort.postMessage("served");
});
parentPort.postMessage({ origin, otherOrigin });
