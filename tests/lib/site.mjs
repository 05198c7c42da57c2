// A small web server on loopback for the tests' own pages.

import http from "node:http";
import { LOOPBACK } from "./ports.mjs";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8" };

/**
 * Serves `pages`, a map of path to `{type: "html" | "js", body, headers?}`.
 *
 * The same pages answer under two origins, so that a page and a phone can be strangers:
 * `origin` (127.0.0.1) and `otherOrigin` (localhost).
 */
export async function serveSite(pages) {
  const server = http.createServer((request, response) => {
    const page = pages[new URL(request.url, "http://site").pathname];
    if (!page) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[page.type], ...page.headers });
    return response.end(page.body);
  });
  await new Promise((resolve) => server.listen(0, LOOPBACK, resolve));
  const { port } = server.address();
  return {
    origin: `http://${LOOPBACK}:${port}`,
    otherOrigin: `http://localhost:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
