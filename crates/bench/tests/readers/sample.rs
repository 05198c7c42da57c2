//! A message taken apart without any of the readers, for the list to say which messages it means.

use ringlet_sip::message::{ParseError, parse};

/// One message, sound or not.
pub(crate) struct Sample<'a> {
    pub(crate) bytes: &'a [u8],
    /// Why our reader refuses it.
    pub(crate) error: Option<ParseError>,
    /// The first line.
    pub(crate) start: String,
    /// The lines of the head after it, unfolded: names as they stand, values trimmed. A line without
    /// a colon has an empty value.
    lines: Vec<(String, String)>,
}

impl<'a> Sample<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches(['\r', '\n']);
        let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let start = lines.next().unwrap_or_default().to_owned();
        let mut heads: Vec<String> = Vec::new();
        for line in lines.take_while(|line| !line.is_empty()) {
            match heads.last_mut() {
                Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
                Some(_) | None => heads.push(line.to_owned()),
            }
        }
        let lines = heads.iter().map(|line| {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            (name.to_owned(), value.trim().to_owned())
        });
        Self { bytes, error: parse(bytes).err(), start, lines: lines.collect() }
    }

    /// The value of the first header of this name, in full or in its compact form; empty if there
    /// is none.
    pub(crate) fn header<'s>(&'s self, name: &'s str) -> &'s str {
        self.all(name).next().unwrap_or_default()
    }

    /// The values of every header of this name.
    pub(crate) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let compact = match name {
            "Call-ID" => "i",
            "Contact" => "m",
            "Content-Length" => "l",
            "From" => "f",
            "To" => "t",
            "Via" => "v",
            _ => name,
        };
        self.lines.iter().filter_map(move |(found, value)| {
            let found = found.trim_end();
            let is_it = [name, compact].iter().any(|name| name.eq_ignore_ascii_case(found));
            is_it.then_some(value.as_str())
        })
    }

    /// Whether a value of From or To is like this.
    pub(crate) fn some_address(&self, is_it: impl Fn(&str) -> bool) -> bool {
        ["From", "To"].iter().any(|name| self.all(name).any(&is_it))
    }

    /// The names of the headers, as they stand.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|(name, _)| name.as_str())
    }

    /// The method of the request line; empty for a response.
    pub(crate) fn method(&self) -> &str {
        match self.start.split(' ').next().unwrap_or_default() {
            version if version.starts_with("SIP/") => "",
            method => method,
        }
    }

    /// The method that CSeq names.
    pub(crate) fn cseq_method(&self) -> &str {
        self.header("CSeq").rsplit([' ', '\t']).next().unwrap_or_default()
    }

    /// The request URI; empty for a response.
    pub(crate) fn uri(&self) -> &str {
        match self.method() {
            "" => "",
            method => {
                let rest = self.start[method.len()..].trim_start();
                rest.rsplit_once(" SIP").or(rest.rsplit_once(' ')).map_or(rest, |(uri, _)| uri)
            }
        }
    }

    /// The bytes before the empty line that ends the head.
    pub(crate) fn head(&self) -> &[u8] {
        let ends: [&[u8]; 2] = [b"\r\n\r\n", b"\n\n"];
        let end = ends.iter().filter_map(|end| {
            self.bytes.windows(end.len()).skip(4).position(|at| at == *end).map(|at| at + 4)
        });
        &self.bytes[..end.min().unwrap_or(self.bytes.len())]
    }
}

/// Whether this is one of the methods that the stacks have names for.
pub(crate) fn is_known_method(method: &str) -> bool {
    const KNOWN: [&str; 14] = [
        "ACK",
        "BYE",
        "CANCEL",
        "INFO",
        "INVITE",
        "MESSAGE",
        "NOTIFY",
        "OPTIONS",
        "PRACK",
        "PUBLISH",
        "REFER",
        "REGISTER",
        "SUBSCRIBE",
        "UPDATE",
    ];
    KNOWN.contains(&method)
}

/// The text between the first angle brackets, or all of it.
pub(crate) fn bracketed(value: &str) -> &str {
    let inner = value.split_once('<').map_or(value, |(_, rest)| rest);
    inner.split_once('>').map_or(inner, |(uri, _)| uri)
}
