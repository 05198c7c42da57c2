// Scripts for sipp, written as what happens, one step after the other, and turned into its XML.
//
// A step that receives fails the call when something else comes; `has` and `lacks` look at the
// message. In headers and bodies, sipp's own keywords may be used.

const CRLF = "\r\n";
/** How long a step waits for its message. */
const PATIENCE_MS = 10_000;
/**
 * What of a request is needed to answer it after others have come: a header, and the how manieth of
 * that name. Requests come from a WebSocket through one proxy, which is in the route twice.
 */
const KEPT = [["CSeq", 1], ["Via", 1], ["Via", 2], ["Record-Route", 1], ["Record-Route", 2]];

/** SDP of a phone that is plain; its version and direction say what the script wants to say. */
export const sdp = (direction = "sendrecv", version = 1) =>
  [
    "v=0",
    `o=script 1 ${version} IN IP4 [local_ip]`,
    "s=-",
    "c=IN IP4 [local_ip]",
    "t=0 0",
    "m=audio [media_port] RTP/AVP 0",
    "a=rtpmap:0 PCMU/8000",
    `a=${direction}`,
    "",
  ].join(CRLF);

/** Waits for a request, or for a response (by its number). `optional`: the next step may come instead. */
export const receive = (what, { has = [], lacks = [], optional = false } = {}) =>
  ({ step: "receive", what, has: [has].flat(), lacks: [lacks].flat(), optional });

/** Answers the request that `to` names, by default the last one received. */
export const reply = (status, { to, headers = {}, body, tag = "script", type } = {}) =>
  ({ step: "reply", status, to, headers, body, tag, type });

/** Sends a request in the dialog. */
export const send = (method, { headers = {}, body, type } = {}) =>
  ({ step: "send", method, headers, body, type });

/** Calls `[service]`: the request that begins a scenario. */
export const begin = (method, { headers = {}, body, type } = {}) =>
  ({ step: "begin", method, headers, body, type });

/** Acknowledges the final response to this side's last INVITE; `refusal` if that is what it was. */
export const ack = ({ body, headers = {}, refusal = false } = {}) => ({ step: "ack", headers, body, refusal });

/** Acknowledges the reliable provisional response received last (RFC 3262). */
export const prack = () => send("PRACK", { headers: { RAck: "[$RSeq] [$CSeq]" } });

export const pause = (ms) => ({ step: "pause", ms });

/** The XML of the scenario of the far end with that number. */
export function toXml(steps, number) {
  const script = new Script(number);
  const body = steps.map((step) => script.render(step)).join("\n");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE scenario SYSTEM "sipp.dtd">',
    '<scenario name="script">',
    body,
    script.used.size > 0 ? `<Reference variables="${[...script.used].join(",")}"/>` : "",
    "</scenario>",
    "",
  ].join("\n");
}

class Script {
  used = new Set();
  #requests = [];
  #sequence = 1;
  #checks = 0;
  /** Who we are and who they are, as this side's requests say it. */
  #local = null;
  #remote = null;
  #number;
  /** How many messages and pauses there were. */
  #index = 0;
  /** This side's last INVITE. */
  #invite = null;

  constructor(number) {
    this.#number = number;
  }

  /** One step; to an INVITE of this side belongs that the proxy says it tries. */
  render(step) {
    const xml = this.#step(step);
    this.#index += 1;
    const isInvite = step.method === "INVITE";
    return isInvite ? `${xml}\n${this.render(receive(100, { optional: true }))}` : xml;
  }

  #step(step) {
    switch (step.step) {
      case "pause":
        return `<pause milliseconds="${step.ms}"/>`;
      case "receive":
        return this.#receive(step);
      case "reply":
        return this.#reply(step);
      case "begin":
        return this.#begin(step);
      case "ack":
        return this.#ack(step);
      case "send":
        return this.#send(step);
      default:
        throw new Error(`no such step: ${JSON.stringify(step)}`);
    }
  }

  #receive({ what, has, lacks, optional }) {
    const isResponse = typeof what === "number";
    const actions = [];
    const take = (variable, search) => {
      this.used.add(variable);
      actions.push(`<ereg regexp=".*" ${search} assign_to="${variable}"/>`);
    };
    if (isResponse) {
      for (const name of ["RSeq", "CSeq"]) take(name, `search_in="hdr" header="${name}:"`);
      if (what > 100 && !optional) {
        take("remote", 'search_in="hdr" header="To:"');
        this.#remote = "[$remote]";
      }
    } else if (what !== "ACK") {
      this.#requests.push(what);
      for (const [name, nth] of KEPT) {
        take(kept(what, name, nth), `search_in="hdr" header="${name}:" occurrence="${nth}"`);
      }
      if (!this.#local) {
        take("from", 'search_in="hdr" header="From:"');
        take("to", 'search_in="hdr" header="To:"');
        this.#local = "[$to];tag=script";
        this.#remote = "[$from]";
      }
    }
    for (const [patterns, check] of [[has, "check_it"], [lacks, "check_it_inverse"]]) {
      for (const pattern of patterns) {
        const variable = `check${(this.#checks += 1)}`;
        this.used.add(variable);
        actions.push(`<ereg regexp="${escape(pattern)}" search_in="msg" ${check}="true" assign_to="${variable}"/>`);
      }
    }
    const routes = isResponse ? what < 300 && what > 100 : true;
    const attributes = [
      isResponse ? `response="${what}"` : `request="${what}"`,
      routes && !optional ? 'rrs="true"' : "",
      optional ? 'optional="true"' : `timeout="${PATIENCE_MS}"`,
    ];
    const inner = actions.length > 0 ? `<action>${actions.join("\n")}</action>` : "";
    return `<recv ${attributes.join(" ")}>${inner}</recv>`;
  }

  #reply({ status, to = this.#requests.at(-1), headers, body, tag, type }) {
    const repeat = (name, nth) => `${name}:[$${kept(to, name, nth)}]`;
    const first = this.#requests.indexOf(to) === 0;
    const lines = [
      `SIP/2.0 ${status} Scripted`,
      repeat("Via", 1),
      repeat("Via", 2),
      ...(first && status < 300 ? [repeat("Record-Route", 1), repeat("Record-Route", 2)] : []),
      "[last_From:]",
      first && status > 100 ? `To:[$to];tag=${tag}` : "[last_To:]",
      "[last_Call-ID:]",
      repeat("CSeq", 1),
      ...(headers.Contact ? [] : [contact()]),
    ];
    const retransmitted = to === "INVITE" && status >= 200;
    return message(lines, headers, body, type, retransmitted ? 'retrans="500"' : "");
  }

  #begin({ method, headers, body, type }) {
    this.#local = `<sip:${this.#number}@kamailio.test>;tag=script[call_number]`;
    const target = "sip:[service]@kamailio.test";
    this.#remote = `<${target}>`;
    return this.#request({ method, target, routes: [], headers, body, type });
  }

  #send({ method, headers, body, type }) {
    this.#sequence += 1;
    return this.#request({ method, target: "[next_url]", routes: ["[routes]"], headers, body, type });
  }

  #ack({ headers, body, refusal }) {
    const { cseq, index, target, routes } = this.#invite;
    // The proxy's transaction knows it by the branch of the INVITE (RFC 3261 section 17.1.1.3).
    const same = { target, routes, branch: `[branch-${this.#index - index}]` };
    const own = { target: "[next_url]", routes: ["[routes]"] };
    return this.#request({ method: "ACK", headers, body, cseq, ...(refusal ? same : own) });
  }

  #request({ method, target, routes, headers, body, type, cseq = this.#sequence, branch = "[branch]" }) {
    if (method === "INVITE") this.#invite = { cseq, index: this.#index, target, routes };
    const lines = [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${branch}`,
      ...routes,
      "Max-Forwards: 70",
      `From: ${this.#local}`,
      `To: ${this.#remote}`,
      "Call-ID: [call_id]",
      `CSeq: ${cseq} ${method}`,
      contact(),
    ];
    return message(lines, headers, body, type, method === "ACK" ? "" : 'retrans="500"');
  }
}

const kept = (method, name, nth) => `${method}_${name.replace("-", "")}${nth}`;

const contact = () => "Contact: <sip:script@[local_ip]:[local_port]>";

function message(lines, headers, body = "", type = "application/sdp", attributes = "") {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const content = body ? [`Content-Type: ${type}`] : [];
  const all = [...lines, ...more, ...content, "Content-Length: [len]", "", body];
  return `<send ${attributes}><![CDATA[\n\n${all.join("\n")}\n]]></send>`;
}

const escape = (pattern) => pattern.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
