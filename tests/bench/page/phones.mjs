// The phones that bench/page.mjs measures, each on a host page of its own.
//
// Every page has a promise `registered` of the milliseconds from its script tag to the registered line,
// and offers `place(number)`. The functions below run in the page: they are sent there as text and see
// nothing of this module.

/** A host page that runs `page(argument)`. */
export const hostPage = (page, argument) => ({
  type: "html",
  body: `<!doctype html><html lang="en"><title>Bench</title><body><script>
    let tagAt;
    window.addScript = (src, loaded) => {
      const tag = document.createElement("script");
      tag.src = src;
      tag.onload = loaded;
      tagAt = performance.now();
      document.head.append(tag);
    };
    window.registered = new Promise((resolve) => {
      window.isRegistered = () => resolve(performance.now() - tagAt);
    });
    (${page})(${JSON.stringify(argument)});
  </script></body></html>`,
});

/** Ringlet: the loader puts the phone in a frame from another site. */
export function ringletPage({ script, config }) {
  addScript(script, () => {
    Ringlet.on("registered", isRegistered);
    Ringlet.init(config);
  });
  window.place = (number) => Ringlet.call(number);
}

/** JsSIP in the page itself. */
export function jssipPage({ script, account }) {
  addScript(script, () => {
    window.reference.onRegistered = isRegistered;
    window.reference.start(account);
  });
  window.place = (number) => window.reference.call(`sip:${number}@${account.domain}`);
}

/**
 * JsSIP in a frame from another site, as a vendor would embed it: the script tag brings a small loader
 * (`jssipLoader`), which at once makes the frame; the frame asks for the port as soon as it can use it.
 */
export function jssipFramePage({ script, account }) {
  addScript(script, () => {
    const port = window.embedReference(account);
    port.addEventListener("message", ({ data }) => {
      if (data === "registered") isRegistered();
    });
    window.place = (number) => port.postMessage({ call: `sip:${number}@${account.domain}` });
  });
}

/** The loader of `jssipFramePage`, given the frame's address. */
export const jssipLoader = (frameUrl) => `(${embed})(${JSON.stringify(frameUrl)})`;

function embed(frameUrl) {
  window.embedReference = (account) => {
    const { port1, port2 } = new MessageChannel();
    const frame = document.createElement("iframe");
    frame.allow = "microphone; autoplay";
    frame.src = frameUrl;
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== new URL(frameUrl).origin || data !== "hello") return;
      frame.contentWindow.postMessage({ account }, origin, [port2]);
    });
    port1.start();
    document.documentElement.append(frame);
    return port1;
  };
}

/** The page inside the frame; its own script comes after JsSIP's. */
export const jssipFrameHtml = {
  type: "html",
  body: `<!doctype html><html lang="en"><title>JsSIP</title><body><script src="/jssip.js"></script><script src="/jssip-frame.js"></script></body></html>`,
};

/** The script inside the frame, given the one origin it takes an account from. */
export const jssipFrameScript = (hostOrigin) => `(${takeAccount})(${JSON.stringify(hostOrigin)})`;

function takeAccount(hostOrigin) {
  addEventListener("message", ({ source, origin, data, ports: [port] }) => {
    if (source !== parent || origin !== hostOrigin || !data.account) return;
    window.reference.onRegistered = () => port.postMessage("registered");
    port.onmessage = (message) => window.reference.call(message.data.call);
    window.reference.start(data.account);
  });
  parent.postMessage("hello", hostOrigin);
}

/** An empty frame: it takes the account as JsSIP's frame does, and says "registered" once its socket is open. */
export const emptyFrameHtml = (hostOrigin) => ({
  type: "html",
  body: `<!doctype html><html lang="en"><title>Empty</title><script>(${openSocket})(${JSON.stringify(hostOrigin)})</script></html>`,
});

function openSocket(hostOrigin) {
  addEventListener("message", ({ source, origin, data, ports: [port] }) => {
    if (source !== parent || origin !== hostOrigin || !data.account) return;
    const socket = new WebSocket(data.account.url, "sip");
    socket.onopen = () => port.postMessage("registered");
  });
  parent.postMessage("hello", hostOrigin);
}
