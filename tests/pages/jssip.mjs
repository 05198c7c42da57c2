// The reference phone: JsSIP with as little around it as possible. It proves the harness, and
// Ringlet's figures stand beside its figures.

import JsSIP from "jssip";

const MEDIA = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };
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
  for (const name of ["hold", "unhold"]) session.on(name, ({ originator }) => note(name, { originator }));
  session.on("newDTMF", ({ originator, dtmf }) => note("newDTMF", { originator, tone: dtmf.tone }));
  // The page does what it is asked to.
  session.on("refer", ({ request, accept }) => {
    note("refer", { target: request.refer_to.uri.toString() });
    accept((next) => follow(next), MEDIA);
  });
}

window.reference = {
  events,
  /** Called when the line is registered, for those who cannot wait to ask. */
  onRegistered: () => {},
  start({ url, user, domain, password }) {
    agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri: `sip:${user}@${domain}`,
      password,
      register_expires: 300,
      session_timers: false,
    });
    agent.on("registered", () => {
      note("registered");
      window.reference.onRegistered();
    });
    agent.on("unregistered", () => note("unregistered"));
    agent.on("registrationFailed", ({ cause }) => note("registrationFailed", { cause }));
    agent.on("newRTCSession", ({ originator, session: started }) => {
      follow(started);
      note("newSession", { originator });
    });
    agent.on("newMessage", ({ originator, message, request }) => {
      note("newMessage", { originator, body: request.body });
      if (originator === "remote") message.accept();
    });
    agent.start();
  },
  call(target) {
    note("call");
    agent.call(target, MEDIA);
  },
  answer() {
    session.answer(MEDIA);
  },
  hangup: () => session.terminate(),
  hold: () => session.hold(),
  unhold: () => session.unhold(),
  dtmf: (tones) => session.sendDTMF(tones, { transportType: "INFO" }),
  message: ([target, text]) => agent.sendMessage(target, text),
  transfer(target) {
    const eventHandlers = {};
    for (const name of ["requestSucceeded", "requestFailed", "trying", "progress", "accepted", "failed"]) {
      eventHandlers[name] = () => note(`refer-${name}`);
    }
    session.refer(target, { eventHandlers });
  },
  stop: () => agent.stop(),
};

const configured = new URLSearchParams(location.hash.slice(1));
if (configured.has("url")) window.reference.start(Object.fromEntries(configured));
