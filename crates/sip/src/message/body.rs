//! What a body is: Content-Type, the SDP in a body of several parts (RFC 5621), and the status
//! line of a message/sipfrag (RFC 3420).

use super::Headers;
use super::params::{Params, cut_before, is_token};

/// Content-Type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType<'a> {
    /// `application` and its like; compare without case.
    pub kind: &'a str,
    /// `sdp` and its like; compare without case.
    pub subtype: &'a str,
    /// `boundary`, `charset` and others.
    pub params: Params<'a>,
}

impl<'a> MediaType<'a> {
    /// Reads a header value; `None` if it is malformed.
    pub fn parse(value: &'a str) -> Option<Self> {
        let (media_type, params) = cut_before(value, ';');
        let (kind, subtype) = media_type.split_once('/')?;
        let (kind, subtype) = (kind.trim(), subtype.trim());
        let sound = is_token(kind) && is_token(subtype);
        sound.then(|| Self { kind, subtype, params: Params::new(params) })
    }

    /// Whether this is `kind/subtype`, whatever the parameters.
    pub fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.subtype.eq_ignore_ascii_case(subtype)
    }

    /// What stands between the parts of a multipart body; `None` if this is no such type.
    pub fn boundary(&self) -> Option<&'a str> {
        let multipart = self.kind.eq_ignore_ascii_case("multipart");
        self.params.get("boundary").filter(|b| multipart && !b.is_empty() && b.len() <= 70)
    }
}

/// The SDP of a body: all of it, or the first part that is SDP. Parts within parts are not
/// searched.
pub(crate) fn sdp(headers: &Headers, body: &[u8]) -> Option<String> {
    let media_type = MediaType::parse(headers.get("Content-Type")?)?;
    let sdp = if media_type.is("application", "sdp") {
        body
    } else {
        let mut parts = parts(body, media_type.boundary()?);
        parts.find(|part| part.media_type().is_some_and(|t| t.is("application", "sdp")))?.body
    };
    (!sdp.is_empty()).then(|| String::from_utf8_lossy(sdp).into_owned())
}

/// Whether the response may hold SDP. Without Accept it may (RFC 3261 section 20.1).
pub(crate) fn accepts_sdp(headers: &Headers) -> bool {
    let mut types = headers.list("Accept").filter_map(MediaType::parse).peekable();
    types.peek().is_none()
        || types.any(|t| t.is("application", "sdp") || t.is("application", "*") || t.is("*", "*"))
}

/// One part of a multipart body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    headers: &'a [u8],
    /// The content, as it came.
    pub body: &'a [u8],
}

impl<'a> Part<'a> {
    /// The value of a header of this part.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.split(|b| *b == b'\n').find_map(|line| {
            let (n, value) = str::from_utf8(line).ok()?.split_once(':')?;
            n.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Its Content-Type.
    pub fn media_type(&self) -> Option<MediaType<'a>> {
        MediaType::parse(self.header("Content-Type")?)
    }
}

/// The parts of a multipart body (RFC 2046 section 5.1.1), without what stands before the first
/// and after the last. A part that is not finished is none.
pub fn parts<'a>(body: &'a [u8], boundary: &'a str) -> impl Iterator<Item = Part<'a>> {
    let mut rest = after_boundary(body, boundary).map(|(_, rest)| rest);
    std::iter::from_fn(move || {
        let (part, after) = after_boundary(rest?, boundary)?;
        rest = Some(after);
        let (headers, body) = part_of(part);
        Some(Part { headers, body })
    })
}

/// What stands before the next boundary line, and what follows that line: nothing, if it is the
/// closing one. `None` if there is no such line.
fn after_boundary<'a>(text: &'a [u8], boundary: &str) -> Option<(&'a [u8], &'a [u8])> {
    let mut rest = text;
    while !rest.is_empty() {
        let before = &text[..text.len() - rest.len()];
        let line = next_line(&mut rest);
        let mark = line.strip_prefix(b"--").and_then(|l| l.strip_prefix(boundary.as_bytes()));
        let after = match mark.map(<[u8]>::trim_ascii_end) {
            Some(b"") => rest,
            Some(b"--") => &[],
            _ => continue,
        };
        // The line break before the boundary belongs to it.
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        return Some((before.strip_suffix(b"\r").unwrap_or(before), after));
    }
    None
}

fn part_of(part: &[u8]) -> (&[u8], &[u8]) {
    let mut rest = part;
    loop {
        let headers = &part[..part.len() - rest.len()];
        if rest.is_empty() || next_line(&mut rest).trim_ascii().is_empty() {
            return (headers, rest);
        }
    }
}

/// Takes one line off `rest`, with its end.
fn next_line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let end = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |at| at + 1);
    let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    *rest = after;
    line
}

/// The status and the phrase of a message/sipfrag, such as `SIP/2.0 180 Ringing`; `None` if it
/// does not begin with a status line.
pub fn sipfrag(body: &[u8]) -> Option<(u16, &str)> {
    let line = body.split(|b| matches!(b, b'\r' | b'\n')).next()?;
    let rest = str::from_utf8(line).ok()?.trim().split_once(' ')?;
    let (code, phrase) = rest.1.split_once(' ').unwrap_or((rest.1, ""));
    let status = super::numbers::number(code).filter(|_| code.len() == 3)?;
    let version = rest.0.eq_ignore_ascii_case("SIP/2.0");
    u16::try_from(status).ok().filter(|s| version && (100..700).contains(s)).map(|s| (s, phrase))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn sdp_of(content_type: &str, body: &str) -> Option<String> {
        let mut headers = Headers::default();
        headers.push("c", content_type);
        sdp(&headers, body.as_bytes())
    }

    #[test]
    fn sdp_is_found_alone_and_among_other_parts() {
        assert_eq!(sdp_of("Application / SDP;x=y", "v=0\r\n").as_deref(), Some("v=0\r\n"));
        let body = "to be skipped\r\n--b=1\r\nContent-Type: text/plain\r\n\r\n--b=12\r\n\
            --b=1 \r\ncontent-type : application/sdp\r\nX: y\r\n\r\nv=0\r\no=x\r\n\r\n\
            --b=1--\r\nContent-Type: application/sdp\r\n\r\nlate\r\n--b=1--";
        let mixed = "multipart/mixed; boundary=\"b=1\"";
        assert_eq!(sdp_of(mixed, body).as_deref(), Some("v=0\r\no=x\r\n"));
        assert_eq!(parts(body.as_bytes(), "b=1").count(), 2);
    }

    #[test]
    fn other_bodies_hold_no_sdp() {
        assert_eq!(sdp_of("application/sdp", ""), None);
        assert_eq!(sdp_of("text/plain", "v=0"), None);
        assert_eq!(sdp_of("sdp", "v=0"), None);
        assert_eq!(sdp_of("multipart/mixed", "--\r\n"), None);
        for body in ["", "--b", "--b\r\n", "--b\r\nContent-Type: application/sdp", "--b--\r\n--b"] {
            assert_eq!(sdp_of("multipart/mixed;boundary=b", body), None, "{body}");
        }
    }

    #[test]
    fn a_fragment_tells_its_status() {
        assert_eq!(sipfrag(b"SIP/2.0 180 Ringing\r\nX: y"), Some((180, "Ringing")));
        assert_eq!(sipfrag(b"sip/2.0 200"), Some((200, "")));
        for body in ["", "SIP/2.0", "SIP/2.0 +20 OK", "SIP/2.0 99 x", "SIP/2.0 700 x", "BYE a b"] {
            assert_eq!(sipfrag(body.as_bytes()), None, "{body}");
        }
    }
}
