// The pages of a host that embeds the phone.

import { serveSite } from "./site.mjs";

const EVENTS = ["ready", "registered", "unregistered", "callStarted", "callIncoming", "callRinging", "callUpdated", "callAnswered", "callEnded", "transferState", "qualityWarning", "micPermission", "error"];

/**
 * Serves the host's pages for the phone at `phoneOrigin`:
 * `/` embeds it, `/no-microphone` does so under a policy that forbids the microphone,
 * `/away` is another page, `/stranger` one without the loader, `/report` a file to save.
 */
export function serveHost(phoneOrigin) {
  // What a careful page allows; the phone must not need more.
  const csp = `default-src 'none'; script-src 'self' ${phoneOrigin}; frame-src ${phoneOrigin}; connect-src ${phoneOrigin}`;
  const html = { type: "html", body: crm(phoneOrigin), headers: { "content-security-policy": csp } };
  return serveSite({
    "/": html,
    "/no-microphone": { ...html, headers: { ...html.headers, "permissions-policy": "microphone=()" } },
    "/host.js": { type: "js", body: `(${listen})(${JSON.stringify(EVENTS)});` },
    "/away": { type: "html", body: `<!doctype html><html lang="en"><title>Elsewhere</title><h1>Elsewhere</h1></html>` },
    "/report": { type: "html", body: "A report", headers: { "content-disposition": "attachment; filename=report.html" } },
    "/stranger": { type: "html", body: `<!doctype html><html lang="en"><title>Stranger</title></html>` },
  });
}

const crm = (phoneOrigin) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Customers</title>
    <script src="${phoneOrigin}/loader.js"></script>
    <script src="/host.js"></script>
  </head>
  <body>
    <h1>Customers</h1>
    <ul>
      <li>Tone <a href="tel:601">601</a></li>
      <li>Echo <a href="tel:600"><b>600</b></a></li>
    </ul>
    <p><a href="/report">Report</a></p>
    <div id="place"></div>
  </body>
</html>`;

function listen(events) {
  window.heard = [];
  for (const name of events) {
    Ringlet.on(name, (payload) => window.heard.push({ name, payload, at: performance.now() }));
  }
}
