//! SIP messages as the switch relays them: what it does not look at stays as it came.

use std::net::SocketAddr;

use rsipstack::sip::headers::make_header;
use rsipstack::sip::{Headers, Method, SipMessage, StatusCode};

use crate::address::{NameAddr, param, split_list};

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// As written by the sender: rsipstack's URI type re-cases parameters (`transport=WS`).
    pub(crate) uri: String,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) code: u16,
    /// Kept beside the code because rsipstack writes only standard phrases.
    pub(crate) reason: String,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) enum Message {
    Request(Request),
    Response(Response),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ParseError {
    #[error("{0}")]
    Grammar(#[from] rsipstack::sip::Error),
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("Content-Length does not match the message")]
    Length,
    #[error("CSeq does not match the request")]
    CSeq,
}

impl Message {
    /// Reads one WebSocket message. Every header the switch needs later is present afterwards,
    /// and `Via`, `Route` and `Record-Route` stand one value to a header.
    pub(crate) fn parse(data: &[u8]) -> Result<Self, ParseError> {
        let parsed = SipMessage::try_from(data)?;
        let body = body_of(data)?.to_vec();
        let message = match parsed {
            SipMessage::Request(request) => {
                let start_line =
                    String::from_utf8_lossy(data.split(|b| *b == b'\r').next().unwrap_or(data))
                        .into_owned();
                let uri = start_line.split_whitespace().nth(1).unwrap_or_default().to_owned();
                let headers = one_value_each(request.headers);
                Self::Request(Request { method: request.method, uri, headers, body })
            }
            SipMessage::Response(response) => {
                let code = response.status_code.code();
                let reason =
                    response.wire_reason.unwrap_or_else(|| response.status_code.text().to_owned());
                let headers = one_value_each(response.headers);
                Self::Response(Response { code, reason, headers, body })
            }
        };
        message.check()?;
        Ok(message)
    }

    fn check(&self) -> Result<(), ParseError> {
        let headers = match self {
            Self::Request(request) => &request.headers,
            Self::Response(response) => &response.headers,
        };
        for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
            headers.field(name).ok_or(ParseError::Missing(name))?;
        }
        for name in ["From", "To"] {
            headers.field(name).and_then(NameAddr::parse).ok_or(ParseError::Missing(name))?;
        }
        rsipstack::sip::typed::Via::parse(headers.field("Via").unwrap_or_default())?;
        headers.branch().ok_or(ParseError::Missing("Via branch"))?;
        let (_, method) = headers.cseq().ok_or(ParseError::Missing("CSeq"))?;
        match self {
            Self::Request(request) if request.method.to_string() != method => Err(ParseError::CSeq),
            Self::Request(_) | Self::Response(_) => Ok(()),
        }
    }
}

impl Request {
    pub(crate) fn new(method: Method, uri: &str, headers: &[(&str, &str)]) -> Self {
        let headers =
            headers.iter().map(|(name, value)| make_header(name, (*value).to_owned())).collect();
        Self { method, uri: uri.to_owned(), headers: Headers(headers), body: Vec::new() }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        to_bytes(&format!("{} {} SIP/2.0", self.method, self.uri), &self.headers, &self.body)
    }

    /// Writes the sender's real address into its `Via` (RFC 3261 §18.2.1, RFC 3581 §4).
    pub(crate) fn note_source(&mut self, source: SocketAddr) {
        let Some(mut via) = self.headers.remove_first_field("Via") else { return };
        if param(&via, "rport") == Some("") {
            via = via.replacen(";rport", &format!(";rport={}", source.port()), 1);
        }
        if param(&via, "received").is_none() {
            via.push_str(&format!(";received={}", source.ip()));
        }
        self.headers.push_front_field("Via", via);
    }

    /// A response with the headers RFC 3261 §8.2.6 copies; `tag` completes a `To` without one.
    pub(crate) fn response(&self, code: u16, tag: &str) -> Response {
        let mut headers = Headers::default();
        for name in ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"] {
            // A response that makes no dialog has no use for the route (§12.1.1).
            if name == "Record-Route" && !(101..300).contains(&code) {
                continue;
            }
            for value in self.headers.fields(name) {
                let mut value = value.to_owned();
                if name == "To" && code > 100 && self.headers.tag_in_to().is_none() {
                    value.push_str(&format!(";tag={tag}"));
                }
                headers.push(make_header(name, value));
            }
        }
        let reason = StatusCode::from(code).text().to_owned();
        Response { code, reason, headers, body: Vec::new() }
    }
}

impl Response {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        to_bytes(&format!("SIP/2.0 {} {}", self.code, self.reason), &self.headers, &self.body)
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push(make_header(name, value.into()));
        self
    }

    pub(crate) fn with_sdp(mut self, sdp: &str) -> Self {
        self.body = sdp.as_bytes().to_vec();
        self.with("Content-Type", "application/sdp")
    }
}

/// Header access by name, over rsipstack's list of typed and untyped headers.
pub(crate) trait Fields {
    fn field(&self, name: &str) -> Option<&str>;
    fn fields<'a>(&'a self, name: &str) -> Vec<&'a str>;
    fn set_field(&mut self, name: &str, value: impl Into<String>);
    fn push_front_field(&mut self, name: &str, value: impl Into<String>);
    fn remove_first_field(&mut self, name: &str) -> Option<String>;
    fn remove_fields(&mut self, name: &str);

    fn tag_in_from(&self) -> Option<&str> {
        self.field("From").and_then(NameAddr::parse).and_then(|from| from.tag())
    }

    fn tag_in_to(&self) -> Option<&str> {
        self.field("To").and_then(NameAddr::parse).and_then(|to| to.tag())
    }

    fn call_id(&self) -> &str {
        self.field("Call-ID").unwrap_or_default()
    }

    /// Sequence number and method.
    fn cseq(&self) -> Option<(u32, &str)> {
        let (number, method) = self.field("CSeq")?.trim().split_once(char::is_whitespace)?;
        Some((number.parse().ok()?, method.trim()))
    }

    /// Branch of the topmost `Via`.
    fn branch(&self) -> Option<&str> {
        param(self.field("Via")?, "branch").filter(|branch| !branch.is_empty())
    }

    /// URI of the first `Contact`.
    fn contact(&self) -> Option<&str> {
        self.field("Contact").and_then(NameAddr::parse).map(|contact| contact.uri)
    }
}

impl Fields for Headers {
    fn field(&self, name: &str) -> Option<&str> {
        self.iter().find(|h| h.name().eq_ignore_ascii_case(name)).map(|h| h.value())
    }

    fn fields<'a>(&'a self, name: &str) -> Vec<&'a str> {
        self.iter().filter(|h| h.name().eq_ignore_ascii_case(name)).map(|h| h.value()).collect()
    }

    fn set_field(&mut self, name: &str, value: impl Into<String>) {
        let header = make_header(name, value.into());
        match self.0.iter().position(|h| h.name().eq_ignore_ascii_case(name)) {
            Some(at) => self.0[at] = header,
            None => self.push(header),
        }
    }

    fn push_front_field(&mut self, name: &str, value: impl Into<String>) {
        self.push_front(make_header(name, value.into()));
    }

    fn remove_first_field(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|h| h.name().eq_ignore_ascii_case(name))?;
        Some(self.0.remove(at).value().to_owned())
    }

    fn remove_fields(&mut self, name: &str) {
        self.retain(|h| !h.name().eq_ignore_ascii_case(name));
    }
}

/// RFC 7118 §5: the WebSocket message frames the body and Content-Length may be left out, in which
/// case rsipstack would drop the body.
fn body_of(data: &[u8]) -> Result<&[u8], ParseError> {
    let head = data.windows(4).position(|w| w == b"\r\n\r\n").ok_or(ParseError::Length)?;
    let body = &data[head + 4..];
    let lengths: Vec<_> = String::from_utf8_lossy(&data[..head])
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| {
            ["content-length", "l"].iter().any(|known| name.trim().eq_ignore_ascii_case(known))
        })
        .map(|(_, value)| value.trim().parse::<usize>())
        .collect();
    match lengths.as_slice() {
        [] => Ok(body),
        [Ok(length)] => body.get(..*length).ok_or(ParseError::Length),
        _ => Err(ParseError::Length),
    }
}

fn one_value_each(headers: Headers) -> Headers {
    let mut split = Headers::default();
    for header in headers {
        if matches!(header.name(), "Via" | "Route" | "Record-Route") {
            for value in split_list(header.value()) {
                split.push(make_header(header.name(), value.to_owned()));
            }
        } else {
            split.push(header);
        }
    }
    split
}

fn to_bytes(start_line: &str, headers: &Headers, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{start_line}\r\n");
    for header in headers.iter().filter(|h| h.name() != "Content-Length") {
        text.push_str(&format!("{}: {}\r\n", header.name(), header.value()));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:600@ringlet.demo;transport=ws SIP/2.0\r\n\
        Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1;rport, SIP/2.0/WS b.invalid;branch=z9hG4bK0\r\n\
        From: \"A, B\" <sip:agent1@ringlet.demo>;tag=f\r\nTo: <sip:600@ringlet.demo>\r\n\
        Call-ID: c1\r\nCSeq: 7 INVITE\r\nX-Odd: kept <as, is>\r\n\r\nv=0";

    fn parse(text: &str) -> Result<Request, ParseError> {
        match Message::parse(text.as_bytes())? {
            Message::Request(request) => Ok(request),
            Message::Response(_) => panic!("a request was sent"),
        }
    }

    #[test]
    fn a_relayed_request_keeps_its_uri_its_odd_headers_and_a_body_without_content_length() {
        let text = String::from_utf8(parse(INVITE).unwrap().to_bytes()).unwrap();
        assert!(text.starts_with("INVITE sip:600@ringlet.demo;transport=ws SIP/2.0\r\n"));
        assert!(text.contains("\r\nX-Odd: kept <as, is>\r\n"));
        assert!(text.ends_with("Content-Length: 3\r\n\r\nv=0"));
    }

    #[test]
    fn the_sender_learns_its_address_from_the_topmost_via_only() {
        let mut request = parse(INVITE).unwrap();
        request.note_source("10.1.2.3:4000".parse().unwrap());
        let vias = request.headers.fields("Via");
        assert_eq!(vias.len(), 2);
        assert!(vias[0].ends_with("branch=z9hG4bK1;rport=4000;received=10.1.2.3"), "{}", vias[0]);
        assert_eq!(vias[1], "SIP/2.0/WS b.invalid;branch=z9hG4bK0");
    }

    #[test]
    fn a_body_shorter_than_content_length_is_malformed() {
        let short = INVITE.replace("\r\n\r\n", "\r\nContent-Length: 4\r\n\r\n");
        assert!(matches!(parse(&short), Err(ParseError::Length)));
        let twice = INVITE.replace("\r\n\r\n", "\r\nContent-Length: 3\r\nl: 3\r\n\r\n");
        assert!(matches!(parse(&twice), Err(ParseError::Length)));
    }

    #[test]
    fn a_request_without_what_a_transaction_needs_is_malformed() {
        assert!(matches!(
            parse(&INVITE.replace("Call-ID: c1\r\n", "")),
            Err(ParseError::Missing("Call-ID"))
        ));
        assert!(matches!(parse(&INVITE.replace("7 INVITE", "7 BYE")), Err(ParseError::CSeq)));
        assert!(Message::parse(b"\x00\xff nonsense").is_err());
    }
}
