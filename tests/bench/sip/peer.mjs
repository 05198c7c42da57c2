// The far end of every measured call: answers what an agent sends, at once.

const CRLF = "\r\n";

/** Returns a function from a message to the messages that answer it. */
export function peer(sdp) {
  return (message) => {
    if (message === CRLF + CRLF) return [CRLF];
    const method = message.slice(0, message.indexOf(" "));
    if (method === "INVITE") return invite(message, sdp);
    return method === "BYE" ? [response(message, "200 OK", "")] : [];
  };
}

function invite(message, sdp) {
  const contact = `Contact: <sip:bob@198.51.100.20:5060;transport=tcp>${CRLF}`;
  const type = `Content-Type: application/sdp${CRLF}`;
  return [
    response(message, "100 Trying", ""),
    response(message, "180 Ringing", contact),
    response(message, "200 OK", contact + type, sdp),
  ];
}

function response(request, status, headers, body = "") {
  let text = `SIP/2.0 ${status}${CRLF}`;
  for (const line of request.slice(0, request.indexOf(CRLF + CRLF)).split(CRLF)) {
    if (/^(Via|From|Call-ID|CSeq):/i.test(line)) text += line + CRLF;
    else if (/^To:/i.test(line)) text += line + (line.includes(";tag=") ? "" : ";tag=peer") + CRLF;
  }
  return `${text}${headers}Content-Length: ${body.length}${CRLF}${CRLF}${body}`;
}
