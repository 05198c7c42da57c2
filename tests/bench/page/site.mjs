// A web site in a thread of its own.

import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Starts it without pages; `serve` adds some, in the form of lib/site.mjs. */
export async function startSite() {
  const worker = new Worker(new URL("./site-worker.mjs", import.meta.url));
  const [origins] = await once(worker, "message");
  return {
    ...origins,
    async serve(pages) {
      worker.postMessage(pages);
      await once(worker, "message");
    },
    close: () => worker.terminate(),
  };
}
