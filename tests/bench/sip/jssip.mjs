// JsSIP over a socket in memory, with a peer connection that does nothing: signalling alone.

import JsSIP from "jssip";
import Parser from "jssip/lib/Parser.js";
import SIPMessage from "jssip/lib/SIPMessage.js";

const NOWHERE = "wss://pbx.example.com";

export async function jssip({ offer, peer }) {
  pretendMedia(offer);
  const ua = new JsSIP.UA({
    sockets: [memorySocket(peer)],
    uri: "sip:alice@example.com",
    register: false,
    session_timers: false,
  });
  await new Promise((connected) => {
    ua.once("connected", connected);
    ua.start();
  });
  return {
    read(text) {
      const message = Parser.parseMessage(text, ua);
      const contact = message.hasHeader("contact") ? message.parseHeader("contact").uri.host.length : 0;
      const addresses = message.to.uri.host.length + message.from.uri.host.length + contact;
      return message.cseq + message.via_branch.length + addresses;
    },
    writers: (messages, requests) => requests.map((index) => writer(messages[index], ua)),
    call: () =>
      new Promise((resolve, reject) => {
        const session = ua.call("sip:bob@example.com", {
          mediaStream: { getTracks: () => [], getAudioTracks: () => [], getVideoTracks: () => [] },
          eventHandlers: {
            confirmed: () => queueMicrotask(() => session.terminate()),
            ended: resolve,
            failed: ({ cause }) => reject(new Error(`JsSIP's call failed: ${cause}`)),
          },
        });
      }),
  };
}

/** JsSIP writes only what it has made itself, so the message is made again from its parts. */
function writer(text, ua) {
  const message = Parser.parseMessage(text, ua);
  const ours = ["via", "from", "to", "call-id", "cseq", "max-forwards", "allow", "supported", "user-agent", "content-length"];
  const head = text.slice(text.indexOf("\r\n") + 2, text.indexOf("\r\n\r\n"));
  const extra = head.split("\r\n").filter((line) => !ours.includes(line.split(":")[0].toLowerCase()));
  const params = {
    to_uri: message.to.uri,
    to_display_name: message.to.display_name,
    to_tag: message.to_tag,
    from_uri: message.from.uri,
    from_display_name: message.from.display_name,
    from_tag: message.from_tag,
    call_id: message.call_id,
    cseq: message.cseq,
  };
  const request = new SIPMessage.OutgoingRequest(message.method, message.ruri, ua, params, extra, message.body);
  request.setHeader("via", message.getHeaders("via"));
  return () => request.toString();
}

function memorySocket(peer) {
  const socket = {
    url: NOWHERE,
    via_transport: "WSS",
    sip_uri: "sip:pbx.example.com;transport=wss",
    connect: () => socket.onconnect(),
    disconnect() {},
    send(message) {
      for (const answer of peer(message)) queueMicrotask(() => socket.ondata(answer));
      return true;
    },
  };
  return socket;
}

function pretendMedia(sdp) {
  globalThis.window ??= globalThis;
  globalThis.RTCSessionDescription = class {
    constructor(description) {
      Object.assign(this, description);
    }
  };
  globalThis.RTCPeerConnection = class {
    iceGatheringState = "complete";
    signalingState = "stable";
    localDescription = null;
    addEventListener() {}
    removeEventListener() {}
    close() {}
    getSenders = () => [];
    createOffer = async () => ({ type: "offer", sdp });
    setLocalDescription = async (description) => (this.localDescription = description);
    async setRemoteDescription() {}
  };
}
