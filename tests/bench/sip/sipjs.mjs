// SIP.js over a transport in memory, with a session description handler that does nothing.

import { Inviter, SessionState, TransportState, UserAgent } from "sip.js";
import { OutgoingRequestMessage } from "sip.js/lib/core/messages/outgoing-request-message.js";
import { Parser } from "sip.js/lib/core/messages/parser.js";

const SILENT = { error() {}, warn() {}, log() {}, debug() {} };

export async function sipjs({ offer, peer }) {
  const agent = new UserAgent({
    uri: UserAgent.makeURI("sip:alice@example.com"),
    logBuiltinEnabled: false,
    transportConstructor: memoryTransport(peer),
    sessionDescriptionHandlerFactory: () => ({
      getDescription: async () => ({ body: offer, contentType: "application/sdp" }),
      hasDescription: () => true,
      setDescription: async () => {},
      close() {},
    }),
  });
  await agent.start();
  return {
    read(text) {
      const message = Parser.parseMessage(text, SILENT);
      const contact = message.hasHeader("contact") ? message.parseHeader("contact").uri.host.length : 0;
      const addresses = message.to.uri.host.length + message.from.uri.host.length + contact;
      return message.cseq + message.viaBranch.length + addresses;
    },
    writers: (messages, requests) => requests.map((index) => writer(messages[index])),
    call: () =>
      new Promise((resolve, reject) => {
        const inviter = new Inviter(agent, UserAgent.makeURI("sip:bob@example.com"));
        let established = false;
        inviter.stateChange.addListener((state) => {
          if (state === SessionState.Established) {
            established = true;
            queueMicrotask(() => inviter.bye().catch(reject));
          } else if (state === SessionState.Terminated) {
            if (established) resolve();
            else reject(new Error("SIP.js's call failed"));
          }
        });
        inviter.invite().catch(reject);
      }),
  };
}

/** SIP.js writes only what it has made itself, so the message is made again from its parts. */
function writer(text) {
  const message = Parser.parseMessage(text, SILENT);
  const ours = ["via", "from", "to", "call-id", "cseq", "max-forwards", "supported", "user-agent", "content-length", "content-type"];
  const head = text.slice(text.indexOf("\r\n") + 2, text.indexOf("\r\n\r\n"));
  const extra = head.split("\r\n").filter((line) => !ours.includes(line.split(":")[0].toLowerCase()));
  const options = {
    callId: message.callId,
    cseq: message.cseq,
    toTag: message.toTag,
    toDisplayName: message.to.displayName,
    fromTag: message.fromTag,
    fromDisplayName: message.from.displayName,
  };
  const body = message.body && { content: message.body, contentType: message.getHeader("content-type") };
  const request = new OutgoingRequestMessage(
    message.method,
    message.ruri,
    message.from.uri,
    message.to.uri,
    options,
    extra,
    body || undefined,
  );
  request.setHeader("via", message.getHeaders("via"));
  return () => request.toString();
}

function memoryTransport(peer) {
  return class {
    protocol = "WSS";
    state = TransportState.Disconnected;
    stateChange = { addListener() {}, removeListener() {} };
    isConnected = () => this.state === TransportState.Connected;
    async connect() {
      this.state = TransportState.Connected;
      this.onConnect?.();
    }
    async disconnect() {
      this.state = TransportState.Disconnected;
      this.onDisconnect?.();
    }
    async dispose() {}
    async send(message) {
      for (const answer of peer(message)) queueMicrotask(() => this.onMessage?.(answer));
    }
  };
}
