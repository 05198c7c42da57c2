//! Methods and CSeq.

use super::params::{cut_at_blank, is_token};
use std::fmt;

/// A method: one that `rsip` names, or another token, carried as it came.
///
/// Methods are case-sensitive (RFC 3261 section 7.1), so `invite` is an extension method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// A method of the standards.
    Known(rsip::Method),
    /// Any other token.
    Extension(String),
}

impl Method {
    /// INVITE.
    pub const INVITE: Self = Self::Known(rsip::Method::Invite);
    /// ACK.
    pub const ACK: Self = Self::Known(rsip::Method::Ack);
    /// BYE.
    pub const BYE: Self = Self::Known(rsip::Method::Bye);
    /// CANCEL.
    pub const CANCEL: Self = Self::Known(rsip::Method::Cancel);
    /// OPTIONS.
    pub const OPTIONS: Self = Self::Known(rsip::Method::Options);
    /// REGISTER.
    pub const REGISTER: Self = Self::Known(rsip::Method::Register);
    /// UPDATE (RFC 3311).
    pub const UPDATE: Self = Self::Known(rsip::Method::Update);
    /// PRACK (RFC 3262).
    pub const PRACK: Self = Self::Known(rsip::Method::PRack);
    /// INFO (RFC 6086).
    pub const INFO: Self = Self::Known(rsip::Method::Info);
    /// REFER (RFC 3515).
    pub const REFER: Self = Self::Known(rsip::Method::Refer);
    /// SUBSCRIBE (RFC 6665).
    pub const SUBSCRIBE: Self = Self::Known(rsip::Method::Subscribe);
    /// NOTIFY (RFC 6665).
    pub const NOTIFY: Self = Self::Known(rsip::Method::Notify);
    /// MESSAGE (RFC 3428).
    pub const MESSAGE: Self = Self::Known(rsip::Method::Message);

    /// The method that a token names.
    pub fn from_token(token: &str) -> Self {
        use rsip::Method as M;
        let known = match token {
            "INVITE" => M::Invite,
            "ACK" => M::Ack,
            "BYE" => M::Bye,
            "CANCEL" => M::Cancel,
            "REGISTER" => M::Register,
            "OPTIONS" => M::Options,
            "UPDATE" => M::Update,
            "PRACK" => M::PRack,
            "INFO" => M::Info,
            "REFER" => M::Refer,
            "NOTIFY" => M::Notify,
            "SUBSCRIBE" => M::Subscribe,
            "MESSAGE" => M::Message,
            "PUBLISH" => M::Publish,
            other => return Self::Extension(other.to_owned()),
        };
        Self::Known(known)
    }

    /// The token on the wire.
    pub fn as_str(&self) -> &str {
        use rsip::Method as M;
        match self {
            Self::Known(M::Invite) => "INVITE",
            Self::Known(M::Ack) => "ACK",
            Self::Known(M::Bye) => "BYE",
            Self::Known(M::Cancel) => "CANCEL",
            Self::Known(M::Register) => "REGISTER",
            Self::Known(M::Options) => "OPTIONS",
            Self::Known(M::Update) => "UPDATE",
            Self::Known(M::PRack) => "PRACK",
            Self::Known(M::Info) => "INFO",
            Self::Known(M::Refer) => "REFER",
            Self::Known(M::Notify) => "NOTIFY",
            Self::Known(M::Subscribe) => "SUBSCRIBE",
            Self::Known(M::Message) => "MESSAGE",
            Self::Known(M::Publish) => "PUBLISH",
            Self::Extension(token) => token,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// CSeq (RFC 3261 section 20.16).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CSeq {
    /// Less than 2³¹.
    pub number: u32,
    /// The method of the request.
    pub method: Method,
}

impl CSeq {
    /// Reads a header value; `None` if it is malformed.
    pub fn parse(value: &str) -> Option<Self> {
        let (number, method) = cut_at_blank(value.trim_ascii())?;
        let method = method.trim_ascii_start();
        if !number.bytes().all(|b| b.is_ascii_digit()) || !is_token(method) {
            return None;
        }
        let number = number.parse().ok().filter(|n| *n < 1 << 31)?;
        Some(Self { number, method: Method::from_token(method) })
    }

    /// The header value.
    pub fn value(&self) -> String {
        let mut value = self.number.to_string();
        value.push(' ');
        value.push_str(self.method.as_str());
        value
    }
}
