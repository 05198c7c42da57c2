// The reference phone: JsSIP with as little around it as possible. It proves the harness, and
// Ringlet's figures stand beside its figures.

import JsSIP from "jssip";

const events = [];
const note = (name, detail = {}) => events.push({ name, at: performance.now(), ...detail });
let agent = null;
let session = null;

function follow(started) {
  session = started;
  const play = (connection) => {
    connection.addEventListener("track", ({ track }) => {
      const audio = new Audio();
      audio.srcObject = new MediaStream([track]);
      audio.autoplay = true;
      document.body.append(audio);
    });
  };
  if (session.connection) play(session.connection);
  session.on("peerconnection", ({ peerconnection }) => play(peerconnection));
  session.on("progress", () => note("progress"));
  session.on("accepted", () => note("accepted"));
  session.on("ended", ({ originator, cause }) => note("ended", { originator, cause }));
  session.on("failed", ({ originator, cause, message }) =>
    note("failed", { originator, cause, status: message?.status_code }));
}

window.reference = {
  events,
  start({ url, user, domain, password }) {
    agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri: `sip:${user}@${domain}`,
      password,
      register_expires: 300,
      session_timers: false,
    });
    agent.on("registered", () => note("registered"));
    agent.on("unregistered", () => note("unregistered"));
    agent.on("registrationFailed", ({ cause }) => note("registrationFailed", { cause }));
    agent.on("newRTCSession", ({ originator, session: started }) => {
      follow(started);
      note("newSession", { originator });
    });
    agent.start();
  },
  call(target) {
    note("call");
    agent.call(target, { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
  },
  answer() {
    session.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
  },
  hangup: () => session.terminate(),
  stop: () => agent.stop(),
};

const configured = new URLSearchParams(location.hash.slice(1));
if (configured.has("url")) window.reference.start(Object.fromEntries(configured));
